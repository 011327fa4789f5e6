// See url.h.

#include "base/url.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/quote.h"

namespace krait {

namespace {

// Characters a URI has in one of its parts, "%" among them. Where each may stand is not judged.
bool is_uri_character(char c) {
  static constexpr std::string_view kMarks = "-._~:/?#[]@!$&'()*+,;=%";
  return is_alnum(c) || kMarks.contains(c);
}

std::string encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_uri_character(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
  return out;
}

std::optional<std::string> take_scheme(std::string_view& rest) {
  const std::size_t end = rest.find_first_of(":/?#");
  if (end == std::string_view::npos || rest[end] != ':') return std::nullopt;
  const std::string_view scheme = rest.substr(0, end);
  const bool valid =
      !scheme.empty() && is_letter(scheme[0]) && std::ranges::all_of(scheme, [](char c) {
        return is_alnum(c) || c == '+' || c == '-' || c == '.';
      });
  if (!valid) return std::nullopt;
  rest.remove_prefix(end + 1);
  return to_lower(scheme);
}

// Cuts off what follows the first `mark`.
std::optional<std::string> take_after(std::string_view& rest, char mark) {
  const std::size_t start = rest.find(mark);
  if (start == std::string_view::npos) return std::nullopt;
  std::string tail(rest.substr(start + 1));
  rest = rest.substr(0, start);
  return tail;
}

// RFC 3986, 5.2.4, on whole segments: "." is dropped, ".." takes the segment before it.
std::string without_dots(std::string_view path) {
  while (path.starts_with("../") || path.starts_with("./")) path.remove_prefix(path.find('/') + 1);
  std::string out;
  while (!path.empty()) {
    // One segment with the "/" before it, if there is one.
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view piece = path.substr(0, end);
    path.remove_prefix(end);
    const std::string_view name = piece.substr(piece.starts_with('/') ? 1 : 0);
    if (name == "..") out.erase(out.contains('/') ? out.rfind('/') : 0);
    if (name != "." && name != "..") {
      out += out.empty() && !piece.starts_with('/') ? name : piece;
    } else if (path.empty() && (piece.starts_with('/') || !out.empty())) {
      out += '/';  // "a/." and "a/b/.." are folders
    }
  }
  return out;
}

std::string merged(const Url& base, const std::string& path) {
  if (base.authority && base.path.empty()) return "/" + path;
  return base.path.substr(0, base.path.rfind('/') + 1) + path;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kMaxLength)
    return invalid(quoted(text) + " is no URL: it has " + std::to_string(text.size()) +
                   " characters, expected at most " + std::to_string(kMaxLength));
  if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }))
    return invalid(quoted(text) + " is no URL: it has a control character (RFC 3986)");
  const std::string clean = encoded(text);
  std::string_view rest = clean;
  Url out;
  out.fragment = take_after(rest, '#');
  out.query = take_after(rest, '?');
  out.scheme = take_scheme(rest);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    out.authority = std::string(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  out.path = rest;
  return out;
}

Url Url::resolve(const Url& reference) const {
  Url out = reference;
  if (reference.scheme || reference.authority) {
    if (!reference.scheme) out.scheme = scheme;
    out.path = without_dots(reference.path);
    return out;
  }
  out.scheme = scheme;
  out.authority = authority;
  if (reference.path.empty()) {
    out.path = path;
    if (!reference.query) out.query = query;
  } else {
    out.path = without_dots(reference.path.starts_with('/') ? reference.path
                                                            : merged(*this, reference.path));
  }
  return out;
}

Result<Url> Url::resolve(std::string_view reference) const {
  return resolve(TRY(Url::parse(reference)));
}

std::string Url::filename() const {
  return percent_decoded(std::string_view(path).substr(path.rfind('/') + 1));
}

std::string Url::to_string() const {
  std::string out;
  if (scheme) (out += *scheme) += ':';
  if (authority) (out += "//") += *authority;
  // What is written must read back as a path.
  if (!authority && path.starts_with("//")) out += "/.";
  out += path;
  if (query) (out += '?') += *query;
  if (fragment) (out += '#') += *fragment;
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? find_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      out += static_cast<char>((*byte)[0]);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace krait
