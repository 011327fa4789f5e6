// The records of a zip file (PKWARE's APPNOTE, version 6.3): what zip.cc and zip_stream.cc share.
//
// A zip file, as we accept it, is without gaps:
//
//   local header, data, [data descriptor]     for each member
//   central directory header                  for each member
//   [zip64 end record, zip64 locator]
//   end record, comment
//
// Guarantees: no read outside the bytes given; what is returned was checked against the limits, and
// holds nothing that we cannot unpack. Must not unpack.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace krait::pkg {

// What an archive may ask for at most. A member, or all of them, beyond a limit is an Error before
// (or, where the size is not told in advance, as soon as) the limit is passed.
struct ZipLimits {
  std::uint64_t total = std::uint64_t{4} << 30;  // bytes unpacked, all members
  std::uint64_t member = std::uint64_t{1} << 30;
  std::uint64_t members = 100'000;
  std::uint64_t directory = std::uint64_t{64} << 20;  // bytes from central directory to the end
  // Unpacked bytes for one packed byte. Deflate reaches 1032; small members may.
  std::uint64_t ratio = 400;
  std::uint64_t ratio_from = std::uint64_t{4} << 20;  // members unpacking to less are left alone
};

enum class ZipMethod : unsigned char { kStored, kDeflate };

struct ZipEntry {
  std::string name;  // UTF-8, not empty, without NUL
  ZipMethod method = ZipMethod::kStored;
  std::uint16_t flags = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;      // of the local header
  std::uint32_t attributes = 0;  // "external file attributes"; only the central directory tells

  bool is_directory() const { return name.ends_with('/'); }
  // st_mode as Unix programs note it, or 0.
  std::uint32_t unix_mode() const { return attributes >> 16; }
  // Sizes and CRC follow the data.
  bool has_descriptor() const { return (flags & 8) != 0; }
};

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;
inline constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
inline constexpr std::size_t kLocalSize = 30;
inline constexpr std::size_t kLongestDescriptor = 24;
inline constexpr std::size_t kEndSize = 22;

// `member "name"`, for messages.
std::string member_text(std::string_view name);

// The bytes of a local header with its name and extra field: empty when `bytes` are too short to
// tell. The caller has seen the signature.
std::optional<std::size_t> find_local_length(ByteView bytes);

// A whole local header, which lies at `offset`. With a descriptor, CRC and sizes may be 0.
Result<ZipEntry> parse_local_header(ByteView header, std::uint64_t offset);

// The length of a data descriptor at the front of `bytes` that says these values: with or without
// signature, 32 or 64 bits.
std::optional<std::size_t> find_descriptor(ByteView bytes, const ZipEntry& entry);

struct ZipDirectory {
  std::uint64_t offset = 0;  // of the central directory: here the members must end
  std::vector<ZipEntry> entries;
};

// Reads from the end of the archive. `tail` is its end and begins at or before the central
// directory, at `tail_offset` bytes into the archive. Names are unique, sums within the limits.
Result<ZipDirectory> parse_directory(ByteView tail, std::uint64_t tail_offset,
                                     const ZipLimits& limits);

// Within the limits for one member?
Result<> check_member_size(const ZipEntry& entry, const ZipLimits& limits);

// `crc` is that of the unpacked bytes.
Result<> check_crc(const ZipEntry& entry, std::uint32_t crc);

// Does the local header say the same as the central one?
Result<> check_same(const ZipEntry& local, const ZipEntry& central);

}  // namespace krait::pkg
