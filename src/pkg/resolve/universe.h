// Universe: what the solver knows about projects, their candidates and what those depend on.
//
// Packages are what the solver selects versions of: the root (the user's request), Python, every
// project, and every extra of a project as a package of its own, `name[extra]`, which has the
// project's candidates.
// Guarantees: the rules about pre-releases, yanked files and known packages (resolver.h) are
// applied here and nowhere else. What is visible only grows; when it grows by what was denied
// before, `must_restart` says so.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pkg/resolve/resolver.h"
#include "pkg/resolve/term.h"

namespace krait::pkg::resolve {

using ProjectId = std::uint32_t;
using SpecifiersId = std::uint32_t;

struct Dependency {
  PackageId target;
  SpecifiersId specifiers;
  std::string url = {};
  bool operator==(const Dependency&) const = default;
};

struct Entry {
  Candidate data;
  Origin origin;
  std::size_t index;
  bool visible = true;
  bool denied = false;  // the solver was told that it is not there
  // Of the project and of its extras, by package.
  std::map<PackageId, std::vector<Dependency>> dependencies = {};
};

struct Project {
  enum class Page : unsigned char { kUnasked, kPresent, kMissing, kFailed };

  ProjectName name;
  PackageId base = 0;
  std::vector<std::unique_ptr<Entry>> entries = {};  // ascending
  std::vector<Entry*> preferred = {};                // best first
  Page page = Page::kUnasked;
  std::size_t next_index = 0;
  std::string reason = {};  // why the page failed
  bool is_mock = false;
  std::optional<std::string> url = {};
  std::vector<SpecifiersId> asked = {};  // the specifiers seen
  std::vector<PackageId> extras = {};
  bool has_hidden = false;  // whether a candidate is a pre-release or yanked, and may not count
  // Another number whenever what best() and count() say of its candidates may have changed.
  std::uint64_t revision = 1;

  // Whether entries has all there is.
  bool is_complete() const { return page != Page::kUnasked; }
};

class Universe {
 public:
  static Result<Universe> make(Request request);

  const Request& request() const { return request_; }
  const Version& python() const { return python_; }

  bool is_project(PackageId package) const { return package > kPython; }
  bool is_extra(PackageId package) const { return packages_[package].extra.has_value(); }
  std::size_t package_count() const { return packages_.size(); }
  Project& project(PackageId package) { return *projects_[packages_[package].project]; }
  const Project& project(PackageId package) const { return *projects_[packages_[package].project]; }
  const std::optional<ProjectName>& extra(PackageId package) const {
    return packages_[package].extra;
  }
  PackageId base(PackageId package) const { return project(package).base; }
  std::string name(PackageId package) const;
  Project* find_project(const ProjectName& name);

  const Ranges& ranges(SpecifiersId id) const { return specifiers_[id].ranges; }
  const SpecifierSet& specifiers(SpecifiersId id) const { return specifiers_[id].set; }
  SpecifiersId intern(const SpecifierSet& set);

  // What the user asks for, and the constraints (target, specifiers).
  const std::vector<Dependency>& root_dependencies() const { return root_dependencies_; }
  const std::vector<Dependency>& constraints() const { return constraints_; }
  // The entry must have its metadata.
  const std::vector<Dependency>& dependencies(PackageId package, Entry& entry);

  // Takes note that these specifiers are asked of the project.
  void note(PackageId package, SpecifiersId specifiers);
  // Makes the URL the only source of the project. False when it has another already.
  bool take_url(PackageId package, const std::string& url);

  bool prefers_known(const Project& project, const Entry& entry) const;
  bool fits_python(const Entry& entry) const;
  // Whether a choice among these versions needs the page or URL that is not there yet.
  bool needs_page(PackageId package, const Ranges& wanted) const;
  // The best of these candidates of a project, best first, at most `limit`. All of these take them
  // in ascending order.
  std::vector<Entry*> best(const Project& project, const std::vector<Entry*>& among,
                           std::size_t limit) const;
  static std::uint32_t count(const std::vector<Entry*>& among);
  // Tells why none of these can be chosen, and remembers that the solver was told so.
  static std::string deny(const std::vector<Entry*>& among);

  void add_entry(Project& project, Candidate candidate, Origin origin, std::size_t index);
  void update_visibility(Project& project);

  bool must_restart() const { return must_restart_; }
  void restarted();

 private:
  struct Package {
    ProjectId project;
    std::optional<ProjectName> extra;
  };
  struct Specifiers {
    SpecifierSet set;
    Ranges ranges;
  };

  explicit Universe(Request request, Version python);
  PackageId package(const ProjectName& name, const std::optional<ProjectName>& extra);
  void append(std::vector<Dependency>& out, const Requirement& requirement);
  void take_request();
  void take_known(const std::vector<KnownPackage>& packages, Origin origin);

  Request request_;
  Version python_;
  std::vector<Package> packages_;
  std::vector<std::unique_ptr<Project>> projects_;
  std::unordered_map<std::string, PackageId> package_ids_;
  std::vector<Specifiers> specifiers_;
  std::unordered_map<std::string, SpecifiersId> specifiers_ids_;
  std::vector<Dependency> root_dependencies_;
  std::vector<Dependency> constraints_;
  bool must_restart_ = false;
};

}  // namespace krait::pkg::resolve
