// Conversions between UTF-8, UTF-16 and code points, with lone surrogates dealt with on purpose.
//
// Both Python's and JavaScript's strings may hold surrogates that pair with nothing; UTF-8 may not.
// What happens to them is the caller's choice, by name:
//   kStrict   an Error that says where
//   kWtf8     kept: three bytes each, as if they were characters (the encoding called WTF-8;
//   Python's "surrogatepass") kReplace  U+FFFD, as TextDecoder and TextEncoder do
// Guarantees: output in kStrict and kReplace is always well-formed; in kWtf8 a round trip gives the
// same units back. A surrogate pair is always read as one code point, also when WTF-8 input spells
// it as two times three bytes.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace krait {

enum class Surrogates : unsigned char { kStrict, kWtf8, kReplace };

constexpr bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
constexpr bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
constexpr bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }
constexpr char32_t join_surrogates(char32_t high, char32_t low) {
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

// Byte sequences that are no UTF-8 at all (overlong, cut short, above U+10FFFF) are errors, but
// U+FFFD in kReplace, one for each maximal part of a sequence, as the WHATWG Encoding standard
// says.
Result<std::u16string> utf8_to_utf16(std::string_view text, Surrogates policy);
Result<std::u32string> utf8_to_utf32(std::string_view text, Surrogates policy);

Result<std::string> utf16_to_utf8(std::u16string_view text, Surrogates policy);

// Appends one code point, surrogates as in WTF-8. The code point must not be above U+10FFFF.
void append_utf8(std::string& out, char32_t c);

}  // namespace krait
