// Tests of base/base64.h: RFC 4648's examples and every length.

#include "base/base64.h"

#include <gtest/gtest.h>

#include <random>

namespace krait {
namespace {

TEST(Base64, WritesAndReads) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xff\xef\xfe", "_-_-"},
  };
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(to_base64url(as_bytes(bytes)), text);
    EXPECT_EQ(as_text(*find_base64url(text)), bytes);
  }
  EXPECT_EQ(as_text(*find_base64url("Zg==")), "f");
  for (const char* text : {"Z", "Zh", "Zm9", "Zm9v=", "Zg=", "Zm+v", "Zm/v", "====", "Zm 9"})
    EXPECT_FALSE(find_base64url(text)) << text;
}

TEST(Base64, RoundTripsAnyBytes) {
  std::mt19937 random(64);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    EXPECT_EQ(find_base64url(to_base64url(bytes)), bytes);
  }
}

}  // namespace
}  // namespace krait
