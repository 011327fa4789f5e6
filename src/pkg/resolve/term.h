// Term and Incompatibility: the logic that the solver computes in.
//
// A package is in one state: absent, or selected in one version. A Term says which states of a
// package are meant, an Incompatibility is a set of terms that must not all be true. So "a 1.x
// depends on b >=2" is: not both (a is 1.x) and (b is absent or below 2). Every negation,
// intersection and union of terms is one of sets.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pkg/resolve/states.h"

namespace krait::pkg::resolve {

inline constexpr PackageId kRoot = 0;
inline constexpr PackageId kPython = 1;

struct Term {
  PackageId package;
  StatesId states;
};

using IncompatibilityId = std::uint32_t;
inline constexpr IncompatibilityId kDecision = UINT32_MAX;

// Why an incompatibility is true; what the report says of it.
struct Cause {
  enum class Kind : unsigned char {
    kFact,         // the user's request itself, the version of Python
    kDependency,   // subject's states need object's states
    kNoVersions,   // nothing to choose among subject's states; note says what there is
    kConstraint,   // the user restricts object to object_states
    kSameVersion,  // subject is an extra of object
    kUrls,         // subject's states want another URL of object; note says which
    kDerived,      // from first and second
  };
  Kind kind;
  PackageId subject = kRoot;
  StatesId subject_states = PackageStates::kNone;
  PackageId object = kRoot;
  StatesId object_states = PackageStates::kNone;
  std::string note = {};
  IncompatibilityId first = 0;
  IncompatibilityId second = 0;
};

struct Incompatibility {
  std::vector<Term> terms;  // each of another package, none universal
  Cause cause;

  // Says that the request itself cannot be met.
  bool is_failure() const {
    return terms.empty() || (terms.size() == 1 && terms[0].package == kRoot);
  }
};

}  // namespace krait::pkg::resolve
