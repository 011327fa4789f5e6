// The key of a version: a byte string whose lexicographic order is PEP 440's order.
//
//   number(epoch)
//   number(n) for each n of the release, trailing zeros left out
//   then one of   kDevOnly number(dev)                       1.0.dev1
//                 kAlpha/kBeta/kCandidate number(n) suffix   1.0a1...
//                 kFinal suffix                              1.0...
//   where suffix is  kDev number(dev)  |  kPlain  |  kPost number(post) (kDev number(dev) | kPlain)
//   then the local part: for each segment kWord bytes 0 or number(n); kEnd
//   then the spelling: number(how many zeros end the release)
//
// number(n) is one byte kNumber + (count of digits) and the digits; zero has none. So a longer
// number is greater, and every number is greater than any of the marks, which is why a release that
// goes on is greater than one that ends. The marks in one place are in the order of what they mark.

#pragma once

#include <string>
#include <string_view>

namespace krait::pkg::key {

inline constexpr char kEnd = 0x01;
inline constexpr char kDevOnly = 0x02;
inline constexpr char kAlpha = 0x03;  // beta and candidate follow
inline constexpr char kFinal = 0x06;
inline constexpr char kAfterFinal = 0x07;  // no key has it: after all post-releases
inline constexpr char kDev = 0x02;
inline constexpr char kPlain = 0x03;
inline constexpr char kPost = 0x04;
inline constexpr char kWord = 0x10;
inline constexpr unsigned char kNumber = 0x40;

inline void append_number(std::string& key, std::string_view digits) {
  if (digits == "0") digits = {};
  key += static_cast<char>(kNumber + digits.size());
  key += digits;
}

}  // namespace krait::pkg::key
