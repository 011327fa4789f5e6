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
    Term alone;  // what this assignment says
    Term known;  // with all earlier ones of the package
    int level;
    IncompatibilityId cause;  // or kDecision
    std::uint64_t serial;     // never given twice
  };

  int level() const { return level_; }
  const Assignment& at(std::size_t place) const { return log_[place]; }
  // All that is known about the package; null when nothing is.
  const Term* find(PackageId package) const;
  // Stands for what is known about the package, which must be something.
  std::uint64_t serial(PackageId package) const { return log_[of_package_[package].back()].serial; }
  bool is_decided(PackageId package) const {
    return package < decided_.size() && decided_[package];
  }
  // Whether the package must be selected.
  bool is_required(PackageId package) const {
    const Term* known = find(package);
    return known && !known->absent;
  }
  Relation relation(const Term& term) const;

  // Opens a level.
  void decide(PackageId package, const Version& version);
  void derive(Term term, IncompatibilityId cause);
  // Takes back all above the level.
  void backtrack(int level);

  // The place of the earliest assignment from which the term is true; it must be true.
  std::size_t satisfier(const Term& term) const;

  // Packages that something is known about, in the order of their numbers.
  std::size_t package_count() const { return of_package_.size(); }

 private:
  void add(Term term, IncompatibilityId cause);

  int level_ = 0;
  std::uint64_t last_serial_ = 0;
  std::vector<Assignment> log_;
  std::vector<std::vector<std::size_t>> of_package_;  // places in log_
  std::vector<char> decided_;
};

}  // namespace krait::pkg::resolve
