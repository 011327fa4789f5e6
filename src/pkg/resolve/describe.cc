// describe(): an incompatibility as a clause. See report.h.

#include <algorithm>

#include "pkg/resolve/report.h"

namespace krait::pkg::resolve {

namespace {

// What the user wrote, or what a candidate did.
std::string wanted_text(const Universe& universe, PackageId package, const Ranges& versions) {
  std::string name = universe.name(package);
  if (versions.is_all()) return name;
  if (versions.is_empty()) return name + ", in no version at all";
  return name + " " + versions.to_string();
}

// Versions that the solver arrived at: said in terms of the candidates that there are.
std::string found_text(const Universe& universe, PackageId package, const Ranges& versions,
                       bool all_by_name) {
  const std::string name = universe.name(package);
  if (!universe.is_project(package)) return name + " " + versions.to_string();
  const auto& entries = universe.project(package).entries;
  const auto version = [&](std::size_t i) -> const Version& { return entries[i]->data.version; };
  std::string out;
  std::size_t runs = 0;
  std::size_t inside = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!versions.contains(version(i))) continue;
    const std::size_t first = i;
    while (i + 1 < entries.size() && versions.contains(version(i + 1))) ++i;
    inside += i + 1 - first;
    if (runs++ > 0) out += " or ";
    if (i == first) {
      out += version(i).to_string();
      continue;
    }
    if (first > 0) out += ">=" + version(first).to_string();
    if (first > 0 && i + 1 < entries.size()) out += ",";
    if (i + 1 < entries.size()) out += "<" + version(i + 1).to_string();
  }
  if (runs == 0 || runs > 6) return wanted_text(universe, package, versions);
  if (inside == entries.size() && (versions.is_all() || inside > 1))
    return all_by_name ? name : "every version of " + name;
  return name + " " + out;
}

std::string derived_text(const Universe& universe, const States& states,
                         const Incompatibility& of) {
  std::vector<std::string> selected;
  std::vector<std::string> needed;
  for (const Term& term : of.terms) {
    if (term.package == kRoot) continue;
    const PackageStates& sets = states.at(term.package);
    const Ranges versions = sets.versions(term.states);
    if (sets.has_absent(term.states)) {
      needed.push_back(found_text(universe, term.package, versions.complement(), true));
    } else {
      selected.push_back(found_text(universe, term.package, versions, true));
    }
  }
  const auto join = [](const std::vector<std::string>& items, const std::string& word) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i)
      out += (i == 0 ? "" : i + 1 == items.size() ? " " + word + " " : ", ") + items[i];
    return out;
  };
  if (selected.empty() && needed.empty()) return "your requirements cannot be met";
  if (selected.empty()) return join(needed, "or") + " is required";
  if (!needed.empty())
    return join(selected, "and") + (selected.size() > 1 ? " together require " : " requires ") +
           join(needed, "or");
  if (selected.size() == 1) return selected[0] + " cannot be used";
  if (selected.size() == 2) return selected[0] + " is incompatible with " + selected[1];
  return join(selected, "and") + " cannot be used together";
}

}  // namespace

std::string describe(const Universe& universe, const States& states, const Incompatibility& of) {
  const Cause& cause = of.cause;
  const bool by_user = cause.subject == kRoot;
  const auto versions = [&](PackageId package, StatesId of) {
    return states.at(package).versions(of);
  };
  const auto subject = [&] {
    return by_user ? "you"
                   : found_text(universe, cause.subject,
                                versions(cause.subject, cause.subject_states), false);
  };
  switch (cause.kind) {
    case Cause::Kind::kFact:
      return by_user ? "you ask for it" : "Python is " + universe.python().to_string();
    case Cause::Kind::kDependency:
      return subject() +
             (by_user                   ? " require "
              : cause.object == kPython ? " needs "
                                        : " depends on ") +
             wanted_text(universe, cause.object, versions(cause.object, cause.object_states));
    case Cause::Kind::kNoVersions: {
      const std::string name = universe.name(cause.subject);
      const Project& project = universe.project(cause.subject);
      if (project.page == Project::Page::kFailed)
        return name + " cannot be looked up (" + cause.note + ")";
      if (project.entries.empty())
        return cause.note.empty() ? "there is no version of " + name : name + " " + cause.note;
      std::string out = "no version of " + name;
      const Ranges wanted = versions(cause.subject, cause.subject_states);
      out += wanted.is_all() ? " can be used" : " is " + wanted.to_string();
      return cause.note.empty() ? out : out + " (" + cause.note + ")";
    }
    case Cause::Kind::kConstraint:
      return "you restrict " +
             wanted_text(universe, cause.object, versions(cause.object, cause.object_states));
    case Cause::Kind::kSameVersion:
      return universe.name(cause.subject) + " has the version of " + universe.name(cause.object);
    case Cause::Kind::kUrls:
      return subject() + (by_user ? " require " : " depends on ") + universe.name(cause.object) +
             " from " + cause.note + ", but it is taken from " +
             universe.project(cause.object).url.value_or("an index");
    case Cause::Kind::kDerived:
      return derived_text(universe, states, of);
  }
  return {};
}

}  // namespace krait::pkg::resolve
