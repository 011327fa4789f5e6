// Url: a URI reference and how one is resolved against another.
//
// Source: RFC 3986, sections 3 (parts), 5.2 (resolution), 5.3 (putting together).
// Guarantees: to_string() gives what was parsed, where characters that a URI may not have (spaces,
// quotes, bytes beyond ASCII, ...) are percent-encoded, as browsers do. Knows nothing of particular
// schemes: no default ports, no lower-casing of hosts.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace krait {

struct Url {
  static constexpr std::size_t kMaxLength = 65536;

  // Any reference, also a relative one; white space around it does not count. Control characters
  // are refused.
  static Result<Url> parse(std::string_view text);

  // `reference` as seen from this URL.
  Url resolve(const Url& reference) const;
  Result<Url> resolve(std::string_view reference) const;

  bool is_absolute() const { return scheme.has_value(); }
  // The last segment of the path, decoded.
  std::string filename() const;
  std::string to_string() const;
  bool operator==(const Url&) const = default;

  std::optional<std::string> scheme = {};  // in lower case
  std::optional<std::string> authority = {};
  std::string path = {};
  std::optional<std::string> query = {};
  std::optional<std::string> fragment = {};
};

// %XX as bytes; a "%" that begins no such triple stays.
std::string percent_decoded(std::string_view text);

}  // namespace krait
