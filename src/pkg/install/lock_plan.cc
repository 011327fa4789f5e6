// See lock_plan.h.

#include "pkg/install/lock_plan.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/lookup.h"
#include "pkg/install/offers.h"

namespace krait::pkg::install {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::kIndex:
      return "index";
    case Source::kUrl:
      return "url";
    case Source::kLock:
      return "lock";
    case Source::kInstalled:
      return "installed";
    case Source::kMock:
      return "mock";
  }
  return "";
}

namespace {

const InstalledPackage* find_installed(const Request& request, std::string_view normal_name) {
  const auto found = std::ranges::find_if(request.installed, [&](const InstalledPackage& package) {
    return package.name.to_string() == normal_name;
  });
  return found == request.installed.end() ? nullptr : &*found;
}

// Walks a pyodide-lock.json from the names that are asked for.
class Walk {
 public:
  Walk(const Request& request, const PyodideLock* lock) : request_(request) {
    if (lock == nullptr) return;
    for (const auto& [key, package] : lock->packages) packages_.emplace(key, &package);
  }

  LockPlan run() {
    for (const std::string& name : request_.names) start(name);
    return std::move(out_);
  }

 private:
  void problem(std::string text) { out_.problems.push_back(std::move(text)); }

  static bool is_url(std::string_view name) {
    return name.contains(':') || name.contains('/') || name.ends_with(".whl");
  }

  void start(const std::string& name) {
    if (is_url(name)) return add_url(name);
    const std::string key = normalize_name(name);
    if (!packages_.contains(key) && find_installed(request_, key) == nullptr)
      return problem("No known package with name '" + name + "'" +
                     (packages_.empty()
                          ? ": there is no lock file"
                          : ": the lock file has " + std::to_string(packages_.size()) + " others"));
    visit(key, nullptr, true);
  }

  void add_url(const std::string& text) {
    const Result<Requirement> wheel = parse_requirement(text, request_.base_url);
    if (!wheel.ok()) return problem(wheel.error().message());
    const std::string& whole = *wheel.value().url;
    const Result<Url> url = Url::parse(whole);
    const Result<WheelFilename> name = WheelFilename::parse(url.value().filename());
    if (!name.ok()) return problem(name.error().message());
    if (!seen_.insert(name.value().name.to_string()).second) return;
    if (keep(name.value().name.to_string())) return;
    if (const std::string why = mismatch(name.value(), request_.tags); !why.empty())
      return problem(quoted(text) + " " + why);
    out_.plan.install.push_back(
        {.name = name.value().name.original(),
         .version = name.value().version.to_string(),
         .source = Source::kUrl,
         .url = whole.substr(0, whole.find('#')),
         .file = url.value().filename(),
         .sha256 = request_.check_integrity ? Lookup::promised_hash(whole) : std::nullopt,
         .requested = true,
         .scheme = scheme_for(request_, name.value().name)});
  }

  bool keep(const std::string& key) {
    const InstalledPackage* installed = find_installed(request_, key);
    if (installed == nullptr) return false;
    out_.plan.keep.push_back(
        {installed->name.original(), installed->version.to_string(), Source::kInstalled});
    return true;
  }

  // Depth first, on a stack of our own: a lock may be a long chain.
  void visit(const std::string& first, const LockPackage* from, bool requested) {
    struct Frame {
      const LockPackage* package;
      std::size_t next;
      bool requested;
    };
    std::vector<Frame> stack;
    const auto enter = [&](const std::string& name, const LockPackage* by, bool asked) {
      const std::string key = normalize_name(name);
      if (!seen_.insert(key).second || keep(key)) return;
      const auto found = packages_.find(key);
      if (found != packages_.end() && std::ranges::contains(request_.loaded, key)) {
        out_.plan.keep.push_back({found->second->name, found->second->version, Source::kLock});
        return;
      }
      if (found == packages_.end())
        return problem(quoted(by->name) + " of the lock file depends on " + quoted(name) +
                       ", which it does not have");
      stack.push_back({found->second, 0, asked});
    };
    enter(first, from, requested);
    while (!stack.empty()) {
      const LockPackage* const of = stack.back().package;
      const std::size_t count = request_.deps ? of->depends.size() : 0;
      if (const std::size_t at = stack.back().next++; at < count) {
        enter(of->depends[at], of, false);
        continue;
      }
      Result<PlannedInstall> made = locked_install(*of, request_);
      if (!made.ok()) {
        problem(made.error().message());
      } else {
        made.value().requested = stack.back().requested;
        out_.plan.install.push_back(std::move(made).value());
      }
      stack.pop_back();
    }
  }

  const Request& request_;
  std::unordered_map<std::string_view, const LockPackage*> packages_;
  std::unordered_set<std::string> seen_;
  LockPlan out_;
};

}  // namespace

std::string locked_mismatch(const LockPackage& package, const TagSet& tags) {
  const Result<Url> file = Url::parse(package.file_name);
  if (!file.ok()) return {};
  const Result<WheelFilename> wheel = WheelFilename::parse(file.value().filename());
  // A name that is no wheel's says nothing of what is in it.
  return wheel.ok() ? mismatch(wheel.value(), tags) : std::string();
}

Result<PlannedInstall> locked_install(const LockPackage& package, const Request& request) {
  const LockSource& source = *request.lock;
  const Url file = TRY(Url::parse(package.file_name));
  PlannedInstall out{.name = package.name, .version = package.version, .source = Source::kLock};
  out.url = file.to_string();
  if (!file.is_absolute()) {
    if (source.base_url.empty())
      return invalid("the file " + quoted(package.file_name) + " of " + quoted(package.name) +
                     " is relative, and the lock file has no URL");
    const Url base = TRY(Url::parse(source.base_url));
    out.url = base.resolve(file).to_string();
  }
  out.file = file.filename();
  if (!package.sha256.empty() && request.check_integrity) out.sha256 = package.sha256;
  out.is_wheel = out.file.ends_with(".whl");
  if (!out.is_wheel && !out.file.ends_with(".zip"))
    return Error(ErrorCode::kUnsupported, "the file " + quoted(package.file_name) + " of " +
                                              quoted(package.name) +
                                              " is of a kind that cannot be unpacked: expected "
                                              "\".whl\" or \".zip\"");
  if (const std::string why = locked_mismatch(package, request.tags); !why.empty())
    return Error(ErrorCode::kUnsupported, "the file " + quoted(out.file) + " of " +
                                              quoted(package.name) + " in the lock file " + why);
  if (request.deps)
    for (const std::string& depends : package.depends) out.needs.push_back(normalize_name(depends));
  Result<ProjectName> name = ProjectName::parse(package.name);
  out.scheme = name.ok() ? scheme_for(request, name.value()) : request.scheme;
  const std::string* folder = nullptr;
  if (package.install_dir == "stdlib") folder = &request.stdlib;
  if (package.install_dir == "dynlib") folder = &request.dynlib;
  if (folder != nullptr && !folder->empty()) {
    out.scheme.purelib = *folder;
    out.scheme.platlib = *folder;
  } else if (package.install_dir != "site" && folder == nullptr) {
    return invalid("the lock file wants " + quoted(package.name) + " in " +
                   quoted(package.install_dir) + ": expected \"site\", \"stdlib\" or \"dynlib\"");
  }
  return out;
}

LockPlan load_plan(const Request& request, const PyodideLock* lock) {
  return Walk(request, lock).run();
}

std::vector<std::string> drop_dependants(Plan& plan) {
  std::unordered_set<std::string> here;
  for (const PlannedInstall& item : plan.install) here.insert(normalize_name(item.name));
  for (const Kept& item : plan.keep) here.insert(normalize_name(item.name));
  std::vector<std::string> out;
  for (bool again = true; again;) {
    again = false;
    std::erase_if(plan.install, [&](const PlannedInstall& item) {
      const auto missing = std::ranges::find_if(
          item.needs, [&](const std::string& name) { return !here.contains(name); });
      if (missing == item.needs.end()) return false;
      out.push_back(item.name + " " + item.version + " was not installed: it depends on " +
                    *missing + ", which could not be had");
      here.erase(normalize_name(item.name));
      return again = true;
    });
  }
  return out;
}

}  // namespace krait::pkg::install
