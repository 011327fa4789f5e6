// See freeze.h.

#include "pkg/install/freeze.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/unpacked.h"
#include "pkg/lock/pylock.h"
#include "pkg/wheel/record.h"

namespace krait::pkg::install {

namespace {

bool has_origin(const Distribution& of, Log& log) {
  if (!of.url.empty()) return true;
  log.warning(of.name().original() + " " + of.metadata.version.to_string() +
              " is not in the lock: nobody noted where it came from");
  return false;
}

std::vector<std::string> imports_of(FileSystem& files, const Distribution& of) {
  const std::string path = of.dist_info + "/RECORD";
  const auto texts = files.read({&path, 1});
  if (!texts.ok() || !texts.value()[0]) return {};
  const Result<Record> record = Record::parse(as_text(*texts.value()[0]));
  if (!record.ok()) return {};
  std::set<std::string> names;
  for (const RecordEntry& entry : record.value().entries)
    if (std::string name = top_level_name(entry.path); !name.empty()) names.insert(std::move(name));
  return {names.begin(), names.end()};
}

LockPackage locked(FileSystem& files, const Distribution& of, const FreezeOptions& options) {
  LockPackage out{.name = of.name().to_string(),
                  .version = of.metadata.version.to_string(),
                  .file_name = of.url,
                  .sha256 = of.sha256,
                  .imports = imports_of(files, of)};
  for (const Requirement& requirement : of.metadata.requires_dist)
    if (requirement.applies(options.environment) &&
        !std::ranges::contains(out.depends, requirement.name.to_string()))
      out.depends.push_back(requirement.name.to_string());
  return out;
}

}  // namespace

Result<std::string> freeze_pyodide(FileSystem& files, const std::vector<Distribution>& site,
                                   FreezeOptions options, Log& log) {
  PyodideLock out{.info = {.arch = "wasm32",
                           .platform = options.platform,
                           .python = options.environment.python_full_version,
                           .version = options.environment.python_full_version}};
  if (options.lock) out = *std::move(options.lock);
  if (!options.base_url.empty()) {
    const Url base = TRY(Url::parse(options.base_url));
    for (auto& [key, package] : out.packages)
      package.file_name = TRY(base.resolve(package.file_name)).to_string();
  }
  for (const Distribution& of : site) {
    if (!has_origin(of, log)) continue;
    LockPackage made = locked(files, of, options);
    const auto found = std::ranges::find(out.packages, of.name().to_string(),
                                         &std::pair<std::string, LockPackage>::first);
    if (found == out.packages.end()) {
      std::string key = made.name;
      out.packages.emplace_back(std::move(key), std::move(made));
    } else if (of.source != "pyodide") {
      found->second = std::move(made);
    }
  }
  std::ranges::sort(out.packages, {}, &std::pair<std::string, LockPackage>::first);
  return out.to_string(2);
}

std::string freeze_pylock(const std::vector<Distribution>& site, const FreezeOptions& options,
                          Log& log) {
  Pylock out;
  Result<SpecifierSet> python =
      SpecifierSet::parse("==" + options.environment.python_version + ".*");
  if (python.ok()) out.requires_python = std::move(python).value();
  for (const Distribution& of : site) {
    if (!has_origin(of, log)) continue;
    const Result<Url> url = Url::parse(of.url);
    PylockPackage package{.name = of.name(), .version = of.metadata.version};
    PylockFile file{.url = of.url, .hashes = {{"sha256", of.sha256}}};
    if (url.ok()) file.name = url.value().filename();
    package.wheels.push_back(std::move(file));
    out.packages.push_back(std::move(package));
  }
  return out.to_string();
}

}  // namespace krait::pkg::install
