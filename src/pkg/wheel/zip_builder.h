// Writes zip archives for tests, the broken ones too: each header can be changed before it is
// written. Not for anything but tests.

#pragma once

#include <zlib.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/inflate.h"

namespace krait::pkg {

inline Bytes deflated_for_test(ByteView bytes) {
  z_stream stream = {};
  if (deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  Bytes out(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Where sizes stand: in the local header, or behind the data in one of four forms.
enum class Sizes : unsigned char { kFront, kBehind, kBehindBare, kBehind64, kBehindBare64 };

template <typename Int>
void set_le(Bytes& bytes, std::size_t at, Int value) {
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    bytes.at(at + i) = static_cast<std::uint8_t>(value >> (8 * i));
}

struct TestMember {
  std::string name;
  std::string content = {};
  bool deflate = true;
  std::uint32_t mode = 0100644;
  Sizes sizes = Sizes::kFront;
  bool zip64 = false;       // all sizes and offsets in extra fields
  std::uint16_t flags = 0;  // besides the descriptor's
  std::string extra = {};
  // Called with the finished headers.
  std::function<void(Bytes&)> change_local = nullptr;
  std::function<void(Bytes&)> change_central = nullptr;
};

class ZipBuilder {
 public:
  ZipBuilder& add(const TestMember& member) {
    const Bytes packed = member.deflate ? deflated_for_test(as_bytes(member.content))
                                        : Bytes(member.content.begin(), member.content.end());
    const bool behind = member.sizes != Sizes::kFront;
    const std::uint64_t offset = archive_.size();
    const std::uint32_t crc = crc32(as_bytes(member.content));
    const auto flags = static_cast<std::uint16_t>(member.flags | (behind ? 8 : 0));
    Bytes local = header(0x04034b50, member, flags, behind ? 0 : crc, behind ? 0 : packed.size(),
                         behind ? 0 : member.content.size(), 0, false);
    if (member.change_local) member.change_local(local);
    append(archive_, local);
    append(archive_, packed);
    if (behind) {
      if (member.sizes == Sizes::kBehind || member.sizes == Sizes::kBehind64)
        append_le<std::uint32_t>(archive_, 0x08074b50);
      append_le(archive_, crc);
      const bool wide = member.sizes == Sizes::kBehind64 || member.sizes == Sizes::kBehindBare64;
      for (const std::uint64_t size : {packed.size(), member.content.size()}) {
        append_le(archive_, static_cast<std::uint32_t>(size));
        if (wide) append_le<std::uint32_t>(archive_, 0);
      }
    }
    Bytes central =
        header(0x02014b50, member, flags, crc, packed.size(), member.content.size(), offset, true);
    if (member.change_central) member.change_central(central);
    append(directory_, central);
    ++count_;
    return *this;
  }

  // Bytes between members.
  ZipBuilder& add_raw(std::string_view bytes) {
    append(archive_, as_bytes(bytes));
    return *this;
  }

  std::size_t size() const { return archive_.size(); }

  Bytes finish(std::string_view comment = {}, bool zip64 = false) const {
    Bytes out = archive_;
    append(out, directory_);
    if (zip64) {
      const std::uint64_t at = out.size();
      append_le<std::uint32_t>(out, 0x06064b50);
      append_le<std::uint64_t>(out, 44);
      append_le<std::uint32_t>(out, 45 | 45 << 16);
      append_le<std::uint64_t>(out, 0);
      for (const std::uint64_t value :
           {count_, count_, std::uint64_t{directory_.size()}, std::uint64_t{archive_.size()}})
        append_le(out, value);
      append_le<std::uint32_t>(out, 0x07064b50);
      append_le<std::uint32_t>(out, 0);
      append_le(out, at);
      append_le<std::uint32_t>(out, 1);
    }
    append_le<std::uint32_t>(out, 0x06054b50);
    append_le<std::uint32_t>(out, 0);
    const auto count = static_cast<std::uint16_t>(zip64 ? 0xffff : count_);
    append_le(out, count);
    append_le(out, count);
    append_le(out, zip64 ? 0xffffffffu : static_cast<std::uint32_t>(directory_.size()));
    append_le(out, zip64 ? 0xffffffffu : static_cast<std::uint32_t>(archive_.size()));
    append_le(out, static_cast<std::uint16_t>(comment.size()));
    append(out, as_bytes(comment));
    return out;
  }

 private:
  static void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  }

  static Bytes header(std::uint32_t signature, const TestMember& member, std::uint16_t flags,
                      std::uint32_t crc, std::uint64_t packed, std::uint64_t size,
                      std::uint64_t offset, bool central) {
    Bytes extra(member.extra.begin(), member.extra.end());
    if (member.zip64) {
      append_le<std::uint16_t>(extra, 1);
      append_le<std::uint16_t>(extra, central ? 24 : 16);
      append_le(extra, size);
      append_le(extra, packed);
      if (central) append_le(extra, offset);
    }
    const auto narrow = [&](std::uint64_t value) {
      return member.zip64 ? 0xffffffffu : static_cast<std::uint32_t>(value);
    };
    Bytes out;
    append_le(out, signature);
    if (central) append_le<std::uint16_t>(out, 3 << 8 | 20);
    append_le<std::uint16_t>(out, 20);
    append_le(out, flags);
    append_le<std::uint16_t>(out, member.deflate ? 8 : 0);
    append_le<std::uint32_t>(out, 0);
    append_le(out, crc);
    append_le(out, narrow(packed));
    append_le(out, narrow(size));
    append_le(out, static_cast<std::uint16_t>(member.name.size()));
    append_le(out, static_cast<std::uint16_t>(extra.size()));
    if (central) {
      append_le<std::uint32_t>(out, 0);
      append_le<std::uint16_t>(out, 0);
      append_le(out, member.mode << 16);
      append_le(out, narrow(offset));
    }
    append(out, as_bytes(member.name));
    append(out, extra);
    return out;
  }

  Bytes archive_;
  Bytes directory_;
  std::uint64_t count_ = 0;
};

}  // namespace krait::pkg
