// Tests of pkg/resolve/resolver.h: one scenario a row.

#include "pkg/resolve/resolver.h"

#include <gtest/gtest.h>

#include "pkg/resolve/world.h"

namespace krait::pkg::resolve {
namespace {

struct Scenario {
  const char* what;
  const char* world;
  const char* wanted;
  const char* answer;
  Request request = {};
};

std::string solve(const Scenario& scenario, bool full_pages) {
  World world(scenario.world);
  world.has_full_pages = full_pages;
  Result<Resolver> made = Resolver::make(test_request(scenario.wanted, scenario.request));
  if (!made.ok()) return made.error().message();
  Resolver resolver = std::move(made).value();
  std::string out = to_string(drive(world, resolver));
  EXPECT_EQ(to_string(resolver.advance()), out) << "asked again";
  return out;
}

void expect_all(std::span<const Scenario> scenarios) {
  for (const Scenario& scenario : scenarios)
    EXPECT_EQ(solve(scenario, false), scenario.answer) << scenario.what;
}

KnownPackage known(const char* name, const char* version, const char* needs = "") {
  return {ProjectName::parse(name).value(), Version::parse(version).value(), {requirements(needs)}};
}

TEST(Resolver, FindsSolutions) {
  const Scenario scenarios[] = {
      {"nothing is asked for", "a 1.0", "", ""},
      {"the newest", "a 1.0\na 2.0\na 1.5", "a", "a 2.0"},
      {"in the order of PEP 440", "a 9\na 10\na 10.post1", "a", "a 10.post1"},
      {"no dependency", "a 1.0", "a", "a 1.0"},
      {"dependencies of dependencies", "a 1 -> b\nb 1 -> c<2\nc 1\nc 2", "a", "a 1, b 1, c 1"},
      {"shared dependency", "a 1 -> s>=2,<4\nb 1 -> s>=3,<5\ns 2\ns 3\ns 3.5\ns 4\ns 5", "a | b",
       "a 1, b 1, s 3.5"},
      {"going back on one decision", "a 1\na 2 -> b>=2\nb 1", "a | b", "a 1, b 1"},
      {"going back on several",
       "foo 1 -> a==1 | b==1\nfoo 2 -> a==2 | b==2\nfoo 3 -> a==3 | b==3\n"
       "a 1\na 2\na 3\nb 1\nb 2 -> c>=9\nb 3 -> c>=9\nc 1",
       "foo", "a 1, b 1, foo 1"},
      {"the partial satisfier of PubGrub's description",
       "foo 1.1 -> left>=1 | right>=1\nfoo 1.0\nleft 1 -> shared>=1\nright 1 -> shared<2\n"
       "shared 2\nshared 1 -> target>=1\ntarget 2\ntarget 1",
       "foo | target>=2", "foo 1.1, left 1, right 1, shared 1, target 2"},
      {"a cycle", "a 1 -> b\nb 1 -> a", "a", "a 1, b 1"},
      {"a cycle with versions", "a 1 -> b==1\na 2 -> b==2\nb 1 -> a==1\nb 2 -> a==1", "a",
       "a 1, b 1"},
      {"on itself", "a 1 -> a\na 2 -> a<2", "a", "a 1"},
      {"markers", "a 1 -> b; sys_platform == 'win32' | c; python_version >= '3.13'\nb 1\nc 1", "a",
       "a 1, c 1"},
      {"a marker of the user's", "a 1\nb 1", "a | b; os_name == 'nt'", "a 1"},
      {"names in any spelling", "a-b 1 -> C.d\nc-d 1", "A_b", "a-b 1, c-d 1"},
      {"requires-python", "a 1\na 2 py:>=3.14\na 3 py:<3", "a", "a 1"},
      {"=== takes one version", "a 1.0\na 1.0.post1", "a===1.0", "a 1.0"},
      {"versions without wheels are passed over",
       "a 1\na 2 unusable:has_no_wheel_for_this_platform", "a", "a 1"},
      {"metadata that cannot be had", "a 1\na 2 broken", "a", "a 1"},
  };
  expect_all(scenarios);
}

TEST(Resolver, TakesExtrasAsPackages) {
  const Scenario scenarios[] = {
      {"an extra", "a 1 -> b; extra == 'x' | c; extra == 'y'\nb 1\nc 1", "a[x]", "a[x] 1, b 1"},
      {"two, from two sides", "a 1 -> b; extra == 'x' | c; extra == 'y'\nb 1\nc 1\nd 1 -> a[y]",
       "a[x] | d", "a[x,y] 1, b 1, c 1, d 1"},
      {"an extra of its own extras",
       "a 1 -> a[x,y]; extra == 'all' | b; extra == 'x' | c; extra == 'y'\nb 1\nc 1", "a[all]",
       "a[all,x,y] 1, b 1, c 1"},
      {"not asked for", "a 1 -> b; extra == 'x'", "a", "a 1"},
      {"the extra holds its project back",
       "a 1 -> b<2; extra == 'x'\na 2 -> b>=2; extra == 'x'\nb 1", "a[x]", "a[x] 1, b 1"},
      {"the project holds its extra back",
       "a 1 -> b; extra == 'x'\na 2 -> b; extra == 'x'\nb 1\nc 1 -> a<2", "a[x] | c",
       "a[x] 1, b 1, c 1"},
      {"names of extras in any spelling", "a 1 -> b; extra == 'X_y'\nb 1", "a[x.Y]",
       "a[x-y] 1, b 1"},
  };
  expect_all(scenarios);
}

TEST(Resolver, WarnsOfExtrasThatAreNotThere) {
  Request request = test_request("a[x,y]");
  request.locked = {known("a", "1")};
  request.locked[0].dependencies.extras = {ProjectName::parse("x").value()};
  Resolver resolver = Resolver::make(std::move(request)).value();
  EXPECT_EQ(to_string(resolver.advance()), "a[x,y] 1 (lock); warning: a 1 has no extra \"y\"");
}

TEST(Resolver, ObeysConstraints) {
  const Scenario scenarios[] = {
      {"of what is needed",
       "a 1 -> b\nb 1\nb 2",
       "a",
       "a 1, b 1",
       {.constraints = requirements("b<2 | z<1")}},
      {"whose marker does not hold",
       "a 1\na 2",
       "a",
       "a 2",
       {.constraints = requirements("a<2; os_name == 'nt'")}},
      {"with extras",
       "a 1",
       "a",
       "\"b[x]\" is no constraint: expected a requirement without extras",
       {.constraints = requirements("b[x]")}},
      {"that shut out everything",
       "a 1\na 2",
       "a>=2",
       "Because you restrict a <2 and you require a >=2, your requirements cannot be met.",
       {.constraints = requirements("a<2")}},
  };
  expect_all(scenarios);
}

TEST(Resolver, TakesPreReleasesOnlyWhenAsked) {
  const char* const world = "a 1.0\na 2.0a1\nb 1 -> a>=2.0a1\nc 1 -> a>=2\nd 0.1.dev1\ne 1 -> a";
  const Scenario scenarios[] = {
      {"not by default", world, "a", "a 1.0"},
      {"a specifier of the user's names one", world, "a>=1.0rc1", "a 2.0a1"},
      {"a specifier of a dependency does", world, "e | b", "a 2.0a1, b 1, e 1"},
      {"the switch", world, "a", "a 2.0a1", {.prereleases = Prereleases::kAllow}},
      {"there is nothing else", world, "d", "d 0.1.dev1"},
      {"nothing else fits what the user asks", world, "a>1.0", "a 2.0a1"},
      {"not even then",
       world,
       "d",
       "Because no version of d can be used (0.1.dev1 is a pre-release) and you require d, "
       "your requirements cannot be met.\n"
       "Hint: d 0.1.dev1 is a pre-release and was not considered; require d>=0.1.dev1 or allow "
       "pre-releases to use it.",
       {.prereleases = Prereleases::kForbid}},
      {"the user's specifiers count together", "a 1.0\na 1.5a1\na 2.0", "a>1.0 | a<2", "a 1.5a1"},
      {"not to get around a conflict", "a 1.0 -> z\na 2.0a1", "a",
       "Because no version of a is >=2.0a1 (2.0a1 is a pre-release) and a 1.0 depends on z, a "
       "requires z.\n"
       "And because z is in no index and you require a, your requirements cannot be met.\n"
       "Hint: a 2.0a1 is a pre-release and was not considered; require a>=2.0a1 or allow "
       "pre-releases to use it."},
  };
  expect_all(scenarios);
}

TEST(Resolver, TakesYankedOnlyWhenPinned) {
  const char* const world = "a 1\na 2 yanked:broken\nb 1 -> a==2";
  const Scenario scenarios[] = {
      {"not by default", world, "a", "a 1"},
      {"pinned", world, "a==2", "a 2"},
      {"pinned by ===", world, "a===2", "a 2"},
      {"pinned by a dependency", world, "a | b", "a 2, b 1"},
      {"not by a prefix", world, "a==2.*",
       "Because no version of a is ==2.* (2 is yanked: \"broken\") and you require a ==2.*, your "
       "requirements cannot be met."},
  };
  expect_all(scenarios);
}

TEST(Resolver, AsksIndexesInOrder) {
  const Scenario scenarios[] = {
      {"the first that has it", "a 1 index:1\na 2 index:2", "a", "a 1 (index 1)", {.indexes = 3}},
      {"even when a later one would do",
       "a 1 index:1\na 2 index:2",
       "a>1",
       "Because no version of a is >1 and you require a >1, your requirements cannot be met.",
       {.indexes = 3}},
      {"none",
       "a 1 index:2",
       "a",
       "Because a is in no index and you require a, your requirements "
       "cannot be met.",
       {.indexes = 2}},
      {"a failure is not passed over",
       "a !500_Server_Error\na 1 index:1",
       "a",
       "Because a cannot be looked up (500 Server Error) and you require a, your requirements "
       "cannot be met.",
       {.indexes = 2}},
  };
  expect_all(scenarios);
}

TEST(Resolver, PrefersWhatIsKnown) {
  const char* const world = "a 1\na 2\nb 1 -> a>=2\nb 2 -> a>=2";
  const Scenario scenarios[] = {
      {"installed", world, "a", "a 1 (installed)", {.installed = {known("a", "1")}}},
      {"installed, but too old", world, "a>1", "a 2", {.installed = {known("a", "1")}}},
      {"installed, but in the way", world, "a | b", "a 2, b 2", {.installed = {known("a", "1")}}},
      {"upgrade all", world, "a", "a 2", {.installed = {known("a", "1")}, .upgrade_all = true}},
      {"upgrade one",
       world,
       "a",
       "a 2",
       {.installed = {known("a", "1")}, .upgrade = {ProjectName::parse("A").value()}}},
      {"upgrade another",
       world,
       "a",
       "a 1 (installed)",
       {.installed = {known("a", "1")}, .upgrade = {ProjectName::parse("b").value()}}},
      {"installed and newest",
       world,
       "a",
       "a 2 (installed)",
       {.installed = {known("a", "2")}, .upgrade_all = true}},
      {"an installed pre-release",
       world,
       "a",
       "a 3a1 (installed)",
       {.installed = {known("a", "3a1")}}},
      {"lock",
       world,
       "b",
       "a 2 (lock), b 1 (lock)",
       {.locked = {known("a", "2"), known("b", "1", "a")}}},
      {"installed before lock",
       world,
       "a",
       "a 1 (installed)",
       {.installed = {known("a", "1")}, .locked = {known("a", "2")}}},
      {"mock", world, "b", "a 5 (mock), b 2", {.mocks = {known("a", "5")}}},
      {"mock that does not fit",
       world,
       "b",
       "Because every version of b depends on a >=2 and no version of a is >=2, b cannot be used.\n"
       "And because you require b, your requirements cannot be met.",
       {.mocks = {known("a", "1")}}},
  };
  expect_all(scenarios);
}

TEST(Resolver, TakesUrls) {
  const char* const world =
      "a 1 url:u:1 -> b\na 2 url:u:2\na 9\nb 1\nc 1 -> a\nd 1 -> a>1\ne 1 -> a @ u:1\n"
      "f 1 -> a @ u:2\ng 1 -> a";
  const Scenario scenarios[] = {
      {"the user's", world, "a @ u:1", "a 1 (url), b 1"},
      {"counts for others", world, "c | a @ u:1", "a 1 (url), b 1, c 1"},
      {"does not fit others", world, "a @ u:1 | d",
       "Because no version of a is >1 and every version of d depends on a >1, d cannot be used.\n"
       "And because you require d, your requirements cannot be met."},
      {"a dependency's", world, "e", "a 1 (url), b 1, e 1"},
      {"a dependency's, found late", world, "g | e", "a 1 (url), b 1, e 1, g 1"},
      {"a constraint's", world, "c", "a 2 (url), c 1", {.constraints = requirements("a @ u:2")}},
      {"two of one name", world, "a @ u:1 | f",
       "Because every version of f depends on a from u:2, but it is taken from u:1 and you require "
       "f, your "
       "requirements cannot be met."},
      {"nothing there", world, "a @ u:3",
       "Because a cannot be looked up (404 Not Found) and you require a, your requirements cannot "
       "be met."},
      {"instead of the installed", world, "a @ u:2", "a 2 (url)", {.installed = {known("a", "1")}}},
  };
  expect_all(scenarios);
}

}  // namespace
}  // namespace krait::pkg::resolve
