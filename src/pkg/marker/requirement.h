// Requirement: a dependency as PEP 508 writes it, `name[extra] >=1.0; marker` or `name @ url`.
//
// Guarantees: specifiers may stand in brackets, as older metadata has them; what to_string() writes
// reads back as an equal requirement. A URL is taken as it is, not looked into.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/marker/marker.h"
#include "pkg/marker/project_name.h"
#include "pkg/version/specifier.h"

namespace krait::pkg {

struct Requirement {
  static constexpr std::size_t kMaxLength = 131072;

  static Result<Requirement> parse(std::string_view text);

  ProjectName name;
  std::vector<ProjectName> extras = {};  // ascending, each once
  SpecifierSet specifiers = {};          // empty when there is a URL
  std::optional<std::string> url = {};
  std::optional<Marker> marker = {};

  // Whether the marker, if there is one, holds.
  bool applies(const Environment& environment, const MarkerSelection& selection = {}) const {
    return !marker || marker->evaluate(environment, selection);
  }

  std::string to_string() const;
  bool operator==(const Requirement&) const = default;
};

}  // namespace krait::pkg
