// Which file of an index's page stands for a version (M13), and what is said of a version that has
// none for us.
//
// Source: PEP 425 (order of tags), PEP 427 (build tags), PEP 592 (yanked), PEP 503 and 691 (what a
// page tells of a file). Guarantees: of the wheels that run here, one that is not yanked and whose
// requires-python fits comes first, then the best tag, then the highest build tag; equal ones in
// the page's order. A file whose name we cannot read is passed over, as installers do.

#pragma once

#include <string>
#include <vector>

#include "pkg/index/page.h"
#include "pkg/resolve/resolver.h"
#include "pkg/wheel/filename.h"
#include "pkg/wheel/tags.h"

namespace krait::pkg::install {

struct Offer {
  Version version;
  IndexFile file = {};  // the wheel; empty when `unusable` says why there is none
  std::string unusable = {};
};

// One for each version, in the page's order.
std::vector<Offer> offers_of(const IndexPage& page, const ProjectName& name, const TagSet& tags,
                             const Version& python);

// As the resolver has it, named by the file's URL.
resolve::Candidate candidate_of(const Offer& offer);

// Why a wheel of that name does not run here; empty when it does.
std::string mismatch(const WheelFilename& wheel, const TagSet& tags);

}  // namespace krait::pkg::install
