// Bytes and views of them, little-endian reads, hexadecimal text.
//
// Guarantees: no read outside a view (a short view gives an empty optional). Must not interpret
// formats.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace krait {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The little-endian integer at `offset`, if all of it lies in the view.
template <typename Int>
  requires std::is_unsigned_v<Int>
std::optional<Int> find_le(ByteView bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Int)) return std::nullopt;
  Int value = 0;
  for (std::size_t i = sizeof(Int); i-- > 0;)
    value = static_cast<Int>(value << 8 | bytes[offset + i]);
  return value;
}

template <typename Int>
  requires std::is_unsigned_v<Int>
void append_le(Bytes& out, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteView bytes);

// Empty when the text is not pairs of hexadecimal digits (either case).
std::optional<Bytes> find_hex(std::string_view text);

}  // namespace krait
