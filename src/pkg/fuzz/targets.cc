// See targets.h.

#include "pkg/fuzz/targets.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/toml.h"
#include "pkg/index/html.h"
#include "pkg/index/page.h"
#include "pkg/lock/pylock.h"
#include "pkg/lock/pyodide_lock.h"
#include "pkg/marker/requirement.h"
#include "pkg/version/ranges.h"
#include "pkg/wheel/metadata.h"

namespace krait::pkg::fuzz {

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void version(std::string_view input) {
  const Result<Version> read = Version::parse(input);
  if (!read.ok()) return;
  const Version& found = read.value();
  require(Version::parse(found.to_string()).value() == found);
  require(Version::parse(found.to_string()).value().to_string() == found.to_string());
  require(Ranges::only(found).contains(found));
  require(found.public_version() <= found);
}

// A requirement, and its specifiers as intervals on the versions they name.
void requirement(std::string_view input) {
  const Result<Requirement> read = Requirement::parse(input);
  if (!read.ok()) return;
  require(Requirement::parse(read.value().to_string()).value() == read.value());
  const SpecifierSet& set = read.value().specifiers;
  const Ranges ranges = Ranges::of(set);
  for (const Specifier& item : set.items())
    if (item.find_version())
      require(ranges.contains(*item.find_version()) == set.contains(*item.find_version()));
  require(ranges.complement().complement() == ranges);
}

void marker(std::string_view input) {
  const Result<Marker> read = Marker::parse(input);
  if (!read.ok()) return;
  const Environment environment{.os_name = "posix", .python_version = "3.13"};
  const Marker again = Marker::parse(read.value().to_string()).value();
  require(again == read.value());
  require(again.evaluate(environment) == read.value().evaluate(environment));
}

Url page_url() { return Url::parse("https://index.test/simple/foo/").value(); }

void html_page(std::string_view input) {
  const Result<std::string> text = html::to_utf8(input, "");
  if (!text.ok()) return;
  const Result<IndexPage> page = IndexPage::parse_html(text.value(), page_url());
  if (page.ok())
    for (const IndexFile& file : page.value().files) require(!file.filename.empty());
}

void json_page(std::string_view input) {
  const Result<IndexPage> page = IndexPage::parse_json(input, page_url());
  if (page.ok()) require(page.value().name.has_value());
}

// Each lock format, and the header format of metadata.
void lock(std::string_view input) {
  if (const Result<PyodideLock> read = PyodideLock::parse(input); read.ok())
    require(PyodideLock::parse(read.value().to_string()).value() == read.value());
  if (const Result<Pylock> read = Pylock::parse(input); read.ok())
    require(Pylock::parse(read.value().to_string()).ok());
  if (const Result<Toml> read = Toml::parse(input); read.ok())
    require(Toml::parse(read.value().document()).ok());
  if (const Result<Metadata> read = Metadata::parse(input); read.ok())
    require(Metadata::parse(read.value().headers.to_string()).ok());
}

constexpr std::array kTargets = {
    Target{"version", version},
    Target{"requirement", requirement},
    Target{"marker", marker},
    Target{"html_page", html_page},
    Target{"json_page", json_page},
    Target{"lock", lock},
    Target{"zip", zip},
    Target{"wheel", wheel},
    Target{"session", session},
    Target{"record", record},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target& get_target(std::string_view name) {
  const auto found = std::ranges::find(kTargets, name, &Target::name);
  if (found == kTargets.end()) std::abort();
  return *found;
}

}  // namespace krait::pkg::fuzz
