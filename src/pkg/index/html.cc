// See html.h.

#include "pkg/index/html.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/utf.h"

namespace krait::pkg::html {

namespace {

// One character reference that begins at text[0] == '&'; gives its length, or 0.
std::size_t append_reference(std::string& out, std::string_view text, bool in_attribute) {
  if (text.starts_with("&#")) {
    const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const char* first = text.data() + (hex ? 3 : 2);
    const char* last = text.data() + text.size();
    if (first >= last || *first == '-') return 0;
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(first, last, value, hex ? 16 : 10);
    if (end == first) return 0;
    const bool valid = failure == std::errc{} && value != 0 && value <= 0x10FFFF &&
                       !is_surrogate(static_cast<char32_t>(value));
    append_utf8(out, valid ? static_cast<char32_t>(value) : U'\uFFFD');
    return static_cast<std::size_t>(end - text.data()) + (end < last && *end == ';' ? 1 : 0);
  }
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", "\xc2\xa0"}};
  for (const auto& [name, meaning] : kNames) {
    const std::string_view rest = text.substr(1);
    if (!rest.starts_with(name)) continue;
    const char after = rest.size() > name.size() ? rest[name.size()] : '\0';
    // Without ";" these names count too, but in attributes not before "=" or a letter; `apos`
    // never.
    if (after != ';' && (name == "apos" || (in_attribute && (after == '=' || is_alnum(after)))))
      return 0;
    out += meaning;
    return 1 + name.size() + (after == ';' ? 1 : 0);
  }
  return 0;
}

}  // namespace

std::string decoded(std::string_view text, bool in_attribute) {
  std::string out;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('&'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t length = append_reference(out, text, in_attribute);
    if (length == 0) {
      out += '&';
      length = 1;
    }
    text.remove_prefix(length);
  }
  return out;
}

const std::string* Token::find(std::string_view name) const {
  const auto found =
      std::ranges::find(attributes, name, &std::pair<std::string, std::string>::first);
  return found != attributes.end() ? &found->second : nullptr;
}

Token Tokenizer::next() {
  Token token;
  while (at_ < text_.size()) {
    if (text_[at_] == '<') {
      if (read_markup(token)) return token;
      if (at_ < text_.size() && text_[at_] != '<') continue;
      if (at_ >= text_.size()) break;
    }
    // Text up to the next "<" that begins markup; this one may itself be text.
    const std::size_t end = std::min(text_.find('<', at_ + 1), text_.size());
    const std::string_view piece = text_.substr(at_, end - at_);
    at_ = end;
    return {.kind = Token::Kind::kText, .text = decoded(piece, false)};
  }
  return token;
}

// Whether the "<" began a tag. Comments and the like are passed over; a "<" that begins nothing
// stays where it is.
bool Tokenizer::read_markup(Token& token) {
  for (;;) {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("<!--")) {
      at_ += 2;  // "<!-->" is a whole comment
      skip_past("-->");
    } else if (rest.starts_with("<!") || rest.starts_with("<?")) {
      skip_past(">");
    } else {
      break;
    }
    if (at_ >= text_.size() || text_[at_] != '<') return false;
  }
  const bool close = text_.substr(at_).starts_with("</");
  const std::size_t name_at = at_ + (close ? 2 : 1);
  if (name_at >= text_.size() || !is_letter(text_[name_at])) return false;
  at_ = name_at;
  token.kind = close ? Token::Kind::kClose : Token::Kind::kOpen;
  token.text = to_lower(take_name());
  read_attributes(token);
  if (!close && (token.text == "script" || token.text == "style")) skip_raw(token.text);
  return true;
}

void Tokenizer::read_attributes(Token& token) {
  for (;;) {
    skip_space();
    if (at_ >= text_.size()) return;
    if (text_[at_] == '>') {
      ++at_;
      return;
    }
    if (text_[at_] == '/') {
      ++at_;
      continue;
    }
    // An attribute's name may begin with "=".
    const std::size_t start = at_;
    if (text_[at_] == '=') ++at_;
    take_name();
    std::string name = to_lower(text_.substr(start, at_ - start));
    std::string_view value;
    skip_space();
    if (at_ < text_.size() && text_[at_] == '=') {
      ++at_;
      skip_space();
      const char quote = at_ < text_.size() ? text_[at_] : '\0';
      const bool is_quoted = quote == '"' || quote == '\'';
      if (is_quoted) ++at_;
      const std::size_t end =
          is_quoted ? text_.find(quote, at_) : text_.find_first_of(" \t\n\r\f>", at_);
      value = text_.substr(at_, std::min(end, text_.size()) - at_);
      at_ = std::min(end, text_.size());
      if (is_quoted && at_ < text_.size()) ++at_;
    }
    token.attributes.emplace_back(std::move(name), decoded(value, true));
  }
}

std::string_view Tokenizer::take_name() {
  const std::size_t start = at_;
  at_ = std::min(text_.find_first_of(" \t\n\r\f/>=", at_), text_.size());
  return text_.substr(start, at_ - start);
}

void Tokenizer::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

void Tokenizer::skip_past(std::string_view end) {
  const std::size_t found = text_.find(end, at_);
  at_ = found == std::string_view::npos ? text_.size() : found + end.size();
}

// To the closing tag of an element whose content is no markup.
void Tokenizer::skip_raw(std::string_view element) {
  for (;; at_ += 2) {
    at_ = std::min(text_.find("</", at_), text_.size());
    if (at_ == text_.size() || equal_no_case(text_.substr(at_ + 2, element.size()), element))
      return;
  }
}

namespace {

std::string from_windows_1252(std::string_view bytes) {
  static constexpr char32_t kUpper[] = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte >= 0x80 && byte < 0xA0 ? kUpper[byte - 0x80] : char32_t{byte});
  }
  return out;
}

// The charset that a <meta> at the page's start names.
std::string meta_charset(std::string_view bytes) {
  Tokenizer tokens(bytes.substr(0, 1024));
  for (Token token = tokens.next(); token.kind != Token::Kind::kEnd; token = tokens.next()) {
    if (token.kind != Token::Kind::kOpen || token.text != "meta") continue;
    if (const std::string* charset = token.find("charset"); charset != nullptr)
      return to_lower(trimmed(*charset));
    const std::string* content = token.find("content");
    if (content == nullptr || token.find("http-equiv") == nullptr) continue;
    const std::string lower = to_lower(*content);
    if (const std::size_t at = lower.find("charset="); at != std::string::npos) {
      std::string_view rest = std::string_view(lower).substr(at + 8);
      return std::string(trimmed(take_until(rest, ';')));
    }
  }
  return {};
}

}  // namespace

Result<std::string> to_utf8(std::string_view bytes, std::string_view charset) {
  std::string named(charset);
  if (bytes.starts_with("\xef\xbb\xbf")) {
    bytes.remove_prefix(3);
    named = "utf-8";
  }
  if (named.empty()) named = meta_charset(bytes);
  for (const char* same : {"", "utf-8", "utf8"})
    if (named == same)
      return utf16_to_utf8(TRY(utf8_to_utf16(bytes, Surrogates::kReplace)), Surrogates::kReplace);
  // The standard reads these all as windows-1252.
  for (const char* same : {"ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1",
                           "windows-1252", "cp1252"})
    if (named == same) return from_windows_1252(bytes);
  return Error(ErrorCode::kUnsupported, "the page's character encoding is " + quoted(named) +
                                            ": expected utf-8, iso-8859-1 or windows-1252");
}

}  // namespace krait::pkg::html
