// Ranges: a set of versions as sorted, disjoint intervals; what a resolver computes with.
//
// Guarantees: exact. Ranges::of(specifiers) has a version if and only if the specifiers contain it,
// and equal sets have equal intervals, so emptiness, equality and subset are decided by looking at
// them. Everything runs in time linear in the number of intervals.
//
// How: an interval lies between two cuts, a cut being a place between versions in the order of
// their keys (key.h). PEP 440's clauses need few kinds of cuts, because nearly every end is just
// before some version: what follows all local versions of 1.0 is 1.0.post0.dev0, what follows the
// post-releases of 1.0a1 is 1.0a2.dev0. Writing each such end as "before the next version" gives a
// place only one form. Two kinds of ends have no next version and stand for themselves: after the
// post-releases of 1.0 (1.0.0.0.1 comes closer the more zeros it has), and after 1.0+local.
// Versions that differ only in zeros at the end of their release (1.0, 1.0.0) are neighbours here,
// since `===` tells them apart; every other clause has all of them or none.
//
// Whether pre-releases are wanted is a rule about candidates and not part of a set: see
// SpecifierSet::select.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/version/specifier.h"
#include "pkg/version/version.h"

namespace krait::pkg {

// A place between versions.
class Cut {
 public:
  enum class Kind : unsigned char {
    kStart,           // before every version
    kBefore,          // before all spellings of the version
    kBeforeSpelling,  // before the version as it is spelt
    kAfterPosts,      // after all post-releases of a final release
    kAfterSpellings,  // after all spellings of a version with a local part
    kEnd,             // after every version
  };

  static Cut start() { return Cut(Kind::kStart, std::nullopt); }
  static Cut end() { return Cut(Kind::kEnd, std::nullopt); }
  static Cut before(const Version& version);
  static Cut before_spelling(const Version& version);
  static Cut after_spelling(const Version& version);
  static Cut after_locals(const Version& version);
  static Cut after_posts(const Version& version);
  static Cut after_spellings(const Version& version) { return Cut(Kind::kAfterSpellings, version); }

  Kind kind() const { return kind_; }
  // Empty for start and end.
  const std::optional<Version>& find_version() const { return version_; }

  std::strong_ordering operator<=>(const Cut& other) const;
  bool operator==(const Cut& other) const { return std::is_eq(*this <=> other); }
  // Whether the version comes after this place.
  bool is_before(const Version& version) const;

 private:
  Cut(Kind kind, std::optional<Version> version)
      : kind_(kind), version_(std::move(version)), beginning_(beginning(key())) {}

  // A byte string: a piece of the version's key and perhaps one byte more.
  struct Key {
    std::string_view head;
    std::string_view tail;
  };
  Key key() const;
  static std::strong_ordering compare(Key a, Key b);
  // The first bytes of the key as a number, which decides most comparisons: where it differs, the
  // keys are in its order. No byte counts as 0.
  static std::uint64_t beginning(Key key);

  Kind kind_;
  std::optional<Version> version_;
  std::uint64_t beginning_;
};

// The versions between two places; never empty.
struct VersionRange {
  Cut lower;
  Cut upper;
  bool operator==(const VersionRange&) const = default;
};

class Ranges {
 public:
  // The empty set.
  Ranges() = default;
  static Ranges all() { return Ranges({{Cut::start(), Cut::end()}}); }
  // That version, in that spelling.
  static Ranges only(const Version& version);
  static Ranges between(Cut lower, Cut upper);
  static Ranges of(const Specifier& specifier);
  static Ranges of(const SpecifierSet& specifiers);

  const std::vector<VersionRange>& items() const { return items_; }
  bool is_empty() const { return items_.empty(); }
  bool is_all() const { return *this == all(); }
  bool contains(const Version& version) const;
  // The version when this is only() one.
  std::optional<Version> find_only() const;

  // Adds an interval that lies after all others, with something between.
  void push_back(VersionRange item) { items_.push_back(std::move(item)); }

  Ranges complement() const;
  Ranges intersect(const Ranges& other) const;
  Ranges unite(const Ranges& other) const;
  bool is_subset_of(const Ranges& other) const;
  bool is_disjoint_from(const Ranges& other) const;

  bool operator==(const Ranges&) const = default;

  // For people, as specifiers: ">=1,!=1.5,<2"; alternatives stand between " || ". "*" is every
  // version, "none" no version. A Ranges::of(specifiers) is shown by specifiers that mean the same;
  // the ends "<=1.0.post*" (which `>1.0` leaves) and those at a local part are no specifiers.
  std::string to_string() const;

 private:
  explicit Ranges(std::vector<VersionRange> items) : items_(std::move(items)) {}

  std::vector<VersionRange> items_;  // ascending, with something between any two
};

// The versions of `==V` and of `==V.*`.
VersionRange equal_to(const Version& version);
VersionRange with_prefix(const Version& version);

}  // namespace krait::pkg
