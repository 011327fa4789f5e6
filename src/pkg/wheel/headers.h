// Headers: the `Name: value` text of METADATA and WHEEL files.
//
// Source: the core metadata specification (PEP 566: "key-value store in the format of RFC 822"),
// PEP 427 for WHEEL. Guarantees: names are found in any case; lines that begin with white space go
// on with the value before them, also where they begin with "|", as descriptions once did; what
// follows the first empty line is the body. Values are text, not looked into.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace krait::pkg {

class Headers {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  static constexpr std::size_t kMaxCount = 20000;

  static Result<Headers> parse(std::string_view text);

  // The first value of that name, or null.
  const std::string* find(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }
  const std::string& body() const { return body_; }

  void add(std::string name, std::string value);
  void set_body(std::string body) { body_ = std::move(body); }
  std::string to_string() const;

 private:
  std::vector<std::pair<std::string, std::string>> items_;
  std::string body_;
};

}  // namespace krait::pkg
