// See universe.h. Here: names, numbers and dependencies; candidates.cc has the rules of choosing.

#include "pkg/resolve/universe.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"

namespace krait::pkg::resolve {

Result<Universe> Universe::make(Request request) {
  Result<Version> python = Version::parse(request.environment.python_full_version);
  if (!python.ok()) return std::move(python).error().in("python_full_version of the environment");
  Universe out(std::move(request), std::move(python).value());
  for (const Requirement& constraint : out.request_.constraints)
    if (!constraint.extras.empty())
      return invalid(quoted(constraint.to_string()) +
                     " is no constraint: expected a requirement without extras");
  out.take_request();
  return out;
}

Universe::Universe(Request request, Version python)
    : request_(std::move(request)), python_(std::move(python)) {
  // The root and Python have no project.
  packages_.push_back({0, std::nullopt});
  packages_.push_back({0, std::nullopt});
}

void Universe::take_request() {
  take_known(request_.mocks, Origin::kMock);
  take_known(request_.installed, Origin::kInstalled);
  take_known(request_.locked, Origin::kLock);
  std::map<PackageId, std::vector<Specifier>> asked;
  const auto take = [&](const std::vector<Requirement>& requirements,
                        std::vector<Dependency>& out) {
    for (const Requirement& requirement : requirements) {
      if (!requirement.applies(request_.environment)) continue;
      append(out, requirement);
      const PackageId base = package(requirement.name, std::nullopt);
      auto& items = asked[base];
      items.insert(items.end(), requirement.specifiers.items().begin(),
                   requirement.specifiers.items().end());
      if (requirement.url) take_url(base, *requirement.url);
    }
  };
  take(request_.requirements, root_dependencies_);
  take(request_.constraints, constraints_);
  for (auto& [base, items] : asked) note(base, intern(SpecifierSet(std::move(items))));
  must_restart_ = false;
}

void Universe::take_known(const std::vector<KnownPackage>& packages, Origin origin) {
  for (const KnownPackage& known : packages) {
    Project& of = project(package(known.name, std::nullopt));
    if (of.is_mock) continue;
    if (origin == Origin::kMock) {
      of.is_mock = true;
      of.page = Project::Page::kPresent;
    }
    Candidate candidate{known.version, known.file};
    candidate.dependencies = std::make_shared<const Dependencies>(known.dependencies);
    add_entry(of, std::move(candidate), origin, 0);
    update_visibility(of);
  }
}

PackageId Universe::package(const ProjectName& name, const std::optional<ProjectName>& extra) {
  std::string key = name.to_string();
  if (extra) key += "[" + extra->to_string() + "]";
  const auto found = package_ids_.find(key);
  if (found != package_ids_.end()) return found->second;
  const auto project_of = [&]() -> ProjectId {
    if (extra) return packages_[package(name, std::nullopt)].project;
    projects_.push_back(std::make_unique<Project>(Project{name}));
    return static_cast<ProjectId>(projects_.size() - 1);
  };
  const ProjectId owner = project_of();
  const auto id = static_cast<PackageId>(packages_.size());
  packages_.push_back({owner, extra});
  package_ids_.emplace(std::move(key), id);
  if (extra) {
    projects_[owner]->extras.push_back(id);
  } else {
    projects_[owner]->base = id;
  }
  return id;
}

Project* Universe::find_project(const ProjectName& name) {
  const auto found = package_ids_.find(name.to_string());
  return found == package_ids_.end() ? nullptr : &project(found->second);
}

std::string Universe::name(PackageId package) const {
  if (package == kPython) return "Python";
  std::string out = project(package).name.to_string();
  if (const auto& of = extra(package)) out += "[" + of->to_string() + "]";
  return out;
}

SpecifiersId Universe::intern(const SpecifierSet& set) {
  const auto [found, is_new] =
      specifiers_ids_.try_emplace(set.to_string(), static_cast<SpecifiersId>(specifiers_.size()));
  if (is_new) specifiers_.push_back({set, Ranges::of(set)});
  return found->second;
}

// An extra is asked for together with its project, so that both are known to be restricted alike.
void Universe::append(std::vector<Dependency>& out, const Requirement& requirement) {
  const SpecifiersId specifiers = intern(requirement.specifiers);
  const auto add = [&](PackageId target) {
    Dependency made{target, specifiers, requirement.url.value_or("")};
    if (std::ranges::find(out, made) == out.end()) out.push_back(std::move(made));
  };
  add(package(requirement.name, std::nullopt));
  for (const ProjectName& wanted : requirement.extras) add(package(requirement.name, wanted));
}

const std::vector<Dependency>& Universe::dependencies(PackageId package, Entry& entry) {
  const auto [found, is_new] = entry.dependencies.try_emplace(package);
  if (!is_new) return found->second;
  const std::optional<ProjectName> extra = this->extra(package);
  for (const Requirement& requirement : entry.data.dependencies->requirements) {
    const bool plain = requirement.applies(request_.environment);
    // What the project itself needs comes with the project.
    const bool wanted =
        extra ? !plain && requirement.applies(request_.environment, {.extras = {&*extra, 1}})
              : plain;
    if (wanted) append(found->second, requirement);
  }
  return found->second;
}

void Universe::note(PackageId package, SpecifiersId specifiers) {
  Project& of = project(package);
  if (std::ranges::find(of.asked, specifiers) != of.asked.end()) return;
  of.asked.push_back(specifiers);
  update_visibility(of);
}

bool Universe::take_url(PackageId package, const std::string& url) {
  Project& of = project(package);
  if (of.is_mock) return true;
  if (of.url) return *of.url == url;
  of.url = url;
  ++of.revision;
  must_restart_ = must_restart_ || of.page != Project::Page::kUnasked || !of.entries.empty();
  of.entries.clear();
  of.preferred.clear();
  of.page = Project::Page::kUnasked;
  return true;
}

void Universe::restarted() {
  must_restart_ = false;
  for (const auto& of : projects_)
    for (const auto& entry : of->entries) entry->denied = false;
}

}  // namespace krait::pkg::resolve
