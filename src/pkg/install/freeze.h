// Lock files of what is installed: pyodide-lock.json (micropip.freeze) and pylock.toml (PEP 751).
//
// Guarantees: what was installed from somewhere is locked to that URL, absolute, with the hash that
// it had; packages of the lock that others came from stay in it. A package whose origin nobody
// noted (no PYODIDE_URL) cannot be locked, and a warning says so.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/install/log.h"
#include "pkg/install/site.h"
#include "pkg/lock/pyodide_lock.h"

namespace krait::pkg::install {

struct FreezeOptions {
  std::optional<PyodideLock> lock = {};  // the one that packages came from
  std::string base_url = {};             // of its file names
  Environment environment = {};
  std::string platform = {};  // for a lock that is made anew: "emscripten_4_0_9"
};

Result<std::string> freeze_pyodide(FileSystem& files, const std::vector<Distribution>& site,
                                   FreezeOptions options, Log& log);

std::string freeze_pylock(const std::vector<Distribution>& site, const FreezeOptions& options,
                          Log& log);

}  // namespace krait::pkg::install
