// The JSON reader: recursive descent over the text, once. See json.h.

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "base/json.h"
#include "base/quote.h"
#include "base/utf.h"

namespace krait {

namespace {

// Deeper nesting is refused: the parser recurses, and no file format of ours comes near it.
constexpr int kMaxDepth = 512;
// From this many members on, an object's keys are indexed while it is read, so that reading stays
// linear.
constexpr std::size_t kIndexedFrom = 16;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Json> document() {
    Json value = TRY(this->value(0));
    skip_space();
    if (at_ != text_.size()) return unexpected("the end");
    return value;
  }

 private:
  Result<Json> value(int depth) {
    skip_space();
    if (depth > kMaxDepth) return error("nested more than " + std::to_string(kMaxDepth) + " deep");
    if (at_ == text_.size()) return unexpected("a value");
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return Json(TRY(string()));
      case 't':
        return word("true", true);
      case 'f':
        return word("false", false);
      case 'n':
        return word("null", nullptr);
      default:
        return number();
    }
  }

  Result<Json> word(std::string_view name, Json meaning) {
    if (!text_.substr(at_).starts_with(name)) return unexpected("a value");
    at_ += name.size();
    return meaning;
  }

  Result<Json> array(int depth) {
    Json::Array items;
    ++at_;
    skip_space();
    if (skip(']')) return Json(std::move(items));
    for (;;) {
      items.push_back(TRY(value(depth + 1)));
      skip_space();
      if (skip(']')) return Json(std::move(items));
      if (!skip(',')) return unexpected("',' or ']'");
    }
  }

  Result<Json> object(int depth) {
    Json::Object members;
    std::unordered_map<std::string, std::size_t> index;
    ++at_;
    skip_space();
    if (skip('}')) return Json(std::move(members));
    for (;;) {
      skip_space();
      if (peek() != '"') return unexpected("a key in double quotes");
      std::string key = TRY(string());
      skip_space();
      if (!skip(':')) return unexpected("':'");
      Json member = TRY(value(depth + 1));
      put(members, index, std::move(key), std::move(member));
      skip_space();
      if (skip('}')) return Json(std::move(members));
      if (!skip(',')) return unexpected("',' or '}'");
    }
  }

  static void put(Json::Object& members, std::unordered_map<std::string, std::size_t>& index,
                  std::string key, Json member) {
    auto store = [&](std::size_t place) { members[place].second = std::move(member); };
    if (members.size() >= kIndexedFrom) {
      if (index.empty()) {
        for (std::size_t i = 0; i < members.size(); ++i) index.emplace(members[i].first, i);
      }
      auto [entry, added] = index.try_emplace(key, members.size());
      if (!added) return store(entry->second);
    } else {
      auto same = std::ranges::find(members, key, &std::pair<std::string, Json>::first);
      if (same != members.end()) return store(static_cast<std::size_t>(same - members.begin()));
    }
    members.emplace_back(std::move(key), std::move(member));
  }

  Result<std::string> string() {
    std::string out;
    ++at_;
    for (;;) {
      const std::size_t run = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20)
        ++at_;
      out += text_.substr(run, at_ - run);
      if (skip('"')) break;
      if (peek() != '\\')
        return unexpected(at_ == text_.size() ? "'\"'" : "an escape for a control character");
      TRY(escape(out));
    }
    return out;
  }

  Result<> escape(std::string& out) {
    const std::size_t start = at_++;
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t name = kNames.find(peek());
    if (at_ < text_.size() && name != std::string_view::npos) {
      out += kMeanings[name];
      ++at_;
      return {};
    }
    const std::optional<char32_t> unit = find_unit();
    if (!unit) {
      at_ = start;
      return unexpected("an escape such as \\n or \\u0041");
    }
    char32_t c = *unit;
    if (is_high_surrogate(c) && text_.substr(at_).starts_with("\\u")) {
      const std::size_t second = at_++;
      const std::optional<char32_t> low = find_unit();
      if (low && is_low_surrogate(*low)) {
        c = join_surrogates(c, *low);
      } else {
        at_ = second;  // an escape of its own
      }
    }
    append_utf8(out, c);
    return {};
  }

  // `uXXXX` after the backslash.
  std::optional<char32_t> find_unit() {
    if (text_.size() - at_ < 5 || text_[at_] != 'u') return std::nullopt;
    unsigned value = 0;
    const char* first = text_.data() + at_ + 1;
    const auto [end, failure] = std::from_chars(first, first + 4, value, 16);
    if (failure != std::errc{} || end != first + 4) return std::nullopt;
    at_ += 5;
    return static_cast<char32_t>(value);
  }

  Result<Json> number() {
    const std::size_t start = at_;
    skip('-');
    if (!skip('0') && !skip_digits()) {
      at_ = start;
      return unexpected("a value");
    }
    bool integral = true;
    if (skip('.')) {
      integral = false;
      if (!skip_digits()) return unexpected("a digit");
    }
    if (skip('e') || skip('E')) {
      integral = false;
      if (!skip('+')) skip('-');
      if (!skip_digits()) return unexpected("a digit");
    }
    const char* first = text_.data() + start;
    const char* last = text_.data() + at_;
    if (integral && text_.substr(start, at_ - start) != "-0") {
      std::int64_t value = 0;
      if (std::from_chars(first, last, value).ec == std::errc{}) return Json(value);
    }
    double value = 0;
    const auto [end, failure] = std::from_chars(first, last, value);
    if (failure == std::errc::result_out_of_range) {
      // Too near to zero becomes zero, as everywhere; too large is refused, since JSON cannot write
      // it back.
      const std::string_view digits = text_.substr(start, at_ - start);
      const std::size_t exponent = digits.find_first_of("eE");
      if (exponent != std::string_view::npos && digits[exponent + 1] == '-')
        return Json(digits[0] == '-' ? -0.0 : 0.0);
      at_ = start;
      return error("the number " + std::string(digits.substr(0, 40)) + " is too large");
    }
    return Json(value);
  }

  bool skip_digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ != start;
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Error unexpected(std::string_view wanted) const {
    if (at_ >= text_.size()) return error("the text ends: expected " + std::string(wanted));
    std::string_view rest = text_.substr(at_, 12);
    return error("unexpected \"" + std::string(rest.substr(0, rest.find_first_of("\r\n"))) +
                 "\": expected " + std::string(wanted));
  }

  Error error(const std::string& what) const {
    return invalid("JSON, " + place_in(text_, at_) + ": " + what);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  if (Result<std::u16string> decoded = utf8_to_utf16(text, Surrogates::kStrict); !decoded.ok()) {
    return std::move(decoded).error().in("JSON");
  }
  return Parser(text).document();
}

}  // namespace krait
