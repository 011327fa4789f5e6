// Transaction: packages go and packages come, all of them or none.
//
// How: first everything is found out and checked, without a change. Then operations are carried out
// of which each has an inverse: what must go is renamed beside itself (".NAME.krait-old"), new
// folders and files are made. If one fails, the inverses of those before it run backwards, and the
// site is as it was. When all have succeeded, what was renamed is removed, and folders that became
// empty; a failure there is a warning, since everything that was wanted has happened.
//
// Source: PEP 427 (.data schemes, scripts), PEP 376 and 627 (RECORD, INSTALLER, REQUESTED), PEP 610
// (direct_url.json), the entry points specification (console_scripts).
// Guarantees: only files of RECORD, and what Python compiled of them, are removed; none outside the
// folders of the scheme. Only files of the wheels and of the .dist-info folder are written.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "pkg/install/file_system.h"
#include "pkg/install/log.h"
#include "pkg/install/plan.h"
#include "pkg/install/site.h"

namespace krait::pkg::install {

struct TransactionOptions {
  InstallScheme scheme;  // the roots
  std::string installer = "micropip";
  // What "#!python" in scripts becomes.
  std::string interpreter = "/usr/bin/env python";
};

struct Installed {
  PlannedInstall planned;
  std::string folder;                     // the site, or the folder of an archive
  std::string dist_info = {};             // empty for an archive
  std::vector<std::string> dynlibs = {};  // shared libraries: paths
  std::vector<std::string> imports = {};  // top-level names
};

struct Removed {
  std::string name;
  std::string version;
  std::vector<std::string> files = {};
};

struct Change {
  std::vector<Installed> installed = {};
  std::vector<Removed> removed = {};
};

// `remove` are of the site. Warnings go to the log.
Result<Change> carry_out(FileSystem& files, const TransactionOptions& options,
                         const std::vector<Distribution>& remove, std::vector<Contents> install,
                         Log& log);

}  // namespace krait::pkg::install
