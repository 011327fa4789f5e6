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
// first: the one with fewest candidates, among these the one that had part in most conflicts, then
// the one that was named first.
//
// Most of the time goes into doing again what going back has undone, so that has to cost little:
//
//   - Sets of versions are bits (states.h), and what is best among them is kept for each set.
//   - Propagation looks at an incompatibility only when one of two of its terms may have become
//     true: as long as two are not true, nothing follows from it ("watched literals": Moskewicz and
//     others, "Chaff", 2001). Going back needs no repair, since the two are the last that were
//     true.
//   - What was remembered late may say something lower down as well, and is examined anew there.
//   - When the level to go back to is far, only the last decision that had part in the conflict is
//     undone, and what is learned is derived there: it holds on every level from the lower one on,
//     and what lies between is most often decided the same way again ("chronological backtracking":
//     Nadel and Ryvchin, 2018).
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
  Term selected(PackageId package, const Ranges& versions) {
    return {package, states_.of(package).selected(versions)};
  }
  Term negated(Term term) { return {term.package, states_.of(term.package).negated(term.states)}; }
  // The subject in its versions needs the object in its versions: adds that and remembers it.
  IncompatibilityId require(Cause cause);
  IncompatibilityId require(PackageId package, StatesId versions, const Dependency& dependency);

  // False when there is no solution; failure_ is then the proof.
  bool propagate();
  // One of which all terms are true, if there is.
  std::optional<IncompatibilityId> propagate(PackageId package);
  std::optional<IncompatibilityId> examine(IncompatibilityId id);
  void derive(Term term, IncompatibilityId cause);
  void change(PackageId package);
  // Goes back to where something else can be tried, and derives what is learned for there.
  bool resolve_conflict(IncompatibilityId id);
  std::vector<Term> resolvent(const std::vector<Term>& a, const std::vector<Term>& b,
                              PackageId pivot);
  void backtrack(int level);

  // A step when something is missing or all is decided; otherwise something new is known.
  std::optional<Step> decide();
  bool needs_page(PackageId package) const;
  std::vector<Entry*> best(PackageId package, std::size_t limit);
  Ranges known_versions(PackageId package) const;
  PackageId choose_package(const std::vector<PackageId>& open);
  std::optional<Need> missing_pages(const std::vector<PackageId>& open);
  Need missing_files(const std::vector<PackageId>& open);
  void add_likely(const std::vector<PackageId>& open, Need& need);
  void choose_version(PackageId package, Entry& entry);
  bool cover_dependencies(PackageId package, Entry& entry);
  bool match_extra(PackageId package);
  void no_versions(PackageId package);
  bool violates_python(PackageId package, Entry& entry);
  Ranges neighbours(const Project& project, const Entry& entry, auto same) const;
  Solution solution();

  // What there is to choose from when only this is known of a package.
  struct Choice {
    Entry* best = nullptr;
    std::uint32_t count = 0;
    std::uint64_t revision = 0;  // of the project, when these were looked up
  };
  const Choice& choice(PackageId package);
  std::vector<Entry*> candidates(PackageId package, StatesId among);

  // A term of an incompatibility, which is looked at when more is known of its package.
  struct Watch {
    StatesId states;
    IncompatibilityId id;
  };
  struct Covered {
    Dependency dependency;
    StatesId versions;
  };
  // What the solver keeps for each package.
  struct PackageState {
    std::vector<Watch> watches = {};
    bool is_changed = false;
    std::vector<Covered> covered = {};
    std::map<const Entry*, StatesId> covered_entries = {};  // and the set of just that version
    std::size_t conflicts = 0;
    Entry* chosen = nullptr;
    std::vector<Choice> choices = {};  // by the number of the set
    // The pieces that the candidates lie in, for that many cuts and that revision.
    std::vector<std::uint32_t> pieces = {};
    std::size_t cuts = 0;
    std::uint64_t revision = 0;
  };
  PackageState& state(PackageId package) {
    if (package >= packages_.size()) packages_.resize(package + 1);
    return packages_[package];
  }
  struct Watched {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
  };
  struct Recent {
    IncompatibilityId id;
    int level;
  };

  Universe universe_;
  States states_;
  std::vector<Incompatibility> incompatibilities_;
  std::vector<Watched> watched_;  // the places of the watched terms, by incompatibility
  PartialSolution partial_;
  std::vector<PackageState> packages_;
  std::deque<PackageId> changed_;
  // Those not examined yet, and those that were only on the way up, in the order of the levels.
  std::vector<IncompatibilityId> fresh_;
  std::vector<Recent> recent_;
  std::optional<IncompatibilityId> failure_;
  Resolver::Counts counts_;
};

}  // namespace krait::pkg::resolve
