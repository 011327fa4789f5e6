// Marker: a condition on the environment, `python_version < "3.8" and extra == "test"`.
//
// Source: PEP 508 ("Environment Markers"), PEP 685 (names of extras are normalised), PEP 751
// (`"x" in extras`, `"x" in dependency_groups`).
// Guarantees: a comparison follows PEP 440 when both sides can be read as its clause, and otherwise
// compares text as Python does. Variables that are no versions by their nature (os_name,
// sys_platform, ...) always compare as text. `~=` where a side is sure to be no version is refused
// when the marker is read; should only the environment's value be no version, it is false.
// Nesting is limited, so that hostile text cannot use up the stack.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/marker/environment.h"
#include "pkg/marker/project_name.h"
#include "pkg/version/specifier.h"

namespace krait::pkg {

enum class MarkerVariable : unsigned char {
  kNone,  // a literal
  kOsName,
  kSysPlatform,
  kPlatformMachine,
  kPlatformPythonImplementation,
  kPlatformRelease,
  kPlatformSystem,
  kPlatformVersion,
  kPythonVersion,
  kPythonFullVersion,
  kImplementationName,
  kImplementationVersion,
  kExtra,
  kExtras,            // lock files only: a set
  kDependencyGroups,  // lock files only: a set
};

// What was asked for beside the environment. A marker with `extra` holds when it does for one of
// the extras, or, when there are none, for the empty one: that is how installers read
// Requires-Dist.
struct MarkerSelection {
  std::span<const ProjectName> extras = {};
  std::span<const ProjectName> groups = {};
};

class Marker {
 public:
  static constexpr int kMaxDepth = 100;
  static constexpr std::size_t kMaxLength = 65536;

  static Result<Marker> parse(std::string_view text);

  bool evaluate(const Environment& environment, const MarkerSelection& selection = {}) const;
  // Whether `extra` is named anywhere.
  bool uses_extra() const;

  // Double quotes where possible, brackets only where needed.
  std::string to_string() const;
  bool operator==(const Marker& other) const { return to_string() == other.to_string(); }

 private:
  friend class MarkerParser;

  struct Side {
    MarkerVariable variable = MarkerVariable::kNone;
    std::string text;  // of a literal
  };
  enum class Kind : unsigned char { kAnd, kOr, kVersionOperator, kIn, kNotIn };

  bool holds(const Environment& environment, const MarkerSelection& selection,
             std::string_view extra) const;
  bool compares(std::string_view left, std::string_view right) const;
  bool is_text_only() const;

  Kind kind_ = Kind::kAnd;
  std::vector<Marker> children_;  // of kAnd and kOr
  Operator op_ = Operator::kEqual;
  Side left_;
  Side right_;
  std::optional<Specifier> clause_;  // op_ with a literal on the right, when that is one
};

}  // namespace krait::pkg
