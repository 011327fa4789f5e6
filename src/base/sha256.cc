// SHA-256: see sha256.h. Written after FIPS 180-4, section 6.2; the names k, w, a..h are the
// standard's.

#include "base/sha256.h"

#include <algorithm>
#include <bit>

namespace krait {

namespace {

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The eight variables stay in registers under changing names: after each round what was a is b, and
// so on. Written out for eight rounds, the names are where they began. In wasm this is 1.4 times as
// fast as a loop that moves them.
struct Variables {
  std::uint32_t a, b, c, d, e, f, g, h;
};

// A round without the renaming: only d and h get new values. `kw`: the round's constant and word.
inline void round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                  std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                  std::uint32_t kw) {
  const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
  const std::uint32_t choice = g ^ (e & (f ^ g));
  const std::uint32_t t1 = h + s1 + choice + kw;
  const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  const std::uint32_t majority = (a & b) | (c & (a | b));
  d += t1;
  h = t1 + s0 + majority;
}

// `word(i)` gives word i of the schedule, i below 8; `k`: the constants of these rounds.
template <typename Word>
inline void eight_rounds(Variables& v, const std::uint32_t* k, const Word& word) {
  auto& [a, b, c, d, e, f, g, h] = v;
  round(a, b, c, d, e, f, g, h, k[0] + word(0));
  round(h, a, b, c, d, e, f, g, k[1] + word(1));
  round(g, h, a, b, c, d, e, f, k[2] + word(2));
  round(f, g, h, a, b, c, d, e, k[3] + word(3));
  round(e, f, g, h, a, b, c, d, k[4] + word(4));
  round(d, e, f, g, h, a, b, c, k[5] + word(5));
  round(c, d, e, f, g, h, a, b, k[6] + word(6));
  round(b, c, d, e, f, g, h, a, k[7] + word(7));
}

}  // namespace

void Sha256::compress(const std::uint8_t* block) {
  // The last 16 words of the schedule, in a ring.
  std::array<std::uint32_t, 16> w;
  const auto first = [&](std::size_t i) {
    return w[i] = static_cast<std::uint32_t>(block[4 * i]) << 24 |
                  static_cast<std::uint32_t>(block[4 * i + 1]) << 16 |
                  static_cast<std::uint32_t>(block[4 * i + 2]) << 8 | block[4 * i + 3];
  };
  const auto next = [&](std::size_t i) {
    const std::uint32_t w15 = w[(i + 1) & 15];
    const std::uint32_t w2 = w[(i + 14) & 15];
    const std::uint32_t s0 = std::rotr(w15, 7) ^ std::rotr(w15, 18) ^ w15 >> 3;
    const std::uint32_t s1 = std::rotr(w2, 17) ^ std::rotr(w2, 19) ^ w2 >> 10;
    return w[i] += s0 + w[(i + 9) & 15] + s1;
  };
  const auto behind = [](const auto& word) {
    return [&word](std::size_t i) { return word(i + 8); };
  };
  Variables v = {state_[0], state_[1], state_[2], state_[3],
                 state_[4], state_[5], state_[6], state_[7]};
  eight_rounds(v, kRound.data(), first);
  eight_rounds(v, kRound.data() + 8, behind(first));
  for (std::size_t round = 16; round < 64; round += 16) {
    eight_rounds(v, kRound.data() + round, next);
    eight_rounds(v, kRound.data() + round + 8, behind(next));
  }
  const std::array<std::uint32_t, 8> added = {v.a, v.b, v.c, v.d, v.e, v.f, v.g, v.h};
  for (std::size_t i = 0; i < 8; ++i) state_[i] += added[i];
}

void Sha256::update(ByteView bytes) {
  length_ += bytes.size();
  if (used_ > 0) {
    const std::size_t taken = std::min(bytes.size(), block_.size() - used_);
    std::copy_n(bytes.begin(), taken, block_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += taken;
    bytes = bytes.subspan(taken);
    if (used_ < block_.size()) return;
    compress(block_.data());
    used_ = 0;
  }
  for (; bytes.size() >= block_.size(); bytes = bytes.subspan(block_.size()))
    compress(bytes.data());
  std::copy(bytes.begin(), bytes.end(), block_.begin());
  used_ = bytes.size();
}

Sha256::Digest Sha256::finish() {
  const std::uint64_t bits = length_ * 8;
  block_[used_++] = 0x80;
  if (used_ > 56) {
    std::fill(block_.begin() + static_cast<std::ptrdiff_t>(used_), block_.end(), std::uint8_t{0});
    compress(block_.data());
    used_ = 0;
  }
  std::fill(block_.begin() + static_cast<std::ptrdiff_t>(used_), block_.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < 8; ++i)
    block_[56 + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  compress(block_.data());
  Digest digest;
  for (std::size_t i = 0; i < 32; ++i)
    digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

Sha256::Digest sha256(ByteView bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace krait
