// The TOML reader: line by line, values by recursive descent. See toml.h.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/toml.h"
#include "base/utf.h"

namespace krait {

class TomlParser {
 public:
  explicit TomlParser(std::string_view text) : text_(text) {}

  Result<Toml> document() {
    Toml root;
    root.origin_ = Toml::Origin::kHeader;
    Toml* current = &root;
    for (;;) {
      skip_blank();
      if (at_end()) return root;
      if (peek() == '[') {
        current = TRY(header(root));
      } else {
        TRY(key_value(*current, 0));
      }
      skip_space();
      skip_comment();
      if (!at_end() && !skip_line_end()) return unexpected("the line's end");
    }
  }

 private:
  using Origin = Toml::Origin;

  // [a.b] and [[a.b]]: gives the table that follows.
  Result<Toml*> header(Toml& root) {
    ++at_;
    const bool of_array = skip('[');
    const std::size_t start = at_;
    const std::vector<std::string> keys = TRY(dotted_key());
    if (!skip(']') || (of_array && !skip(']'))) return unexpected(of_array ? "\"]]\"" : "\"]\"");
    Toml* table = &root;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      Toml& child = member(*table, keys[i], Origin::kParent);
      table = last_table(child);
      if (table == nullptr) return taken(start, keys[i]);
    }
    const std::string& name = keys.back();
    auto& members = std::get<Toml::Table>(table->value_);
    const auto found = members.find(name);
    if (found == members.end()) {
      Toml& added = members[name];
      added.origin_ = Origin::kHeader;
      if (!of_array) return &added;
      added.origin_ = Origin::kTables;
      added.value_ = Toml::Array();
      return append_table(added);
    }
    Toml& there = found->second;
    if (of_array && there.origin_ == Origin::kTables) return append_table(there);
    if (of_array || there.origin_ != Origin::kParent) return taken(start, name);
    there.origin_ = Origin::kHeader;
    return &there;
  }

  static Toml* append_table(Toml& array) {
    Toml& added = std::get<Toml::Array>(array.value_).emplace_back();
    added.origin_ = Origin::kHeader;
    return &added;
  }

  static Toml& member(Toml& table, const std::string& key, Origin origin) {
    auto [place, added] = std::get<Toml::Table>(table.value_).try_emplace(key);
    if (added) place->second.origin_ = origin;
    return place->second;
  }

  // The table that a header's path goes on in, or null when it may not.
  static Toml* last_table(Toml& value) {
    if (value.origin_ == Origin::kTables) return &std::get<Toml::Array>(value.value_).back();
    return value.origin_ == Origin::kValue ? nullptr : &value;
  }

  Result<> key_value(Toml& table, int depth) {
    const std::size_t start = at_;
    const std::vector<std::string> keys = TRY(dotted_key());
    if (!skip('=')) return unexpected("\"=\"");
    Toml* target = &table;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
      target = &member(*target, keys[i], Origin::kDotted);
      if (target->origin_ != Origin::kDotted) return taken(start, keys[i]);
    }
    skip_space();
    Toml value = TRY(this->value(depth + static_cast<int>(keys.size()) - 1));
    auto& members = std::get<Toml::Table>(target->value_);
    if (!members.try_emplace(keys.back(), std::move(value)).second)
      return taken(start, keys.back());
    return {};
  }

  Result<std::vector<std::string>> dotted_key() {
    std::vector<std::string> keys;
    do {
      skip_space();
      keys.push_back(TRY(simple_key()));
      skip_space();
      if (keys.size() > std::size_t{Toml::kMaxDepth})
        return error("a key has more than " + std::to_string(Toml::kMaxDepth) + " parts");
    } while (skip('.'));
    return keys;
  }

  Result<std::string> simple_key() {
    if (peek() == '"') return basic_string();
    if (peek() == '\'') return literal_string();
    const std::string_view rest = text_.substr(at_);
    const auto end =
        std::ranges::find_if_not(rest, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
    const std::string_view key(rest.begin(), end);
    if (key.empty()) return unexpected("a key");
    at_ += key.size();
    return std::string(key);
  }

  Result<Toml> value(int depth) {
    if (depth > Toml::kMaxDepth)
      return error("nested more than " + std::to_string(Toml::kMaxDepth) + " deep");
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\"\"\"")) return Toml(TRY(multi_line('"')));
    if (rest.starts_with("'''")) return Toml(TRY(multi_line('\'')));
    switch (peek()) {
      case '"':
        return Toml(TRY(basic_string()));
      case '\'':
        return Toml(TRY(literal_string()));
      case '[':
        return array(depth);
      case '{':
        return inline_table(depth);
      default:
        return scalar();
    }
  }

  Result<Toml> array(int depth) {
    Toml::Array items;
    ++at_;
    for (;;) {
      skip_blank();
      if (skip(']')) return Toml(std::move(items));
      items.push_back(TRY(value(depth + 1)));
      skip_blank();
      if (skip(']')) return Toml(std::move(items));
      if (!skip(',')) return unexpected("\",\" or \"]\"");
    }
  }

  Result<Toml> inline_table(int depth) {
    Toml table;
    ++at_;
    skip_space();
    if (skip('}')) return table;
    for (;;) {
      TRY(key_value(table, depth + 1));
      skip_space();
      if (skip('}')) break;
      if (!skip(',')) return unexpected("\",\" or \"}\"");
    }
    close(table);
    return table;
  }

  // Nothing may be added to an inline table, nor to what its dotted keys made.
  static void close(Toml& table) {
    table.origin_ = Origin::kValue;
    for (auto& [key, value] : std::get<Toml::Table>(table.value_))
      if (value.origin_ == Origin::kDotted) close(value);
  }

  Result<std::string> literal_string() {
    const std::size_t end = text_.find_first_of("'\n", ++at_);
    if (end == std::string_view::npos || text_[end] != '\'') return error("a quote is not closed");
    std::string out(text_.substr(at_, end - at_));
    TRY(check_text(out));
    at_ = end + 1;
    return out;
  }

  Result<std::string> basic_string() {
    std::string out;
    ++at_;
    for (;;) {
      if (at_end() || peek() == '\n') return error("a quote is not closed");
      const char c = text_[at_];
      if (skip('"')) return out;
      if (c == '\\') {
        TRY(escape(out));
        continue;
      }
      TRY(check_text({&c, 1}));
      out += c;
      ++at_;
    }
  }

  Result<std::string> multi_line(char quote) {
    std::string out;
    at_ += 3;
    skip_line_end();  // right after the quotes it does not count
    for (;;) {
      if (at_end()) return error("a quote is not closed");
      const char c = text_[at_];
      if (c == quote) {
        std::size_t count = 0;
        while (count < 5 && at_ + count < text_.size() && text_[at_ + count] == quote) ++count;
        at_ += count;
        // Up to two quotes may stand before the closing three.
        out.append(count >= 3 ? count - 3 : count, quote);
        if (count >= 3) return out;
      } else if (c == '\\' && quote == '"') {
        if (!skip_escaped_line_end()) TRY(escape(out));
      } else if (skip_line_end()) {
        out += '\n';
      } else {
        TRY(check_text({&c, 1}));
        out += c;
        ++at_;
      }
    }
  }

  // A backslash at the line's end takes all white space behind it.
  bool skip_escaped_line_end() {
    const std::size_t end = text_.find_first_not_of(" \t", at_ + 1);
    if (end == std::string_view::npos ||
        (text_[end] != '\n' && !text_.substr(end).starts_with("\r\n")))
      return false;
    at_ = std::min(text_.find_first_not_of(" \t\r\n", end), text_.size());
    return true;
  }

  Result<> escape(std::string& out) {
    static constexpr std::string_view kNames = "btnfr\"\\";
    static constexpr std::string_view kMeanings = "\b\t\n\f\r\"\\";
    const char name = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (const std::size_t index = kNames.find(name); name != '\0' && index != kNames.npos) {
      out += kMeanings[index];
      at_ += 2;
      return {};
    }
    const std::size_t length = name == 'u' ? 4 : name == 'U' ? 8 : 0;
    const std::string_view digits = text_.substr(std::min(at_ + 2, text_.size()), length);
    unsigned long value = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    const bool valid = length > 0 && digits.size() == length && failure == std::errc{} &&
                       end == digits.data() + length && value <= 0x10FFFF &&
                       !is_surrogate(static_cast<char32_t>(value));
    if (!valid) return unexpected("an escape such as \\n or \\u0041");
    append_utf8(out, static_cast<char32_t>(value));
    at_ += 2 + length;
    return {};
  }

  Result<> check_text(std::string_view text) const {
    for (const char c : text)
      if ((c >= 0 && c < ' ' && c != '\t') || c == '\x7f')
        return error("a control character: expected an escape");
    return {};
  }

  // Booleans, numbers, dates and times.
  Result<Toml> scalar() {
    std::size_t end = std::min(text_.find_first_of(",]}# \t\r\n", at_), text_.size());
    // A space may stand between date and time.
    if (end - at_ == 10 && text_.substr(at_ + 4, 1) == "-" && end + 2 < text_.size() &&
        text_[end] == ' ' && is_digit(text_[end + 1]))
      end = std::min(text_.find_first_of(",]}# \t\r\n", end + 1), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    std::optional<Toml> found;
    if (word == "true" || word == "false") {
      found = Toml(word == "true");
    } else if (is_datetime(word)) {
      found = Toml(Toml::Datetime{std::string(word)});
    } else {
      found = find_number(word);
    }
    if (!found) return unexpected("a value");
    at_ = end;
    return std::move(*found);
  }

  static std::optional<Toml> find_number(std::string_view word) {
    std::string_view body = word;
    const bool has_sign = body.starts_with('+') || body.starts_with('-');
    const bool negative = body.starts_with('-');
    if (has_sign) body.remove_prefix(1);
    if (body == "inf" || body == "nan") {
      const double value = body == "inf" ? HUGE_VAL : std::nan("");
      return Toml(negative ? -value : value);
    }
    int base = 10;
    if (!has_sign && body.size() > 2 && body[0] == '0') {
      base = body[1] == 'x' ? 16 : body[1] == 'o' ? 8 : body[1] == 'b' ? 2 : 10;
      if (base != 10) body.remove_prefix(2);
    }
    // An underscore stands between digits.
    std::string digits = negative ? "-" : "";
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body[i] != '_') {
        digits += body[i];
      } else if (i == 0 || i + 1 == body.size() || !is_alnum(body[i - 1]) ||
                 !is_alnum(body[i + 1]) ||
                 (base == 10 && !(is_digit(body[i - 1]) && is_digit(body[i + 1])))) {
        return std::nullopt;
      }
    }
    const std::string_view plain = std::string_view(digits).substr(negative ? 1 : 0);
    if (base == 10 && plain.size() > 1 && plain[0] == '0' && is_digit(plain[1]))
      return std::nullopt;
    if (base != 10 && !plain.empty() && !is_alnum(plain[0])) return std::nullopt;
    const char* last = digits.data() + digits.size();
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(digits.data(), last, number, base);
    if (failure == std::errc{} && end == last) return Toml(number);
    return base == 10 ? find_float(plain, digits) : std::nullopt;
  }

  static std::optional<Toml> find_float(std::string_view plain, const std::string& digits) {
    const auto take_digits = [&plain] {
      const std::size_t end = std::min(plain.find_first_not_of("0123456789"), plain.size());
      plain.remove_prefix(end);
      return end > 0;
    };
    if (!take_digits()) return std::nullopt;
    bool is_float = false;
    if (plain.starts_with('.')) {
      plain.remove_prefix(1);
      if (!take_digits()) return std::nullopt;
      is_float = true;
    }
    if (plain.starts_with('e') || plain.starts_with('E')) {
      plain.remove_prefix(1);
      if (plain.starts_with('+') || plain.starts_with('-')) plain.remove_prefix(1);
      if (!take_digits()) return std::nullopt;
      is_float = true;
    }
    if (!is_float || !plain.empty()) return std::nullopt;
    double value = 0;
    const char* last = digits.data() + digits.size();
    // Beyond a double's range it is refused rather than rounded to infinity or zero.
    if (std::from_chars(digits.data(), last, value).ec != std::errc{}) return std::nullopt;
    return Toml(value);
  }

  // RFC 3339 with the parts that TOML allows to be left out.
  static bool is_datetime(std::string_view text) {
    const auto number = [](std::string_view& rest, std::size_t count, int low, int high) {
      int value = 0;
      if (rest.size() < count || !std::ranges::all_of(rest.substr(0, count), is_digit)) return -1;
      for (const char c : rest.substr(0, count)) value = 10 * value + (c - '0');
      rest.remove_prefix(count);
      return value >= low && value <= high ? value : -1;
    };
    const auto skip_in = [](std::string_view& rest, std::string_view marks) {
      if (rest.empty() || !marks.contains(rest[0])) return false;
      rest.remove_prefix(1);
      return true;
    };
    const bool has_date = text.size() >= 10 && text[4] == '-';
    if (has_date) {
      static constexpr std::string_view kDays = "\x1f\x1c\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f";
      const int year = number(text, 4, 0, 9999);
      if (year < 0 || !skip_in(text, "-")) return false;
      const int month = number(text, 2, 1, 12);
      if (month < 0 || !skip_in(text, "-")) return false;
      const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
      const int days = kDays[static_cast<std::size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
      if (number(text, 2, 1, days) < 0) return false;
      if (text.empty()) return true;
      if (!skip_in(text, "Tt ")) return false;
    }
    if (number(text, 2, 0, 23) < 0 || !skip_in(text, ":")) return false;
    if (number(text, 2, 0, 59) < 0 || !skip_in(text, ":") || number(text, 2, 0, 60) < 0)
      return false;
    if (skip_in(text, ".")) {
      const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
      if (end == 0) return false;
      text.remove_prefix(end);
    }
    if (text.empty()) return true;
    if (!has_date) return false;
    if (skip_in(text, "Zz")) return text.empty();
    return skip_in(text, "+-") && number(text, 2, 0, 23) >= 0 && skip_in(text, ":") &&
           number(text, 2, 0, 59) >= 0 && text.empty();
  }

  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (!at_end() && (peek() == ' ' || peek() == '\t')) ++at_;
  }

  bool skip_line_end() {
    if (text_.substr(at_).starts_with("\r\n")) {
      at_ += 2;
      return true;
    }
    return skip('\n');
  }

  // To the comment's end, or to a character that it may not have.
  void skip_comment() {
    if (!skip('#')) return;
    while (!at_end()) {
      const char c = peek();
      if ((c >= 0 && c < ' ' && c != '\t') || c == '\x7f') return;
      ++at_;
    }
  }

  void skip_blank() {
    do {
      skip_space();
      skip_comment();
    } while (skip_line_end());
  }

  Error taken(std::size_t where, std::string_view key) {
    at_ = where;
    return error(quoted(key) + " is already defined");
  }

  Error unexpected(std::string_view wanted) const {
    if (at_end()) return error("the text ends: expected " + std::string(wanted));
    const std::string_view rest = text_.substr(at_);
    return error("unexpected " + quoted(rest.substr(0, rest.find_first_of("\r\n")), 12) +
                 ": expected " + std::string(wanted));
  }

  Error error(const std::string& what) const {
    return invalid("TOML, " + place_in(text_, at_) + ": " + what);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Result<Toml> Toml::parse(std::string_view text) {
  if (text.size() > kMaxBytes)
    return invalid("TOML: the text has " + std::to_string(text.size()) +
                   " bytes, expected at most " + std::to_string(kMaxBytes));
  if (Result<std::u16string> decoded = utf8_to_utf16(text, Surrogates::kStrict); !decoded.ok())
    return std::move(decoded).error().in("TOML");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return TomlParser(text).document();
}

}  // namespace krait
