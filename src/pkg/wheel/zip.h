// Reads a zip archive whose bytes are all there.
//
// Guarantees: what open() accepts means the same to every reader. Each byte of the archive belongs
// to one member, one directory or the comment, so members do not overlap and nothing hides between
// them; local headers say what the central directory says; names are unique; sizes keep to the
// limits. read() gives just the promised number of bytes, with the promised CRC. What we cannot
// unpack (encryption, methods other than deflate) is refused by open(). Must not judge names as
// paths: wheel_layout does.

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "pkg/wheel/zip_format.h"

namespace krait::pkg {

class ZipReader {
 public:
  // `archive` must outlive the reader.
  static Result<ZipReader> open(ByteView archive, const ZipLimits& limits = {});

  // In the central directory's order.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  std::optional<std::size_t> find(std::string_view name) const;

  // The data of entries()[index] as it lies in the archive.
  ByteView packed(std::size_t index) const { return data_[index]; }
  // The content of entries()[index].
  Result<Bytes> read(std::size_t index) const;

 private:
  ZipReader(ByteView archive, std::vector<ZipEntry> entries)
      : archive_(archive), entries_(std::move(entries)), data_(entries_.size()) {}
  Result<> check_members(std::uint64_t directory);
  Result<std::uint64_t> check_member(std::size_t index, std::uint64_t end);

  ByteView archive_;
  std::vector<ZipEntry> entries_;
  std::vector<ByteView> data_;  // packed
};

}  // namespace krait::pkg
