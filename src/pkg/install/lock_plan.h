// Plans without a resolver: the packages of a lock file and all they depend on.
//
// load_plan: of pyodide-lock.json by name (loadPackage). pylock_plan: all of pylock.toml that
// applies here (PEP 751, "Installation"). Guarantees: a name that the lock does not have is an
// error that quotes it; dependencies come before what depends on them, where they do not go in
// circles.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "pkg/install/plan.h"
#include "pkg/install/request.h"
#include "pkg/lock/pylock.h"
#include "pkg/lock/pyodide_lock.h"

namespace krait::pkg::install {

// Why the package's wheel does not run here; empty when it does, or is no wheel.
std::string locked_mismatch(const LockPackage& package, const TagSet& tags);

// One package of the lock, to be installed from it.
Result<PlannedInstall> locked_install(const LockPackage& package, const Request& request);

struct LockPlan {
  Plan plan = {};
  std::vector<std::string> problems = {};  // names that could not be found
};

// Takes out of the plan what needs a package that is not in it any more, and says so of each.
std::vector<std::string> drop_dependants(Plan& plan);

// `lock` may be null when all names are URLs.
LockPlan load_plan(const Request& request, const PyodideLock* lock);

Result<LockPlan> pylock_plan(const Request& request, const Pylock& lock);

}  // namespace krait::pkg::install
