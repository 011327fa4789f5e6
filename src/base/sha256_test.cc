// Tests of base/sha256.h: the standard's examples, every length around the block size, and random
// splits.

#include "base/sha256.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace krait {
namespace {

TEST(Sha256, StandardExamples) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1000000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto& [text, digest] : cases) EXPECT_EQ(sha256_hex(as_bytes(text)), digest);
}

TEST(Sha256, AnySplitGivesTheSameDigest) {
  std::mt19937 random(3);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const Sha256::Digest whole = sha256(bytes);
    Sha256 pieces;
    for (std::size_t at = 0; at < size;) {
      const std::size_t length = std::min<std::size_t>(size - at, random() % 70);
      pieces.update(ByteView(bytes).subspan(at, length));
      at += length;
    }
    EXPECT_EQ(pieces.finish(), whole) << size;
  }
}

}  // namespace
}  // namespace krait
