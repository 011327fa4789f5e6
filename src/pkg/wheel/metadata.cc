// See metadata.h.

#include "pkg/wheel/metadata.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

// The value of a field that must be there, parsed by `Part::parse`.
template <typename Part>
Result<Part> required(const Headers& headers, std::string_view field) {
  const std::string* value = headers.find(field);
  if (value == nullptr) return invalid("no field \"" + std::string(field) + "\"");
  Result<Part> part = Part::parse(*value);
  if (!part.ok()) return std::move(part).error().in(field);
  return part;
}

template <typename Part>
Result<std::vector<Part>> each(const Headers& headers, std::string_view field) {
  std::vector<Part> out;
  for (const std::string_view value : headers.all(field)) {
    Result<Part> part = Part::parse(value);
    if (!part.ok()) return std::move(part).error().in(field);
    out.push_back(std::move(part).value());
  }
  return out;
}

// "2.1" with a major version of at most `newest`.
Result<> check_version(std::string_view field, std::string_view text, std::string_view newest) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  std::string_view major(text.begin(), end);
  const std::string_view rest = text.substr(major.size());
  const bool shape = !major.empty() && rest.size() > 1 && rest[0] == '.' &&
                     std::ranges::all_of(rest.substr(1), is_digit);
  if (!shape)
    return invalid(std::string(field) + ": " + quoted(text) + ": expected a version such as 2.1");
  while (major.size() > 1 && major[0] == '0') major.remove_prefix(1);
  if (major.size() > newest.size() || major > newest) {
    return Error(ErrorCode::kUnsupported, std::string(field) + ": " + quoted(text) +
                                              ": expected at most " + std::string(newest) + ".x");
  }
  return {};
}

Result<Metadata> parse_metadata(std::string_view text) {
  Headers headers = TRY(Headers::parse(text));
  const std::string* format = headers.find("Metadata-Version");
  if (format == nullptr) return invalid("no field \"Metadata-Version\"");
  TRY(check_version("Metadata-Version", *format, "2"));
  auto name = TRY(required<ProjectName>(headers, "Name"));
  auto version = TRY(required<Version>(headers, "Version"));
  auto requires_dist = TRY(each<Requirement>(headers, "Requires-Dist"));
  auto extras = TRY(each<ProjectName>(headers, "Provides-Extra"));
  std::optional<SpecifierSet> python;
  if (headers.find("Requires-Python") != nullptr)
    python = TRY(required<SpecifierSet>(headers, "Requires-Python"));
  std::vector<std::string> dynamic;
  for (const std::string_view field : headers.all("Dynamic")) dynamic.push_back(to_lower(field));
  return Metadata{.name = std::move(name),
                  .version = std::move(version),
                  .requires_dist = std::move(requires_dist),
                  .requires_python = std::move(python),
                  .provides_extra = std::move(extras),
                  .dynamic = std::move(dynamic),
                  .headers = std::move(headers)};
}

}  // namespace

Result<Metadata> Metadata::parse(std::string_view text) {
  Result<Metadata> parsed = parse_metadata(text);
  if (!parsed.ok()) return std::move(parsed).error().in("METADATA");
  return parsed;
}

std::string_view Metadata::summary() const {
  const std::string* value = headers.find("Summary");
  return value != nullptr ? std::string_view(*value) : "";
}

std::string_view Metadata::description() const {
  if (!headers.body().empty()) return headers.body();
  const std::string* value = headers.find("Description");
  return value != nullptr ? std::string_view(*value) : "";
}

namespace {

Result<WheelInfo> parse_wheel_info(std::string_view text) {
  const Headers headers = TRY(Headers::parse(text));
  WheelInfo out;
  const std::string* version = headers.find("Wheel-Version");
  if (version == nullptr) return invalid("no field \"Wheel-Version\"");
  TRY(check_version("Wheel-Version", *version, "1"));
  out.wheel_version = *version;
  if (const std::string* generator = headers.find("Generator"); generator != nullptr)
    out.generator = *generator;
  if (const std::string* build = headers.find("Build"); build != nullptr) out.build = *build;
  const std::string* pure = headers.find("Root-Is-Purelib");
  if (pure == nullptr) return invalid("no field \"Root-Is-Purelib\"");
  out.root_is_purelib = equal_no_case(*pure, "true");
  if (!out.root_is_purelib && !equal_no_case(*pure, "false"))
    return invalid("Root-Is-Purelib: " + quoted(*pure) + ": expected true or false");
  for (const std::string_view tag : headers.all("Tag"))
    for (Tag& one : TRY(parse_tags(tag))) out.tags.push_back(std::move(one));
  return out;
}

}  // namespace

Result<WheelInfo> WheelInfo::parse(std::string_view text) {
  Result<WheelInfo> parsed = parse_wheel_info(text);
  if (!parsed.ok()) return std::move(parsed).error().in("WHEEL");
  return parsed;
}

std::string WheelInfo::to_string() const {
  Headers headers;
  headers.add("Wheel-Version", wheel_version);
  if (!generator.empty()) headers.add("Generator", generator);
  headers.add("Root-Is-Purelib", root_is_purelib ? "true" : "false");
  for (const Tag& tag : tags) headers.add("Tag", tag.to_string());
  if (!build.empty()) headers.add("Build", build);
  return headers.to_string();
}

}  // namespace krait::pkg
