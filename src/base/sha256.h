// SHA-256 (FIPS 180-4), all at once or in pieces. Guarantees: any split into pieces gives the same
// digest. Not for secrets: nothing is wiped.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace krait {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  void update(ByteView bytes);
  // Ends the hash: the object must not be used afterwards.
  Digest finish();

 private:
  void compress(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_ = {};
  std::size_t used_ = 0;      // bytes waiting in block_
  std::uint64_t length_ = 0;  // bytes seen in all
};

Sha256::Digest sha256(ByteView bytes);
inline std::string sha256_hex(ByteView bytes) { return to_hex(sha256(bytes)); }

}  // namespace krait
