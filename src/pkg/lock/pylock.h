// Pylock: pylock.toml, a lock file that any installer reads.
//
// Source: PEP 751. Guarantees: what the standard requires is checked and an error names the key;
// what it leaves to tools ([tool], keys that we do not know) is kept as TOML. A major version above
// 1 is refused. What is written has the standard's order of keys and reads back equal.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/toml.h"
#include "pkg/index/page.h"
#include "pkg/marker/marker.h"
#include "pkg/marker/project_name.h"
#include "pkg/version/specifier.h"

namespace krait::pkg {

// A wheel, a source distribution or an archive.
struct PylockFile {
  std::optional<std::string> name = {};  // file name; else the end of URL or path
  std::optional<std::string> url = {};
  std::optional<std::string> path = {};  // relative to the lock file
  std::optional<std::uint64_t> size = {};
  std::optional<std::string> upload_time = {};
  Hashes hashes = {};                            // at least one; ascending by algorithm
  std::optional<std::string> subdirectory = {};  // archives only

  // Empty only when there is neither name nor URL nor path.
  std::string filename() const;
  bool operator==(const PylockFile&) const = default;
};

struct PylockPackage {
  ProjectName name;
  std::optional<Version> version = {};
  std::optional<Marker> marker = {};
  std::optional<SpecifierSet> requires_python = {};
  std::optional<std::string> index = {};
  // At most one of these three, and then neither sdist nor wheels.
  std::optional<Toml> vcs = {};        // a table, as written
  std::optional<Toml> directory = {};  // a table, as written
  std::optional<PylockFile> archive = {};
  std::optional<PylockFile> sdist = {};
  std::vector<PylockFile> wheels = {};
  Toml::Table other = {};  // dependencies, attestation-identities, tool, ...

  bool operator==(const PylockPackage&) const = default;
};

struct Pylock {
  static constexpr std::size_t kMaxPackages = 100000;

  static Result<Pylock> parse(std::string_view text);
  std::string to_string() const;

  // Whether a file of that name may be such a lock: pylock.toml or pylock.NAME.toml.
  static bool is_filename(std::string_view name);

  std::string lock_version = "1.0";
  std::vector<Marker> environments = {};
  std::optional<SpecifierSet> requires_python = {};
  std::vector<ProjectName> extras = {};
  std::vector<std::string> dependency_groups = {};
  std::vector<std::string> default_groups = {};
  std::string created_by = "krait";
  std::vector<PylockPackage> packages = {};
  Toml::Table other = {};

  bool operator==(const Pylock&) const = default;
};

}  // namespace krait::pkg
