// See tags.h.

#include "pkg/wheel/tags.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

bool is_tag_part(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return is_alnum(c) || c == '_'; });
}

// The members of `a.b.c`.
Result<std::vector<std::string>> members(std::string_view set, std::string_view whole) {
  std::vector<std::string> out;
  for (bool more = true; more;) {
    more = set.contains('.');
    const std::string_view part = take_until(set, '.');
    if (!is_tag_part(part)) {
      return invalid(quoted(whole) +
                     " is no wheel tag: expected python-abi-platform, each of "
                     "letters, digits, _ and \".\" between alternatives (PEP 425)");
    }
    out.push_back(to_lower(part));
  }
  return out;
}

}  // namespace

Result<std::vector<Tag>> parse_tags(std::string_view text) {
  std::string_view rest = text;
  const auto pythons = TRY(members(take_until(rest, '-'), text));
  const auto abis = TRY(members(take_until(rest, '-'), text));
  const auto platforms = TRY(members(rest, text));
  // Each factor first: their product could wrap around.
  const std::size_t largest = std::max({pythons.size(), abis.size(), platforms.size()});
  if (largest > kMaxTags || pythons.size() * abis.size() * platforms.size() > kMaxTags)
    return invalid(quoted(text) + " stands for more than " + std::to_string(kMaxTags) +
                   " wheel tags");
  std::vector<Tag> out;
  for (const std::string& python : pythons)
    for (const std::string& abi : abis)
      for (const std::string& platform : platforms) out.push_back({python, abi, platform});
  return out;
}

TagSet::TagSet(std::vector<Tag> tags) : tags_(std::move(tags)) {
  for (std::size_t i = 0; i < tags_.size(); ++i) places_.emplace(tags_[i].to_string(), i);
}

TagSet TagSet::cpython3(int minor, std::span<const std::string_view> platforms) {
  std::vector<Tag> tags;
  const auto add = [&](const std::string& python, const std::string& abi) {
    for (const std::string_view platform : platforms)
      tags.push_back({python, abi, std::string(platform)});
  };
  const auto named = [](const char* prefix, int version) {
    return prefix + std::to_string(version);
  };
  std::vector<std::string> generic = {named("py3", minor), "py3"};
  for (int older = minor - 1; older >= 0; --older) generic.push_back(named("py3", older));

  const std::string own = named("cp3", minor);
  add(own, own);
  add(own, "abi3");
  add(own, "none");
  // The stable ABI began with 3.2.
  for (int older = minor - 1; older >= 2; --older) add(named("cp3", older), "abi3");
  for (const std::string& python : generic) add(python, "none");
  tags.push_back({own, "none", "any"});
  for (const std::string& python : generic) tags.push_back({python, "none", "any"});
  return TagSet(std::move(tags));
}

std::optional<std::size_t> TagSet::find_best(std::span<const Tag> tags) const {
  std::optional<std::size_t> best;
  for (const Tag& tag : tags) {
    const auto found = places_.find(tag.to_string());
    if (found != places_.end() && (!best || found->second < *best)) best = found->second;
  }
  return best;
}

}  // namespace krait::pkg
