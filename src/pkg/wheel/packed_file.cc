// See packed_file.h.

#include "pkg/wheel/packed_file.h"

#include <string>

#include "base/inflate.h"
#include "base/sha256.h"
#include "pkg/wheel/record.h"

namespace krait::pkg {

namespace {

constexpr std::size_t kHead = 10;
constexpr std::uint8_t kStored = 0;
constexpr std::uint8_t kDeflate = 8;

}  // namespace

Bytes pack_file(const ZipEntry& entry, ByteView data, std::string_view hash) {
  Bytes out;
  out.reserve(kHead + hash.size() + data.size());
  append_le(out, static_cast<std::uint32_t>(entry.size));
  append_le(out, entry.crc);
  out.push_back(entry.method == ZipMethod::kStored ? kStored : kDeflate);
  out.push_back(static_cast<std::uint8_t>(hash.size()));
  out.insert(out.end(), hash.begin(), hash.end());
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

Result<Bytes> unpack_file(ByteView packed) {
  if (packed.size() < kHead || packed.size() - kHead < packed[9])
    return invalid("a packed file of " + std::to_string(packed.size()) +
                   " bytes: expected size, CRC, method and hash in front of its data");
  const auto size = find_le<std::uint32_t>(packed, 0).value_or(0);
  const auto crc = find_le<std::uint32_t>(packed, 4).value_or(0);
  const std::uint8_t method = packed[8];
  const std::string_view hash = as_text(packed.subspan(kHead, packed[9]));
  const ByteView data = packed.subspan(kHead + hash.size());
  if (method != kStored && method != kDeflate)
    return invalid("a packed file of method " + std::to_string(method) +
                   ": expected 0 (stored) or 8 (deflate)");
  // Deflate cannot do better; so that no size is believed that cannot be.
  if (size / 1032 > data.size())
    return invalid("a packed file of " + std::to_string(data.size()) +
                   " bytes says that it unpacks to " + std::to_string(size));
  Bytes content = method == kDeflate ? TRY(inflate(data, size)) : Bytes(data.begin(), data.end());
  const auto mismatch = [](const char* what, const std::string& found,
                           const std::string& expected) {
    return Error(ErrorCode::kMismatch,
                 "it has " + std::string(what) + " " + found + ": expected " + expected);
  };
  if (content.size() != size)
    return mismatch("size", std::to_string(content.size()), std::to_string(size));
  if (const std::uint32_t found = crc32(content); found != crc)
    return mismatch("CRC", std::to_string(found), std::to_string(crc));
  if (const std::string found = record_hash(sha256(content)); found != hash)
    return mismatch("sha256", found, std::string(hash) + ", as RECORD says");
  return content;
}

}  // namespace krait::pkg
