// FileSystem: what an installation needs of one. In the runtime it is Emscripten's, in tests a map.
//
// Everything goes in batches, since the runtime's file system is JavaScript's: a wheel of 2,000
// files is a handful of crossings. Paths are absolute, with "/", without "." and "..".

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace krait::pkg::install {

enum class FileKind : unsigned char { kAbsent, kFile, kFolder };

struct FileOperation {
  enum class Kind : unsigned char {
    kMakeFolder,    // its parent must exist, it must not
    kWrite,         // a file that must not exist
    kRename,        // a file within one folder, to a name that must not exist
    kRemove,        // a file
    kRemoveFolder,  // an empty one
  };
  Kind kind;
  std::string path;
  std::string to = {};        // of kRename
  Bytes bytes = {};           // of kWrite; may be gone afterwards
  std::uint32_t mode = 0644;  // of kWrite
  // Of kWrite: `bytes` are packed (pkg/wheel/packed_file.h), and may stay so until they are read.
  bool packed = false;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::vector<FileKind>> kinds(std::span<const std::string> paths) = 0;
  // Empty for what is no file.
  virtual Result<std::vector<std::optional<Bytes>>> read(std::span<const std::string> paths) = 0;
  // The names in each folder, ascending; none for what is no folder.
  virtual Result<std::vector<std::vector<std::string>>> list(
      std::span<const std::string> folders) = 0;

  // Carries out the operations in order up to the first that fails, which then has changed nothing.
  // `done` counts those that were carried out. The error quotes the path.
  virtual Result<> apply(std::span<FileOperation> operations, std::size_t& done) = 0;
};

}  // namespace krait::pkg::install
