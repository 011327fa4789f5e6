// See solver.h. Here: propagation and conflicts; decisions.cc has the third part.

#include "pkg/resolve/solver.h"

#include <algorithm>
#include <utility>

#include "pkg/resolve/report.h"

namespace krait::pkg::resolve {

namespace {

Version root_version() {
  VersionParts parts;
  parts.release = {"0"};
  return Version(std::move(parts));
}

// Both without what they say of the package that one made true of the other.
std::vector<Term> resolvent(const Incompatibility& a, const Incompatibility& b, PackageId pivot) {
  std::vector<Term> out;
  const auto other = [](const Incompatibility& in, PackageId package) {
    return std::ranges::find(in.terms, package, &Term::package);
  };
  for (const Term& term : a.terms) {
    const auto same = other(b, term.package);
    if (same == b.terms.end()) {
      out.push_back(term);
    } else if (term.package != pivot) {
      out.push_back(term.intersect(*same));
    } else if (Term both = term.unite(*same); !both.is_universal()) {
      out.push_back(std::move(both));
    }
  }
  for (const Term& term : b.terms)
    if (other(a, term.package) == a.terms.end()) out.push_back(term);
  return out;
}

}  // namespace

Solver::Solver(Universe universe) : universe_(std::move(universe)) { start(); }

void Solver::start() {
  incompatibilities_.clear();
  of_package_.clear();
  contradicted_.clear();
  contradicted_trail_.clear();
  partial_ = {};
  changed_.clear();
  is_changed_.clear();
  covered_.clear();
  conflicts_of_.clear();
  chosen_.clear();
  counted_.clear();
  failure_.reset();
  universe_.restarted();

  const auto fact = [&](PackageId package, const Version& version) {
    const IncompatibilityId id = add({{Term::not_in(package, Ranges::only(version))},
                                      {.kind = Cause::Kind::kFact, .subject = package}});
    partial_.derive(Term::in(package, Ranges::only(version)), id);
  };
  fact(kRoot, root_version());
  fact(kPython, universe_.python());
  for (const Dependency& dependency : universe_.root_dependencies())
    require(kRoot, Ranges::all(), dependency);
  for (const Dependency& constraint : universe_.constraints()) {
    Ranges allowed = universe_.ranges(constraint.specifiers);
    if (allowed.is_all()) continue;
    remember(add({{Term::in(constraint.target, allowed.complement())},
                  {.kind = Cause::Kind::kConstraint,
                   .object = constraint.target,
                   .object_versions = allowed}}));
  }
}

IncompatibilityId Solver::add(Incompatibility made) {
  std::erase_if(made.terms, [](const Term& term) { return term.is_universal(); });
  const auto id = static_cast<IncompatibilityId>(incompatibilities_.size());
  incompatibilities_.push_back(std::move(made));
  contradicted_.push_back(-1);
  return id;
}

// From now on it takes part in propagation, beginning with itself.
void Solver::remember(IncompatibilityId id) {
  for (const Term& term : incompatibilities_[id].terms) {
    if (term.package >= of_package_.size()) of_package_.resize(term.package + 1);
    of_package_[term.package].push_back(id);
    if (term.package >= is_changed_.size()) is_changed_.resize(term.package + 1);
    if (!is_changed_[term.package]) {
      is_changed_[term.package] = true;
      changed_.push_back(term.package);
    }
  }
}

// Those versions of the package need what the dependency says.
IncompatibilityId Solver::require(PackageId package, const Ranges& versions,
                                  const Dependency& dependency) {
  const Ranges& wanted = universe_.ranges(dependency.specifiers);
  universe_.note(dependency.target, dependency.specifiers);
  Cause cause{.kind = Cause::Kind::kDependency,
              .subject = package,
              .subject_versions = versions,
              .object = dependency.target,
              .object_versions = wanted};
  if (!dependency.url.empty() && !universe_.take_url(dependency.target, dependency.url)) {
    cause.kind = Cause::Kind::kUrls;
    cause.note = dependency.url;
    const IncompatibilityId id = add({{Term::in(package, versions)}, std::move(cause)});
    remember(id);
    return id;
  }
  return require(std::move(cause));
}

IncompatibilityId Solver::require(Cause cause) {
  const PackageId subject = cause.subject;
  const Ranges& versions = cause.subject_versions;
  std::vector<Term> terms;
  if (cause.object == subject) {
    terms = {Term::in(subject, versions.intersect(cause.object_versions.complement()))};
  } else {
    terms = {Term::in(subject, versions), Term::not_in(cause.object, cause.object_versions)};
  }
  const IncompatibilityId id = add({std::move(terms), std::move(cause)});
  remember(id);
  return id;
}

Solver::Unit Solver::relation(const Incompatibility& of) const {
  const Term* open = nullptr;
  for (const Term& term : of.terms) switch (partial_.relation(term)) {
      case Relation::kContradicted:
        return {Relation::kContradicted, nullptr};
      case Relation::kSatisfied:
        break;
      case Relation::kInconclusive:
        if (open) return {Relation::kInconclusive, nullptr};
        open = &term;
    }
  return {open ? Relation::kInconclusive : Relation::kSatisfied, open};
}

bool Solver::propagate() {
  while (!changed_.empty()) {
    const PackageId package = changed_.front();
    changed_.pop_front();
    is_changed_[package] = false;
    if (!propagate(package)) return false;
  }
  return true;
}

bool Solver::propagate(PackageId package) {
  const auto derive = [&](const Term& open, IncompatibilityId id) {
    partial_.derive(open.negated(), id);
    if (!is_changed_[open.package]) {
      is_changed_[open.package] = true;
      changed_.push_back(open.package);
    }
  };
  if (package >= of_package_.size()) return true;
  // What was learned last says most.
  for (std::size_t i = of_package_[package].size(); i-- > 0;) {
    IncompatibilityId id = of_package_[package][i];
    if (contradicted_[id] >= 0) continue;
    const Unit unit = relation(incompatibilities_[id]);
    if (unit.relation == Relation::kContradicted) {
      contradicted_[id] = partial_.level();
      contradicted_trail_.push_back(id);
    } else if (unit.open) {
      derive(*unit.open, id);
    } else if (unit.relation == Relation::kSatisfied) {
      const std::optional<IncompatibilityId> cause = resolve_conflict(id);
      if (!cause) return false;
      derive(*relation(incompatibilities_[*cause]).open, *cause);
      // The rest of this list has not been looked at, and may say something at the lower level.
      if (!is_changed_[package]) changed_.push_back(package);
      is_changed_[package] = true;
      return true;
    }
  }
  return true;
}

std::optional<IncompatibilityId> Solver::resolve_conflict(IncompatibilityId id) {
  ++counts_.conflicts;
  bool learned = false;
  while (!incompatibilities_[id].is_failure()) {
    const std::vector<Term>& terms = incompatibilities_[id].terms;
    std::size_t last = 0;
    const Term* pivot = nullptr;
    int lower = 0;  // the level at which all the rest is true
    for (const Term& term : terms) {
      const std::size_t place = partial_.satisfier(term);
      if (!pivot || place > last) {
        if (pivot) lower = std::max(lower, partial_.at(last).level);
        last = place;
        pivot = &term;
      } else {
        lower = std::max(lower, partial_.at(place).level);
      }
    }
    const PartialSolution::Assignment& satisfier = partial_.at(last);
    // When the satisfier makes the term true only with what was known of the package before.
    if (const Term rest = pivot->unite(satisfier.alone.negated()); !rest.is_universal())
      lower = std::max(lower, partial_.at(partial_.satisfier(rest)).level);

    if (satisfier.cause == kDecision || lower < satisfier.level) {
      for (const Term& term : terms) {
        if (term.package >= conflicts_of_.size()) conflicts_of_.resize(term.package + 1);
        ++conflicts_of_[term.package];
      }
      backtrack(lower);
      if (learned) remember(id);
      return id;
    }
    Incompatibility made{
        resolvent(incompatibilities_[id], incompatibilities_[satisfier.cause], pivot->package),
        {.kind = Cause::Kind::kDerived, .first = id, .second = satisfier.cause}};
    id = add(std::move(made));
    learned = true;
  }
  failure_ = id;
  return std::nullopt;
}

void Solver::backtrack(int level) {
  partial_.backtrack(level);
  while (!contradicted_trail_.empty() && contradicted_[contradicted_trail_.back()] > level) {
    contradicted_[contradicted_trail_.back()] = -1;
    contradicted_trail_.pop_back();
  }
}

Step Solver::advance() {
  for (;;) {
    if (universe_.must_restart()) {
      ++counts_.restarts;
      start();
      continue;
    }
    if (failure_ || !propagate())
      return Conflict{explain(universe_, incompatibilities_, *failure_)};
    if (std::optional<Step> step = decide(); step) {
      if (!universe_.must_restart()) return *std::move(step);
    }
  }
}

}  // namespace krait::pkg::resolve
