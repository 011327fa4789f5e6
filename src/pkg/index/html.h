// Just enough of HTML to read the pages of package indexes: tags with attributes and the text
// between them, character references, character encodings.
//
// Source: the HTML standard, "Tokenization" and "Named character references". Guarantees: any text
// is some HTML; reading is linear in its length. Text inside comments, script and style is passed
// over. Builds no tree and repairs none.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace krait::pkg::html {

struct Token {
  enum class Kind : unsigned char { kText, kOpen, kClose, kEnd };

  Kind kind = Kind::kEnd;
  std::string text = {};  // decoded text, or the element's name in lower case
  std::vector<std::pair<std::string, std::string>> attributes = {};  // decoded; names in lower case

  // The first attribute of that name, or null.
  const std::string* find(std::string_view name) const;
};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Token next();

 private:
  bool read_markup(Token& token);
  void read_attributes(Token& token);
  std::string_view take_name();
  void skip_space();
  void skip_past(std::string_view end);
  void skip_raw(std::string_view element);

  std::string_view text_;
  std::size_t at_ = 0;
};

// Character references replaced: numbers, and the names that pages of indexes need (amp, lt, gt,
// quot, apos, nbsp). Others stay as they are.
std::string decoded(std::string_view text, bool in_attribute);

// The page in UTF-8. `charset` is that of the HTTP header, in lower case, or empty; a byte order
// mark and a <meta> in the first kilobyte are looked at too. Bytes that are none become U+FFFD.
Result<std::string> to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace krait::pkg::html
