// Metadata: a project's METADATA file, and WheelInfo: a wheel's WHEEL file.
//
// Source: the core metadata specification, versions 1.0 to 2.x (PEP 241, 314, 345, 566, 643, 685,
// 639), and PEP 427. Guarantees: the fields that decide (name, version, dependencies, Python's
// versions, extras) are parsed and an error names the field; all others stay as text in `headers`.
// A major version above 2 (1 for WHEEL) is refused, as the specifications demand.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/marker/requirement.h"
#include "pkg/wheel/headers.h"
#include "pkg/wheel/tags.h"

namespace krait::pkg {

struct Metadata {
  static Result<Metadata> parse(std::string_view text);

  ProjectName name;
  Version version;
  std::vector<Requirement> requires_dist;
  std::optional<SpecifierSet> requires_python;
  std::vector<ProjectName> provides_extra;
  std::vector<std::string> dynamic;  // fields that the wheel may have otherwise, in lower case
  Headers headers;

  // Empty when there is none.
  std::string_view summary() const;
  // From the body or, in old metadata, the field.
  std::string_view description() const;
};

struct WheelInfo {
  static Result<WheelInfo> parse(std::string_view text);

  std::string wheel_version = "1.0";
  std::string generator = {};
  bool root_is_purelib = true;
  std::vector<Tag> tags = {};
  std::string build = {};

  std::string to_string() const;
};

}  // namespace krait::pkg
