// PyodideLock: pyodide-lock.json, the packages of a distribution and what each depends on.
//
// Source: the public form of the file: "info" and "packages", an object keyed by normalised names.
// Guarantees: members that we do not know are kept and written again, in their order, so that
// reading and writing a lock loses nothing. Whether URLs and hashes are any good is not judged.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace krait::pkg {

struct LockInfo {
  std::string arch;
  std::string platform;
  std::optional<std::string> abi_version = {};
  std::string python;
  std::string version;
  Json::Object other = {};

  bool operator==(const LockInfo&) const = default;
};

struct LockPackage {
  std::string name;
  std::string version;
  std::string file_name;  // or an absolute URL
  std::string install_dir = "site";
  std::string sha256 = {};                // empty: not checked
  std::string package_type = "package";   // "package", "cpython_module", "shared_library", ...
  std::vector<std::string> imports = {};  // modules it provides
  std::vector<std::string> depends = {};  // keys of other packages
  Json::Object other = {};

  bool operator==(const LockPackage&) const = default;
};

struct PyodideLock {
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  static constexpr std::size_t kMaxPackages = 100000;

  static Result<PyodideLock> parse(std::string_view text);
  std::string to_string(int indent = 0) const;

  // By its key, which is the normalised name; null when there is none. Looks at every package.
  const LockPackage* find(std::string_view key) const;

  LockInfo info;
  std::vector<std::pair<std::string, LockPackage>> packages = {};  // with their keys
  Json::Object other = {};

  bool operator==(const PyodideLock&) const = default;
};

}  // namespace krait::pkg
