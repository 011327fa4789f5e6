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

}  // namespace

Solver::Solver(Universe universe) : universe_(std::move(universe)), partial_(states_) { start(); }

void Solver::start() {
  incompatibilities_.clear();
  watched_.clear();
  partial_.clear();
  states_.clear();
  packages_.clear();
  changed_.clear();
  fresh_.clear();
  recent_.clear();
  failure_.reset();
  universe_.restarted();

  const auto fact = [&](PackageId package, const Version& version) {
    const Term known = selected(package, Ranges::only(version));
    const IncompatibilityId id =
        add({{negated(known)}, {.kind = Cause::Kind::kFact, .subject = package}});
    partial_.derive(known, id);
  };
  fact(kRoot, root_version());
  fact(kPython, universe_.python());
  for (const Dependency& constraint : universe_.constraints()) {
    const Ranges& allowed = universe_.ranges(constraint.specifiers);
    if (allowed.is_all()) continue;
    remember(add({{selected(constraint.target, allowed.complement())},
                  {.kind = Cause::Kind::kConstraint,
                   .object = constraint.target,
                   .object_states = selected(constraint.target, allowed).states}}));
  }
  const StatesId root = selected(kRoot, Ranges::all()).states;
  for (const Dependency& dependency : universe_.root_dependencies())
    require(kRoot, root, dependency);
}

IncompatibilityId Solver::add(Incompatibility made) {
  std::erase_if(made.terms, [](const Term& term) { return term.states == PackageStates::kAll; });
  const auto id = static_cast<IncompatibilityId>(incompatibilities_.size());
  incompatibilities_.push_back(std::move(made));
  watched_.emplace_back();
  return id;
}

// From now on it takes part in propagation, beginning with itself.
void Solver::remember(IncompatibilityId id) {
  fresh_.push_back(id);
  const std::vector<Term>& terms = incompatibilities_[id].terms;
  for (const Term& term : terms) state(term.package);  // propagation looks them up
  if (terms.size() < 2) return;
  // Those that are not true, or become so first when going back.
  std::size_t places[2] = {0, 0};
  Watched& watched = watched_[id];
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    const std::size_t place =
        partial_.is_true(terms[i]) ? partial_.satisfier(terms[i]) + 1 : SIZE_MAX;
    if (place > places[0]) {
      places[1] = std::exchange(places[0], place);
      watched.second = std::exchange(watched.first, i);
    } else if (place > places[1]) {
      places[1] = place;
      watched.second = i;
    }
  }
  for (const std::uint32_t i : {watched.first, watched.second})
    state(terms[i].package).watches.push_back({terms[i].states, id});
}

// Those versions of the package need what the dependency says.
IncompatibilityId Solver::require(PackageId package, StatesId versions,
                                  const Dependency& dependency) {
  universe_.note(dependency.target, dependency.specifiers);
  if (!dependency.url.empty() && !universe_.take_url(dependency.target, dependency.url)) {
    const IncompatibilityId id = add({{{package, versions}},
                                      {.kind = Cause::Kind::kUrls,
                                       .subject = package,
                                       .subject_states = versions,
                                       .object = dependency.target,
                                       .note = dependency.url}});
    remember(id);
    return id;
  }
  const Term wanted = selected(dependency.target, universe_.ranges(dependency.specifiers));
  return require({.kind = Cause::Kind::kDependency,
                  .subject = package,
                  .subject_states = versions,
                  .object = dependency.target,
                  .object_states = wanted.states});
}

IncompatibilityId Solver::require(Cause cause) {
  const PackageId subject = cause.subject;
  std::vector<Term> terms = {{subject, cause.subject_states}};
  const Term unwanted = negated({cause.object, cause.object_states});
  if (cause.object == subject) {
    terms[0].states = states_.of(subject).intersection(cause.subject_states, unwanted.states);
  } else {
    terms.push_back(unwanted);
  }
  const IncompatibilityId id = add({std::move(terms), std::move(cause)});
  remember(id);
  return id;
}

void Solver::change(PackageId package) {
  if (std::exchange(state(package).is_changed, true)) return;
  changed_.push_back(package);
}

void Solver::derive(Term open, IncompatibilityId cause) {
  partial_.derive(negated(open), cause);
  change(open.package);
}

bool Solver::propagate() {
  for (;;) {
    std::optional<IncompatibilityId> violated;
    if (!fresh_.empty()) {
      // What was learned last says most.
      const IncompatibilityId id = fresh_.back();
      violated = examine(id);
      if (!violated) {
        fresh_.pop_back();
        if (partial_.level() > 0) recent_.push_back({id, partial_.level()});
      }
    } else if (!changed_.empty()) {
      const PackageId package = changed_.front();
      changed_.pop_front();
      packages_[package].is_changed = false;
      violated = propagate(package);
    } else {
      return true;
    }
    if (violated && !resolve_conflict(*violated)) return false;
  }
}

// All of its terms, of which any may have become true.
std::optional<IncompatibilityId> Solver::examine(IncompatibilityId id) {
  const Term* open = nullptr;
  for (const Term& term : incompatibilities_[id].terms) switch (partial_.relation(term)) {
      case Relation::kContradicted:
        return std::nullopt;
      case Relation::kSatisfied:
        break;
      case Relation::kInconclusive:
        if (open) return std::nullopt;
        open = &term;
    }
  if (!open) return id;
  derive(*open, id);
  return std::nullopt;
}

std::optional<IncompatibilityId> Solver::propagate(PackageId package) {
  std::vector<Watch>& watches = packages_[package].watches;
  const PackageStates& sets = states_.at(package);
  const StatesId known = partial_.known(package);
  // What was learned last says most.
  for (std::size_t i = watches.size(); i-- > 0;) {
    const auto [states, id] = watches[i];
    if (!sets.is_subset(known, states)) continue;
    const std::vector<Term>& terms = incompatibilities_[id].terms;
    Watched& watched = watched_[id];
    if (terms[watched.first].package == package) std::swap(watched.first, watched.second);
    const Term& other = terms[watched.first];
    const Relation relation = partial_.relation(other);
    if (relation == Relation::kContradicted) continue;
    std::uint32_t next = 0;
    while (next < terms.size() &&
           (next == watched.first || next == watched.second || partial_.is_true(terms[next])))
      ++next;
    if (next < terms.size()) {
      watched.second = next;
      packages_[terms[next].package].watches.push_back({terms[next].states, id});
      watches[i] = watches.back();
      watches.pop_back();
    } else if (relation == Relation::kSatisfied) {
      return id;
    } else {
      derive(other, id);
    }
  }
  return std::nullopt;
}

// What both say together without that package, of which one made the other true.
std::vector<Term> Solver::resolvent(const std::vector<Term>& a, const std::vector<Term>& b,
                                    PackageId pivot) {
  std::vector<Term> out;
  const auto other = [](const std::vector<Term>& in, PackageId package) {
    return std::ranges::find(in, package, &Term::package);
  };
  for (const Term& term : a) {
    const auto same = other(b, term.package);
    PackageStates& sets = states_.of(term.package);
    if (same == b.end()) {
      out.push_back(term);
    } else if (term.package != pivot) {
      out.push_back({term.package, sets.intersection(term.states, same->states)});
    } else if (const StatesId both = sets.united(term.states, same->states);
               both != PackageStates::kAll) {
      out.push_back({pivot, both});
    }
  }
  for (const Term& term : b)
    if (other(a, term.package) == a.end()) out.push_back(term);
  return out;
}

bool Solver::resolve_conflict(IncompatibilityId id) {
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
    if (const Term rest =
            {pivot->package,
             states_.of(pivot->package).united(pivot->states, negated(satisfier.alone).states)};
        rest.states != PackageStates::kAll)
      lower = std::max(lower, partial_.at(partial_.satisfier(rest)).level);

    if (satisfier.cause == kDecision || lower < satisfier.level) {
      for (const Term& term : terms) ++state(term.package).conflicts;
      const int near = satisfier.level - 1;
      backtrack(near - lower > universe_.request().far_back ? near : lower);
      if (learned) remember(id);
      if (!learned) fresh_.push_back(id);
      return true;
    }
    id = add({resolvent(terms, incompatibilities_[satisfier.cause].terms, pivot->package),
              {.kind = Cause::Kind::kDerived, .first = id, .second = satisfier.cause}});
    learned = true;
  }
  failure_ = id;
  return false;
}

// All that follows at the level was derived there, but for what was not remembered then.
void Solver::backtrack(int level) {
  partial_.backtrack(level);
  for (const PackageId package : changed_) packages_[package].is_changed = false;
  changed_.clear();
  for (; !recent_.empty() && recent_.back().level > level; recent_.pop_back())
    fresh_.push_back(recent_.back().id);
}

Step Solver::advance() {
  for (;;) {
    if (universe_.must_restart()) {
      ++counts_.restarts;
      start();
      continue;
    }
    if (failure_ || !propagate())
      return Conflict{explain(universe_, states_, incompatibilities_, *failure_)};
    if (std::optional<Step> step = decide(); step) {
      if (!universe_.must_restart()) return *std::move(step);
    }
  }
}

}  // namespace krait::pkg::resolve
