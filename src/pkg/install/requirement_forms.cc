// What users write for a requirement, beside PEP 508: URLs and paths of wheels. See request.h.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/request.h"

namespace krait::pkg::install {

namespace {

// "git+https", "hg+ssh", ...: the schemes of repositories, as requirements spell them.
bool is_repository(std::string_view scheme) {
  constexpr auto kSystems = std::to_array<std::string_view>({"git", "hg", "svn", "bzr"});
  return std::ranges::find(kSystems, scheme.substr(0, scheme.find('+'))) != kSystems.end();
}

// "https" of "https://...": a letter, then letters, digits, "+", "-", "."; before a ":".
std::string_view scheme_of(std::string_view text) {
  const std::size_t end = text.find(':');
  if (end == std::string_view::npos || end == 0 || !is_letter(text[0])) return {};
  const std::string_view scheme = text.substr(0, end);
  const bool fits = std::ranges::all_of(
      scheme, [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
  return fits ? scheme : std::string_view();
}

bool is_source_archive(std::string_view filename) {
  constexpr auto kEnds = std::to_array<std::string_view>(
      {".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar", ".zip", ".egg"});
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return filename.ends_with(end); });
}

// The URL as it is asked for, absolute.
Result<std::string> located(std::string_view text, std::string_view base_url) {
  Url url = TRY(Url::parse(text));
  if (url.scheme && is_repository(*url.scheme))
    return Error(ErrorCode::kUnsupported,
                 quoted(text) +
                     " is a repository: only built packages can be installed here, expected the "
                     "URL of a wheel (.whl)");
  if (!url.is_absolute()) {
    if (base_url.empty())
      return invalid(quoted(text) + " is relative: expected an absolute URL of a wheel");
    const Url base = TRY(Url::parse(base_url));
    url = base.resolve(url);
  }
  if (is_source_archive(url.filename()))
    return Error(ErrorCode::kUnsupported,
                 quoted(text) + " is a source archive: expected the URL of a wheel (.whl)");
  return url.to_string();
}

// A bare URL or path: the wheel's file name says what it is.
Result<Requirement> of_wheel(std::string_view text, std::string_view base_url) {
  const std::string url = TRY(located(text, base_url));
  const Url parsed = TRY(Url::parse(url));
  const std::string filename = parsed.filename();
  if (!filename.ends_with(".whl"))
    return invalid(quoted(text) + " is no wheel: expected a URL whose path ends with \".whl\"");
  Result<WheelFilename> wheel = WheelFilename::parse(filename);
  if (!wheel.ok()) return std::move(wheel).error().in(quoted(text));
  return Requirement{.name = wheel.value().name, .url = url};
}

}  // namespace

Result<Requirement> parse_requirement(std::string_view text, std::string_view base_url) {
  text = trimmed(text);
  if (!scheme_of(text).empty()) return of_wheel(text, base_url);
  const bool is_path = text.starts_with("./") || text.starts_with("../") || text.starts_with('/');
  const std::string_view path = text.substr(0, text.find_first_of("?#"));
  if (is_path || (path.ends_with(".whl") && !text.contains('@'))) return of_wheel(text, base_url);
  Requirement out = TRY(Requirement::parse(text));
  if (out.url) out.url = TRY(located(*out.url, base_url));
  return out;
}

}  // namespace krait::pkg::install
