// Tests of pkg/wheel/filename.h.

#include "pkg/wheel/filename.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(WheelFilename, HasItsParts) {
  const auto wheel =
      WheelFilename::parse("Foo.Bar_x-1.0+U.1-002abc-cp39.cp310-abi3-PLAT_1.whl").value();
  EXPECT_EQ(wheel.name.to_string(), "foo-bar-x");
  EXPECT_EQ(wheel.version.to_string(), "1.0+u.1");
  EXPECT_EQ(wheel.build, (BuildTag{"2", "abc"}));
  EXPECT_EQ(wheel.tags.size(), 2u);
  EXPECT_EQ(wheel.tags[1].to_string(), "cp310-abi3-plat_1");
  EXPECT_EQ(wheel.to_string(), "foo_bar_x-1.0+u.1-2abc-cp39.cp310-abi3-PLAT_1.whl");
  EXPECT_EQ(wheel.dist_info(), "foo_bar_x-1.0+u.1.dist-info");
  EXPECT_FALSE(WheelFilename::parse("a-1_1-py3-none-any.whl").value().build);
  EXPECT_EQ(WheelFilename::parse("a-1_1-py3-none-any.whl").value().version.to_string(), "1.post1");
}

TEST(WheelFilename, OrdersBuilds) {
  const BuildTag ascending[] = {{"0", ""}, {"1", ""}, {"1", "a"}, {"2", ""}, {"10", ""}};
  for (std::size_t i = 1; i < std::size(ascending); ++i) EXPECT_LT(ascending[i - 1], ascending[i]);
}

TEST(WheelFilename, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"a-1.tar.gz", "\"a-1.tar.gz\" is no wheel's file name: expected .whl at its end (PEP 427)"},
      {"a-1.whl",
       "\"a-1.whl\" is no wheel's file name: expected name-version[-build]-python-abi-platform.whl "
       "(PEP 427)"},
      {"a-1-x-py3-none-any.whl",
       "\"a-1-x-py3-none-any.whl\" is no wheel's file name: the build tag \"x\" does not begin "
       "with a digit (PEP 427)"},
      {"a-x-py3-none-any.whl",
       "\"a-x-py3-none-any.whl\": \"x\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {"-1-py3-none-any.whl",
       "\"-1-py3-none-any.whl\": \"\" is no project name: expected letters, digits, - _ and ., "
       "with a letter or digit at both ends (PEP 508)"},
      {"a-1-py3-none-a/b.whl",
       "\"a-1-py3-none-a/b.whl\": \"py3-none-a/b\" is no wheel tag: expected python-abi-platform, "
       "each of letters, digits, _ and \".\" between alternatives (PEP 425)"},
      {std::string(5000, 'a'), "\"" + std::string(80, 'a') +
                                   "\"... is no wheel's file name: it is longer than 4096 "
                                   "characters (PEP 427)"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(WheelFilename::parse(text).error().message(), message);
}

}  // namespace
}  // namespace krait::pkg
