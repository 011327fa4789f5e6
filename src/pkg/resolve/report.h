// explain(): why there is no solution, in words.
//
// Source: "Error Reporting" in solver.md of Dart's pub. The last incompatibility was derived from
// two others, each of these from two, and so on down to what is simply so: requirements,
// dependencies, missing versions. The tree is told from the leaves on: "Because A and B, C." Lines
// that are referred to from more than one place, or from afar, get a number.
// Guarantees: names what the user asked for, extras as name[extra], and Python's version; bounded,
// however large the proof is. Versions are told by what candidates there are: "a >=2", "a 1.0".

#pragma once

#include <string>
#include <vector>

#include "pkg/resolve/term.h"
#include "pkg/resolve/universe.h"

namespace krait::pkg::resolve {

inline constexpr int kMaxReportDepth = 400;

std::string explain(const Universe& universe, const States& states,
                    const std::vector<Incompatibility>& incompatibilities,
                    IncompatibilityId failure);

// One incompatibility as a clause: "a >=2 depends on b <2".
std::string describe(const Universe& universe, const States& states,
                     const Incompatibility& incompatibility);

}  // namespace krait::pkg::resolve
