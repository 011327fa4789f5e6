// What one wheel puts into the file system: its files and those of the .dist-info folder that an
// installer writes. See transaction.h for the sources.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/install/transaction.h"

namespace krait::pkg::install {

struct Unpacked {
  Installed installed;
  std::vector<FileOperation> files;  // kWrite
};

Result<Unpacked> unpack(Contents contents, const TransactionOptions& options);

// The name that a file of the site is imported by, at the top: "a" for "a/b.py" and "a.py"; empty
// for what nobody imports.
std::string top_level_name(std::string_view path);

// `path` as seen from the folder `base`, both absolute: "../../../bin/x".
std::string relative_path(const std::string& path, const std::string& base);
// The other way round; "." and ".." are taken away.
std::string absolute_path(const std::string& path, const std::string& base);

}  // namespace krait::pkg::install
