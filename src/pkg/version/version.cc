// See version.h and key.h.

#include "pkg/version/version.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "pkg/version/key.h"

namespace krait::pkg {

namespace {

static_assert(key::kNumber + Version::kMaxDigits + 1 < 0xFF, "a number's mark is one byte");

bool is_number(std::string_view text) { return std::ranges::all_of(text, is_digit); }

Digits without_leading_zeros(std::string_view digits) {
  const std::size_t start = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return Digits(digits.substr(start));
}

// Reads a version by the expression of PEP 440, Appendix B. No step needs to be taken back: each
// optional part is known by its first letters.
class Parser {
 public:
  explicit Parser(std::string_view text) : whole_(trimmed(text)), rest_(whole_) {}

  Result<VersionParts> parse() {
    if (whole_.size() > Version::kMaxLength) {
      return invalid(quoted(whole_, 40) + " is no version: it has " +
                     std::to_string(whole_.size()) + " characters, expected at most " +
                     std::to_string(Version::kMaxLength));
    }
    if (!skip_word("v") && rest_.empty()) return wrong("expected a release such as 1.2.3");
    TRY(release());
    TRY(pre());
    TRY(post());
    if (skip_separated({"dev"})) parts_.dev = TRY(optional_number());
    if (skip('+')) TRY(local());
    if (!rest_.empty()) return wrong("unexpected " + quoted(rest_, 20));
    return std::move(parts_);
  }

 private:
  Result<> release() {
    Digits number = TRY(this->number("expected a release such as 1.2.3"));
    if (skip('!')) {
      parts_.epoch = std::move(number);
      number = TRY(this->number("expected a release such as 1.2.3 after the epoch"));
    }
    parts_.release.push_back(std::move(number));
    while (rest_.size() > 1 && rest_[0] == '.' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      parts_.release.push_back(TRY(this->number("")));
    }
    return {};
  }

  Result<> pre() {
    static constexpr std::pair<std::string_view, PreKind> kWords[] = {
        {"alpha", PreKind::kAlpha},  {"a", PreKind::kAlpha},           {"beta", PreKind::kBeta},
        {"b", PreKind::kBeta},       {"preview", PreKind::kCandidate}, {"pre", PreKind::kCandidate},
        {"rc", PreKind::kCandidate}, {"c", PreKind::kCandidate},
    };
    for (const auto& [word, kind] : kWords) {
      if (!skip_separated({word})) continue;
      parts_.pre = PreRelease{kind, TRY(optional_number())};
      break;
    }
    return {};
  }

  Result<> post() {
    if (rest_.size() > 1 && rest_[0] == '-' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      parts_.post = TRY(number(""));
    } else if (skip_separated({"post", "rev", "r"})) {
      parts_.post = TRY(optional_number());
    }
    return {};
  }

  Result<> local() {
    do {
      const auto end = std::ranges::find_if_not(rest_, is_alnum);
      const std::string_view segment(rest_.begin(), end);
      if (segment.empty()) return wrong("expected letters or digits in its local part");
      if (is_number(segment)) {
        parts_.local.push_back(TRY(number("")));
      } else {
        parts_.local.push_back(to_lower(segment));
        rest_.remove_prefix(segment.size());
      }
    } while (skip_separator());
    return {};
  }

  Result<Digits> number(std::string_view expected) {
    const auto end = std::ranges::find_if_not(rest_, is_digit);
    const std::string_view digits(rest_.begin(), end);
    if (digits.empty()) return wrong(expected);
    rest_.remove_prefix(digits.size());
    Digits value = without_leading_zeros(digits);
    if (value.size() > Version::kMaxDigits) {
      return wrong("a number has " + std::to_string(value.size()) + " digits, expected at most " +
                   std::to_string(Version::kMaxDigits));
    }
    return value;
  }

  // After a word: the number may be left out and is 0 then, and a separator may stand before it.
  Result<Digits> optional_number() {
    skip_separator();
    if (rest_.empty() || !is_digit(rest_[0])) return Digits("0");
    return number("");
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool skip_separator() { return skip('.') || skip('-') || skip('_'); }

  bool skip_word(std::string_view word) {
    if (!equal_no_case(rest_.substr(0, word.size()), word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  // One of the words, with or without a separator before it.
  bool skip_separated(std::initializer_list<std::string_view> words) {
    const std::string_view before = rest_;
    skip_separator();
    for (const std::string_view word : words)
      if (skip_word(word)) return true;
    rest_ = before;
    return false;
  }

  Error wrong(std::string_view what) const {
    return invalid(quoted(whole_) + " is no version: " + std::string(what) + " (PEP 440)");
  }

  std::string_view whole_;
  std::string_view rest_;
  VersionParts parts_;
};

std::string normal_form(const VersionParts& parts) {
  static constexpr std::string_view kPre[] = {"a", "b", "rc"};
  std::string out;
  if (parts.epoch != "0") (out += parts.epoch) += '!';
  for (std::size_t i = 0; i < parts.release.size(); ++i) {
    if (i > 0) out += '.';
    out += parts.release[i];
  }
  if (parts.pre) (out += kPre[std::to_underlying(parts.pre->kind)]) += parts.pre->number;
  if (parts.post) (out += ".post") += *parts.post;
  if (parts.dev) (out += ".dev") += *parts.dev;
  for (std::size_t i = 0; i < parts.local.size(); ++i)
    (out += i == 0 ? '+' : '.') += parts.local[i];
  return out;
}

std::size_t count_trailing_zeros(const std::vector<Digits>& release) {
  const auto last = std::ranges::find_if(release.rbegin(), release.rend(),
                                         [](const Digits& number) { return number != "0"; });
  return static_cast<std::size_t>(last - release.rbegin());
}

void append_dev_or_plain(std::string& key, const std::optional<Digits>& dev) {
  if (dev) {
    key += key::kDev;
    key::append_number(key, *dev);
  } else {
    key += key::kPlain;
  }
}

// All between release and local part.
void append_stage(std::string& key, const VersionParts& parts) {
  if (!parts.pre && !parts.post && parts.dev) {
    key += key::kDevOnly;
    key::append_number(key, *parts.dev);
    return;
  }
  if (parts.pre) {
    key += static_cast<char>(key::kAlpha + std::to_underlying(parts.pre->kind));
    key::append_number(key, parts.pre->number);
  } else {
    key += key::kFinal;
  }
  if (parts.post) {
    key += key::kPost;
    key::append_number(key, *parts.post);
  }
  append_dev_or_plain(key, parts.dev);
}

void append_local(std::string& key, const std::vector<std::string>& local) {
  for (const std::string& segment : local) {
    if (is_number(segment)) {
      key::append_number(key, segment);
    } else {
      (((key += key::kWord) += segment)) += '\0';
    }
  }
  key += key::kEnd;
}

}  // namespace

Version::Version(VersionParts parts, std::string original) {
  Data data;
  const std::size_t zeros = count_trailing_zeros(parts.release);
  key::append_number(data.key, parts.epoch);
  for (std::size_t i = 0; i + zeros < parts.release.size(); ++i)
    key::append_number(data.key, parts.release[i]);
  data.key_release_end = data.key.size();
  append_stage(data.key, parts);
  append_local(data.key, parts.local);
  data.key_order_end = data.key.size();
  key::append_number(data.key, std::to_string(zeros));
  data.normal = normal_form(parts);
  data.original = original.empty() ? data.normal : std::move(original);
  data.parts = std::move(parts);
  data_ = std::make_shared<const Data>(std::move(data));
}

Version::Version(VersionParts parts) : Version(std::move(parts), {}) {}

Result<Version> Version::parse(std::string_view text) {
  VersionParts parts = TRY(Parser(text).parse());
  return Version(std::move(parts), std::string(trimmed(text)));
}

Version Version::public_version() const {
  if (!is_local()) return *this;
  VersionParts out = parts();
  out.local.clear();
  return Version(std::move(out));
}

Version Version::base_version() const {
  VersionParts out;
  out.epoch = parts().epoch;
  out.release = parts().release;
  return Version(std::move(out));
}

Digits next_number(const Digits& number) {
  Digits out = number;
  std::size_t place = out.size();
  while (place > 0 && out[place - 1] == '9') out[--place] = '0';
  if (place == 0) return out.insert(0, 1, '1');
  ++out[place - 1];
  return out;
}

}  // namespace krait::pkg
