// See requirement.h.

#include "pkg/marker/requirement.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

Error wrong(std::string_view whole, std::string_view what) {
  return invalid(quoted(whole) + " is no requirement: " + std::string(what) + " (PEP 508)");
}

Result<std::vector<ProjectName>> parse_extras(std::string_view list) {
  std::vector<ProjectName> extras;
  if (trimmed(list).empty()) return extras;
  for (bool more = true; more;) {
    more = list.contains(',');
    extras.push_back(TRY(ProjectName::parse(take_until(list, ','))));
  }
  std::ranges::sort(extras);
  const auto repeated = std::ranges::unique(extras);
  extras.erase(repeated.begin(), repeated.end());
  return extras;
}

// Cuts off what stands between the bracket at the start of `rest` and the next `close`.
std::optional<std::string_view> take_bracket(std::string_view& rest, char close) {
  const std::size_t end = rest.find(close);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inner = rest.substr(1, end - 1);
  rest = trimmed(rest.substr(end + 1));
  return inner;
}

Result<Requirement> parse_parts(std::string_view whole) {
  std::string_view rest = whole;
  const auto name_end = std::ranges::find_if_not(
      rest, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
  const std::string_view name(rest.begin(), name_end);
  if (name.empty()) return wrong(whole, "expected a project name at its start");
  rest = trimmed(rest.substr(name.size()));
  if (whole.substr(0, whole.find('@')).contains("://"))
    return wrong(whole, "expected \"name @ URL\"");
  Requirement out{.name = TRY(ProjectName::parse(name))};

  if (rest.starts_with('[')) {
    const auto inner = take_bracket(rest, ']');
    if (!inner) return wrong(whole, "expected \"]\" after the extras");
    out.extras = TRY(parse_extras(*inner));
  }
  if (rest.starts_with('@')) {
    rest = trimmed(rest.substr(1));
    const std::string_view url(rest.begin(), std::ranges::find_if(rest, is_space));
    if (url.empty()) return wrong(whole, "expected a URL after \"@\"");
    out.url = std::string(url);
    rest = trimmed(rest.substr(url.size()));
    if (!rest.empty() && rest[0] != ';')
      return wrong(whole, "unexpected " + quoted(rest, 20) + " after the URL, expected \";\"");
  } else if (rest.starts_with('(')) {
    const auto inner = take_bracket(rest, ')');
    if (!inner) return wrong(whole, "expected \")\" after the versions");
    out.specifiers = TRY(SpecifierSet::parse(*inner));
    if (!rest.empty() && rest[0] != ';')
      return wrong(whole, "unexpected " + quoted(rest, 20) + " after the versions, expected \";\"");
  } else {
    const std::string_view versions = rest.substr(0, rest.find(';'));
    out.specifiers = TRY(SpecifierSet::parse(versions));
    rest.remove_prefix(versions.size());
  }
  if (rest.starts_with(';')) out.marker = TRY(Marker::parse(rest.substr(1)));
  return out;
}

}  // namespace

Result<Requirement> Requirement::parse(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kMaxLength) {
    return wrong(text, "it has " + std::to_string(text.size()) + " characters, expected at most " +
                           std::to_string(kMaxLength));
  }
  Result<Requirement> parsed = parse_parts(text);
  if (parsed.ok() || parsed.error().message().starts_with(quoted(text) + " is no requirement"))
    return parsed;
  return std::move(parsed).error().in(quoted(text));
}

std::string Requirement::to_string() const {
  std::string out = name.original();
  for (std::size_t i = 0; i < extras.size(); ++i)
    (out += i == 0 ? '[' : ',') += extras[i].to_string();
  if (!extras.empty()) out += ']';
  if (url) (out += " @ ") += *url;
  out += specifiers.to_string();
  // A ";" right behind a URL would belong to it.
  if (marker) (out += url ? " ; " : "; ") += marker->to_string();
  return out;
}

}  // namespace krait::pkg
