// Tests of base/result.h.

#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace krait {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0)
    return invalid("\"" + std::to_string(number) + "\" is odd: expected an even number");
  return number / 2;
}

Result<> check_even(int number) {
  TRY(half(number));
  return {};
}

Result<std::unique_ptr<int>> boxed_quarter(int number) {
  int once = TRY(half(number));
  return std::make_unique<int>(TRY(half(once)));
}

TEST(Result, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(*boxed_quarter(12).value(), 3);
  EXPECT_EQ(boxed_quarter(6).error().message(), "\"3\" is odd: expected an even number");
  EXPECT_EQ(boxed_quarter(5).error().code(), ErrorCode::kInvalid);
}

TEST(Result, WorksWithoutAValue) {
  EXPECT_TRUE(check_even(4).ok());
  EXPECT_FALSE(check_even(3).ok());
}

TEST(Result, ContextGoesInFront) {
  Error error = half(1).error();
  EXPECT_EQ(std::move(error).in("line 3").message(),
            "line 3: \"1\" is odd: expected an even number");
}

TEST(Result, HoldsErrorLikeAndStringValues) {
  Result<std::string> text = "abc";
  EXPECT_EQ(text.value(), "abc");
  Result<std::string> copy = text;
  copy.value() += "d";
  EXPECT_EQ(copy.value(), "abcd");
  EXPECT_EQ(text.value(), "abc");
}

TEST(ResultDeathTest, ReadingTheWrongSideStops) {
#if GTEST_HAS_DEATH_TEST
  EXPECT_DEATH((void)half(1).value(), "");
  EXPECT_DEATH((void)half(2).error(), "");
#else
  GTEST_SKIP() << "no processes here";
#endif
}

}  // namespace
}  // namespace krait
