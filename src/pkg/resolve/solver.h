// Solver: PubGrub, the search for versions that learns from its mistakes.
//
// Source: Natalie Weizenbaum, "PubGrub: Next-Generation Version Solving" (2018), and the document
// solver.md of Dart's pub. At a whiteboard:
//
//   Write everything that must not be as an incompatibility, a set of terms that must not all be
//   true (term.h): "a 1.x depends on b >=2" is {a 1.x, not b >=2}. Keep a partial solution: a list
//   of what is known, decisions (a is 1.4) and derivations (so b is >=2), in levels, each decision
//   opening one. Then repeat:
//
//   1. Unit propagation. An incompatibility of which all terms but one are true tells that the last
//      one is false: derive that, and go on with those that mention its package.
//   2. Conflict. When all terms of one are true, something decided was wrong. Find its satisfier,
//      the assignment by which it became true. If all else of it was true at a lower level already,
//      go back to that level: there the incompatibility has one open term, and propagation goes on
//      by itself in another direction. Otherwise, replace the term that the satisfier made true by
//      the terms that made the satisfier be derived: resolution of the two incompatibilities gives
//      a third, which is learned, and the same question is asked of it. When nothing is left in it
//      but the root, there is no solution, and the derivation tree of that last incompatibility is
//      the proof, which report.h tells in words.
//   3. Decision. When nothing follows any more, take a required package, choose its best version,
//      add that version's dependencies as incompatibilities and decide, unless one of them would
//      be violated at once: then propagation will rule the version out.
//
// Additions: one incompatibility covers all neighbouring versions that share the dependency, if
// their metadata is at hand; an extra gets the version that its project got. Which package comes
// first: the one that had part in most conflicts, among these the one with fewest candidates, then
// the one that was named first.
// Guarantees: everything advance() does depends only on the request and what was supplied.

#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/resolve/partial_solution.h"
#include "pkg/resolve/resolver.h"
#include "pkg/resolve/universe.h"

namespace krait::pkg::resolve {

class Solver {
 public:
  explicit Solver(Universe universe);

  Step advance();
  Universe& universe() { return universe_; }
  Resolver::Counts counts() const { return counts_; }

 private:
  void start();
  IncompatibilityId add(Incompatibility made);
  void remember(IncompatibilityId id);
  // The subject in its versions needs the object in its versions: adds that and remembers it.
  IncompatibilityId require(Cause cause);
  IncompatibilityId require(PackageId package, const Ranges& versions,
                            const Dependency& dependency);

  // False when there is no solution; failure_ is then the proof.
  bool propagate();
  bool propagate(PackageId package);
  // The open term of an incompatibility all of whose other terms are true; null when there is none.
  struct Unit {
    Relation relation;
    const Term* open;
  };
  Unit relation(const Incompatibility& of) const;
  // Goes back to where something else can be tried, and returns what is to be propagated there.
  std::optional<IncompatibilityId> resolve_conflict(IncompatibilityId id);
  void backtrack(int level);

  // A step when something is missing or all is decided; otherwise something new is known.
  std::optional<Step> decide();
  std::vector<PackageId> open_packages() const;
  std::size_t count(PackageId package);
  PackageId choose_package(const std::vector<PackageId>& open);
  std::optional<Need> missing_pages(const std::vector<PackageId>& open);
  Need missing_files(const std::vector<PackageId>& open);
  void add_likely(const std::vector<PackageId>& open, Need& need);
  void choose_version(PackageId package, Entry& entry);
  bool match_extra(PackageId package);
  void no_versions(PackageId package);
  bool violates_python(PackageId package, Entry& entry);
  Ranges neighbours(const Project& project, const Entry& entry, auto same) const;
  Solution solution();

  struct Covered {
    Dependency dependency;
    Ranges versions;
  };

  // count() of what the serial stands for, at that revision: most packages have not changed from
  // one decision to the next, and counting them all again was most of the time.
  struct Counted {
    std::uint64_t serial = 0;
    std::uint64_t revision = 0;
    std::size_t count = 0;
  };

  Universe universe_;
  std::vector<Incompatibility> incompatibilities_;
  std::vector<std::vector<IncompatibilityId>> of_package_;
  // The level above which going back makes the incompatibility open again; -1 when it is open.
  std::vector<int> contradicted_;
  std::vector<IncompatibilityId> contradicted_trail_;
  PartialSolution partial_;
  std::deque<PackageId> changed_;
  std::vector<char> is_changed_;
  std::map<PackageId, std::vector<Covered>> covered_;
  std::vector<std::size_t> conflicts_of_;
  std::map<PackageId, Entry*> chosen_;
  std::vector<Counted> counted_;
  std::optional<IncompatibilityId> failure_;
  Resolver::Counts counts_;
};

}  // namespace krait::pkg::resolve
