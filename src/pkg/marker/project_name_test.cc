// Tests of pkg/marker/project_name.h.

#include "pkg/marker/project_name.h"

#include <gtest/gtest.h>

#include "base/quote.h"

namespace krait::pkg {
namespace {

TEST(ProjectName, HasOneNormalForm) {
  for (const char* text : {"friendly-bard", "Friendly-Bard", "FRIENDLY-BARD", "friendly.bard",
                           "friendly_bard", "friendly--bard", " FrIeNdLy-._.-bArD\n"}) {
    const ProjectName name = ProjectName::parse(text).value();
    EXPECT_EQ(name.to_string(), "friendly-bard");
    EXPECT_EQ(name.file_form(), "friendly_bard");
    EXPECT_EQ(name, ProjectName::parse("friendly-bard").value());
  }
  EXPECT_EQ(ProjectName::parse(" A.b ").value().original(), "A.b");
  EXPECT_EQ(ProjectName::parse("7").value().to_string(), "7");
  EXPECT_EQ(normalize_name("_x..Y_"), "-x-y-");
  EXPECT_LT(ProjectName::parse("a").value(), ProjectName::parse("B").value());
}

TEST(ProjectName, RefusesOthers) {
  const std::string why =
      " is no project name: expected letters, digits, - _ and ., with a letter or digit at both "
      "ends (PEP 508)";
  for (const char* text : {"", "-a", "a_", "a b", "a/b", "..", "\xc3\xa4"})
    EXPECT_EQ(ProjectName::parse(text).error().message(), quoted(text) + why);
  EXPECT_EQ(ProjectName::parse(std::string("a\0b", 3)).error().message(), "\"a\\x00b\"" + why);
  EXPECT_EQ(ProjectName::parse(std::string(1001, 'a')).error().message(),
            "\"" + std::string(80, 'a') +
                "\"... is no project name: it has 1001 characters, expected at most 1000");
}

}  // namespace
}  // namespace krait::pkg
