// RuntimeFiles: the file system of the runtime as src/pkg/install sees it, a crossing a batch.
//
// Guarantees: those of FileSystem; errors quote the path and name the errno. Throws nothing.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "pkg/install/file_system.h"

namespace krait {

class RuntimeFiles : public pkg::install::FileSystem {
 public:
  Result<std::vector<pkg::install::FileKind>> kinds(std::span<const std::string> paths) override;
  Result<std::vector<std::optional<Bytes>>> read(std::span<const std::string> paths) override;
  Result<std::vector<std::vector<std::string>>> list(std::span<const std::string> folders) override;
  Result<> apply(std::span<pkg::install::FileOperation> operations, std::size_t& done) override;
};

}  // namespace krait
