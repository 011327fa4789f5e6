// See offers.h.

#include "pkg/install/offers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace krait::pkg::install {

namespace {

// What decides between two wheels of a version.
struct Rank {
  bool is_kept;  // not yanked, and for this Python
  std::size_t tag;
  std::optional<BuildTag> build;

  bool is_better_than(const Rank& other) const {
    if (is_kept != other.is_kept) return is_kept;
    if (tag != other.tag) return tag < other.tag;
    return build > other.build;
  }
};

struct Slot {
  Offer offer;
  std::optional<Rank> rank = {};
  std::vector<std::string> others = {};  // tags of wheels that do not run here
};

// The version in the name of a source archive: "name-1.0.tar.gz".
std::optional<Version> source_version(std::string_view filename, const ProjectName& name) {
  constexpr auto kEnds = std::to_array<std::string_view>({".tar.gz", ".zip", ".tar.bz2", ".tgz"});
  for (const std::string_view end : kEnds) {
    if (!filename.ends_with(end)) continue;
    const std::string_view stem = filename.substr(0, filename.size() - end.size());
    const std::size_t dash = stem.rfind('-');
    if (dash == std::string_view::npos) return std::nullopt;
    if (normalize_name(stem.substr(0, dash)) != name.to_string()) return std::nullopt;
    Result<Version> version = Version::parse(stem.substr(dash + 1));
    if (version.ok()) return std::move(version).value();
  }
  return std::nullopt;
}

// At most three, then how many more there are.
std::string listed(const std::vector<std::string>& tags) {
  constexpr std::size_t kShown = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(tags.size(), kShown); ++i)
    out += (i == 0 ? "" : ", ") + tags[i];
  if (tags.size() > kShown) out += " and " + std::to_string(tags.size() - kShown) + " more";
  return out;
}

class Offers {
 public:
  Offers(const ProjectName& name, const TagSet& tags, const Version& python)
      : name_(name), tags_(tags), python_(python) {}

  void add(const IndexFile& file) {
    if (!file.filename.ends_with(".whl")) {
      if (const auto version = source_version(file.filename, name_)) slot(*version);
      return;
    }
    const Result<WheelFilename> wheel = WheelFilename::parse(file.filename);
    if (!wheel.ok() || wheel.value().name != name_) return;
    Slot& of = slot(wheel.value().version);
    const auto place = tags_.find_best(wheel.value().tags);
    if (!place) {
      of.others.push_back(wheel.value().tag_text);
      return;
    }
    const Rank rank{!file.yanked && file.supports_python(python_), *place, wheel.value().build};
    if (of.rank && !rank.is_better_than(*of.rank)) return;
    of.rank = rank;
    of.offer.file = file;
  }

  std::vector<Offer> take() {
    std::vector<Offer> out;
    for (Slot& of : slots_) {
      if (!of.rank)
        of.offer.unusable = of.others.empty()
                                ? "has no wheel, only source archives"
                                : "has no wheel for this platform, only " + listed(of.others);
      out.push_back(std::move(of.offer));
    }
    return out;
  }

 private:
  Slot& slot(const Version& version) {
    const auto [found, is_new] = places_.try_emplace(
        std::string(version.key().substr(0, version.key_order_end())), slots_.size());
    if (is_new) slots_.push_back({.offer = {.version = version}});
    return slots_[found->second];
  }

  const ProjectName& name_;
  const TagSet& tags_;
  const Version& python_;
  std::vector<Slot> slots_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

std::vector<Offer> offers_of(const IndexPage& page, const ProjectName& name, const TagSet& tags,
                             const Version& python) {
  Offers offers(name, tags, python);
  for (const IndexFile& file : page.files) offers.add(file);
  return offers.take();
}

resolve::Candidate candidate_of(const Offer& offer) {
  resolve::Candidate out{.version = offer.version, .file = offer.file.url};
  if (offer.file.requires_python) {
    Result<SpecifierSet> specifiers = SpecifierSet::parse(*offer.file.requires_python);
    if (specifiers.ok()) out.requires_python = std::move(specifiers).value();
  }
  out.yanked = offer.file.yanked;
  if (!offer.unusable.empty()) out.unusable = offer.unusable;
  return out;
}

std::string mismatch(const WheelFilename& wheel, const TagSet& tags) {
  if (tags.find_best(wheel.tags)) return {};
  return "is a wheel for " + wheel.tag_text + ", which does not run here" +
         (tags.tags().empty() ? std::string()
                              : " (expected " + tags.tags()[0].to_string() + " or the like)");
}

}  // namespace krait::pkg::install
