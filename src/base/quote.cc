// See quote.h.

#include "base/quote.h"

#include <algorithm>

#include "base/utf.h"

namespace krait {

std::string quoted(std::string_view text, std::size_t limit) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string_view shown = text.substr(0, limit);
  // A character is not cut in two.
  if (shown.size() < text.size())
    while (!shown.empty() && (text[shown.size()] & 0xC0) == 0x80) shown.remove_suffix(1);
  const bool utf8 = utf8_to_utf16(shown, Surrogates::kStrict).ok();
  std::string out = "\"";
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      ((out += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out += shown.size() < text.size() ? "\"..." : "\"";
}

std::string place_in(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = at - (before.rfind('\n') + 1) + 1;
  return "line " + std::to_string(line) + " column " + std::to_string(column);
}

}  // namespace krait
