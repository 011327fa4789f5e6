// Tests of pkg/version/version.h: spellings by table, messages, and the order against a plain twin.

#include "pkg/version/version.h"

#include <gtest/gtest.h>

#include "pkg/version/random_versions.h"

namespace krait::pkg {
namespace {

Version version(std::string_view text) {
  Result<Version> parsed = Version::parse(text);
  EXPECT_TRUE(parsed.ok()) << parsed.error().message();
  return std::move(parsed).value();
}

TEST(Version, HasOneNormalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"1", "1"},
      {"1.0", "1.0"},
      {"  v1.0\n", "1.0"},
      {"V1.0", "1.0"},
      {"01.002.0003", "1.2.3"},
      {"0!1", "1"},
      {"00012!1", "12!1"},
      {"v2!3.4", "2!3.4"},
      {"1.1RC1", "1.1rc1"},
      {"1.1c1", "1.1rc1"},
      {"1.1-pre_2", "1.1rc2"},
      {"1.1.preview", "1.1rc0"},
      {"1.1alpha1", "1.1a1"},
      {"1.1_a.1", "1.1a1"},
      {"1.1a", "1.1a0"},
      {"1.1Beta-2", "1.1b2"},
      {"1.1b00", "1.1b0"},
      {"1.0-1", "1.0.post1"},
      {"1.0.post", "1.0.post0"},
      {"1.0post2", "1.0.post2"},
      {"1.0-r4", "1.0.post4"},
      {"1.0.rev_5", "1.0.post5"},
      {"1.0a1-2", "1.0a1.post2"},
      {"1.0a--1", "1.0a0.post1"},
      {"1.0a.post1", "1.0a0.post1"},
      {"1.0dev", "1.0.dev0"},
      {"1.0_DEV-4", "1.0.dev4"},
      {"1.0a.dev", "1.0a0.dev0"},
      {"1.0rc1.post2.dev3", "1.0rc1.post2.dev3"},
      {"1.0+Ubuntu-1_2.007", "1.0+ubuntu.1.2.7"},
      {"1.0+0a.0", "1.0+0a.0"},
      {"1.0.dev1+x", "1.0.dev1+x"},
      {"1.99999999999999999999", "1.99999999999999999999"},
      {"1.00000000000000000000000000000000000000000000000000000001", "1.1"},
      {"20240101.123456789012345678901234567890", "20240101.123456789012345678901234567890"},
  };
  for (const auto& [text, normal] : cases) {
    EXPECT_EQ(version(text).to_string(), normal) << text;
    EXPECT_EQ(version(normal).to_string(), normal);
    EXPECT_EQ(version(normal), version(text));
  }
  EXPECT_EQ(version(" V1.0-1\t").original(), "V1.0-1");
}

TEST(Version, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "\"\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {"v", "\"v\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {"french toast",
       "\"french toast\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {"1!", "\"1!\" is no version: expected a release such as 1.2.3 after the epoch (PEP 440)"},
      {"1.0.", "\"1.0.\" is no version: unexpected \".\" (PEP 440)"},
      {"1..0", "\"1..0\" is no version: unexpected \"..0\" (PEP 440)"},
      {"1.0 a1", "\"1.0 a1\" is no version: unexpected \" a1\" (PEP 440)"},
      {"1.0+", "\"1.0+\" is no version: expected letters or digits in its local part (PEP 440)"},
      {"1.0+a+b", "\"1.0+a+b\" is no version: unexpected \"+b\" (PEP 440)"},
      {"1.0+a..b",
       "\"1.0+a..b\" is no version: expected letters or digits in its local part (PEP 440)"},
      {"1.0.dev1.post1", "\"1.0.dev1.post1\" is no version: unexpected \".post1\" (PEP 440)"},
      {"1.0post1a1", "\"1.0post1a1\" is no version: unexpected \"a1\" (PEP 440)"},
      {"1.*", "\"1.*\" is no version: unexpected \".*\" (PEP 440)"},
      {"-1", "\"-1\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {"\xd9\xa1", "\"\xd9\xa1\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {std::string("1.0\0", 4), "\"1.0\\x00\" is no version: unexpected \"\\x00\" (PEP 440)"},
      {"1." + std::string(151, '9'),
       "\"1." + std::string(78, '9') +
           "\"... is no version: a number has 151 digits, expected at most 150 (PEP 440)"},
      {std::string(5000, '1'), "\"" + std::string(40, '1') +
                                   "\"... is no version: it has 5000 characters, expected at most "
                                   "4096"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Version> parsed = Version::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().message(), message);
  }
}

TEST(Version, OrdersAsPep440) {
  // Each row holds equal versions, and is less than the next.
  const std::vector<std::vector<const char*>> ascending = {
      {"0.dev0", "0.0.dev0", "0!0.dev0"},
      {"0", "0.0"},
      {"0.1"},
      {"1.dev0", "1.0.dev0"},
      {"1.0.dev456"},
      {"1.0a1.dev1"},
      {"1.0a1", "1a1", "1.0.0alpha1"},
      {"1.0a1+local"},
      {"1.0a1.post0.dev1"},
      {"1.0a1.post0"},
      {"1.0a2.dev456"},
      {"1.0a2"},
      {"1.0a12.dev456"},
      {"1.0a12"},
      {"1.0b1.dev456"},
      {"1.0b2"},
      {"1.0b2.post345.dev456"},
      {"1.0b2.post345", "1.0b2-345"},
      {"1.0rc1.dev456"},
      {"1.0rc1", "1.0c1"},
      {"1.0", "1", "1.0.0", "v1.0"},
      {"1.0+abc.5"},
      {"1.0+abc.7"},
      {"1.0+abd"},
      {"1.0+5", "1.0+05"},
      {"1.0+5.0"},
      {"1.0+10"},
      {"1.0.post456.dev34"},
      {"1.0.post456"},
      {"1.0.15"},
      {"1.1.dev1"},
      {"1.1"},
      {"1.10"},
      {"1.99999999999999999998"},
      {"1.99999999999999999999"},
      {"2"},
      {"1!0.1"},
      {"1!1.0"},
      {"2!0"},
  };
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (const char* a : ascending[i]) {
      for (std::size_t j = 0; j < ascending.size(); ++j) {
        for (const char* b : ascending[j]) {
          EXPECT_EQ(version(a) <=> version(b), std::weak_ordering(i <=> j)) << a << " " << b;
          EXPECT_EQ(version(a) == version(b), i == j) << a << " " << b;
        }
      }
    }
  }
}

TEST(Version, KnowsWhatKindItIs) {
  struct Row {
    const char* text;
    bool pre, post, local;
  };
  for (const auto& [text, pre, post, local] : {Row{"1.0", false, false, false},
                                               {"1.0a1", true, false, false},
                                               {"1.0.dev1", true, false, false},
                                               {"1.0.post1", false, true, false},
                                               {"1.0.post1.dev1", true, true, false},
                                               {"1.0+x", false, false, true}}) {
    EXPECT_EQ(version(text).is_prerelease(), pre) << text;
    EXPECT_EQ(version(text).is_postrelease(), post) << text;
    EXPECT_EQ(version(text).is_local(), local) << text;
  }
  EXPECT_EQ(version("2!1.0a1.post2.dev3+x.1").public_version().to_string(), "2!1.0a1.post2.dev3");
  EXPECT_EQ(version("2!1.0a1.post2.dev3+x.1").base_version().to_string(), "2!1.0");
}

TEST(Version, CountsOn) {
  const std::pair<const char*, const char*> cases[] = {{"0", "1"}, {"9", "10"}, {"199", "200"}};
  for (const auto& [number, next] : cases) EXPECT_EQ(next_number(number), next);
}

// PEP 440, "Summary of permitted suffixes and relative ordering", read part by part.
std::weak_ordering plain_order(const Version& left, const Version& right) {
  const VersionParts& a = left.parts();
  const VersionParts& b = right.parts();
  const auto number = [](const std::string& digits) { return std::stoll(digits); };
  if (const auto order = number(a.epoch) <=> number(b.epoch); std::is_neq(order)) return order;
  for (std::size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
    const auto at = [&](const VersionParts& v) {
      return i < v.release.size() ? number(v.release[i]) : 0;
    };
    if (const auto order = at(a) <=> at(b); std::is_neq(order)) return order;
  }
  const auto pre = [&](const VersionParts& v) -> std::pair<int, long long> {
    if (v.pre) return {static_cast<int>(v.pre->kind), number(v.pre->number)};
    return {v.dev && !v.post ? -1 : 3, 0};
  };
  if (const auto order = pre(a) <=> pre(b); std::is_neq(order)) return order;
  const auto post = [&](const VersionParts& v) { return v.post ? number(*v.post) : -1; };
  if (const auto order = post(a) <=> post(b); std::is_neq(order)) return order;
  const auto dev = [&](const VersionParts& v) { return v.dev ? number(*v.dev) : 1000000; };
  if (const auto order = dev(a) <=> dev(b); std::is_neq(order)) return order;
  for (std::size_t i = 0; i < std::min(a.local.size(), b.local.size()); ++i) {
    const bool a_counts = isdigit(a.local[i].back()) && isdigit(a.local[i][0]);
    const bool b_counts = isdigit(b.local[i].back()) && isdigit(b.local[i][0]);
    if (a_counts != b_counts) return a_counts <=> b_counts;
    const auto order = a_counts ? std::strong_ordering(number(a.local[i]) <=> number(b.local[i]))
                                : a.local[i] <=> b.local[i];
    if (std::is_neq(order)) return order;
  }
  return a.local.size() <=> b.local.size();
}

TEST(Version, KeysOrderAsThePlainTwin) {
  std::mt19937 random(440);
  for (int round = 0; round < 50000; ++round) {
    const Version a = random_version(random);
    const Version b = random_version(random);
    ASSERT_EQ(a <=> b, plain_order(a, b)) << a.to_string() << " " << b.to_string();
    ASSERT_EQ(Version::parse(a.to_string()).value(), a) << a.to_string();
  }
}

}  // namespace
}  // namespace krait::pkg
