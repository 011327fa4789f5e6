// Decisions of the solver: which package, which version, what is missing for it. See solver.h.

#include <algorithm>
#include <tuple>
#include <utility>

#include "pkg/resolve/solver.h"

namespace krait::pkg::resolve {

std::vector<PackageId> Solver::open_packages() const {
  std::vector<PackageId> out;
  for (PackageId package = kPython + 1; package < partial_.package_count(); ++package)
    if (partial_.is_required(package) && !partial_.is_decided(package)) out.push_back(package);
  return out;
}

std::optional<Need> Solver::missing_pages(const std::vector<PackageId>& open) {
  Need need;
  for (const PackageId package : open) {
    const Project& of = universe_.project(package);
    // Its project is open as well, and has the last word.
    if (universe_.is_extra(package) && partial_.is_required(of.base)) continue;
    if (!universe_.needs_page(package, partial_.find(package)->versions)) continue;
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
    const Ranges& wanted = partial_.find(package)->versions;
    if (universe_.needs_page(package, wanted)) continue;
    const std::vector<Entry*> best = universe_.best(package, wanted, 1);
    if (best.empty() || !best[0]->data.dependencies || !universe_.fits_python(*best[0])) continue;
    for (const Dependency& dependency : universe_.dependencies(package, *best[0])) {
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
    const Ranges& wanted = partial_.find(package)->versions;
    if (universe_.needs_page(package, wanted)) continue;
    std::vector<Entry*> likely = universe_.best(package, wanted, 1 + universe_.request().prefetch);
    // What is known already is hardly given up.
    if (!likely.empty() && likely[0]->origin != Origin::kIndex) likely.resize(1);
    for (const Entry* entry : likely)
      if (!entry->data.dependencies && universe_.fits_python(*entry))
        need.files.push_back({of.name, entry->data.version, entry->data.file});
  }
  return need;
}

std::size_t Solver::count(PackageId package) {
  if (package >= counted_.size()) counted_.resize(package + 1);
  Counted& known = counted_[package];
  if (const std::uint64_t serial = partial_.serial(package);
      known.serial != serial || known.revision != universe_.revision())
    known = {serial, universe_.revision(),
             universe_.count(package, partial_.find(package)->versions)};
  return known.count;
}

PackageId Solver::choose_package(const std::vector<PackageId>& open) {
  const auto rank = [&](PackageId package) {
    const std::size_t conflicts =
        package < conflicts_of_.size() ? conflicts_of_[package] : std::size_t{0};
    // Extras have no choice once their project is decided, and none before.
    const bool is_extra = universe_.is_extra(package);
    const bool waits = is_extra && !partial_.is_decided(universe_.base(package));
    const std::size_t choices = is_extra ? 0 : count(package);
    return std::tuple(waits, choices > 1, -static_cast<std::ptrdiff_t>(conflicts), choices,
                      package);
  };
  return std::ranges::min(open, {}, rank);
}

std::optional<Step> Solver::decide() {
  const std::vector<PackageId> open = open_packages();
  if (open.empty()) return solution();
  if (std::optional<Need> need = missing_pages(open); need) {
    add_likely(open, *need);
    return *std::move(need);
  }
  const PackageId package = choose_package(open);
  if (universe_.is_extra(package) && !match_extra(package)) return std::nullopt;
  const Term& wanted = *partial_.find(universe_.base(package));
  const std::vector<Entry*> best = universe_.best(package, wanted.versions, 1);
  if (best.empty()) {
    no_versions(package);
    return std::nullopt;
  }
  if (violates_python(package, *best[0])) return std::nullopt;
  if (!best[0]->data.dependencies) {
    Need need;
    add_likely(open, need);
    return need;
  }
  choose_version(package, *best[0]);
  return std::nullopt;
}

// Whether the extra may have the very version of its project; otherwise that is ruled out.
bool Solver::match_extra(PackageId package) {
  const PackageId base = universe_.base(package);
  const Ranges& wanted = partial_.find(package)->versions;
  const Term* known = partial_.find(base);
  if (partial_.is_decided(base) && known->versions.is_subset_of(wanted)) return true;
  require({.kind = Cause::Kind::kSameVersion,
           .subject = package,
           .subject_versions = wanted,
           .object = base,
           .object_versions = wanted});
  return false;
}

void Solver::no_versions(PackageId package) {
  const Project& of = universe_.project(package);
  const Ranges& wanted = of.entries.empty() ? Ranges::all() : partial_.find(package)->versions;
  std::string note = universe_.deny(package, wanted);
  if (of.entries.empty() && of.page == Project::Page::kMissing) note = "is in no index";
  if (of.page == Project::Page::kFailed) note = of.reason;
  remember(add({{Term::in(package, wanted)},
                {.kind = Cause::Kind::kNoVersions,
                 .subject = package,
                 .subject_versions = wanted,
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
  Ranges versions = neighbours(universe_.project(package), entry, [&](const Entry& other) {
    return other.data.requires_python && *other.data.requires_python == wanted;
  });
  require({.kind = Cause::Kind::kDependency,
           .subject = package,
           .subject_versions = std::move(versions),
           .object = kPython,
           .object_versions = Ranges::of(wanted)});
  return true;
}

void Solver::choose_version(PackageId package, Entry& entry) {
  Project& of = universe_.project(package);
  const Version version = entry.data.version;
  bool conflict = false;
  // A copy: asking the neighbours may move what was interned.
  const std::vector<Dependency> dependencies = universe_.dependencies(package, entry);
  for (const Dependency& dependency : dependencies) {
    std::vector<Covered>& covered = covered_[package];
    const bool is_covered = std::ranges::any_of(covered, [&](const Covered& item) {
      return item.dependency == dependency && item.versions.contains(version);
    });
    if (is_covered) continue;
    const Ranges versions = neighbours(of, entry, [&](Entry& other) {
      return other.data.dependencies &&
             std::ranges::find(universe_.dependencies(package, other), dependency) !=
                 universe_.dependencies(package, other).end();
    });
    covered.push_back({dependency, versions});
    const IncompatibilityId id = require(package, versions, dependency);
    conflict = conflict || std::ranges::all_of(incompatibilities_[id].terms, [&](const Term& term) {
                 return term.package == package ? term.versions.contains(version)
                                                : partial_.relation(term) == Relation::kSatisfied;
               });
    // A URL may have swept the entry away.
    if (universe_.must_restart()) return;
  }
  if (conflict) return;
  ++counts_.decisions;
  chosen_[package] = &entry;
  partial_.decide(package, version);
  if (package >= is_changed_.size()) is_changed_.resize(package + 1);
  if (!is_changed_[package]) changed_.push_back(package);
  is_changed_[package] = true;
}

Solution Solver::solution() {
  Solution out;
  for (PackageId package = kPython + 1; package < partial_.package_count(); ++package) {
    if (!partial_.is_decided(package) || universe_.is_extra(package)) continue;
    const Project& of = universe_.project(package);
    const Entry& entry = *chosen_[package];
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
