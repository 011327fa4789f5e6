// Tests of pkg/resolve/states.h: sets of states against the sets of versions that they stand for.

#include "pkg/resolve/states.h"

#include <gtest/gtest.h>

#include <random>

namespace krait::pkg::resolve {
namespace {

TEST(States, HaveTheirNumbersForGood) {
  PackageStates sets;
  const auto of = [](const char* text) { return Ranges::of(SpecifierSet::parse(text).value()); };
  EXPECT_EQ(sets.selected(Ranges()), PackageStates::kNone);
  EXPECT_TRUE(sets.has_absent(PackageStates::kAll));
  EXPECT_TRUE(sets.versions(PackageStates::kAll).is_all());
  const StatesId selected = sets.selected(Ranges::all());
  EXPECT_FALSE(sets.has_absent(selected));
  EXPECT_EQ(sets.united(selected, sets.negated(selected)), PackageStates::kAll);
  const StatesId below = sets.selected(of("<2"));
  EXPECT_EQ(sets.selected(of(">=2.dev0")), sets.intersection(sets.negated(below), selected));
  // Cuts inside of it change nothing.
  sets.selected(of("==1.5"));
  EXPECT_EQ(sets.selected(of("<2")), below);
  EXPECT_EQ(sets.versions(below), of("<2"));
  EXPECT_TRUE(sets.is_subset(sets.selected(of("==1.5")), below));
}

// The plain twin: the versions and "absent" side by side.
struct Twin {
  Ranges versions;
  bool absent;
  StatesId states;
};

TEST(States, AgreeWithRanges) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    PackageStates sets;
    std::vector<Twin> twins;
    for (int step = 0; step < 400; ++step) {
      static constexpr const char* kOperators[] = {">=", "<", "==", "!=", ">", "<=", "~="};
      // More cuts than one word of bits has, in the later steps.
      const std::string text = kOperators[below(7)] + std::to_string(below(9)) + "." +
                               std::to_string(below(9)) + (below(5) == 0 ? "rc1" : "");
      Twin made{Ranges::of(SpecifierSet::parse(text).value()), false, 0};
      made.states = sets.selected(made.versions);
      if (twins.size() > 1) {
        const Twin& a = twins[below(twins.size())];
        const Twin& b = twins[below(twins.size())];
        ASSERT_EQ(sets.is_subset(a.states, b.states),
                  (!a.absent || b.absent) && a.versions.is_subset_of(b.versions));
        ASSERT_EQ(sets.is_disjoint(a.states, b.states),
                  !(a.absent && b.absent) && a.versions.is_disjoint_from(b.versions));
        ASSERT_EQ(a.states == b.states, a.absent == b.absent && a.versions == b.versions);
        switch (below(4)) {
          case 0:
            made = {a.versions.complement(), !a.absent, sets.negated(a.states)};
            break;
          case 1:
            made = {a.versions.intersect(b.versions), a.absent && b.absent,
                    sets.intersection(a.states, b.states)};
            break;
          case 2:
            made = {a.versions.unite(b.versions), a.absent || b.absent,
                    sets.united(a.states, b.states)};
            break;
          default:
            break;
        }
      }
      twins.push_back(std::move(made));
    }
    EXPECT_GT(sets.cuts().size(), 64U);
    for (const Twin& twin : twins) {
      ASSERT_EQ(sets.versions(twin.states), twin.versions) << seed;
      ASSERT_EQ(sets.has_absent(twin.states), twin.absent) << seed;
    }
  }
}

// A piece has all candidates in it or none.
TEST(States, PiecesSaySameAsRanges) {
  PackageStates sets;
  const StatesId some = sets.selected(Ranges::of(SpecifierSet::parse(">=1,!=1.5,<3").value()));
  for (const char* text : {"0.9", "1", "1.4", "1.5", "1.5.0", "1.5.post1", "2.9", "3.dev0", "3"}) {
    const Version version = Version::parse(text).value();
    std::size_t piece = 1;
    while (piece <= sets.cuts().size() && sets.cuts()[piece - 1].is_before(version)) ++piece;
    EXPECT_EQ(sets.has_piece(some, piece), sets.versions(some).contains(version)) << text;
  }
}

}  // namespace
}  // namespace krait::pkg::resolve
