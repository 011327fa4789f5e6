// Tests of pkg/resolve/report.h: explanations, and what is asked for on the way.

#include "pkg/resolve/report.h"

#include <gtest/gtest.h>

#include "pkg/resolve/world.h"

namespace krait::pkg::resolve {
namespace {

struct Row {
  const char* what;
  const char* world;
  const char* wanted;
  const char* answer;
};

TEST(Report, TellsWhyThereIsNoSolution) {
  const Row rows[] = {
      {"no such version", "a 1\na 2", "a>=3", ""},
      {"no such project", "a 1 -> zz", "a", ""},
      {"the user against the user", "a 1\na 2", "a<2 | a>=2", ""},
      {"impossible in itself", "a 1", "a>2,<1", ""},
      {"Python", "a 1 py:<3\na 2 py:>=3.14\na 3 py:>=3.14", "a", ""},
      {"some versions need another Python", "a 1 -> b\na 2 py:>=3.14\nb 1 py:>=3.14", "a", ""},
      {"two that do not go together", "a 1 -> c<2\nb 1 -> c>=2\nc 1\nc 2", "a | b", ""},
      {"linear", "foo 1 -> bar>=2\nbar 2 -> baz>=3\nbaz 1\nbaz 3", "foo | baz<3", ""},
      {"branching",
       "foo 1.0 -> a>=1 | b>=1\nfoo 1.1 -> x>=1 | y>=1\na 1 -> b>=2\nb 1\nb 2\n"
       "x 1 -> y>=2\ny 1\ny 2",
       "foo | b<2 | y<2", ""},
      {"told twice", "foo 1 -> a | b\nfoo 2 -> a | c\na 1 -> z>=2\nb 1 -> d\nc 1 -> d\nd 1\nz 1 -> d",
       "foo", ""},
      {"an extra", "a 1 -> b<2; extra == 'x'\nb 1\nb 2", "a[x] | b>=2", ""},
      {"yanked and unusable", "a 1 yanked:leaks_keys\na 2 unusable:has_no_wheel_for_this_platform",
       "a", ""},
      {"pre-releases", "a 1\na 2b1\nb 1 -> a", "a>=1 | b | c\nc 1", ""},
      {"metadata", "a 1 broken", "a", ""},
      {"a page that fails", "a !timed_out\nb 1 -> a", "b", ""},
  };
  for (const Row& row : rows) {
    World world(row.world);
    Request request;
    request.requirements = requirements(row.wanted);
    request.environment = test_environment();
    Resolver resolver = Resolver::make(std::move(request)).value();
    EXPECT_EQ(to_string(drive(world, resolver)), row.answer) << row.what;
  }
}

TEST(Report, IsBounded) {
  World world("b 1");
  // A chain of reasons longer than any report.
  for (int i = 0; i < 3000; ++i) {
    const std::string next = "p" + std::to_string(i + 1);
    world.add("p" + std::to_string(i) + " 1 -> " + next + ">=2 | " + next + "<9");
    world.add("p" + std::to_string(i) + " 2 -> " + next + ">=2");
  }
  Request request;
  request.requirements = requirements("p0>=2");
  request.environment = test_environment();
  Resolver resolver = Resolver::make(std::move(request)).value();
  const std::string text = to_string(drive(world, resolver));
  EXPECT_LT(text.size(), 200000U);
  EXPECT_TRUE(text.contains("too many to tell")) << text.substr(0, 2000);
  EXPECT_TRUE(text.ends_with("your requirements cannot be met.")) << text.size();
}

TEST(Need, AsksForAllThatIsMissingAtOnce) {
  const Row rows[] = {
      {"pages of one level together", "a 1 -> c | d\nb 1 -> e\nc 1\nd 1\ne 1", "a | b",
       "a b ; a-1 b-1 ; c d e ; c-1 d-1 e-1 ; "},
      {"likely candidates ahead", "a 1\na 2\na 3", "a", "a ; a-3 a-2 ; "},
      {"none that Python shuts out", "a 1\na 2 py:>=3.14", "a", "a ; a-1 ; "},
      {"an extra asks for nothing of its own", "a 1 -> b; extra == 'x'\nb 1", "a[x]",
       "a ; a-1 ; b ; b-1 ; "},
  };
  for (const Row& row : rows) {
    World world(row.world);
    Request request;
    request.requirements = requirements(row.wanted);
    request.environment = test_environment();
    Resolver resolver = Resolver::make(std::move(request)).value();
    EXPECT_TRUE(std::holds_alternative<Solution>(drive(world, resolver))) << row.what;
    EXPECT_EQ(world.asked, row.answer) << row.what;
  }
}

TEST(Need, AsksForNothingThatIsKnown) {
  World world("a 2");
  Request request;
  request.requirements = requirements("a");
  request.environment = test_environment();
  request.installed = {{ProjectName::parse("a").value(), Version::parse("1").value()}};
  Resolver resolver = Resolver::make(std::move(request)).value();
  EXPECT_EQ(to_string(drive(world, resolver)), "a 1 (installed)");
  EXPECT_EQ(world.asked, "");
}

TEST(Need, RefusesWhatWasNotAskedFor) {
  Request request;
  request.requirements = requirements("a");
  request.environment = test_environment();
  Resolver resolver = Resolver::make(std::move(request)).value();
  const ProjectName a = ProjectName::parse("a").value();
  const ProjectName b = ProjectName::parse("b").value();
  EXPECT_EQ(resolver.supply_page(b, 0, {}).error().message(),
            "\"b\" was supplied: expected something that was asked for");
  EXPECT_EQ(resolver.supply_missing_page(a, 1).error().message(),
            "the page of \"a\" in index 1 was supplied: expected something that was asked for");
  EXPECT_EQ(resolver.supply_failed_url(a, "").error().message(),
            "a URL of \"a\" was supplied: expected something that was asked for");
  EXPECT_EQ(resolver.supply_dependencies(a, Version::parse("1").value(), {}).error().message(),
            "metadata of \"a 1\" was supplied: expected something that was asked for");
}

}  // namespace
}  // namespace krait::pkg::resolve
