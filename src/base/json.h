// JSON values (RFC 8259): a reader that says where the text is wrong, and a writer.
//
// Guarantees: objects keep the order of their keys; reading what was written gives an equal value;
// integers that fit 64 bits stay exact. Text is UTF-8, where an escape may leave a lone surrogate
// (kept as WTF-8, written as an escape again). A key that comes twice keeps its first place and its
// last value, as in JavaScript and Python. Must not accept anything beyond the standard: no
// comments, no NaN.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace krait {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;
  using Variant =
      std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(double value) : value_(value) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  static Result<Json> parse(std::string_view text);

  // indent 0 writes no white space at all.
  std::string to_string(int indent = 0) const;

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  // The value as that type, or null when it is of another.
  const bool* find_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* find_int() const { return std::get_if<std::int64_t>(&value_); }
  const std::string* find_string() const { return std::get_if<std::string>(&value_); }
  const Array* find_array() const { return std::get_if<Array>(&value_); }
  const Object* find_object() const { return std::get_if<Object>(&value_); }
  // The member of that name, or null when there is none or this is no object. Looks at every key:
  // for many look-ups in a large object, make an index of your own.
  const Json* find(std::string_view key) const;

  const Variant& variant() const { return value_; }
  // "an object", "a string", ... for messages.
  std::string_view kind() const;

  bool operator==(const Json&) const = default;

 private:
  Variant value_ = nullptr;
};

}  // namespace krait
