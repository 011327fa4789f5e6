// IndexPage: what a package index says about one project, read from HTML or JSON.
//
// Source: PEP 503 (HTML), 592 (yanked), 629 (version of the API), 658 and 714 (metadata files),
// 691 and 700 (JSON), 708 (tracks), 740 (provenance), 792 (status of a project).
// Guarantees: the same page in both formats gives equal files. URLs are resolved and absolute when
// the page's is. A major version of the API that we do not know is refused. Hostile pages meet
// limits, and the error names the limit.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/url.h"
#include "pkg/version/version.h"

namespace krait::pkg {

// Algorithm and lower-case hexadecimal digest.
using Hashes = std::vector<std::pair<std::string, std::string>>;

struct IndexFile {
  std::string filename;
  std::string url;  // without its fragment
  Hashes hashes = {};
  std::optional<std::string> requires_python = {};
  std::optional<std::string> yanked = {};  // the reason, which may be empty
  // Whether `url` + ".metadata" has the wheel's METADATA, and its hashes.
  bool has_metadata = false;
  Hashes metadata_hashes = {};
  std::optional<bool> gpg_signature = {};
  std::optional<std::uint64_t> size = {};       // JSON only
  std::optional<std::string> upload_time = {};  // JSON only
  std::optional<std::string> provenance = {};

  // Whether requires_python has this version. A text that is no version specifier restricts
  // nothing: old projects carry such, and installers do the same.
  bool supports_python(const Version& python) const;
  std::string metadata_url() const;

  bool operator==(const IndexFile&) const = default;
};

struct IndexPage {
  static constexpr std::size_t kMaxBytes = std::size_t{128} << 20;
  static constexpr std::size_t kMaxFiles = 500000;

  // What a client asks for: JSON, else HTML.
  static constexpr std::string_view kAccept =
      "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
      "text/html;q=0.1";

  // `content_type` is the header's value; when it is empty, a page that begins with "{" is JSON.
  static Result<IndexPage> parse(ByteView content, std::string_view content_type, const Url& url);
  static Result<IndexPage> parse_html(std::string_view utf8, const Url& url);
  static Result<IndexPage> parse_json(std::string_view text, const Url& url);

  std::string api_version = "1.0";
  std::optional<std::string> name = {};    // JSON only
  std::vector<std::string> versions = {};  // JSON only
  std::vector<IndexFile> files = {};
  std::optional<std::string> status = {};  // "active", "archived", "quarantined", "deprecated"
  std::optional<std::string> status_reason = {};
  std::vector<std::string> tracks = {};
  std::vector<std::string> alternate_locations = {};
};

// The major version must be 1.
Result<> check_api_version(std::string_view version);

}  // namespace krait::pkg
