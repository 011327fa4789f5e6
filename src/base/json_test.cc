// Tests of base/json.h: the standard's corners by table, messages, and random values written and
// read back.

#include "base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace krait {
namespace {

TEST(Json, ReadsEveryKind) {
  const std::pair<const char*, Json> cases[] = {
      {"null", nullptr},
      {" true ", true},
      {"false", false},
      {"0", 0},
      {"-12", -12},
      {"9223372036854775807", std::int64_t{INT64_MAX}},
      {"9223372036854775808", 9223372036854775808.0},
      {"1.5", 1.5},
      {"-0", -0.0},
      {"1e2", 100.0},
      {"1E-2", 0.01},
      {"1e-999", 0.0},
      {"\"\"", ""},
      {R"("a\"\\\/\b\f\n\r\tA")", "a\"\\/\b\f\n\r\tA"},
      {R"("\ud83d\udc0d")", "\xf0\x9f\x90\x8d"},
      {R"("\ud83d!")", "\xed\xa0\xbd!"},
      {R"("\ud83d\u0041")", "\xed\xa0\xbd\x41"},
      {"[]", Json::Array{}},
      {"[1, [2], \"x\"]", Json::Array{1, Json::Array{2}, "x"}},
      {"{}", Json::Object{}},
      {"{\"b\": 1, \"a\": {\"c\": null}}",
       Json::Object{{"b", 1}, {"a", Json::Object{{"c", nullptr}}}}},
      {"{\"a\": 1, \"b\": 2, \"a\": 3}", Json::Object{{"a", 3}, {"b", 2}}},
  };
  for (const auto& [text, value] : cases) {
    const Result<Json> read = Json::parse(text);
    ASSERT_TRUE(read.ok()) << text << ": " << read.error().message();
    EXPECT_EQ(read.value(), value) << text;
  }
  EXPECT_TRUE(std::signbit(std::get<double>(Json::parse("-0").value().variant())));
}

TEST(Json, SaysWhereAndWhatWasExpected) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "JSON, line 1 column 1: the text ends: expected a value"},
      {"[1,\n 2,\n x]", "JSON, line 3 column 2: unexpected \"x]\": expected a value"},
      {"[1 2]", "JSON, line 1 column 4: unexpected \"2]\": expected ',' or ']'"},
      {"[1,]", "JSON, line 1 column 4: unexpected \"]\": expected a value"},
      {"{a: 1}", "JSON, line 1 column 2: unexpected \"a: 1}\": expected a key in double quotes"},
      {"{\"a\" 1}", "JSON, line 1 column 6: unexpected \"1}\": expected ':'"},
      {"{\"a\": 1", "JSON, line 1 column 8: the text ends: expected ',' or '}'"},
      {"\"abc", "JSON, line 1 column 5: the text ends: expected '\"'"},
      {"\"a\nb\"",
       "JSON, line 1 column 3: unexpected \"\": expected an escape for a control character"},
      {"\"\\x\"",
       "JSON, line 1 column 2: unexpected \"\\x\"\": expected an escape such as \\n or \\u0041"},
      {"\"\\u12g4\"",
       "JSON, line 1 column 2: unexpected \"\\u12g4\"\": expected an escape such as \\n or "
       "\\u0041"},
      {"01", "JSON, line 1 column 2: unexpected \"1\": expected the end"},
      {"1.", "JSON, line 1 column 3: the text ends: expected a digit"},
      {"+1", "JSON, line 1 column 1: unexpected \"+1\": expected a value"},
      {"NaN", "JSON, line 1 column 1: unexpected \"NaN\": expected a value"},
      {"nul", "JSON, line 1 column 1: unexpected \"nul\": expected a value"},
      {"1e999", "JSON, line 1 column 1: the number 1e999 is too large"},
      {"\xff", "JSON: byte 0xFF at offset 0: expected UTF-8"},
      {std::string(2000, '['), "JSON, line 1 column 514: nested more than 512 deep"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Json> read = Json::parse(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message(), message);
  }
}

TEST(Json, WritesCompactlyOrIndented) {
  const Json value = Json::Object{
      {"a", Json::Array{1, 2.0, Json::Array{}}}, {"b", "\x01\"\n\xc3\xa4"}, {"c", Json::Object{}}};
  EXPECT_EQ(value.to_string(), "{\"a\":[1,2.0,[]],\"b\":\"\\u0001\\\"\\n\xc3\xa4\",\"c\":{}}");
  EXPECT_EQ(value.to_string(2),
            "{\n  \"a\": [\n    1,\n    2.0,\n    []\n  ],\n  \"b\": \"\\u0001\\\"\\n\xc3\xa4\",\n "
            " \"c\": {}\n}");
  EXPECT_EQ(Json(INFINITY).to_string(), "null");
  EXPECT_EQ(Json("\xed\xa0\xbd!").to_string(), "\"\\ud83d!\"");
}

TEST(Json, FindsMembersAndNamesKinds) {
  const Json value = Json::parse(R"({"n": 7, "s": "x", "b": true, "l": []})").value();
  EXPECT_EQ(*value.find("n")->find_int(), 7);
  EXPECT_EQ(*value.find("s")->find_string(), "x");
  EXPECT_TRUE(*value.find("b")->find_bool());
  EXPECT_EQ(value.find("none"), nullptr);
  EXPECT_EQ(value.find("l")->find("n"), nullptr);
  EXPECT_EQ(value.find("s")->find_int(), nullptr);
  EXPECT_EQ(value.find("l")->kind(), "an array");
}

TEST(Json, LargeObjectsKeepOrderAndTheLastOfEqualKeys) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i)
    text += "\"k" + std::to_string(i % 900) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const Json value = Json::parse(text).value();
  ASSERT_EQ(value.find_object()->size(), 900u);
  EXPECT_EQ(value.find_object()->front().first, "k0");
  EXPECT_EQ(*value.find("k0")->find_int(), 900);
  EXPECT_EQ(*value.find("k500")->find_int(), 500);
}

Json random_json(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(std::uint64_t{random()} << 32 | random());
    case 3:
      return std::ldexp(static_cast<double>(random()) - 2e9,
                        static_cast<int>(random() % 600) - 300);
    case 4: {
      static const char* const kParts[] = {
          "a",           "\"", "\\", "\n", "\x01", "\xc3\xa4", "\xf0\x9f\x90\x8d", "\xed\xa0\xbd",
          "\xe2\x82\xac"};
      std::string text;
      for (unsigned n = random() % 6; n > 0; --n) text += kParts[random() % std::size(kParts)];
      return text;
    }
    case 5: {
      Json::Array items;
      for (unsigned n = random() % 5; n > 0; --n) items.push_back(random_json(random, depth - 1));
      return items;
    }
    default: {
      Json::Object members;
      for (unsigned n = random() % 30; n > 0; --n)
        members.emplace_back("k" + std::to_string(n), random_json(random, depth - 1));
      return members;
    }
  }
}

TEST(Json, RandomValuesReadBackEqual) {
  std::mt19937 random(42);
  for (int round = 0; round < 500; ++round) {
    const Json value = random_json(random, 3);
    for (int indent : {0, 3}) {
      const std::string text = value.to_string(indent);
      const Result<Json> read = Json::parse(text);
      ASSERT_TRUE(read.ok()) << text << ": " << read.error().message();
      ASSERT_EQ(read.value(), value) << text;
    }
  }
}

TEST(Json, BrokenTextNeverCrashes) {
  std::mt19937 random(5);
  const std::string whole =
      R"({"a": [1, -2.5e3, "x\u00e4\ud83d\udc0d"], "b": {"c": null, "d": true}})";
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole.substr(0, random() % (whole.size() + 1));
    if (!text.empty()) text[random() % text.size()] = static_cast<char>(random());
    // Only that it answers, and that what it accepts reads back.
    if (const Result<Json> read = Json::parse(text); read.ok()) {
      EXPECT_EQ(Json::parse(read.value().to_string()).value(), read.value()) << text;
    }
  }
}

}  // namespace
}  // namespace krait
