// Tests of pkg/version/specifier.h: PEP 440's clauses by table, the pre-release rule, messages.

#include "pkg/version/specifier.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

Version version(std::string_view text) { return Version::parse(text).value(); }

TEST(Specifier, ContainsWhatPep440Says) {
  struct Row {
    const char* specifiers;
    std::vector<const char*> inside;
    std::vector<const char*> outside;
  };
  const Row rows[] = {
      {"", {"1", "1.0a1", "1.0+x"}, {}},
      {"==1.1", {"1.1", "1.1.0", "1.1+x"}, {"1.1.post1", "1.1a1", "1.1.dev1", "1!1.1", "1.1.1"}},
      {"==1.1.*",
       {"1.1", "1.1.0", "1.1.5", "1.1a1", "1.1.dev1", "1.1.post1", "1.1.5rc1+x"},
       {"1.10", "1.2.dev0", "1!1.1", "1"}},
      {"==1.0.*", {"1", "1a1", "1.0.7"}, {"1.1"}},
      {"==1!1.*", {"1!1.3"}, {"1.3"}},
      {"==1.1a1.*", {"1.1a1", "1.1.0a1.dev2", "1.1a1.post3"}, {"1.1a10", "1.1", "1.1.post1"}},
      {"==1.1.post1.*", {"1.1.post1", "1.1.post1.dev3"}, {"1.1.post10", "1.1", "1.1a1.post1"}},
      {"==1.1+x.1", {"1.1+x.1", "1.1.0+X-01"}, {"1.1", "1.1+x", "1.1+x.1.0"}},
      {"!=1.1", {"1.1.post1", "1.0"}, {"1.1", "1.1+x"}},
      {"!=1.1+x", {"1.1", "1.1+y"}, {"1.1+x"}},
      {"!=1.1.*", {"1.2.dev0", "1.0.9"}, {"1.1", "1.1.post1", "1.1.dev1"}},
      {"~=2.2", {"2.2", "2.2.post1", "2.9.dev1"}, {"2.1", "3.0.dev0", "3", "2.2a1", "1!2.2"}},
      {"~=1.4.5a4", {"1.4.5a4", "1.4.5", "1.4.9"}, {"1.4.5a3", "1.5", "1.5.dev0"}},
      {"~=2.2.post3", {"2.2.post3", "2.3"}, {"2.2", "2.2.post2", "3"}},
      {"~=1.4.5.0", {"1.4.5", "1.4.5.9"}, {"1.4.6", "1.4.4"}},
      {"<=1.0", {"1.0", "1.0+x", "1.0a1", "0.9"}, {"1.0.post1", "1.0.post0.dev0", "1.0.1"}},
      {">=1.0", {"1.0", "1.0+x", "1.0.post1"}, {"1.0a1", "1.0.dev0", "0.9"}},
      {"<1.0", {"0.9", "0.9.post1", "0.9+x"}, {"1.0", "1.0a1", "1.0.dev0", "1.0a1.post1", "1.0+x"}},
      {"<1.0rc1", {"1.0b2", "1.0rc1.dev1", "1.0.dev0"}, {"1.0rc1", "1.0rc1+x", "1.0"}},
      {"<1.0.post1", {"1.0", "1.0a1", "1.0.post0"}, {"1.0.post1.dev0", "1.0.post1"}},
      {"<1.0.post1.dev2", {"1.0.post1.dev1", "1.0"}, {"1.0.post1.dev2", "1.0.post1"}},
      {">1.7",
       {"1.7.1", "1.7.0.1.dev0", "1.8a1"},
       {"1.7", "1.7.0.post1", "1.7+x", "1.7.post1.dev1"}},
      {">1.7.post2", {"1.7.1", "1.7.0.post3", "1.7.post3.dev0"}, {"1.7.0", "1.7.post2+x"}},
      {">1.0a1", {"1.0a2.dev0", "1.0", "1.0.post1"}, {"1.0a1", "1.0a1.post1", "1.0a1+x"}},
      {">1.0.dev1", {"1.0.dev2", "1.0a1", "1.0"}, {"1.0.dev1", "1.0.dev1+x"}},
      {"===1.0", {"1.0"}, {"1", "1.0.0", "1.0+x"}},
      {"===1.0RC1+X", {"1.0rc1+x"}, {"1.0rc1"}},
      {"===1.0-rc1", {}, {"1.0rc1"}},
      {"===wat*", {}, {"1.0"}},
      {"~=0.9, >=1.0, !=1.3.4.*, <2.0", {}, {"0.9", "1.0", "1.3.4"}},
      {" >= 1 , <2,, ", {"1", "1.9"}, {"2", "0"}},
      {">=1.99999999999999999999", {"1.100000000000000000000"}, {"1.99999999999999999998"}},
  };
  for (const auto& [text, inside, outside] : rows) {
    const Result<SpecifierSet> set = SpecifierSet::parse(text);
    ASSERT_TRUE(set.ok()) << set.error().message();
    for (const char* item : inside)
      EXPECT_TRUE(set.value().contains(version(item))) << text << " has " << item;
    for (const char* item : outside)
      EXPECT_FALSE(set.value().contains(version(item))) << text << " has not " << item;
  }
}

TEST(Specifier, SaysWhatIsWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"1.0",
       "\"1.0\" is no version specifier: expected one of ~= == != <= >= < > === and a version"},
      {"=1.0",
       "\"=1.0\" is no version specifier: expected one of ~= == != <= >= < > === and a version"},
      {"==", "\"==\": \"\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {">=1.*", "\">=1.*\" is no version specifier: .* needs == or != (PEP 440)"},
      {"~=1",
       "\"~=1\" is no version specifier: expected at least two numbers in its release, as in ~=1.2 "
       "(PEP 440)"},
      {">=1+x", "\">=1+x\" is no version specifier: a local part needs ==, != or === (PEP 440)"},
      {"==1+x.*",
       "\"==1+x.*\" is no version specifier: .* cannot follow a local or dev part (PEP 440)"},
      {"==1.dev1.*",
       "\"==1.dev1.*\" is no version specifier: .* cannot follow a local or dev part (PEP 440)"},
      {"===", "\"===\" is no version specifier: expected text without white space (PEP 440)"},
      {"===a b", "\"===a b\" is no version specifier: expected text without white space (PEP 440)"},
      {">=1 <2", "\">=1 <2\": \"1 <2\" is no version: unexpected \" <2\" (PEP 440)"},
      {">=1,x",
       "\"x\" is no version specifier: expected one of ~= == != <= >= < > === and a version"},
  };
  for (const auto& [text, message] : cases) {
    const Result<SpecifierSet> set = SpecifierSet::parse(text);
    ASSERT_FALSE(set.ok()) << text;
    EXPECT_EQ(set.error().message(), message);
  }
  std::string many;
  for (int i = 0; i < 1001; ++i) many += ">1,";
  EXPECT_EQ(SpecifierSet::parse(many).error().message(),
            "more than 1000 version specifiers in one set");
}

TEST(Specifier, IsWrittenAsItWasRead) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""}, {" >= 1.0 ,<2.0.0", ">=1.0,<2.0.0"}, {"== v1.*", "==v1.*"}, {"=== x", "===x"}};
  for (const auto& [text, written] : cases) {
    const SpecifierSet set = SpecifierSet::parse(text).value();
    EXPECT_EQ(set.to_string(), written);
    EXPECT_EQ(SpecifierSet::parse(written).value(), set);
  }
}

TEST(Specifier, SelectsPrereleasesByPolicy) {
  struct Row {
    const char* specifiers;
    const char* if_needed;
    const char* allow;
    const char* forbid;
  };
  const Row rows[] = {
      {">=1", "1 2", "1 1.5a1 2 3.dev1", "1 2"},
      {">=1.5a0", "1.5a1 2 3.dev1", "1.5a1 2 3.dev1", "2"},
      {">=1,!=3.dev1", "1 2", "1 1.5a1 2", "1 2"},
      {">2", "3.dev1", "3.dev1", ""},
      {">4", "", "", ""},
  };
  std::vector<Version> all;
  for (const char* text : {"0.5", "1", "1.5a1", "2", "3.dev1"}) all.push_back(version(text));
  for (const auto& [text, if_needed, allow, forbid] : rows) {
    const SpecifierSet set = SpecifierSet::parse(text).value();
    const auto selected = [&](Prereleases policy) {
      std::string out;
      for (const Version& item : set.select(all, policy))
        out += (out.empty() ? "" : " ") + item.to_string();
      return out;
    };
    EXPECT_EQ(selected(Prereleases::kIfNeeded), if_needed) << text;
    EXPECT_EQ(selected(Prereleases::kAllow), allow) << text;
    EXPECT_EQ(selected(Prereleases::kForbid), forbid) << text;
  }
}

}  // namespace
}  // namespace krait::pkg
