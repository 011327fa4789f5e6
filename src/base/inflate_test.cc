// Tests of base/inflate.h: what zlib packs comes back for any split, and each way data can be
// wrong.

#include "base/inflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>

namespace krait {
namespace {

Bytes deflated(ByteView bytes, int level = 6) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes text_like(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>('a' + random() % 7 * (random() % 3));
  return bytes;
}

TEST(Inflate, GivesBackWhatWasPacked) {
  for (const std::size_t size : {0, 1, 100, 65535, 65536, 65537, 300000}) {
    for (const int level : {0, 1, 6, 9}) {
      const Bytes bytes = text_like(size, 1);
      Result<Bytes> result = inflate(deflated(bytes, level), size);
      ASSERT_TRUE(result.ok()) << result.error().message();
      EXPECT_EQ(result.value(), bytes) << size << " at level " << level;
    }
  }
}

TEST(Inflate, AnySplitGivesTheSame) {
  std::mt19937 random(5);
  const Bytes bytes = text_like(5000, 2);
  Bytes packed = deflated(bytes);
  const std::size_t length = packed.size();
  packed.insert(packed.end(), {'r', 'e', 's', 't'});
  Inflater inflater(0);
  for (int round = 0; round < 100; ++round) {
    inflater.reset(bytes.size());
    Bytes out;
    ByteView left = packed;
    while (!inflater.done()) {
      const std::size_t step = std::min<std::size_t>(left.size(), random() % 300);
      ByteView piece = left.first(step);
      ASSERT_TRUE(inflater.update(piece, out).ok());
      left = left.subspan(step - piece.size());
    }
    EXPECT_TRUE(inflater.finish().ok());
    EXPECT_EQ(out, bytes);
    EXPECT_EQ(as_text(left), "rest");
    EXPECT_EQ(inflater.total_in(), length);
    EXPECT_EQ(inflater.total_out(), bytes.size());
  }
}

TEST(Inflate, SaysWhatIsWrong) {
  const Bytes bytes = text_like(1000, 3);
  const Bytes packed = deflated(bytes);
  Bytes cut = packed;
  cut.pop_back();
  Bytes longer = packed;
  longer.insert(longer.end(), 3, 0);
  struct {
    Bytes data;
    std::size_t size;
    const char* message;
    ErrorCode code;
  } const cases[] = {
      {packed, 999, "deflate data unpacks to more than the 999 bytes expected",
       ErrorCode::kMismatch},
      {packed, 0, "deflate data unpacks to more than the 0 bytes expected", ErrorCode::kMismatch},
      {packed, 1001, "deflate data unpacks to 1000 bytes: expected 1001", ErrorCode::kMismatch},
      {cut, 1000, "deflate data is cut short", ErrorCode::kInvalid},
      {{}, 0, "deflate data is cut short", ErrorCode::kInvalid},
      {longer, 1000, "deflate data ends 3 bytes early", ErrorCode::kInvalid},
      {{0x07}, 10, "deflate data is broken: invalid block type", ErrorCode::kInvalid},
      {{0x01, 1, 0, 0, 0},
       10,
       "deflate data is broken: invalid stored block lengths",
       ErrorCode::kInvalid},
  };
  for (const auto& [data, size, message, code] : cases) {
    Result<Bytes> result = inflate(data, size);
    ASSERT_FALSE(result.ok()) << message;
    EXPECT_EQ(result.error().message(), message);
    EXPECT_EQ(result.error().code(), code);
  }
}

TEST(Inflate, ABombStopsAtItsLimit) {
  const Bytes packed = deflated(Bytes(std::size_t{1} << 24, 0), 9);
  ByteView input = packed;
  Inflater inflater(1000);
  Bytes out;
  EXPECT_EQ(inflater.update(input, out).error().message(),
            "deflate data unpacks to more than the 1000 bytes expected");
  EXPECT_LE(out.size(), 1001u);
}

TEST(Crc32, KnownValuesAndPieces) {
  EXPECT_EQ(crc32({}), 0u);
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(crc32(as_bytes("6789"), crc32(as_bytes("12345"))), 0xcbf43926u);
  EXPECT_EQ(crc32({}, 17), 17u);
}

}  // namespace
}  // namespace krait
