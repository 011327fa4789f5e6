// TOML values (TOML 1.0.0): a reader that says where the text is wrong, and a writer of values.
//
// Guarantees: what the standard forbids is refused, redefined tables among it; integers are exact
// 64 bits; reading what was written gives an equal value. Tables do not keep the order of their
// keys, which the standard gives no meaning.
//
// Why our own: a library (toml++ was looked at) would be one more package in the pinned tool root,
// and its own result type, error texts and node classes would need a layer of ours around them that
// is about as long as this reader. Only lock files and pyproject.toml are read with it.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace krait {

class Toml {
 public:
  // A date, a time or both, with or without an offset, as written; its shape is checked.
  struct Datetime {
    std::string text;
    bool operator==(const Datetime&) const = default;
  };
  using Array = std::vector<Toml>;
  using Table = std::map<std::string, Toml, std::less<>>;
  using Variant = std::variant<bool, std::int64_t, double, std::string, Datetime, Array, Table>;

  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  static constexpr int kMaxDepth = 100;

  Toml() : value_(Table()) {}
  Toml(bool value) : value_(value) {}
  Toml(std::int64_t value) : value_(value) {}
  Toml(int value) : value_(std::int64_t{value}) {}
  Toml(double value) : value_(value) {}
  Toml(std::string value) : value_(std::move(value)) {}
  Toml(const char* value) : value_(std::string(value)) {}
  Toml(Datetime value) : value_(std::move(value)) {}
  Toml(Array value) : value_(std::move(value)) {}
  Toml(Table value) : value_(std::move(value)) {}

  // A whole document: a table.
  static Result<Toml> parse(std::string_view text);

  const bool* find_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* find_int() const { return std::get_if<std::int64_t>(&value_); }
  const std::string* find_string() const { return std::get_if<std::string>(&value_); }
  const Datetime* find_datetime() const { return std::get_if<Datetime>(&value_); }
  const Array* find_array() const { return std::get_if<Array>(&value_); }
  const Table* find_table() const { return std::get_if<Table>(&value_); }
  // The member of that name, or null when there is none or this is no table.
  const Toml* find(std::string_view key) const;

  // "a string", "a table", ... for messages.
  std::string_view kind() const;
  // As it stands behind "key = ": tables are inline.
  std::string to_string() const;
  // A table's members, one `key = value` a line: a document.
  std::string document() const;

  const Variant& variant() const { return value_; }
  // Equal values; how they were written does not count.
  bool operator==(const Toml& other) const { return value_ == other.value_; }

 private:
  friend class TomlParser;

  // How it came to be, which decides what may be added to it later.
  enum class Origin : unsigned char {
    kValue,   // nothing: inline tables and arrays
    kParent,  // named only on the way to another table: may still be defined, once
    kHeader,  // [table], or one of [[tables]]
    kDotted,  // by dotted keys
    kTables,  // the array of [[tables]]
  };

  Variant value_;
  Origin origin_ = Origin::kValue;
};

// A key as it is written in front of "=": bare if it can be.
std::string toml_key(std::string_view key);

}  // namespace krait
