// See partial_solution.h.

#include "pkg/resolve/partial_solution.h"

#include <algorithm>
#include <bit>

namespace krait::pkg::resolve {

std::vector<PackageId> PartialSolution::open_packages() const {
  std::vector<PackageId> out;
  for (std::size_t i = 0; i < open_.size(); ++i)
    for (std::uint64_t rest = open_[i]; rest; rest &= rest - 1)
      out.push_back(static_cast<PackageId>(i * 64) +
                    static_cast<PackageId>(std::countr_zero(rest)));
  return out;
}

void PartialSolution::update_open(PackageId package) {
  const std::uint64_t bit = std::uint64_t{1} << (package % 64);
  if (package > kPython && !decided_[package] && is_required(package)) {
    open_[package / 64] |= bit;
  } else {
    open_[package / 64] &= ~bit;
  }
}

void PartialSolution::add(Term term, IncompatibilityId cause) {
  const PackageId package = term.package;
  if (package >= known_.size()) {
    of_package_.resize(package + 1);
    decided_.resize(package + 1);
    known_.resize(package + 1, PackageStates::kAll);
    open_.resize(package / 64 + 1);
  }
  const StatesId before = known_[package];
  known_[package] = states_.of(package).intersection(before, term.states);
  of_package_[package].push_back(static_cast<std::uint32_t>(log_.size()));
  log_.push_back({term, known_[package], before, level_, cause});
  if (cause == kDecision) decided_[package] = true;
  update_open(package);
}

void PartialSolution::decide(Term version) {
  ++level_;
  add(version, kDecision);
}

void PartialSolution::derive(Term term, IncompatibilityId cause) { add(term, cause); }

void PartialSolution::backtrack(int level) {
  while (!log_.empty() && log_.back().level > level) {
    const PackageId package = log_.back().alone.package;
    if (log_.back().cause == kDecision) decided_[package] = false;
    known_[package] = log_.back().before;
    of_package_[package].pop_back();
    log_.pop_back();
    update_open(package);
  }
  level_ = level;
}

void PartialSolution::clear() {
  level_ = 0;
  log_.clear();
  of_package_.clear();
  known_.clear();
  decided_.clear();
  open_.clear();
}

std::size_t PartialSolution::satisfier(const Term& term) const {
  const PackageStates& of = states_.at(term.package);
  return *std::ranges::partition_point(of_package_[term.package], [&](std::uint32_t place) {
    return !of.is_subset(log_[place].known, term.states);
  });
}

}  // namespace krait::pkg::resolve
