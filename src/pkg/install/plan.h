// Plan: what an installation will do, once everything is decided.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/wheel/wheel_reader.h"

namespace krait::pkg::install {

enum class Source : unsigned char { kIndex, kUrl, kLock, kInstalled, kMock };

std::string_view to_string(Source source);

struct PlannedInstall {
  std::string name;  // as it was written
  std::string version;
  Source source = Source::kIndex;
  std::string url = {};
  std::string file = {};
  std::optional<std::string> sha256 = {};
  std::optional<std::uint64_t> size = {};
  bool requested = false;  // by the user, rather than by another package
  std::vector<std::string> extras = {};
  std::optional<std::string> replaces = {};  // the installed version that makes room
  std::vector<std::string> needs = {};       // normal names of what it is no use without
  bool is_wheel = true;                      // else a plain zip of a lock
  InstallScheme scheme = {};
};

struct PlannedRemoval {
  std::string name;
  std::string version;
};

struct Kept {
  std::string name;
  std::string version;
  Source source;
};

struct Plan {
  std::vector<PlannedInstall> install = {};
  std::vector<PlannedRemoval> remove = {};
  std::vector<Kept> keep = {};
};

// What an install of the plan puts in its place.
struct Contents {
  PlannedInstall planned;
  WheelContents wheel;
};

}  // namespace krait::pkg::install
