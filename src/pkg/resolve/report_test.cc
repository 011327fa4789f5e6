// Tests of pkg/resolve/report.h: explanations, and what is asked for on the way.

#include "pkg/resolve/report.h"

#include <gtest/gtest.h>

#include <format>

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
      {"no such version", "a 1\na 2", "a>=3",
       "Because no version of a is >=3 and you require a >=3, your requirements cannot be met."},
      {"no such project", "a 1 -> zz", "a",
       "Because every version of a depends on zz and zz is in no index, a cannot be used.\n"
       "And because you require a, your requirements cannot be met."},
      {"the user against the user", "a 1\na 2", "a<2 | a>=2",
       "Because you require a <2 and you require a >=2, your requirements cannot be met."},
      {"impossible in itself", "a 1", "a>2,<1",
       "Because you require a, in no version at all, your requirements cannot be met."},
      {"Python", "a 1 py:<3\na 2 py:>=3.14\na 3 py:>=3.14", "a",
       "Because a 1 needs Python <3 and a >=2 needs Python >=3.14, a requires Python <3 || "
       ">=3.14.\n"
       "And because you require a and Python is 3.13.2, your requirements cannot be met."},
      {"some versions need another Python", "a 1 -> b\na 2 py:>=3.14\nb 1 py:>=3.14", "a",
       "Because a 1 depends on b and every version of b needs Python >=3.14, a 1 requires Python "
       ">=3.14.\n"
       "And because a 2 needs Python >=3.14, a requires Python >=3.14.\n"
       "And because you require a and Python is 3.13.2, your requirements cannot be met."},
      {"two that do not go together", "a 1 -> c<2\nb 1 -> c>=2\nc 1\nc 2", "a | b",
       "Because every version of a depends on c <2 and every version of b depends on c >=2, a is "
       "incompatible with b.\n"
       "And because you require a and you require b, your requirements cannot be met."},
      {"linear", "foo 1 -> bar>=2\nbar 2 -> baz>=3\nbaz 1\nbaz 3", "foo | baz<3",
       "Because every version of foo depends on bar >=2 and every version of bar depends on baz "
       ">=3, foo requires baz 3.\n"
       "And because you require foo and you require baz <3, your requirements cannot be met."},
      {"branching",
       "foo 1.0 -> a>=1 | b<2\nfoo 1.1 -> x>=1 | y<2\na 1 -> b>=2\nb 1\nb 2\n"
       "x 1 -> y>=2\ny 1\ny 2",
       "foo",
       "Because every version of a depends on b >=2 and foo 1.0 depends on a >=1, foo 1.0 requires "
       "b 2.\n"
       "And because foo 1.0 depends on b <2, foo 1.0 cannot be used. (1)\n"
       "\n"
       "Because every version of x depends on y >=2 and foo 1.1 depends on x >=1, foo 1.1 requires "
       "y 2.\n"
       "And because foo 1.1 depends on y <2, foo 1.1 cannot be used.\n"
       "And because foo 1.0 cannot be used (1), foo cannot be used.\n"
       "And because you require foo, your requirements cannot be met."},
      {"told twice",
       "foo 1 -> a | b\nfoo 2 -> a | c\na 1 -> z>=2\nb 1 -> d\nc 1 -> d\nd 1\nz 1 -> d", "foo",
       "Because every version of a depends on z >=2 and every version of foo depends on a, foo "
       "requires z >=2.\n"
       "And because no version of z is >=2 and you require foo, your requirements cannot be met."},
      {"an extra", "a 1 -> b<2; extra == 'x'\nb 1\nb 2", "a[x] | b>=2",
       "Because every version of a[x] depends on b <2 and you require a[x], b 1 is required.\n"
       "And because you require b >=2, your requirements cannot be met."},
      {"yanked and unusable", "a 1 yanked:leaks_keys\na 2 unusable:has_no_wheel_for_this_platform",
       "a",
       "Because no version of a can be used (2 has no wheel for this platform, 1 is yanked: "
       "\"leaks keys\") and you require a, your requirements cannot be met."},
      {"pre-releases", "a 1\na 2b1\nb 1 -> c\nc 1 -> a>=1.5,!=2a1\na 1.7 -> zz", "b",
       "Because no version of a is >=1.5,<=1.7,!=1.7 || >=2b1 (2b1 is a pre-release) and a 1.7 "
       "depends on zz, a >=1.7 requires zz.\n"
       "And because every version of c depends on a >=1.5,!=2a1 and every version of b depends on "
       "c, "
       "b requires zz.\n"
       "And because zz is in no index and you require b, your requirements cannot be met.\n"
       "Hint: a 2b1 is a pre-release and was not considered; require a>=2b1 or allow pre-releases "
       "to use it."},
      {"metadata", "a 1 broken", "a",
       "Because no version of a can be used (1 has no readable metadata: connection reset) and you "
       "require a, your requirements cannot be met."},
      {"a page that fails", "a !timed_out\nb 1 -> a", "b",
       "Because every version of b depends on a and a cannot be looked up (timed out), b cannot be "
       "used.\n"
       "And because you require b, your requirements cannot be met."},
  };
  for (const Row& row : rows) {
    World world(row.world);
    Resolver resolver = Resolver::make(test_request(row.wanted)).value();
    EXPECT_EQ(to_string(drive(world, resolver)), row.answer) << row.what;
  }
}

TEST(Report, IsBounded) {
  World world("b 1");
  // A chain of reasons longer than any report.
  for (int i = 0; i < 3000; ++i) {
    const std::string next = "p" + std::to_string(i + 1);
    world.add(std::format("p{} 1 -> {}>=2 | {}<9", i, next, next));
    world.add("p" + std::to_string(i) + " 2 -> " + next + ">=2");
  }
  Resolver resolver = Resolver::make(test_request("p0>=2")).value();
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
    Resolver resolver = Resolver::make(test_request(row.wanted)).value();
    EXPECT_TRUE(std::holds_alternative<Solution>(drive(world, resolver))) << row.what;
    EXPECT_EQ(world.asked, row.answer) << row.what;
  }
}

TEST(Need, AsksForNothingThatIsKnown) {
  World world("a 2");
  Request request = test_request("a");
  request.installed = {{ProjectName::parse("a").value(), Version::parse("1").value()}};
  Resolver resolver = Resolver::make(std::move(request)).value();
  EXPECT_EQ(to_string(drive(world, resolver)), "a 1 (installed)");
  EXPECT_EQ(world.asked, "");
}

TEST(Need, RefusesWhatWasNotAskedFor) {
  Resolver resolver = Resolver::make(test_request("a")).value();
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
