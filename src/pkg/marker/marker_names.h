// The names of marker variables, for reading and writing markers. Private to marker*.cc.

#pragma once

#include <algorithm>
#include <string_view>
#include <utility>

#include "pkg/marker/marker.h"

namespace krait::pkg::marker_names {

// The first name of a variable is the one that is written. The dotted ones and the last are
// older than PEP 508, and metadata that people published has them.
inline constexpr std::pair<std::string_view, MarkerVariable> kNames[] = {
    {"os_name", MarkerVariable::kOsName},
    {"os.name", MarkerVariable::kOsName},
    {"sys_platform", MarkerVariable::kSysPlatform},
    {"sys.platform", MarkerVariable::kSysPlatform},
    {"platform_machine", MarkerVariable::kPlatformMachine},
    {"platform.machine", MarkerVariable::kPlatformMachine},
    {"platform_python_implementation", MarkerVariable::kPlatformPythonImplementation},
    {"platform.python_implementation", MarkerVariable::kPlatformPythonImplementation},
    {"python_implementation", MarkerVariable::kPlatformPythonImplementation},
    {"platform_release", MarkerVariable::kPlatformRelease},
    {"platform_system", MarkerVariable::kPlatformSystem},
    {"platform_version", MarkerVariable::kPlatformVersion},
    {"platform.version", MarkerVariable::kPlatformVersion},
    {"python_version", MarkerVariable::kPythonVersion},
    {"python_full_version", MarkerVariable::kPythonFullVersion},
    {"implementation_name", MarkerVariable::kImplementationName},
    {"implementation_version", MarkerVariable::kImplementationVersion},
    {"extra", MarkerVariable::kExtra},
    {"extras", MarkerVariable::kExtras},
    {"dependency_groups", MarkerVariable::kDependencyGroups},
};

constexpr std::string_view of(MarkerVariable variable) {
  return std::ranges::find(kNames, variable, &std::pair<std::string_view, MarkerVariable>::second)
      ->first;
}

// Kept as kNone when there is no such variable.
constexpr MarkerVariable find(std::string_view name) {
  for (const auto& [known, variable] : kNames)
    if (known == name) return variable;
  return MarkerVariable::kNone;
}

// Never a version.
constexpr bool is_text(MarkerVariable variable) {
  switch (variable) {
    case MarkerVariable::kOsName:
    case MarkerVariable::kSysPlatform:
    case MarkerVariable::kPlatformMachine:
    case MarkerVariable::kPlatformPythonImplementation:
    case MarkerVariable::kPlatformSystem:
    case MarkerVariable::kImplementationName:
    case MarkerVariable::kExtra:
      return true;
    default:
      return false;
  }
}

constexpr bool is_set(MarkerVariable variable) {
  return variable == MarkerVariable::kExtras || variable == MarkerVariable::kDependencyGroups;
}

}  // namespace krait::pkg::marker_names
