// Tests of base/quote.h.

#include "base/quote.h"

#include <gtest/gtest.h>

namespace krait {
namespace {

TEST(Quote, EscapesAndCuts) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "\"\""},
      {"a b", "\"a b\""},
      {"a\"\\\n", R"("a\"\\\n")"},
      {std::string("\0\x1b\x7f", 3), R"("\x00\x1b\x7f")"},
      {"\xc3\xa4", "\"\xc3\xa4\""},
      {"\xff", R"("\xff")"},
      {"0123456789abc", "\"0123456789\"..."},
      {"012345678\xc3\xa4", "\"012345678\"..."},
      {std::string(20, '\x80'), "\"\"..."},
  };
  for (const auto& [text, shown] : cases) EXPECT_EQ(quoted(text, 10), shown);
  EXPECT_EQ(quoted(std::string(1000, 'x')).size(), 85u);
}

TEST(Quote, SaysWhereInTheText) {
  EXPECT_EQ(place_in("", 0), "line 1 column 1");
  EXPECT_EQ(place_in("ab\ncd", 2), "line 1 column 3");
  EXPECT_EQ(place_in("ab\ncd", 3), "line 2 column 1");
  EXPECT_EQ(place_in("\n\n", 2), "line 3 column 1");
}

}  // namespace
}  // namespace krait
