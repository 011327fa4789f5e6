// RECORD: the list of an installed distribution's or a wheel's files.
//
// Source: PEP 376 and PEP 627, PEP 427 for hashes. CSV with the dialect of Python's csv module:
// path, hash, size, any of the latter two empty. Guarantees: what is written reads back equal; a
// quoted field may hold commas, quotes and line ends. Paths are not judged here: installing does.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace krait::pkg {

struct RecordEntry {
  std::string path;
  std::string hash = {};  // `sha256=` and URL-safe base64 without padding, or empty
  std::optional<std::uint64_t> size = {};

  static RecordEntry of(std::string path, ByteView content);
  // An Error (kMismatch) when the content is another than the entry promises. Hashes of other
  // kinds than SHA-256 are unsupported.
  Result<> verify(ByteView content) const;

  bool operator==(const RecordEntry&) const = default;
};

struct Record {
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  static constexpr std::size_t kMaxEntries = 500000;

  static Result<Record> parse(std::string_view text);
  std::string to_string() const;

  std::vector<RecordEntry> entries = {};
};

}  // namespace krait::pkg
