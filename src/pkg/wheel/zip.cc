// Reading a whole archive: see zip.h.

#include "pkg/wheel/zip.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/inflate.h"

namespace krait::pkg {

Result<ZipReader> ZipReader::open(ByteView archive, const ZipLimits& limits) {
  ZipDirectory directory = TRY(parse_directory(archive, 0, limits));
  ZipReader reader(archive, std::move(directory.entries));
  TRY(reader.check_members(directory.offset));
  return reader;
}

std::optional<std::size_t> ZipReader::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &ZipEntry::name);
  if (found == entries_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - entries_.begin());
}

// Walks the members as they lie in the archive: each begins where the one before it ends.
Result<> ZipReader::check_members(std::uint64_t directory) {
  std::vector<std::size_t> order(entries_.size());
  std::ranges::iota(order, std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return entries_[i].offset; });
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ZipEntry& entry = entries_[order[i]];
    if (entry.offset != end) {
      return invalid(member_text(entry.name) + " begins at byte " + std::to_string(entry.offset) +
                     ": expected " + std::to_string(end) + ", where what is before it ends");
    }
    const std::uint64_t next = i + 1 < order.size() ? entries_[order[i + 1]].offset : directory;
    end = TRY(check_member(order[i], std::min(next, directory)));
  }
  if (end != directory) {
    return invalid("the central directory begins at byte " + std::to_string(directory) +
                   ": expected " + std::to_string(end) + ", where the last member ends");
  }
  return {};
}

// Gives where the member ends. `end` is where it has to.
Result<std::uint64_t> ZipReader::check_member(std::size_t index, std::uint64_t end) {
  const ZipEntry& entry = entries_[index];
  const ByteView bytes = archive_.subspan(static_cast<std::size_t>(entry.offset),
                                          static_cast<std::size_t>(end - entry.offset));
  if (find_le<std::uint32_t>(bytes, 0) != kLocalSignature) {
    return invalid(member_text(entry.name) + " has no local header at byte " +
                   std::to_string(entry.offset));
  }
  const std::optional<std::size_t> header = find_local_length(bytes);
  if (!header || *header > bytes.size() || entry.packed_size > bytes.size() - *header) {
    return invalid(member_text(entry.name) + " reaches into what follows it, at byte " +
                   std::to_string(end));
  }
  const auto parsed = parse_local_header(bytes.first(*header), entry.offset);
  if (!parsed.ok()) return Error(parsed.error()).in(member_text(entry.name));
  TRY(check_same(parsed.value(), entry));
  const auto packed = static_cast<std::size_t>(entry.packed_size);
  data_[index] = bytes.subspan(*header, packed);
  std::size_t length = *header + packed;
  if (entry.has_descriptor()) {
    const auto descriptor = find_descriptor(bytes.subspan(length), entry);
    if (!descriptor)
      return invalid(member_text(entry.name) + ": no data descriptor that agrees follows its data");
    length += *descriptor;
  }
  return entry.offset + length;
}

Result<Bytes> ZipReader::read(std::size_t index) const {
  const ZipEntry& entry = entries_[index];
  const ByteView packed = data_[index];
  Bytes bytes;
  if (entry.method == ZipMethod::kStored) {
    bytes.assign(packed.begin(), packed.end());
  } else {
    Result<Bytes> result = inflate(packed, static_cast<std::size_t>(entry.size));
    if (!result.ok()) return std::move(result).error().in(member_text(entry.name));
    bytes = std::move(result).value();
  }
  TRY(check_crc(entry, crc32(bytes)));
  return bytes;
}

}  // namespace krait::pkg
