// How sets of versions are shown to people. See Ranges::to_string in ranges.h.

#include <utility>

#include "pkg/version/ranges.h"

namespace krait::pkg {

namespace {

using Kind = Cut::Kind;

Version least_version() {
  VersionParts parts;
  parts.release = {"0"};
  parts.dev = "0";
  return Version(std::move(parts));
}

// The operand X when the interval is that of `==X`: a version, or a prefix with `.*`.
std::optional<std::string> find_operand(const VersionRange& range) {
  if (range.lower.kind() != Kind::kBefore && range.lower.kind() != Kind::kStart)
    return std::nullopt;
  if (!range.upper.find_version()) return std::nullopt;
  const Version lower = range.lower.find_version() ? *range.lower.find_version() : least_version();
  if (equal_to(lower) == range) return lower.to_string();
  // From the start on, "<1" is plainer than "==0.*".
  if (range.lower.kind() == Kind::kStart) return std::nullopt;
  if (lower.parts().dev != "0" || lower.is_local()) return std::nullopt;
  VersionParts prefix = lower.parts();
  prefix.dev.reset();
  // The last number of the upper end's release is what was counted up, and so is not zero.
  if (!prefix.pre && !prefix.post) {
    std::size_t length = range.upper.find_version()->parts().release.size();
    const std::vector<Digits>& release = range.upper.find_version()->parts().release;
    while (length > 1 && release[length - 1] == "0") --length;
    prefix.release.resize(length, "0");
  }
  const Version version(std::move(prefix));
  if (with_prefix(version) == range) return version.to_string() + ".*";
  return std::nullopt;
}

std::string lower_text(const Cut& cut) {
  switch (cut.kind()) {
    case Kind::kStart:
    case Kind::kEnd:
      return {};
    case Kind::kBefore:
    case Kind::kBeforeSpelling:
      return ">=" + cut.find_version()->to_string();
    case Kind::kAfterPosts:
    case Kind::kAfterSpellings:
      return ">" + cut.find_version()->to_string();
  }
  std::unreachable();
}

std::string upper_text(const Cut& cut) {
  if (!cut.find_version()) return {};
  const Version& version = *cut.find_version();
  if (cut.kind() == Kind::kAfterPosts) return "<=" + version.to_string() + ".post*";
  if (cut.kind() == Kind::kAfterSpellings) return "<=" + version.to_string();
  if (version.is_local()) return "<" + version.to_string();
  VersionParts parts = version.parts();
  if (parts.dev == "0") {
    parts.dev.reset();
    if (parts.post == "0") {
      parts.post.reset();
      return "<=" + Version(std::move(parts)).to_string();
    }
    if (!parts.pre) return "<" + Version(std::move(parts)).to_string();
  }
  if (version.is_prerelease()) return "<" + version.to_string();
  // `<V` would leave out the pre-releases of V, which are in.
  return "<=" + version.to_string() + ",!=" + version.to_string();
}

void append(std::string& out, std::string_view clause) {
  if (!out.empty() && !clause.empty()) out += ',';
  out += clause;
}

}  // namespace

std::string Ranges::to_string() const {
  if (is_empty()) return "none";
  if (is_all()) return "*";
  std::string out;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i > 0) out += " || ";
    const VersionRange& first = items_[i];
    // Intervals with a hole between them that != can name are shown as one.
    std::string holes;
    while (i + 1 < items_.size()) {
      const auto hole = find_operand({items_[i].upper, items_[i + 1].lower});
      if (!hole) break;
      append(holes, "!=" + *hole);
      ++i;
    }
    std::string text;
    const Ranges single = between(first.lower, items_[i].upper);
    if (const auto operand = find_operand({first.lower, items_[i].upper}); operand) {
      text = "==" + *operand;
    } else if (const auto only = single.find_only(); only) {
      text = "===" + only->to_string();
    } else {
      text = lower_text(first.lower);
    }
    append(text, holes);
    if (!text.starts_with("==")) append(text, upper_text(items_[i].upper));
    out += text;
  }
  return out;
}

}  // namespace krait::pkg
