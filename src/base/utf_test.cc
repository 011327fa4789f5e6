// Tests of base/utf.h: tables of hard cases, and random text against a plain twin.

#include "base/utf.h"

#include <gtest/gtest.h>

#include <random>

namespace krait {
namespace {

using namespace std::string_view_literals;

struct WellFormed {
  std::string_view utf8;
  std::u16string_view utf16;
};

TEST(Utf, WellFormedTextGoesBothWays) {
  const WellFormed cases[] = {
      {"", u""},
      {"plain"sv, u"plain"},
      {"a\0b"sv, u"a\0b"sv},
      {"\x7f", u"\x7f"},
      {"\xc2\x80", u"\x80"},
      {"\xdf\xbf", u"\x7ff"},
      {"\xe0\xa0\x80", u"\x800"},
      {"\xed\x9f\xbf", u"\xd7ff"},
      {"\xee\x80\x80", u"\xe000"},
      {"\xef\xbf\xbf", u"\xffff"},
      {"\xf0\x90\x80\x80", u"\xd800\xdc00"},
      {"\xf4\x8f\xbf\xbf", u"\xdbff\xdfff"},
      {"x\xf0\x9f\x90\x8d!", u"x\xd83d\xdc0d!"},
  };
  for (const auto& [utf8, utf16] : cases) {
    for (Surrogates policy : {Surrogates::kStrict, Surrogates::kWtf8, Surrogates::kReplace}) {
      EXPECT_EQ(utf8_to_utf16(utf8, policy).value(), utf16);
      EXPECT_EQ(utf16_to_utf8(utf16, policy).value(), utf8);
    }
  }
}

TEST(Utf, LoneSurrogatesFollowThePolicy) {
  for (std::u16string_view text : {u"\xd800"sv, u"\xdc00"sv,
                                   u"a\xdfff"
                                   u"b"sv,
                                   u"\xdc00\xd800"sv, u"\xd800\xd800\xdc00"sv}) {
    EXPECT_FALSE(utf16_to_utf8(text, Surrogates::kStrict).ok());
    const std::string wtf8 = utf16_to_utf8(text, Surrogates::kWtf8).value();
    EXPECT_EQ(utf8_to_utf16(wtf8, Surrogates::kWtf8).value(), text);
    EXPECT_FALSE(utf8_to_utf16(wtf8, Surrogates::kStrict).ok());
  }
  EXPECT_EQ(utf16_to_utf8(u"a\xd800z", Surrogates::kReplace).value(), "a\xef\xbf\xbdz");
  // As the standard decoder does with three bytes that no good sequence has.
  EXPECT_EQ(utf8_to_utf16("\xed\xa0\x80", Surrogates::kReplace).value(), u"\xfffd\xfffd\xfffd");
  EXPECT_EQ(utf16_to_utf8(u"ab\xd800", Surrogates::kStrict).error().message(),
            "lone surrogate U+D800 at index 2: expected text without unpaired surrogates");
}

TEST(Utf, PairsSpeltAsTwoTimesThreeBytesJoin) {
  EXPECT_EQ(utf8_to_utf32("\xed\xa0\xbd\xed\xb0\x8d", Surrogates::kWtf8).value(), U"\x1f40d");
}

TEST(Utf, BrokenBytesAreErrorsOrOneReplacementPerMaximalPart) {
  struct Case {
    std::string_view bytes;
    std::u16string_view replaced;
  };
  const Case cases[] = {
      {"\x80", u"\xfffd"},
      {"\xff", u"\xfffd"},
      {"\xc0\x80", u"\xfffd\xfffd"},                      // overlong
      {"\xe0\x80\x80", u"\xfffd\xfffd\xfffd"},            // overlong
      {"\xf4\x90\x80\x80", u"\xfffd\xfffd\xfffd\xfffd"},  // above U+10FFFF
      {"\xc3", u"\xfffd"},
      {"\xe2\x82", u"\xfffd"},
      {"\xf0\x9f\x90", u"\xfffd"},
      {"\xf0\x9f\x90z", u"\xfffdz"},
      {"\xe2\x82\xe2\x82\xac", u"\xfffd\x20ac"},
      {"a\xc3(b", u"a\xfffd(b"},
  };
  for (const auto& [bytes, replaced] : cases) {
    EXPECT_FALSE(utf8_to_utf16(bytes, Surrogates::kStrict).ok());
    EXPECT_FALSE(utf8_to_utf16(bytes, Surrogates::kWtf8).ok());
    EXPECT_EQ(utf8_to_utf16(bytes, Surrogates::kReplace).value(), replaced);
  }
  EXPECT_EQ(utf8_to_utf16("ab\xff", Surrogates::kStrict).error().message(),
            "byte 0xFF at offset 2: expected UTF-8");
}

// The plain twin: each code point's bytes written out by its definition.
std::string encode_plainly(char32_t c) {
  auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 63))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
          byte(0x80 | (c & 63))};
}

TEST(Utf, RandomTextAgreesWithThePlainTwin) {
  std::mt19937 random(20250);
  for (int round = 0; round < 2000; ++round) {
    std::u32string code_points;
    std::u16string utf16;
    std::string utf8;
    for (unsigned n = random() % 20; n > 0; --n) {
      constexpr char32_t kLimits[] = {0x80, 0x800, 0x10000, 0x110000};
      const char32_t c = static_cast<char32_t>(random() % kLimits[random() % 4]);
      if (is_surrogate(c)) continue;
      code_points += c;
      utf8 += encode_plainly(c);
      if (c < 0x10000) {
        utf16 += static_cast<char16_t>(c);
      } else {
        utf16 += static_cast<char16_t>(0xD7C0 + (c >> 10));
        utf16 += static_cast<char16_t>(0xDC00 | (c & 0x3FF));
      }
    }
    ASSERT_EQ(utf8_to_utf32(utf8, Surrogates::kStrict).value(), code_points);
    ASSERT_EQ(utf8_to_utf16(utf8, Surrogates::kStrict).value(), utf16);
    ASSERT_EQ(utf16_to_utf8(utf16, Surrogates::kStrict).value(), utf8);
  }
}

TEST(Utf, RandomUnitsSurviveWtf8AndRandomBytesNeverBreakReplacing) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::u16string units;
    for (unsigned n = random() % 8; n > 0; --n)
      units += static_cast<char16_t>(0xD780 + random() % 0x900);
    ASSERT_EQ(
        utf8_to_utf16(utf16_to_utf8(units, Surrogates::kWtf8).value(), Surrogates::kWtf8).value(),
        units);

    std::string bytes;
    for (unsigned n = random() % 8; n > 0; --n) bytes += static_cast<char>(0x70 + random() % 0x90);
    const std::u16string replaced = utf8_to_utf16(bytes, Surrogates::kReplace).value();
    const std::string clean = utf16_to_utf8(replaced, Surrogates::kStrict).value();
    ASSERT_EQ(utf8_to_utf16(clean, Surrogates::kStrict).value(), replaced);
    // What is accepted strictly is already what it decodes to.
    if (auto strict = utf8_to_utf16(bytes, Surrogates::kStrict); strict.ok())
      ASSERT_EQ(strict.value(), replaced);
  }
}

}  // namespace
}  // namespace krait
