// TOML values and their writer. See toml.h; toml_parse.cc reads.

#include "base/toml.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/ascii.h"

namespace krait {

namespace {

std::string string_text(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      ((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 40> buffer;
  const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string out(buffer.data(), end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

}  // namespace

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return is_alnum(c) || c == '-' || c == '_';
  });
  return bare ? std::string(key) : string_text(key);
}

const Toml* Toml::find(std::string_view key) const {
  const Table* table = find_table();
  if (table == nullptr) return nullptr;
  const auto found = table->find(key);
  return found != table->end() ? &found->second : nullptr;
}

std::string_view Toml::kind() const {
  static constexpr std::array<std::string_view, 7> kKinds = {
      "a boolean", "an integer", "a float", "a string", "a date or time", "an array", "a table"};
  return kKinds[value_.index()];
}

std::string Toml::to_string() const {
  if (const bool* flag = find_bool(); flag != nullptr) return *flag ? "true" : "false";
  if (const std::int64_t* number = find_int(); number != nullptr) return std::to_string(*number);
  if (const double* number = std::get_if<double>(&value_); number != nullptr)
    return number_text(*number);
  if (const std::string* text = find_string(); text != nullptr) return string_text(*text);
  if (const Datetime* time = find_datetime(); time != nullptr) return time->text;
  std::string out;
  if (const Array* array = find_array(); array != nullptr) {
    for (const Toml& item : *array) {
      if (!out.empty()) out += ", ";
      out += item.to_string();
    }
    return "[" + out + "]";
  }
  for (const auto& [key, value] : std::get<Table>(value_)) {
    if (!out.empty()) out += ", ";
    ((out += toml_key(key)) += " = ") += value.to_string();
  }
  return out.empty() ? "{}" : "{" + out + "}";
}

std::string Toml::document() const {
  std::string out;
  if (const Table* table = find_table(); table != nullptr)
    for (const auto& [key, value] : *table)
      (((out += toml_key(key)) += " = ") += value.to_string()) += '\n';
  return out;
}

}  // namespace krait
