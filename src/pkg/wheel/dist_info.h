// The smaller files of a .dist-info folder: entry_points.txt, direct_url.json, INSTALLER.
//
// Source: the entry points specification, PEP 610 (direct_url.json), PEP 376 and 627 (INSTALLER).
// Guarantees: what is written reads back equal.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace krait::pkg {

// `name = module:attribute [extras]` in a `[group]`.
struct EntryPoint {
  std::string group;
  std::string name;
  std::string module;
  std::string attribute = {};            // dotted; empty when only a module is named
  std::vector<std::string> extras = {};  // as written

  bool operator==(const EntryPoint&) const = default;
};

inline constexpr std::size_t kMaxEntryPoints = 100000;

Result<std::vector<EntryPoint>> parse_entry_points(std::string_view text);
std::string entry_points_text(const std::vector<EntryPoint>& entry_points);

// Where a distribution came from that was not found by its name.
struct DirectUrl {
  struct Archive {
    std::vector<std::pair<std::string, std::string>> hashes = {};  // algorithm, hexadecimal digest
    bool operator==(const Archive&) const = default;
  };
  struct Directory {
    bool editable = false;
    bool operator==(const Directory&) const = default;
  };
  struct Vcs {
    std::string vcs;
    std::string commit_id;
    std::optional<std::string> requested_revision = {};
    bool operator==(const Vcs&) const = default;
  };

  static Result<DirectUrl> parse(std::string_view text);
  std::string to_string() const;

  std::string url;
  std::variant<Archive, Directory, Vcs> source = Archive{};
  std::optional<std::string> subdirectory = {};

  bool operator==(const DirectUrl&) const = default;
};

// The installer's name in an INSTALLER file: its first line that is not empty.
std::string parse_installer(std::string_view text);
inline std::string installer_text(std::string_view name) { return std::string(name) + "\n"; }

}  // namespace krait::pkg
