// See resolver.h. Here: what the caller supplies is put where the solver finds it.

#include "pkg/resolve/resolver.h"

#include <utility>

#include "base/quote.h"
#include "pkg/resolve/solver.h"

namespace krait::pkg::resolve {

class Resolver::State {
 public:
  explicit State(Universe universe) : solver(std::move(universe)) {}

  Result<Project*> project(const ProjectName& name) {
    if (Project* found = solver.universe().find_project(name)) return found;
    return unasked(quoted(name.to_string()));
  }
  // A project whose page is awaited from that index.
  Result<Project*> awaiting_page(const ProjectName& name, std::size_t index) {
    Project* const found = TRY(project(name));
    if (found->page != Project::Page::kUnasked || found->url || found->next_index != index)
      return unasked("the page of " + quoted(name.to_string()) + " in index " +
                     std::to_string(index));
    return found;
  }
  Result<Project*> awaiting_url(const ProjectName& name) {
    Project* const found = TRY(project(name));
    if (found->page != Project::Page::kUnasked || !found->url)
      return unasked("a URL of " + quoted(name.to_string()));
    return found;
  }
  Result<Entry*> entry(Project& of, const Version& version) {
    for (const auto& entry : of.entries)
      if (entry->data.version == version) return entry.get();
    return unasked("metadata of " + quoted(of.name.to_string() + " " + version.to_string()));
  }
  void fail_page(Project& of, std::string reason) {
    of.page = Project::Page::kFailed;
    of.reason = std::move(reason);
    solver.universe().update_visibility(of);
  }

  Solver solver;

 private:
  static Error unasked(const std::string& what) {
    return {ErrorCode::kNotFound, what + " was supplied: expected something that was asked for"};
  }
};

Resolver::Resolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
Resolver::Resolver(Resolver&&) noexcept = default;
Resolver& Resolver::operator=(Resolver&&) noexcept = default;
Resolver::~Resolver() = default;

Result<Resolver> Resolver::make(Request request) {
  return Resolver(std::make_unique<State>(TRY(Universe::make(std::move(request)))));
}

Step Resolver::advance() { return state_->solver.advance(); }

Resolver::Counts Resolver::counts() const { return state_->solver.counts(); }

Result<> Resolver::supply_page(const ProjectName& project, std::size_t index,
                               std::vector<Candidate> candidates) {
  Project* const of = TRY(state_->awaiting_page(project, index));
  Universe& universe = state_->solver.universe();
  of->page = Project::Page::kPresent;
  for (Candidate& candidate : candidates)
    universe.add_entry(*of, std::move(candidate), Origin::kIndex, index);
  universe.update_visibility(*of);
  return {};
}

Result<> Resolver::supply_missing_page(const ProjectName& project, std::size_t index) {
  Project* const of = TRY(state_->awaiting_page(project, index));
  Universe& universe = state_->solver.universe();
  if (++of->next_index >= universe.request().indexes) {
    of->page = Project::Page::kMissing;
    universe.update_visibility(*of);
  }
  return {};
}

Result<> Resolver::supply_failed_page(const ProjectName& project, std::size_t index,
                                      std::string reason) {
  state_->fail_page(*TRY(state_->awaiting_page(project, index)), std::move(reason));
  return {};
}

Result<> Resolver::supply_dependencies(const ProjectName& project, const Version& version,
                                       Dependencies dependencies) {
  Project* const of = TRY(state_->project(project));
  Entry* const entry = TRY(state_->entry(*of, version));
  if (!entry->data.dependencies)
    entry->data.dependencies = std::make_shared<const Dependencies>(std::move(dependencies));
  return {};
}

Result<> Resolver::supply_failed_dependencies(const ProjectName& project, const Version& version,
                                              const std::string& reason) {
  Project* const of = TRY(state_->project(project));
  Entry* const entry = TRY(state_->entry(*of, version));
  if (entry->data.dependencies) return {};
  entry->data.unusable = "has no readable metadata: " + reason;
  state_->solver.universe().update_visibility(*of);
  return {};
}

Result<> Resolver::supply_url(const ProjectName& project, Candidate candidate) {
  Project* const of = TRY(state_->awaiting_url(project));
  Universe& universe = state_->solver.universe();
  of->page = Project::Page::kPresent;
  if (candidate.file.empty()) candidate.file = *of->url;
  universe.add_entry(*of, std::move(candidate), Origin::kUrl, 0);
  universe.update_visibility(*of);
  return {};
}

Result<> Resolver::supply_failed_url(const ProjectName& project, std::string reason) {
  state_->fail_page(*TRY(state_->awaiting_url(project)), std::move(reason));
  return {};
}

}  // namespace krait::pkg::resolve
