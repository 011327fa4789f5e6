// UTF-8 and UTF-16: see utf.h. One decoder reads code points; the writers differ.

#include "base/utf.h"

#include <array>
#include <cstddef>

namespace krait {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code_point;
  std::size_t
      length;  // bytes taken; of a bad sequence the maximal part that could have begun a good one
  bool good;
};

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

// Reads one code point at `at`; surrogates count as good. Table 3-7 of the Unicode standard, except
// for those.
Decoded decode_one(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {kReplacement, 1, false};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range excludes overlong forms and what lies above U+10FFFF.
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
  constexpr std::array<std::uint8_t, 5> kLeadBits = {0, 0, 0x1F, 0x0F, 0x07};
  char32_t code_point = lead & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i == text.size()) return {kReplacement, i, false};
    const std::uint8_t next = byte_at(text, at + i);
    const bool fits = i == 1 ? next >= low && next <= high : (next & 0xC0) == 0x80;
    if (!fits) return {kReplacement, i, false};
    code_point = code_point << 6 | (next & 0x3Fu);
  }
  return {code_point, length, true};
}

std::string hex_of(char32_t value) {
  std::string text;
  for (int shift = 20; shift >= 0; shift -= 4) {
    const unsigned digit = (value >> shift) & 15u;
    if (text.empty() && digit == 0 && shift > 12) continue;
    text += "0123456789ABCDEF"[digit];
  }
  return text;
}

Error lone_surrogate(char32_t c, std::size_t offset, std::string_view unit) {
  return invalid("lone surrogate U+" + hex_of(c) + " at " + std::string(unit) + " " +
                 std::to_string(offset) + ": expected text without unpaired surrogates");
}

// Calls put(code point) for all of `text`. Surrogates that pair arrive joined.
template <typename Put>
Result<> decode_utf8(std::string_view text, Surrogates policy, Put put) {
  for (std::size_t i = 0; i < text.size();) {
    Decoded one = decode_one(text, i);
    if (!one.good) {
      if (policy != Surrogates::kReplace) {
        return invalid("byte 0x" + hex_of(byte_at(text, i)).substr(2) + " at offset " +
                       std::to_string(i) + ": expected UTF-8");
      }
    } else if (is_surrogate(one.code_point)) {
      if (policy == Surrogates::kStrict) return lone_surrogate(one.code_point, i, "offset");
      if (policy == Surrogates::kReplace) {
        // The standard decoder stops at the second byte, which no good sequence has, and starts
        // anew there.
        for (int k = 0; k < 3; ++k) put(kReplacement);
        i += one.length;
        continue;
      }
      if (is_high_surrogate(one.code_point) && i + one.length < text.size()) {
        const Decoded next = decode_one(text, i + one.length);
        if (next.good && is_low_surrogate(next.code_point)) {
          one.code_point = join_surrogates(one.code_point, next.code_point);
          one.length += next.length;
        }
      }
    }
    put(one.code_point);
    i += one.length;
  }
  return {};
}

}  // namespace

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int continuation = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr std::array<char32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[static_cast<std::size_t>(continuation)] | c >> (6 * continuation));
  for (int i = continuation - 1; i >= 0; --i)
    out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
}

Result<std::u16string> utf8_to_utf16(std::string_view text, Surrogates policy) {
  std::u16string out;
  out.reserve(text.size());
  TRY(decode_utf8(text, policy, [&](char32_t c) {
    if (c >= 0x10000) {
      out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      out += static_cast<char16_t>(c);
    }
  }));
  return out;
}

Result<std::u32string> utf8_to_utf32(std::string_view text, Surrogates policy) {
  std::u32string out;
  out.reserve(text.size());
  TRY(decode_utf8(text, policy, [&](char32_t c) { out += c; }));
  return out;
}

Result<std::string> utf16_to_utf8(std::u16string_view text, Surrogates policy) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (is_high_surrogate(c) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
      c = join_surrogates(c, text[++i]);
    } else if (is_surrogate(c)) {
      if (policy == Surrogates::kStrict) return lone_surrogate(c, i, "index");
      if (policy == Surrogates::kReplace) c = kReplacement;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace krait
