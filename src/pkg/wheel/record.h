// RECORD: the list of an installed package's files, with their hashes (PEP 376, PEP 427, PEP 627).
// CSV of three fields: path, hash, size.
//
// Guarantees: reading what was written gives an equal list; a path comes once. Must not judge
// paths or hashes against files: wheel_layout and wheel_reader do.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"

namespace krait::pkg {

struct RecordEntry {
  std::string path;
  std::string algorithm;  // "sha256"; empty when there is no hash
  std::string hash;       // urlsafe base64 without padding
  std::optional<std::uint64_t> size;

  bool operator==(const RecordEntry&) const = default;
};

struct Record {
  std::vector<RecordEntry> entries;

  static Result<Record> parse(std::string_view text);
  std::string to_string() const;

  bool operator==(const Record&) const = default;
};

// As RECORD spells a digest: urlsafe base64 without padding.
std::string record_hash(const Sha256::Digest& digest);

// The entry of a file with that content.
RecordEntry record_entry(std::string path, ByteView content);

}  // namespace krait::pkg
