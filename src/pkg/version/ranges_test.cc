// Tests of pkg/version/ranges.h: against specifiers and against each other on random input, and how
// sets are shown.

#include "pkg/version/ranges.h"

#include <gtest/gtest.h>

#include "pkg/version/random_versions.h"

namespace krait::pkg {
namespace {

Version version(std::string_view text) { return Version::parse(text).value(); }
Ranges of(std::string_view text) { return Ranges::of(SpecifierSet::parse(text).value()); }

Ranges random_ranges(std::mt19937& random) {
  Ranges out = Ranges::of(random_specifiers(random));
  for (unsigned n = random() % 3; n > 0; --n) {
    const Ranges other = random() % 4 == 0 ? Ranges::only(random_version(random))
                                           : Ranges::of(random_specifiers(random));
    out = random() % 2 == 0 ? out.unite(other) : out.intersect(other.complement());
  }
  return out;
}

TEST(Ranges, AgreeWithSpecifiers) {
  std::mt19937 random(1);
  for (int round = 0; round < 10000; ++round) {
    const SpecifierSet set = random_specifiers(random);
    const Ranges ranges = Ranges::of(set);
    for (int i = 0; i < 20; ++i) {
      const Version item = random_version(random);
      ASSERT_EQ(ranges.contains(item), set.contains(item))
          << set.to_string() << " and " << item.to_string() << ": " << ranges.to_string();
    }
  }
}

// Every pair of single specifiers on versions close to them, not only random ones.
TEST(Ranges, AgreeWithEverySpecifierNearItsOwnVersion) {
  std::mt19937 random(2);
  std::vector<std::string> tails;
  for (const char* zero : {"", ".0", ".0.0", ".0.0.1", ".1"})
    for (const char* pre : {"", "a0", "a1", "a2", "b0", "rc9"})
      for (const char* post : {"", ".post0", ".post1", ".post2"})
        for (const char* dev : {"", ".dev0", ".dev1", ".dev2"})
          for (const char* local : {"", "+a", "+1"})
            tails.push_back(std::string(zero) + pre + post + dev + local);
  for (int round = 0; round < 500; ++round) {
    const Specifier specifier = random_specifier(random);
    const Ranges ranges = Ranges::of(specifier);
    const std::string base =
        specifier.find_version() ? specifier.find_version()->base_version().to_string() : "1";
    for (const std::string& tail : tails) {
      const Version item = version(base + tail);
      ASSERT_EQ(ranges.contains(item), specifier.contains(item))
          << specifier.to_string() << " and " << item.to_string();
    }
  }
}

TEST(Ranges, AreAnAlgebraOfSets) {
  std::mt19937 random(3);
  for (int round = 0; round < 4000; ++round) {
    const Ranges a = random_ranges(random);
    const Ranges b = random_ranges(random);
    const Ranges both = a.intersect(b);
    const Ranges either = a.unite(b);
    const Ranges not_a = a.complement();
    for (int i = 0; i < 10; ++i) {
      const Version item = random_version(random);
      ASSERT_EQ(both.contains(item), a.contains(item) && b.contains(item));
      ASSERT_EQ(either.contains(item), a.contains(item) || b.contains(item));
      ASSERT_EQ(not_a.contains(item), !a.contains(item));
    }
    // Equal sets have one form, so the laws hold for the forms.
    ASSERT_EQ(not_a.complement(), a);
    ASSERT_EQ(a.unite(not_a), Ranges::all());
    ASSERT_TRUE(a.intersect(not_a).is_empty());
    ASSERT_EQ(both.complement(), not_a.unite(b.complement()));
    ASSERT_EQ(both, b.intersect(a));
    ASSERT_EQ(a.intersect(either), a);
    ASSERT_TRUE(both.is_subset_of(a));
    ASSERT_TRUE(a.is_subset_of(either));
    ASSERT_EQ(a.is_subset_of(b), both == a);
    ASSERT_EQ(a.is_disjoint_from(b), both.is_empty());
    for (std::size_t i = 0; i < either.items().size(); ++i) {
      ASSERT_LT(either.items()[i].lower, either.items()[i].upper);
      if (i > 0) ASSERT_LT(either.items()[i - 1].upper, either.items()[i].lower);
    }
  }
}

TEST(Ranges, HaveOneFormForEachSet) {
  const std::pair<const char*, const char*> equal[] = {
      {">=0.dev0", ""},
      {"==1.*", ">=1.dev0,<2"},
      {"==1.0.*", ">=1.dev0,<1.1"},
      {"~=1.4.5", ">=1.4.5,==1.4.*"},
      {"<=1.0", "<1.0.post0"},
      {">1.0a1", ">=1.0a2.dev0"},
      {"==1.0a1.*", ">=1.0a1.dev0,<1.0a2.dev0"},
      {">1.0.dev1", ">=1.0.dev2"},
      {">1.post1", ">=1.post2.dev0"},
      {"==1.9.*", ">=1.9.dev0,<1.10"},
      {"==1.99999999999999999999.*", ">=1.99999999999999999999.dev0,<1.100000000000000000000"},
  };
  for (const auto& [a, b] : equal) EXPECT_EQ(of(a), of(b)) << a << " " << b;
  for (const char* text : {"<0", "<0.dev0", ">1,<1", ">=1,<1", "==1,!=1", ">1,<=1.0.post5", "===x",
                           "==1.*,==2.*", ">1.0,==1.0"})
    EXPECT_TRUE(of(text).is_empty()) << text << ": " << of(text).to_string();
  EXPECT_FALSE(of(">1.0,<1.0.0.0.0.1").is_empty());
  EXPECT_EQ(of("<1").unite(of("==1.*")).unite(of(">=2.dev0")), Ranges::all());
}

TEST(Ranges, KnowASingleVersion) {
  for (const char* text : {"1.0", "1", "0", "0.0", "0.dev0", "0.0.dev0", "1.0a1.post2.dev3+x.1"}) {
    const Ranges only = Ranges::only(version(text));
    EXPECT_TRUE(only.contains(version(text)));
    ASSERT_TRUE(only.find_only()) << text;
    EXPECT_EQ(only.find_only()->to_string(), text);
  }
  EXPECT_FALSE(Ranges::only(version("1.0")).contains(version("1.0.0")));
  EXPECT_FALSE(Ranges::only(version("1.0")).contains(version("1")));
  EXPECT_TRUE(Ranges::only(version("1.0")).is_subset_of(of("==1")));
  EXPECT_FALSE(of("==1").find_only());
  EXPECT_FALSE(Ranges::all().find_only());
  EXPECT_FALSE(Ranges().find_only());
}

TEST(Ranges, AreShownAsSpecifiers) {
  const std::pair<Ranges, const char*> cases[] = {
      {of(""), "*"},
      {Ranges(), "none"},
      {of(">=1.0"), ">=1.0"},
      {of(">1.0"), ">1.0"},
      {of("<1.0"), "<1.0"},
      {of("<=1.0"), "<=1.0"},
      {of("==1.0"), "==1.0"},
      {of("!=1.0"), "!=1.0"},
      {of("==1.0.*"), "==1.0.*"},
      {of("!=0.*"), ">=1.dev0"},
      {of("!=1.*"), "!=1.*"},
      {of("==1.0a1.*"), "==1.0a1.*"},
      {of("==1.0+x"), "==1.0+x"},
      {of("!=1.0+x"), "!=1.0+x"},
      {of("===1.0"), "===1.0"},
      {of("~=1.4.2"), ">=1.4.2,<1.5"},
      {of(">=1,!=1.5,!=1.7.*,<2"), ">=1,!=1.5,!=1.7.*,<2"},
      {of("==1.*,!=1.5"), "==1.*,!=1.5"},
      {of("<1.0rc1"), "<1.0rc1"},
      {of("<1.0.post1"), "<1.0.post1"},
      {of("<1").unite(of(">=2")), "<1 || >=2"},
      {of("==1").unite(of("==2")), "==1 || ==2"},
      {of(">=1.5").complement(), "<=1.5,!=1.5"},
      {of(">1.5").complement(), "<=1.5.post*"},
      {of(">=1.5a1").complement(), "<1.5a1"},
      {of("<1.5").complement(), ">=1.5.dev0"},
      {of("<=1.5").complement(), ">=1.5.post0.dev0"},
  };
  for (const auto& [ranges, text] : cases) EXPECT_EQ(ranges.to_string(), text);
}

TEST(Ranges, ShownSpecifiersMeanTheSame) {
  std::mt19937 random(4);
  int read_back = 0;
  for (int round = 0; round < 10000; ++round) {
    const Ranges ranges = Ranges::of(random_specifiers(random));
    std::string text = ranges.to_string();
    if (text == "none") continue;
    if (text == "*") text.clear();
    Ranges again = text.empty() ? Ranges::all() : Ranges();
    bool parsed = true;
    while (!text.empty()) {
      const std::size_t end = text.find(" || ");
      const Result<SpecifierSet> piece = SpecifierSet::parse(text.substr(0, end));
      parsed = parsed && piece.ok();
      if (piece.ok()) again = again.unite(Ranges::of(piece.value()));
      text.erase(0, end == std::string::npos ? end : end + 4);
    }
    if (!parsed) continue;  // ends that no specifier has
    ++read_back;
    ASSERT_EQ(again, ranges) << ranges.to_string();
  }
  EXPECT_GT(read_back, 5000);
}

}  // namespace
}  // namespace krait::pkg
