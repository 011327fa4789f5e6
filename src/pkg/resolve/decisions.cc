// Decisions of the solver: which package, which version, what is missing for it. See solver.h.

#include <algorithm>
#include <tuple>
#include <utility>

#include "pkg/resolve/solver.h"

namespace krait::pkg::resolve {

Ranges Solver::known_versions(PackageId package) const {
  return states_.at(package).versions(partial_.known(package));
}

bool Solver::needs_page(PackageId package) const {
  return !universe_.project(package).is_complete() &&
         universe_.needs_page(package, known_versions(package));
}

// Those that the states have, ascending.
std::vector<Entry*> Solver::candidates(PackageId package, StatesId among) {
  const auto& entries = universe_.project(package).entries;
  const PackageStates& sets = states_.at(package);
  PackageState& state = this->state(package);
  if (state.pieces.size() != entries.size() || state.cuts != sets.cuts().size() ||
      state.revision != universe_.project(package).revision) {
    state.cuts = sets.cuts().size();
    state.revision = universe_.project(package).revision;
    state.pieces.clear();
    std::uint32_t piece = 1;
    for (const auto& entry : entries) {
      while (piece <= state.cuts && sets.cuts()[piece - 1].is_before(entry->data.version)) ++piece;
      state.pieces.push_back(piece);
    }
  }
  std::vector<Entry*> out;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (sets.has_piece(among, state.pieces[i])) out.push_back(entries[i].get());
  return out;
}

// Most packages have not changed from one decision to the next, or are again as they were.
const Solver::Choice& Solver::choice(PackageId package) {
  const StatesId known = partial_.known(package);
  std::vector<Choice>& choices = state(package).choices;
  if (known >= choices.size()) choices.resize(known + 1);
  const Project& of = universe_.project(package);
  if (choices[known].revision != of.revision) {
    const std::vector<Entry*> among = candidates(package, known);
    const std::vector<Entry*> best = universe_.best(of, among, 1);
    choices[known] = {best.empty() ? nullptr : best[0], Universe::count(among), of.revision};
  }
  return choices[known];
}

std::vector<Entry*> Solver::best(PackageId package, std::size_t limit) {
  return universe_.best(universe_.project(package), candidates(package, partial_.known(package)),
                        limit);
}

std::optional<Need> Solver::missing_pages(const std::vector<PackageId>& open) {
  Need need;
  for (const PackageId package : open) {
    const Project& of = universe_.project(package);
    if (of.is_complete()) continue;
    // Its project is open as well, and has the last word.
    if (universe_.is_extra(package) && partial_.is_required(of.base)) continue;
    if (!needs_page(package)) continue;
    const auto asked = [&](const auto& items) {
      return std::ranges::any_of(items, [&](const auto& item) { return item.project == of.name; });
    };
    if (of.url && !asked(need.urls)) {
      need.urls.push_back({of.name, *of.url});
    } else if (!of.url && !asked(need.pages)) {
      need.pages.push_back({of.name, of.next_index});
    }
  }
  if (need.pages.empty() && need.urls.empty()) return std::nullopt;
  return need;
}

// What the open packages will most likely depend on, beyond what is missing now.
void Solver::add_likely(const std::vector<PackageId>& open, Need& need) {
  need.files = missing_files(open).files;
  for (const PackageId package : open) {
    if (needs_page(package)) continue;
    Entry* const best = choice(package).best;
    if (!best || !best->data.dependencies || !universe_.fits_python(*best)) continue;
    for (const Dependency& dependency : universe_.dependencies(package, *best)) {
      const Project& of = universe_.project(dependency.target);
      const bool is_asked =
          std::ranges::find(need.pages, of.name, &Need::Page::project) != need.pages.end();
      if (!is_asked && !of.url && dependency.url.empty() &&
          universe_.needs_page(dependency.target, universe_.ranges(dependency.specifiers)))
        need.pages.push_back({of.name, of.next_index});
    }
  }
}

// The likeliest candidates of every open package, as far as they lack metadata.
Need Solver::missing_files(const std::vector<PackageId>& open) {
  Need need;
  for (const PackageId package : open) {
    if (universe_.is_extra(package)) continue;
    const Project& of = universe_.project(package);
    if (needs_page(package)) continue;
    std::vector<Entry*> likely = best(package, 1 + universe_.request().prefetch);
    // What is known already is hardly given up.
    if (!likely.empty() && likely[0]->origin != Origin::kIndex) likely.resize(1);
    for (const Entry* entry : likely)
      if (!entry->data.dependencies && universe_.fits_python(*entry))
        need.files.push_back({of.name, entry->data.version, entry->data.file});
  }
  return need;
}

PackageId Solver::choose_package(const std::vector<PackageId>& open) {
  PackageId out = open[0];
  // Extras have no choice once their project is decided, and none before.
  std::size_t choices = SIZE_MAX;
  for (const PackageId package : open) {
    if (universe_.is_extra(package)) {
      if (!partial_.is_decided(universe_.base(package))) continue;
      return package;
    }
    const std::size_t count = choice(package).count;
    if (count <= 1) return package;
    if (count < choices || (count == choices && state(package).conflicts > state(out).conflicts)) {
      out = package;
      choices = count;
    }
  }
  return out;
}

std::optional<Step> Solver::decide() {
  const std::vector<PackageId> open = partial_.open_packages();
  if (open.empty()) return solution();
  if (std::optional<Need> need = missing_pages(open); need) {
    add_likely(open, *need);
    return *std::move(need);
  }
  const PackageId package = choose_package(open);
  if (universe_.is_extra(package) && !match_extra(package)) return std::nullopt;
  Entry* const best =
      universe_.is_extra(package) ? state(universe_.base(package)).chosen : choice(package).best;
  if (!best) {
    no_versions(package);
    return std::nullopt;
  }
  if (violates_python(package, *best)) return std::nullopt;
  if (!best->data.dependencies) {
    Need need;
    add_likely(open, need);
    return need;
  }
  choose_version(package, *best);
  return std::nullopt;
}

// Whether the extra may have the very version of its project; otherwise that is ruled out.
bool Solver::match_extra(PackageId package) {
  const PackageId base = universe_.base(package);
  const Ranges wanted = known_versions(package);
  const Term same = selected(base, wanted);
  if (partial_.is_decided(base) && partial_.is_true(same)) return true;
  require({.kind = Cause::Kind::kSameVersion,
           .subject = package,
           .subject_states = partial_.known(package),
           .object = base,
           .object_states = same.states});
  return false;
}

void Solver::no_versions(PackageId package) {
  const Project& of = universe_.project(package);
  const StatesId known = partial_.known(package);
  const Term wanted = of.entries.empty() ? selected(package, Ranges::all()) : Term{package, known};
  std::string note = universe_.deny(candidates(package, known));
  if (of.entries.empty() && of.page == Project::Page::kMissing) note = "is in no index";
  if (of.page == Project::Page::kFailed) note = of.reason;
  remember(add({{wanted},
                {.kind = Cause::Kind::kNoVersions,
                 .subject = package,
                 .subject_states = wanted.states,
                 .note = std::move(note)}}));
}

// From the lowest to the highest neighbour of the entry for which `same` holds. What lies between
// candidates does not exist and may be counted among them.
Ranges Solver::neighbours(const Project& project, const Entry& entry, auto same) const {
  if (!project.is_complete()) return Ranges::only(entry.data.version);
  const auto& entries = project.entries;
  const auto place = std::ranges::find(entries, &entry, &std::unique_ptr<Entry>::get);
  auto first = place;
  auto end = place + 1;
  while (first != entries.begin() && same(**(first - 1))) --first;
  while (end != entries.end() && same(**end)) ++end;
  return Ranges::between(
      first == entries.begin() ? Cut::start() : Cut::before_spelling((*first)->data.version),
      end == entries.end() ? Cut::end() : Cut::before_spelling((*end)->data.version));
}

bool Solver::violates_python(PackageId package, Entry& entry) {
  if (universe_.fits_python(entry)) return false;
  const SpecifierSet& wanted = *entry.data.requires_python;
  const Ranges versions = neighbours(universe_.project(package), entry, [&](const Entry& other) {
    return other.data.requires_python && *other.data.requires_python == wanted;
  });
  require({.kind = Cause::Kind::kDependency,
           .subject = package,
           .subject_states = selected(package, versions).states,
           .object = kPython,
           .object_states = selected(kPython, Ranges::of(wanted)).states});
  return true;
}

void Solver::choose_version(PackageId package, Entry& entry) {
  const auto [found, is_new] = state(package).covered_entries.try_emplace(&entry);
  if (is_new) {
    found->second = selected(package, Ranges::only(entry.data.version)).states;
    if (!cover_dependencies(package, entry)) return;
  }
  ++counts_.decisions;
  state(package).chosen = &entry;
  partial_.decide({package, state(package).covered_entries[&entry]});
  change(package);
}

// Adds what the version needs, and says whether it can be chosen as far as this tells.
bool Solver::cover_dependencies(PackageId package, Entry& entry) {
  const StatesId version = state(package).covered_entries[&entry];
  bool conflict = false;
  // A copy: asking the neighbours may move what was interned.
  const std::vector<Dependency> dependencies = universe_.dependencies(package, entry);
  for (const Dependency& dependency : dependencies) {
    const auto has_version = [&](StatesId versions) {
      return states_.at(package).is_subset(version, versions);
    };
    if (std::ranges::any_of(state(package).covered, [&](const Covered& item) {
          return item.dependency == dependency && has_version(item.versions);
        }))
      continue;
    const Ranges versions = neighbours(universe_.project(package), entry, [&](Entry& other) {
      return other.data.dependencies &&
             std::ranges::find(universe_.dependencies(package, other), dependency) !=
                 universe_.dependencies(package, other).end();
    });
    const StatesId states = selected(package, versions).states;
    state(package).covered.push_back({dependency, states});
    const IncompatibilityId id = require(package, states, dependency);
    conflict = conflict || std::ranges::all_of(incompatibilities_[id].terms, [&](const Term& term) {
                 return term.package == package ? has_version(term.states) : partial_.is_true(term);
               });
    // A URL may have swept the entry away.
    if (universe_.must_restart()) return false;
  }
  return !conflict;
}

Solution Solver::solution() {
  Solution out;
  for (PackageId package = kPython + 1; package < partial_.package_count(); ++package) {
    if (!partial_.is_decided(package) || universe_.is_extra(package)) continue;
    const Project& of = universe_.project(package);
    const Entry& entry = *state(package).chosen;
    Solution::Package made{of.name,      entry.data.version, {},
                           entry.origin, entry.index,        entry.data.file};
    for (const PackageId extra : of.extras) {
      if (!partial_.is_decided(extra)) continue;
      const ProjectName& name = *universe_.extra(extra);
      made.extras.push_back(name);
      const auto& provided = entry.data.dependencies->extras;
      if (provided && std::ranges::find(*provided, name) == provided->end())
        out.warnings.push_back(of.name.to_string() + " " + entry.data.version.to_string() +
                               " has no extra \"" + name.to_string() + "\"");
    }
    std::ranges::sort(made.extras);
    out.packages.push_back(std::move(made));
  }
  std::ranges::sort(out.packages, {}, &Solution::Package::name);
  return out;
}

}  // namespace krait::pkg::resolve
