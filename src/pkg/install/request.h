// Request: what a session (session.h) is asked for, read from JSON.
//
//   {"requirements": ["numpy>=2", "a[x] ; python_version > '3.8'", "a @ https://...",
//                     "https://.../a-1.0-py3-none-any.whl", "emfs:/tmp/a-1.0-py3-none-any.whl",
//                     "file:///home/a-1.0-py3-none-any.whl", "./a-1.0-py3-none-any.whl"],
//    "mode": "resolve" (the default) | "load",
//    "deps": true, "keep_going": false, "pre": false, "reinstall": false, "upgrade": false,
//    "constraints": ["numpy<3"],
//    "index_urls": ["PYPI", "https://.../simple", "https://.../{package_name}/"],
//    "index_aliases": {"PYPI": "https://.../simple"},
//    "base_url": "https://.../",         what relative wheels are relative to
//    "credentials": "omit",              handed on with each fetch
//    "lock": {"text": "{...}", "url": "https://.../pyodide-lock.json", "base_url": "https://.../"},
//    "pylock": {"text": "...", "url": "https://.../pylock.toml"},      text may be missing: then
//                                                                      it is fetched from url
//    "check_integrity": true,
//    "installed": [{"name": "six", "version": "1.16", "requires": ["..."], "extras": ["..."]}],
//    "loaded": ["libz"],                 of the lock, here already without being in "installed"
//    "mocks": [{"name": "tzdata", "version": "1.0"}],
//    "environment": {"os_name": "posix", ...},                         all of PEP 508's
//    "tags": ["cp313-cp313-pyodide_2025_0_wasm32", ...],               best first
//    "scheme": {"purelib": "/lib/...", "platlib": ..., "scripts": ..., "headers": ..., "data": ...,
//               "stdlib": ..., "dynlib": ...}}
//
// mode "resolve" is what micropip.install does: candidates are what is installed, the lock's
// packages, and those of the indexes. With "pylock" the packages are exactly those of that file
// which apply here. mode "load" is what loadPackage does: requirements are names of the lock's
// packages, with all they depend on, or URLs of wheels, without; indexes are not asked.
// reinstall: an installed package may be replaced; otherwise those that are installed stay as they
// are, and a request that they do not fit fails. upgrade: prefer the newest to what is installed.
// In the runtime environment, tags, scheme and installed are filled in when they are missing.
//
// Guarantees: a member that we do not know is an error, as is one of another kind than expected,
// which is quoted. What comes out was checked: URLs are absolute, aliases replaced.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "pkg/marker/environment.h"
#include "pkg/marker/requirement.h"
#include "pkg/wheel/filename.h"
#include "pkg/wheel/tags.h"
#include "pkg/wheel/wheel_layout.h"

namespace krait::pkg::install {

// An index: where its page of a project is.
struct Index {
  static Result<Index> parse(std::string_view url);
  std::string page_url(const ProjectName& name) const;

  std::string url;  // as configured, aliases replaced
};

struct LockSource {
  std::optional<std::string> text = {};
  std::string url = {};       // empty only when there is a text
  std::string base_url = {};  // of file names; by default the folder of url
};

struct InstalledPackage {
  ProjectName name;
  Version version;
  std::vector<Requirement> requires_dist = {};
  std::vector<ProjectName> extras = {};
};

struct MockPackage {
  ProjectName name;
  Version version;
};

enum class Mode : unsigned char { kResolve, kLoad };

struct Request {
  static Result<Request> parse(std::string_view json);

  // As PEP 508 writes them: a wheel's URL has become "name @ url".
  std::vector<Requirement> requirements = {};
  // For mode kLoad: names as they are, which need not be projects'.
  std::vector<std::string> names = {};
  Mode mode = Mode::kResolve;
  bool deps = true;
  bool keep_going = false;
  bool pre = false;
  bool reinstall = false;
  bool upgrade = false;
  bool check_integrity = true;
  std::vector<Requirement> constraints = {};
  std::vector<Index> indexes = {};
  std::string base_url = {};
  std::string credentials = {};
  std::optional<LockSource> lock = {};
  std::optional<LockSource> pylock = {};
  bool names_installed = false;  // whether "installed" was there
  std::vector<InstalledPackage> installed = {};
  std::vector<std::string> loaded = {};  // normal names
  std::vector<MockPackage> mocks = {};
  Environment environment = {};
  TagSet tags{std::vector<Tag>{}};
  InstallScheme scheme = {};
  std::string stdlib = {};  // install_dir "stdlib" and "dynlib" of a lock
  std::string dynlib = {};
};

// One requirement in any of the forms above. Version control systems' URLs are refused.
Result<Requirement> parse_requirement(std::string_view text, std::string_view base_url);

}  // namespace krait::pkg::install
