// pylock_plan(): PEP 751's "Installation", see lock_plan.h.

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/lock_plan.h"
#include "pkg/install/lookup.h"
#include "pkg/install/offers.h"

namespace krait::pkg::install {

namespace {

struct Choice {
  const PylockFile* file;
  WheelFilename name;
};

// The best wheel that runs here.
std::optional<Choice> find_wheel(const PylockPackage& package, const TagSet& tags) {
  std::optional<Choice> best;
  std::optional<std::size_t> best_place;
  for (const PylockFile& file : package.wheels) {
    Result<WheelFilename> name = WheelFilename::parse(file.filename());
    if (!name.ok()) continue;
    const auto place = tags.find_best(name.value().tags);
    if (!place) continue;
    const bool is_better = !best || *place < *best_place ||
                           (*place == *best_place && name.value().build > best->name.build);
    if (!is_better) continue;
    best_place = place;
    best = Choice{&file, std::move(name).value()};
  }
  return best;
}

Error cannot(const PylockPackage& package, std::string_view why) {
  return {ErrorCode::kUnsupported,
          "pylock.toml: " + quoted(package.name.to_string()) + " " + std::string(why)};
}

Result<std::string> url_of(const PylockPackage& package, const PylockFile& file,
                           const LockSource& source) {
  const std::string& where = file.url ? *file.url : file.path.value_or("");
  const Url url = TRY(Url::parse(where));
  if (url.is_absolute()) return url.to_string();
  if (source.base_url.empty())
    return cannot(package, "has the path " + quoted(where) + ", and the lock file has no URL");
  const Url base = TRY(Url::parse(source.base_url));
  return base.resolve(url).to_string();
}

Result<PlannedInstall> install_of(const PylockPackage& package, const Request& request) {
  if (package.vcs || package.directory)
    return cannot(package, "comes as a source tree: only wheels can be installed here");
  std::optional<Choice> wheel = find_wheel(package, request.tags);
  if (!wheel) {
    // A wheel by URL is noted as an archive.
    if (package.archive && package.archive->filename().ends_with(".whl")) {
      WheelFilename name = TRY(WheelFilename::parse(package.archive->filename()));
      wheel = Choice{&*package.archive, std::move(name)};
      if (const std::string why = mismatch(wheel->name, request.tags); !why.empty())
        return cannot(package, why);
    } else {
      return cannot(package, package.wheels.empty() ? "has no wheel, only source archives"
                                                    : "has no wheel for this platform");
    }
  }
  const PylockFile& file = *wheel->file;
  PlannedInstall out{.name = package.name.original(),
                     .version = wheel->name.version.to_string(),
                     .source = Source::kLock,
                     .url = TRY(url_of(package, file, *request.pylock)),
                     .file = file.filename(),
                     .size = file.size,
                     .requested = true,
                     .scheme = scheme_for(request, package.name)};
  const auto hash = std::ranges::find(file.hashes, std::string("sha256"),
                                      &std::pair<std::string, std::string>::first);
  if (hash != file.hashes.end() && request.check_integrity) out.sha256 = hash->second;
  if (hash == file.hashes.end() && request.check_integrity)
    return cannot(package, "has no sha256 for " + quoted(file.filename()) +
                               ", the only hash that can be checked");
  return out;
}

Result<> check_lock(const Request& request, const Pylock& lock, const Version& python) {
  if (lock.requires_python && !lock.requires_python->contains(python))
    return Error(ErrorCode::kUnsupported, "pylock.toml is for Python " +
                                              lock.requires_python->to_string() + ", this is " +
                                              python.to_string());
  const bool fits = lock.environments.empty() ||
                    std::ranges::any_of(lock.environments, [&](const Marker& marker) {
                      return marker.evaluate(request.environment);
                    });
  if (!fits)
    return Error(ErrorCode::kUnsupported,
                 "pylock.toml is for other environments: expected one in which " +
                     quoted(lock.environments[0].to_string()) + " holds");
  return {};
}

}  // namespace

Result<LockPlan> pylock_plan(const Request& request, const Pylock& lock) {
  const Version python = TRY(Version::parse(request.environment.python_full_version));
  TRY(check_lock(request, lock, python));
  std::vector<ProjectName> groups;
  groups.reserve(lock.default_groups.size());
  for (const std::string& group : lock.default_groups)
    groups.push_back(TRY(ProjectName::parse(group)));
  const MarkerSelection selection{.groups = groups};
  LockPlan out;
  for (const PylockPackage& package : lock.packages) {
    if (package.marker && !package.marker->evaluate(request.environment, selection)) continue;
    if (package.requires_python && !package.requires_python->contains(python)) {
      out.problems.push_back("pylock.toml: " + quoted(package.name.to_string()) + " needs Python " +
                             package.requires_python->to_string());
      continue;
    }
    Result<PlannedInstall> made = install_of(package, request);
    if (!made.ok()) {
      out.problems.push_back(made.error().message());
    } else {
      out.plan.install.push_back(std::move(made).value());
    }
  }
  return out;
}

}  // namespace krait::pkg::install
