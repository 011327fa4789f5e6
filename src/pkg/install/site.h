// A site: the folder that packages are installed in, read from its *.dist-info folders.
//
// Source: PEP 376 and 627 (RECORD, INSTALLER, REQUESTED), PEP 610 (direct_url.json), and Pyodide's
// PYODIDE_SOURCE, PYODIDE_URL, PYODIDE_SHA256. Guarantees: a folder that cannot be read is passed
// over with a warning, as it must not keep others from being installed.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/install/file_system.h"
#include "pkg/install/log.h"
#include "pkg/marker/environment.h"
#include "pkg/wheel/metadata.h"

namespace krait::pkg::install {

struct Distribution {
  std::string dist_info;  // path of the folder
  Metadata metadata;
  std::string installer = {};
  std::string source = {};  // PYODIDE_SOURCE: "pyodide", "pypi", a URL
  std::string url = {};
  std::string sha256 = {};
  bool requested = false;

  const ProjectName& name() const { return metadata.name; }
};

// By name.
Result<std::vector<Distribution>> read_site(FileSystem& files, const std::string& site, Log& log);

const Distribution* find(const std::vector<Distribution>& site, const ProjectName& name);

// What each requested package needs, as a tree of lines: "a 1.0", "  b 2.0 (b>=1)". A package whose
// dependencies were told before is told without them, with "...".
std::string tree_text(const std::vector<Distribution>& site, const Environment& environment);

// What does not fit together: "a 1.0 needs b>=2, b 1.0 is installed".
std::vector<std::string> check_site(const std::vector<Distribution>& site,
                                    const Environment& environment);

}  // namespace krait::pkg::install
