// See partial_solution.h.

#include "pkg/resolve/partial_solution.h"

#include <algorithm>
#include <utility>

namespace krait::pkg::resolve {

const Term* PartialSolution::find(PackageId package) const {
  if (package >= of_package_.size() || of_package_[package].empty()) return nullptr;
  return &log_[of_package_[package].back()].known;
}

Relation PartialSolution::relation(const Term& term) const {
  const Term* known = find(term.package);
  if (!known) return Relation::kInconclusive;
  if (known->is_subset_of(term)) return Relation::kSatisfied;
  if (known->is_disjoint_from(term)) return Relation::kContradicted;
  return Relation::kInconclusive;
}

void PartialSolution::add(Term term, IncompatibilityId cause) {
  const PackageId package = term.package;
  if (package >= of_package_.size()) {
    of_package_.resize(package + 1);
    decided_.resize(package + 1);
  }
  const Term* before = find(package);
  Term known = before ? before->intersect(term) : term;
  of_package_[package].push_back(log_.size());
  log_.push_back({std::move(term), std::move(known), level_, cause, ++last_serial_});
}

void PartialSolution::decide(PackageId package, const Version& version) {
  ++level_;
  add(Term::in(package, Ranges::only(version)), kDecision);
  decided_[package] = true;
}

void PartialSolution::derive(Term term, IncompatibilityId cause) { add(std::move(term), cause); }

void PartialSolution::backtrack(int level) {
  while (!log_.empty() && log_.back().level > level) {
    const PackageId package = log_.back().alone.package;
    if (log_.back().cause == kDecision) decided_[package] = false;
    of_package_[package].pop_back();
    log_.pop_back();
  }
  level_ = level;
}

std::size_t PartialSolution::satisfier(const Term& term) const {
  return *std::ranges::partition_point(of_package_[term.package], [&](std::size_t place) {
    return !log_[place].known.is_subset_of(term);
  });
}

}  // namespace krait::pkg::resolve
