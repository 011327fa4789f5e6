// See filename.h.

#include "pkg/wheel/filename.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

Error wrong(std::string_view text, std::string_view what) {
  return invalid(quoted(text) + " is no wheel's file name: " + std::string(what) + " (PEP 427)");
}

Result<BuildTag> parse_build(std::string_view text, std::string_view whole) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  std::string_view digits(text.begin(), end);
  if (digits.empty())
    return wrong(whole, "the build tag " + quoted(text) + " does not begin with a digit");
  BuildTag out{.number = {}, .text = std::string(text.substr(digits.size()))};
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  out.number = digits;
  return out;
}

}  // namespace

std::strong_ordering BuildTag::operator<=>(const BuildTag& other) const {
  if (const auto order = number.size() <=> other.number.size(); std::is_neq(order)) return order;
  if (const auto order = number <=> other.number; std::is_neq(order)) return order;
  return text <=> other.text;
}

Result<WheelFilename> WheelFilename::parse(std::string_view text) {
  if (text.size() > kMaxLength)
    return wrong(text, "it is longer than " + std::to_string(kMaxLength) + " characters");
  if (!text.ends_with(".whl")) return wrong(text, "expected .whl at its end");
  std::string_view rest = text.substr(0, text.size() - 4);
  const auto dashes = std::ranges::count(rest, '-');
  if (dashes != 4 && dashes != 5)
    return wrong(text, "expected name-version[-build]-python-abi-platform.whl");
  const std::string_view name_text = take_until(rest, '-');
  // "_" stands for the "-" that a file name may not have: 1.0_1 is 1.0-1.
  std::string version_text(take_until(rest, '-'));
  std::ranges::replace(version_text, '_', '-');
  Result<ProjectName> name = ProjectName::parse(name_text);
  if (!name.ok()) return std::move(name).error().in(quoted(text));
  Result<Version> version = Version::parse(version_text);
  if (!version.ok()) return std::move(version).error().in(quoted(text));
  std::optional<BuildTag> build;
  if (dashes == 5) build = TRY(parse_build(take_until(rest, '-'), text));
  Result<std::vector<Tag>> tags = parse_tags(rest);
  if (!tags.ok()) return std::move(tags).error().in(quoted(text));
  return WheelFilename{.name = std::move(name).value(),
                       .version = std::move(version).value(),
                       .build = std::move(build),
                       .tag_text = std::string(rest),
                       .tags = std::move(tags).value()};
}

std::string WheelFilename::to_string() const {
  std::string out = name.file_form() + "-" + version.to_string();
  if (build) out += "-" + build->number + build->text;
  return out + "-" + tag_text + ".whl";
}

std::string WheelFilename::dist_info() const {
  return name.file_form() + "-" + version.to_string() + ".dist-info";
}

}  // namespace krait::pkg
