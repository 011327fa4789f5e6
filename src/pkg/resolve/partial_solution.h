// PartialSolution: what the solver has decided and what follows from it, in order, with levels.
//
// Guarantees: for each package the intersection of all that is known about it is kept at every
// assignment, so the relation to a term is one comparison and the satisfier (the earliest
// assignment from which a term is true) is found by bisection, sets only ever shrinking. Must not
// judge: whether a choice is good is the solver's business.

#pragma once

#include <cstddef>
#include <vector>

#include "pkg/resolve/term.h"

namespace krait::pkg::resolve {

enum class Relation : unsigned char { kSatisfied, kContradicted, kInconclusive };

class PartialSolution {
 public:
  struct Assignment {
    Term alone;      // what this assignment says
    StatesId known;  // with all earlier ones of the package
    StatesId before;
    int level;
    IncompatibilityId cause;  // or kDecision
  };

  explicit PartialSolution(States& states) : states_(states) {}

  int level() const { return level_; }
  const Assignment& at(std::size_t place) const { return log_[place]; }
  // All that is known about the package: anything, to begin with.
  StatesId known(PackageId package) const {
    return package < known_.size() ? known_[package] : PackageStates::kAll;
  }
  bool is_decided(PackageId package) const {
    return package < decided_.size() && decided_[package];
  }
  // Whether the package must be selected.
  bool is_required(PackageId package) const {
    return package < known_.size() && !states_.at(package).has_absent(known_[package]);
  }
  bool is_true(const Term& term) const {
    return states_.at(term.package).is_subset(known(term.package), term.states);
  }
  Relation relation(const Term& term) const {
    const PackageStates& of = states_.at(term.package);
    const StatesId known = this->known(term.package);
    if (of.is_subset(known, term.states)) return Relation::kSatisfied;
    if (of.is_disjoint(known, term.states)) return Relation::kContradicted;
    return Relation::kInconclusive;
  }
  // The packages that are required and not decided, in the order of their numbers.
  std::vector<PackageId> open_packages() const;

  // Opens a level.
  void decide(Term version);
  void derive(Term term, IncompatibilityId cause);
  // Takes back all above the level.
  void backtrack(int level);
  void clear();

  // The place of the earliest assignment from which the term is true; it must be true.
  std::size_t satisfier(const Term& term) const;

  // Packages that something is known about, in the order of their numbers.
  std::size_t package_count() const { return known_.size(); }

 private:
  void add(Term term, IncompatibilityId cause);
  void update_open(PackageId package);

  States& states_;
  int level_ = 0;
  std::vector<Assignment> log_;
  std::vector<std::vector<std::uint32_t>> of_package_;  // places in log_
  std::vector<StatesId> known_;
  std::vector<char> decided_;
  std::vector<std::uint64_t> open_;  // a bit for each package
};

}  // namespace krait::pkg::resolve
