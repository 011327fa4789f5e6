// Which candidates of a project count and which is best: the second half of universe.h.

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/quote.h"
#include "pkg/resolve/universe.h"

namespace krait::pkg::resolve {

namespace {

bool is_pin(const Specifier& specifier, const Version& version) {
  const bool equality =
      specifier.op() == Operator::kEqual || specifier.op() == Operator::kArbitrary;
  return equality && !specifier.is_prefix() && specifier.contains(version);
}

// Its place cannot be taken by a rule about what indexes offer.
bool is_given(const Entry& entry) { return entry.origin != Origin::kIndex; }

}  // namespace

void Universe::add_entry(Project& project, Candidate candidate, Origin origin, std::size_t index) {
  const auto place = std::ranges::partition_point(
      project.entries, [&](const auto& entry) { return entry->data.version < candidate.version; });
  if (place != project.entries.end() && (*place)->data.version == candidate.version) return;
  project.has_hidden = project.has_hidden || candidate.version.is_prerelease() || candidate.yanked;
  auto made = std::make_unique<Entry>(Entry{std::move(candidate), origin, index});
  if (origin == Origin::kInstalled || origin == Origin::kLock)
    project.preferred.push_back(made.get());
  project.entries.insert(place, std::move(made));
}

void Universe::update_visibility(Project& project) {
  ++project.revision;
  if (!project.has_hidden) return;
  std::vector<char> fits_none;  // of each set asked: no usable final release is in it
  for (const SpecifiersId asked : project.asked) {
    const bool any = std::ranges::any_of(project.entries, [&](const auto& entry) {
      return !entry->data.version.is_prerelease() && !entry->data.unusable && !entry->data.yanked &&
             fits_python(*entry) && ranges(asked).contains(entry->data.version);
    });
    fits_none.push_back(!any);
  }
  const bool named = std::ranges::any_of(
      project.asked, [&](SpecifiersId asked) { return specifiers(asked).names_prerelease(); });
  for (const auto& entry : project.entries) {
    const Version& version = entry->data.version;
    bool visible = true;
    if (version.is_prerelease() && !is_given(*entry) &&
        request_.prereleases != Prereleases::kAllow) {
      visible = request_.prereleases == Prereleases::kIfNeeded && named;
      if (request_.prereleases == Prereleases::kIfNeeded && project.is_complete())
        for (std::size_t i = 0; i < project.asked.size() && !visible; ++i)
          visible = fits_none[i] && ranges(project.asked[i]).contains(version);
    }
    if (entry->data.yanked && !is_given(*entry))
      visible = visible && std::ranges::any_of(project.asked, [&](SpecifiersId asked) {
                  return std::ranges::any_of(
                      specifiers(asked).items(),
                      [&](const Specifier& specifier) { return is_pin(specifier, version); });
                });
    if (visible && !entry->visible && entry->denied) must_restart_ = true;
    entry->visible = visible;
  }
}

bool Universe::prefers_known(const Project& project, const Entry& entry) const {
  return entry.origin == Origin::kLock ||
         (!request_.upgrade_all && !request_.upgrade.contains(project.name));
}

bool Universe::fits_python(const Entry& entry) const {
  return !entry.data.requires_python || entry.data.requires_python->contains(python_);
}

bool Universe::needs_page(PackageId package, const Ranges& wanted) const {
  const Project& of = project(package);
  if (of.is_complete()) return false;
  return std::ranges::none_of(of.preferred, [&](const Entry* entry) {
    return prefers_known(of, *entry) && wanted.contains(entry->data.version);
  });
}

std::vector<Entry*> Universe::best(const Project& project, const std::vector<Entry*>& among,
                                   std::size_t limit) const {
  std::vector<Entry*> out;
  const auto take = [&](Entry* entry) {
    if (out.size() < limit && entry->visible && !entry->data.unusable &&
        std::ranges::find(out, entry) == out.end())
      out.push_back(entry);
  };
  for (Entry* entry : project.preferred)
    if (prefers_known(project, *entry) && std::ranges::find(among, entry) != among.end())
      take(entry);
  for (const bool yanked : {false, true})
    for (Entry* entry : std::views::reverse(among))
      if (entry->data.yanked.has_value() == yanked) take(entry);
  return out;
}

std::uint32_t Universe::count(const std::vector<Entry*>& among) {
  return static_cast<std::uint32_t>(std::ranges::count_if(
      among, [](const Entry* entry) { return entry->visible && !entry->data.unusable; }));
}

std::string Universe::deny(const std::vector<Entry*>& among) {
  static constexpr std::size_t kMostReasons = 4;
  std::string out;
  std::size_t reasons = 0;
  const auto add = [&](const Entry& entry, const std::string& what) {
    if (++reasons > kMostReasons) return;
    out += (out.empty() ? "" : ", ") + entry.data.version.to_string() + " " + what;
  };
  for (Entry* entry : std::views::reverse(among)) {
    entry->denied = true;
    if (entry->data.unusable) {
      add(*entry, *entry->data.unusable);
    } else if (entry->data.yanked) {
      add(*entry,
          entry->data.yanked->empty() ? "is yanked" : "is yanked: " + quoted(*entry->data.yanked));
    } else if (!entry->visible) {
      add(*entry, "is a pre-release");
    }
  }
  if (reasons > kMostReasons) out += " and " + std::to_string(reasons - kMostReasons) + " more";
  return out;
}

}  // namespace krait::pkg::resolve
