// From a request to its plan: lock files, runs of the resolver, what is installed. See session.h.

#include <algorithm>
#include <memory>
#include <utility>

#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/lock_plan.h"
#include "pkg/install/session.h"
#include "pkg/lock/pylock.h"

namespace krait::pkg::install {

namespace {

resolve::Dependencies dependencies_of(const InstalledPackage& package, bool deps) {
  if (!deps) return {};
  return {package.requires_dist, package.extras};
}

Requirement pin(const ProjectName& name, const Version& version) {
  Requirement out{.name = name};
  Result<SpecifierSet> exactly = SpecifierSet::parse("==" + version.to_string());
  if (exactly.ok()) out.specifiers = std::move(exactly).value();
  return out;
}

}  // namespace

const InstalledPackage* Session::find_installed(const std::string& name) const {
  const auto found = std::ranges::find_if(request_.installed, [&](const InstalledPackage& package) {
    return package.name.to_string() == name;
  });
  return found == request_.installed.end() ? nullptr : &*found;
}

// The lock files are here.
void Session::begin() {
  const auto failed = [&](const Result<>& read) {
    if (!read.ok()) fail({read.error().message()});
    return !read.ok();
  };
  if (request_.lock && failed(take_lock_text(*request_.lock->text, false))) return;
  if (request_.pylock) {
    Result<Pylock> lock = Pylock::parse(*request_.pylock->text);
    if (!lock.ok()) return fail({std::move(lock).error().message()});
    return take_lock_plan(pylock_plan(request_, lock.value()));
  }
  if (request_.mode == Mode::kLoad)
    return take_lock_plan(load_plan(request_, lock_ ? &*lock_ : nullptr));
  std::vector<Requirement> requirements = request_.requirements;
  // A wheel by URL whose version is installed is satisfied.
  for (Requirement& requirement : requirements) {
    const InstalledPackage* installed = find_installed(requirement.name.to_string());
    if (!requirement.url || installed == nullptr || request_.reinstall) continue;
    const Result<Url> url = Url::parse(*requirement.url);
    const Result<WheelFilename> wheel =
        url.ok() ? WheelFilename::parse(url.value().filename()) : invalid("no URL");
    if (!wheel.ok() || wheel.value().version != installed->version) continue;
    requirement.url = std::nullopt;
    requirement.specifiers = pin(requirement.name, installed->version).specifiers;
  }
  if (!failed(begin_attempt(std::move(requirements)))) stage_ = Stage::kResolve;
}

Result<> Session::take_lock_text(const std::string& text, bool) {
  lock_ = TRY(PyodideLock::parse(text));
  for (const auto& [key, package] : lock_->packages) locked_[normalize_name(key)] = &package;
  return {};
}

void Session::take_lock_plan(Result<LockPlan> made) {
  if (!made.ok()) return fail({made.error().message()});
  LockPlan& plan = made.value();
  const bool may_go_on = request_.mode == Mode::kLoad && request_.keep_going;
  if (!plan.problems.empty() && !may_go_on) return fail(std::move(plan.problems));
  problems_ = std::move(plan.problems);
  plan_ = std::move(plan.plan);
  problems_.append_range(drop_dependants(plan_));
  settle_installed();
  if (stage_ != Stage::kFailed) stage_ = Stage::kPlan;
}

// What of the plan is installed already, in that version or another.
void Session::settle_installed() {
  std::vector<std::string> problems;
  std::erase_if(plan_.install, [&](PlannedInstall& planned) {
    const InstalledPackage* installed = find_installed(normalize_name(planned.name));
    if (installed == nullptr) return false;
    const std::string version = installed->version.to_string();
    const Result<Version> wanted = Version::parse(planned.version);
    const bool is_same = wanted.ok() && wanted.value() == installed->version;
    if (is_same && planned.source != Source::kUrl) {
      plan_.keep.push_back({planned.name, version, Source::kInstalled});
      return true;
    }
    if (!is_same && !request_.reinstall && !request_.upgrade)
      problems.push_back(planned.name + " " + version + " is installed, and " + planned.version +
                         " is wanted: install with reinstall=True to replace it");
    planned.replaces = version;
    plan_.remove.push_back({planned.name, version});
    return false;
  });
  if (!problems.empty()) fail(std::move(problems));
}

void Session::add_locked(resolve::Request& out) const {
  for (const auto& [key, package] : locked_) {
    Result<ProjectName> name = ProjectName::parse(package->name);
    if (!name.ok() || !locked_mismatch(*package, request_.tags).empty()) continue;
    // Shared libraries have versions like "1.1.1w", which are none; nothing compares with them.
    VersionParts zero;
    zero.release = {"0"};
    Result<Version> version = Version::parse(package->version);
    resolve::KnownPackage known{.name = std::move(name).value(),
                                .version = version.ok() ? version.value() : Version(zero),
                                .file = key};
    for (const std::string& depends : package->depends) {
      if (!request_.deps) break;
      Result<Requirement> requirement = Requirement::parse(depends);
      if (requirement.ok())
        known.dependencies.requirements.push_back(std::move(requirement).value());
    }
    known.dependencies.extras = std::nullopt;
    out.locked.push_back(std::move(known));
  }
}

resolve::Request Session::resolve_request(const std::vector<Requirement>& requirements) const {
  resolve::Request out{.requirements = requirements,
                       .constraints = request_.constraints,
                       .environment = request_.environment};
  if (request_.pre) out.prereleases = Prereleases::kAllow;
  out.indexes = std::max<std::size_t>(1, request_.indexes.size());
  out.upgrade_all = request_.upgrade;
  for (const InstalledPackage& package : request_.installed) {
    out.installed.push_back(
        {package.name, package.version, dependencies_of(package, request_.deps), "installed"});
    if (!request_.reinstall && !request_.upgrade)
      out.constraints.push_back(pin(package.name, package.version));
  }
  for (const MockPackage& mock : request_.mocks)
    out.mocks.push_back({mock.name, mock.version, {}, "mock"});
  add_locked(out);
  return out;
}

Result<> Session::begin_attempt(std::vector<Requirement> requirements) {
  Attempt attempt{std::move(requirements)};
  attempt.resolver = TRY(resolve::Resolver::make(resolve_request(attempt.requirements)));
  attempts_.push_back(std::move(attempt));
  return {};
}

// Whether there is a plan now.
Result<bool> Session::resolve() {
  for (;;) {
    resolve::Resolver& resolver = *attempts_.back().resolver;
    const resolve::Step step = resolver.advance();
    if (const auto* need = std::get_if<resolve::Need>(&step)) {
      if (!TRY(lookup_.answer(resolver, *need))) return false;
      continue;
    }
    if (const auto* conflict = std::get_if<resolve::Conflict>(&step)) {
      end_attempt(conflict->explanation);
    } else if (attempts_.size() == 1) {
      TRY(plan_solution(std::get<resolve::Solution>(step)));
      return true;
    }
    if (alone_.empty()) {
      fail(problems_.empty() ? std::vector{explanation_} : problems_);
      return false;
    }
    const Requirement next = alone_.back();
    alone_.pop_back();
    TRY(begin_attempt({next}));
  }
}

void Session::end_attempt(const std::string& explanation) {
  const std::string whole = explanation + hints(explanation);
  if (attempts_.size() > 1) {
    problems_.push_back(attempts_.back().requirements[0].to_string() + ": " + whole);
    return;
  }
  explanation_ = whole;
  const std::vector<Requirement>& all = attempts_.back().requirements;
  if (request_.keep_going && all.size() > 1) alone_.assign(all.rbegin(), all.rend());
}

// What stays because it is installed is told to the resolver as a restriction.
std::string Session::hints(const std::string& explanation) const {
  std::string out;
  for (const auto& [key, package] : locked_) {
    if (!explanation.contains(key + " is in no index")) continue;
    out += "\nThe lock file has " + key + ", but " + quoted(package->file_name, 300) + " " +
           locked_mismatch(*package, request_.tags) + ".";
  }
  if (request_.reinstall || request_.upgrade) return out;
  for (const InstalledPackage& package : request_.installed) {
    const std::string& name = package.name.to_string();
    if (!explanation.contains("you restrict " + name + " ")) continue;
    out += "\n" + name + " " + package.version.to_string() +
           " is installed and stays as it is: install with reinstall=True to replace it.";
  }
  return out;
}

Result<PlannedInstall> Session::planned(const resolve::Solution::Package& package) {
  if (package.origin == resolve::Origin::kLock)
    return locked_install(*locked_.at(package.file), request_);
  PlannedInstall out{.name = package.name.original(),
                     .version = package.version.to_string(),
                     .source = Source::kUrl,
                     .url = package.file};
  out.file = TRY(Url::parse(package.file)).filename();
  out.scheme = scheme_for(request_, package.name);
  if (package.origin != resolve::Origin::kIndex) return out;
  const IndexFile& file = *lookup_.find_file(package.file);
  out.source = Source::kIndex;
  out.file = file.filename;
  out.size = file.size;
  for (const auto& [algorithm, digest] : file.hashes)
    if (algorithm == "sha256" && request_.check_integrity) out.sha256 = digest;
  return out;
}

Result<> Session::plan_solution(const resolve::Solution& solution) {
  for (const std::string& warning : solution.warnings) log_.warning(warning);
  for (const resolve::Solution::Package& package : solution.packages) {
    const std::string& name = package.name.to_string();
    const std::string version = package.version.to_string();
    if (package.origin == resolve::Origin::kInstalled || package.origin == resolve::Origin::kMock) {
      const bool is_mock = package.origin == resolve::Origin::kMock;
      plan_.keep.push_back(
          {package.name.original(), version, is_mock ? Source::kMock : Source::kInstalled});
      continue;
    }
    if (package.origin == resolve::Origin::kLock &&
        std::ranges::contains(request_.loaded, package.file)) {
      plan_.keep.push_back({package.name.original(), version, Source::kLock});
      continue;
    }
    PlannedInstall made = TRY(planned(package));
    made.requested = std::ranges::any_of(
        request_.requirements, [&](const Requirement& of) { return of.name == package.name; });
    for (const ProjectName& extra : package.extras) made.extras.push_back(extra.to_string());
    if (const InstalledPackage* installed = find_installed(name)) {
      made.replaces = installed->version.to_string();
      plan_.remove.push_back({installed->name.original(), *made.replaces});
    }
    plan_.install.push_back(std::move(made));
  }
  return {};
}

void Session::tell_plan() {
  for (const Kept& kept : plan_.keep)
    log_.info(kept.name + " " + kept.version +
              (kept.source == Source::kMock ? " is a mock package" : " is installed already"));
  for (const PlannedInstall& planned : plan_.install) {
    std::string line = planned.name + " " + planned.version + ": " + planned.file + " from ";
    line += planned.source == Source::kIndex  ? "an index"
            : planned.source == Source::kLock ? "the lock file"
                                              : "its URL";
    if (!planned.requested) line += ", needed by another package";
    if (planned.replaces) line += ", replaces " + *planned.replaces;
    log_.verbose(line);
  }
}

}  // namespace krait::pkg::install
