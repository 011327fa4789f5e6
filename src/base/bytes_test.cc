// Tests of base/bytes.h.

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace krait {
namespace {

TEST(Bytes, LittleEndianReadsStayInside) {
  const Bytes bytes = {0x01, 0x02, 0x03, 0x84};
  EXPECT_EQ(find_le<std::uint8_t>(bytes, 3), 0x84);
  EXPECT_EQ(find_le<std::uint16_t>(bytes, 1), 0x0302);
  EXPECT_EQ(find_le<std::uint32_t>(bytes, 0), 0x84030201u);
  EXPECT_EQ(find_le<std::uint32_t>(bytes, 1), std::nullopt);
  EXPECT_EQ(find_le<std::uint8_t>(bytes, 4), std::nullopt);
  EXPECT_EQ(find_le<std::uint16_t>(bytes, SIZE_MAX), std::nullopt);
}

TEST(Bytes, AppendedIntegersReadBack) {
  Bytes bytes;
  append_le<std::uint16_t>(bytes, 0xbeef);
  append_le<std::uint64_t>(bytes, 0x0123456789abcdefu);
  EXPECT_EQ(bytes.size(), 10u);
  EXPECT_EQ(find_le<std::uint16_t>(bytes, 0), 0xbeef);
  EXPECT_EQ(find_le<std::uint64_t>(bytes, 2), 0x0123456789abcdefu);
}

TEST(Bytes, HexGoesBothWays) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0xff, 0x1a}), "00ff1a");
  EXPECT_EQ(find_hex("00FF1a"), (Bytes{0x00, 0xff, 0x1a}));
  EXPECT_EQ(find_hex(""), Bytes{});
  for (const char* bad : {"0", "0g", "g0", "0x", " 00", "123"})
    EXPECT_EQ(find_hex(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace krait
