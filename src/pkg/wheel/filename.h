// WheelFilename: what the name of a wheel says.
//
// Source: PEP 427 ("File name convention"), PEP 440 for the version inside.
// Guarantees: parse() takes names as indexes have them, escaped or not; to_string() writes the name
// in today's form, lower case with "_".

#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/marker/project_name.h"
#include "pkg/version/version.h"
#include "pkg/wheel/tags.h"

namespace krait::pkg {

// The tie-breaker between wheels of one version: a number, then text.
struct BuildTag {
  Digits number;
  std::string text;

  std::strong_ordering operator<=>(const BuildTag& other) const;
  bool operator==(const BuildTag&) const = default;
};

struct WheelFilename {
  static constexpr std::size_t kMaxLength = 4096;

  static Result<WheelFilename> parse(std::string_view text);

  ProjectName name;
  Version version;
  std::optional<BuildTag> build;
  std::string tag_text;  // the compressed set, as written
  std::vector<Tag> tags;

  std::string to_string() const;
  // The folder of its metadata, as installers name it: `name-version.dist-info`.
  std::string dist_info() const;
};

}  // namespace krait::pkg
