// Raw deflate data (RFC 1951) unpacked from pieces, and CRC-32: zlib behind our errors.
//
// Guarantees: no more output than the limit, whatever the data says; data that is broken, cut short
// or longer than its limit is an Error; nothing is read beyond the end of the deflate stream, so
// what follows it stays with the caller. Must not know the formats around it (zip, gzip).

#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

struct z_stream_s;

namespace krait {

class Inflater {
 public:
  // `limit`: the most bytes that may come out.
  explicit Inflater(std::uint64_t limit);

  // Begins another stream. Cheaper than a new object, which allocates 40 kB.
  void reset(std::uint64_t limit);

  // Unpacks from the front of `input`, which is shortened by what was taken, and appends to `out`.
  // Takes all of it unless the stream ends before. After an error only reset() is of use.
  Result<> update(ByteView& input, Bytes& out);

  // Whether the stream's end was seen; bytes taken and given so far.
  bool done() const { return done_; }
  std::uint64_t total_in() const { return total_in_; }
  std::uint64_t total_out() const { return total_out_; }

  // After the last piece: an error unless the stream has ended.
  Result<> finish() const;

 private:
  struct Free {
    void operator()(z_stream_s* stream) const;
  };
  std::unique_ptr<z_stream_s, Free> stream_;  // null: no memory for it
  std::uint64_t limit_;
  std::uint64_t total_in_ = 0;
  std::uint64_t total_out_ = 0;
  bool done_ = false;
};

// All at once: the data must be one whole stream, with nothing behind it, of exactly `size` bytes
// unpacked.
Result<Bytes> inflate(ByteView data, std::size_t size);

// CRC-32 as zip and gzip have it. `before` is the value of the bytes that went before.
std::uint32_t crc32(ByteView bytes, std::uint32_t before = 0);

}  // namespace krait
