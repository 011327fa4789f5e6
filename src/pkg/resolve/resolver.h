// Resolver: chooses one version of every needed package, or explains why there is no such choice.
//
// Source: PubGrub (see solver.h), PEP 440 (versions, pre-releases), PEP 508 (requirements), PEP 592
// (yanked files), PEP 685 (extras).
// Guarantees: complete over the candidates that count, so a conflict is reported only when there is
// no solution among them; which count is decided by the rules below, and an explanation says what
// they shut out. Deterministic, so the same answers give the same solution. No I/O: advance() says
// what is missing, the caller supplies it. What could not be fetched is supplied as a failure with
// its reason, which the explanation then names.
//
// The rules that are not plain logic:
//   pre-releases   count when the request allows them, when a specifier on that project names one,
//                  when no final release fits a specifier on it, and when already installed or
//                  locked. What the user asks of one project is one specifier for this.
//   yanked files   count only when == or === asks for that very version; and even then last.
//   indexes        the first index that has the project decides. One that fails is not passed over:
//                  otherwise whoever breaks it could put another project in the place of yours.
//   known          installed packages are kept when they fit, then those of the lock are taken.
//   mocks, URLs    are the only candidate of their name. The first URL that is seen for a name,
//                  the user's before all others, holds for the rest of the run.
// "A specifier on the project" is one of the user's or of a candidate that was looked at; when a
// later one lets in what was shut out, the search begins anew.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "pkg/marker/environment.h"
#include "pkg/marker/requirement.h"
#include "pkg/version/version.h"

namespace krait::pkg::resolve {

// What a candidate's METADATA says of its dependencies.
struct Dependencies {
  std::vector<Requirement> requirements = {};
  std::optional<std::vector<ProjectName>> extras = {};  // those it provides; empty: not known
};

struct Candidate {
  Version version;
  std::string file = {};  // the caller's name for it, given back in Need and Solution
  std::optional<SpecifierSet> requires_python = {};
  std::optional<std::string> yanked = {};                 // the reason, which may be empty
  std::optional<std::string> unusable = {};               // why: "has no wheel for this platform"
  std::shared_ptr<const Dependencies> dependencies = {};  // null: to be asked for when needed
};

// A package of which there is nothing to ask.
struct KnownPackage {
  ProjectName name;
  Version version;
  Dependencies dependencies = {};
  std::string file = {};
};

struct Request {
  std::vector<Requirement> requirements = {};
  std::vector<Requirement> constraints = {};  // restrict a project, but do not ask for it
  Environment environment = {};               // python_full_version is Python's version
  Prereleases prereleases = Prereleases::kIfNeeded;
  std::size_t indexes = 1;
  std::vector<KnownPackage> installed = {};
  std::vector<KnownPackage> locked = {};
  std::vector<KnownPackage> mocks = {};
  bool upgrade_all = false;            // prefer the newest to what is installed
  std::set<ProjectName> upgrade = {};  // the same for these
  // How many candidates of a project, after its likeliest one, are asked for along with it.
  std::size_t prefetch = 1;
  // How many decisions going back may undo that had no part in the conflict. In worlds of 800
  // packages it undoes 36 when nothing stops it; with 30 there are a third as many decisions, with
  // 0 hardly fewer, but nearly three times the conflicts.
  int far_back = 30;
};

// All that can be asked at once. Never empty.
struct Need {
  struct Page {
    ProjectName project;
    std::size_t index;  // of the request's indexes
  };
  struct File {
    ProjectName project;
    Version version;
    std::string file;
  };
  struct Url {
    ProjectName project;
    std::string url;
  };
  std::vector<Page> pages = {};
  std::vector<File> files = {};
  std::vector<Url> urls = {};
};

enum class Origin : unsigned char { kInstalled, kLock, kIndex, kUrl, kMock };

struct Solution {
  struct Package {
    ProjectName name;
    Version version;
    std::vector<ProjectName> extras = {};
    Origin origin = Origin::kIndex;
    std::size_t index = 0;  // for kIndex
    std::string file = {};
  };
  std::vector<Package> packages = {};  // by name
  std::vector<std::string> warnings = {};
};

struct Conflict {
  std::string explanation;  // lines of prose, then hints
};

using Step = std::variant<Need, Solution, Conflict>;

class Resolver {
 public:
  // An Error when the request contradicts itself in form, not in meaning.
  static Result<Resolver> make(Request request);
  Resolver(Resolver&&) noexcept;
  Resolver& operator=(Resolver&&) noexcept;
  ~Resolver();

  // May be called again at any time; what was asked for and not supplied is asked for again.
  Step advance();

  // The page of one index: all candidates, in any order. Of equal versions the first counts.
  Result<> supply_page(const ProjectName& project, std::size_t index,
                       std::vector<Candidate> candidates);
  // The index has no such project.
  Result<> supply_missing_page(const ProjectName& project, std::size_t index);
  Result<> supply_failed_page(const ProjectName& project, std::size_t index, std::string reason);
  Result<> supply_dependencies(const ProjectName& project, const Version& version,
                               Dependencies dependencies);
  Result<> supply_failed_dependencies(const ProjectName& project, const Version& version,
                                      const std::string& reason);
  Result<> supply_url(const ProjectName& project, Candidate candidate);
  Result<> supply_failed_url(const ProjectName& project, std::string reason);

  struct Counts {
    std::size_t decisions = 0;
    std::size_t conflicts = 0;
    std::size_t restarts = 0;
  };
  Counts counts() const;

 private:
  class State;
  explicit Resolver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace krait::pkg::resolve
