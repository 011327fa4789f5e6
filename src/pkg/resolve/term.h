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

#include "pkg/version/ranges.h"

namespace krait::pkg::resolve {

using PackageId = std::uint32_t;  // see universe.h
inline constexpr PackageId kRoot = 0;
inline constexpr PackageId kPython = 1;

struct Term {
  PackageId package;
  Ranges versions;
  bool absent;  // whether being absent is one of the states

  static Term in(PackageId package, Ranges versions) {
    return {package, std::move(versions), false};
  }
  static Term not_in(PackageId package, const Ranges& versions) {
    return {package, versions.complement(), true};
  }
  bool is_universal() const { return absent && versions.is_all(); }
  Term negated() const { return {package, versions.complement(), !absent}; }
  Term intersect(const Term& other) const {
    return {package, versions.intersect(other.versions), absent && other.absent};
  }
  Term unite(const Term& other) const {
    return {package, versions.unite(other.versions), absent || other.absent};
  }
  bool is_subset_of(const Term& other) const {
    return (!absent || other.absent) && versions.is_subset_of(other.versions);
  }
  bool is_disjoint_from(const Term& other) const {
    return !(absent && other.absent) && versions.is_disjoint_from(other.versions);
  }
};

using IncompatibilityId = std::uint32_t;
inline constexpr IncompatibilityId kDecision = UINT32_MAX;

// Why an incompatibility is true; what the report says of it.
struct Cause {
  enum class Kind : unsigned char {
    kFact,         // the user's request itself, the version of Python
    kDependency,   // subject's versions need object's versions
    kNoVersions,   // nothing to choose among subject's versions; note says what there is
    kConstraint,   // the user restricts object to object_versions
    kSameVersion,  // subject is an extra of object
    kUrls,         // subject's versions want another URL of object; note says which
    kDerived,      // from first and second
  };
  Kind kind;
  PackageId subject = kRoot;
  Ranges subject_versions = {};
  PackageId object = kRoot;
  Ranges object_versions = {};
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
