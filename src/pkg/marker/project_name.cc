// See project_name.h.

#include "pkg/marker/project_name.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

bool is_separator(char c) { return c == '-' || c == '_' || c == '.'; }

}  // namespace

std::string normalize_name(std::string_view text) {
  std::string out;
  bool in_run = false;
  for (const char c : text) {
    const bool separator = is_separator(c);
    if (!separator) {
      out += to_lower(c);
    } else if (!in_run) {
      out += '-';
    }
    in_run = separator;
  }
  return out;
}

Result<ProjectName> ProjectName::parse(std::string_view text) {
  text = trimmed(text);
  const bool shape =
      !text.empty() && is_alnum(text.front()) && is_alnum(text.back()) &&
      std::ranges::all_of(text, [](char c) { return is_alnum(c) || is_separator(c); });
  if (!shape) {
    return invalid(quoted(text) +
                   " is no project name: expected letters, digits, - _ and ., with a letter or "
                   "digit at both ends (PEP 508)");
  }
  if (text.size() > kMaxLength) {
    return invalid(quoted(text) + " is no project name: it has " + std::to_string(text.size()) +
                   " characters, expected at most " + std::to_string(kMaxLength));
  }
  return ProjectName(text);
}

std::string ProjectName::file_form() const {
  std::string out = normal_;
  std::ranges::replace(out, '-', '_');
  return out;
}

}  // namespace krait::pkg
