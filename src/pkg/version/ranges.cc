// See ranges.h. Here: cuts, what specifiers mean, set algebra. ranges_text.cc shows sets.

#include "pkg/version/ranges.h"

#include <algorithm>
#include <utility>

#include "pkg/version/key.h"

namespace krait::pkg {

namespace {

// The version with other parts after its release, and without a local part.
template <typename Change>
Version changed(const Version& version, Change change) {
  VersionParts parts = version.parts();
  parts.local.clear();
  change(parts);
  return Version(std::move(parts));
}

// The first version there is.
bool is_least(const Version& version) {
  static constexpr char kLeast[] = {static_cast<char>(key::kNumber), key::kDevOnly,
                                    static_cast<char>(key::kNumber), key::kEnd};
  return version.key().substr(0, version.key_order_end()) ==
         std::string_view(kLeast, sizeof kLeast);
}

// A spelling with the fewest zeros: 1, but 0 keeps one.
bool is_shortest_spelling(const Version& version) {
  const std::vector<Digits>& release = version.parts().release;
  return release.size() == 1 || release.back() != "0";
}

}  // namespace

Cut Cut::before(const Version& version) {
  return is_least(version) ? start() : Cut(Kind::kBefore, version);
}

Cut Cut::before_spelling(const Version& version) {
  return is_shortest_spelling(version) ? before(version) : Cut(Kind::kBeforeSpelling, version);
}

Cut Cut::after_spelling(const Version& version) {
  VersionParts parts = version.parts();
  parts.release.emplace_back("0");
  return Cut(Kind::kBeforeSpelling, Version(std::move(parts)));
}

Cut Cut::after_locals(const Version& version) {
  return before(changed(version, [](VersionParts& parts) {
    if (parts.dev) {
      parts.dev = next_number(*parts.dev);
    } else {
      parts.post = parts.post ? next_number(*parts.post) : "0";
      parts.dev = "0";
    }
  }));
}

Cut Cut::after_posts(const Version& version) {
  if (version.parts().dev) return after_locals(version);  // has no post-releases
  if (!version.parts().pre) return Cut(Kind::kAfterPosts, version);
  return before(changed(version, [](VersionParts& parts) {
    parts.pre->number = next_number(parts.pre->number);
    parts.post.reset();
    parts.dev = "0";
  }));
}

Cut::Key Cut::key() const {
  static constexpr char kAfterFinal[] = {key::kAfterFinal};
  switch (kind_) {
    case Kind::kStart:
      return {};
    case Kind::kBefore:
      return {version_->key().substr(0, version_->key_order_end()), {}};
    case Kind::kBeforeSpelling:
      return {version_->key(), {}};
    case Kind::kAfterPosts:
      return {version_->key().substr(0, version_->key_release_end()), {kAfterFinal, 1}};
    case Kind::kAfterSpellings:
      return {version_->key().substr(0, version_->key_order_end()), "\xff"};
    case Kind::kEnd:
      return {{}, "\xff"};
  }
  std::unreachable();
}

std::strong_ordering Cut::compare(Key a, Key b) {
  const std::size_t shared = std::min(a.head.size(), b.head.size());
  if (const auto order = a.head.substr(0, shared) <=> b.head.substr(0, shared); std::is_neq(order))
    return order;
  // At least one head is used up; what is left of both, byte by byte.
  const auto left = [](const Key& key) { return key.head.size() + key.tail.size(); };
  const auto at = [](const Key& key, std::size_t place) {
    return static_cast<unsigned char>(place < key.head.size() ? key.head[place]
                                                              : key.tail[place - key.head.size()]);
  };
  for (std::size_t i = shared; i < left(a) && i < left(b); ++i)
    if (const auto order = at(a, i) <=> at(b, i); std::is_neq(order)) return order;
  return left(a) <=> left(b);
}

std::uint64_t Cut::beginning(Key key) {
  std::uint64_t out = 0;
  int room = 8;
  for (const std::string_view part : {key.head, key.tail})
    for (std::size_t i = 0; i < part.size() && room > 0; ++i)
      out |= std::uint64_t{static_cast<unsigned char>(part[i])} << (8 * --room);
  return out;
}

std::strong_ordering Cut::operator<=>(const Cut& other) const {
  if (beginning_ != other.beginning_) return beginning_ <=> other.beginning_;
  return compare(key(), other.key());
}

bool Cut::is_before(const Version& version) const {
  const std::uint64_t theirs = beginning({version.key(), {}});
  if (beginning_ != theirs) return beginning_ < theirs;
  return std::is_lteq(compare(key(), {version.key(), {}}));
}

VersionRange equal_to(const Version& version) {
  return {Cut::before(version),
          version.is_local() ? Cut::after_spellings(version) : Cut::after_locals(version)};
}

VersionRange with_prefix(const Version& version) {
  const auto next = [](VersionParts& parts) {
    Digits& last = parts.post ? *parts.post : parts.pre ? parts.pre->number : parts.release.back();
    last = next_number(last);
    parts.dev = "0";
  };
  return {Cut::before(changed(version, [](VersionParts& parts) { parts.dev = "0"; })),
          Cut::before(changed(version, next))};
}

Ranges Ranges::only(const Version& version) {
  return between(Cut::before_spelling(version), Cut::after_spelling(version));
}

Ranges Ranges::between(Cut lower, Cut upper) {
  if (lower >= upper) return {};
  return Ranges({{std::move(lower), std::move(upper)}});
}

Ranges Ranges::of(const Specifier& specifier) {
  const std::optional<Version>& version = specifier.find_version();
  if (!version) return {};
  const auto equality = [&] {
    auto [lower, upper] = specifier.is_prefix() ? with_prefix(*version) : equal_to(*version);
    return between(std::move(lower), std::move(upper));
  };
  switch (specifier.op()) {
    case Operator::kEqual:
      return equality();
    case Operator::kNotEqual:
      return equality().complement();
    case Operator::kLessEqual:
      return between(Cut::start(), Cut::after_locals(*version));
    case Operator::kGreaterEqual:
      return between(Cut::before(*version), Cut::end());
    case Operator::kLess:
      return between(
          Cut::start(),
          Cut::before(version->is_prerelease()
                          ? *version
                          : changed(*version, [](VersionParts& parts) { parts.dev = "0"; })));
    case Operator::kGreater:
      return between(
          version->is_postrelease() ? Cut::after_locals(*version) : Cut::after_posts(*version),
          Cut::end());
    case Operator::kCompatible: {
      VersionParts prefix;
      prefix.epoch = version->parts().epoch;
      prefix.release = version->parts().release;
      prefix.release.pop_back();
      return between(Cut::before(*version), with_prefix(Version(std::move(prefix))).upper);
    }
    case Operator::kArbitrary:
      // Only when it is a normal form: a candidate's is what it is compared with.
      return specifier.contains(*version) ? only(*version) : Ranges();
  }
  std::unreachable();
}

Ranges Ranges::of(const SpecifierSet& specifiers) {
  Ranges out = all();
  for (const Specifier& specifier : specifiers.items()) out = out.intersect(of(specifier));
  return out;
}

bool Ranges::contains(const Version& version) const {
  // The first interval that ends after the version.
  const auto found = std::ranges::partition_point(
      items_, [&](const VersionRange& item) { return item.upper.is_before(version); });
  return found != items_.end() && found->lower.is_before(version);
}

std::optional<Version> Ranges::find_only() const {
  if (items_.size() != 1) return std::nullopt;
  const auto& [lower, upper] = items_[0];
  VersionParts parts;
  if (lower.find_version()) {
    parts = lower.find_version()->parts();
  } else {
    parts.release = {"0"};
    parts.dev = "0";
  }
  // The lower end may be known by a longer spelling than the one it stands before.
  if (lower.kind() != Cut::Kind::kBeforeSpelling)
    while (parts.release.size() > 1 && parts.release.back() == "0") parts.release.pop_back();
  Version version(std::move(parts));
  if (*this != only(version)) return std::nullopt;
  return version;
}

Ranges Ranges::complement() const {
  Ranges out;
  Cut lower = Cut::start();
  for (const VersionRange& item : items_) {
    if (lower < item.lower) out.items_.push_back({std::move(lower), item.lower});
    lower = item.upper;
  }
  if (lower < Cut::end()) out.items_.push_back({std::move(lower), Cut::end()});
  return out;
}

Ranges Ranges::intersect(const Ranges& other) const {
  Ranges out;
  for (auto a = items_.begin(), b = other.items_.begin();
       a != items_.end() && b != other.items_.end();) {
    const Cut& lower = std::max(a->lower, b->lower);
    const Cut& upper = std::min(a->upper, b->upper);
    if (lower < upper) out.items_.push_back({lower, upper});
    const auto order = a->upper <=> b->upper;
    if (std::is_lteq(order)) ++a;
    if (std::is_gteq(order)) ++b;
  }
  return out;
}

Ranges Ranges::unite(const Ranges& other) const {
  return complement().intersect(other.complement()).complement();
}

bool Ranges::is_subset_of(const Ranges& other) const {
  return std::ranges::all_of(items_, [&](const VersionRange& item) {
    const auto around = std::ranges::partition_point(
        other.items_, [&](const VersionRange& theirs) { return theirs.upper < item.upper; });
    return around != other.items_.end() && around->lower <= item.lower;
  });
}

// Without making the intersection: a resolver asks this more often than anything else.
bool Ranges::is_disjoint_from(const Ranges& other) const {
  for (auto a = items_.begin(), b = other.items_.begin();
       a != items_.end() && b != other.items_.end();) {
    if (a->upper <= b->lower) {
      ++a;
    } else if (b->upper <= a->lower) {
      ++b;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace krait::pkg
