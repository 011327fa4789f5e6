// Tests of base/toml.h: values and redefinitions by table, messages, and random values written and
// read back.

#include "base/toml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace krait {
namespace {

TEST(Toml, ReadsEveryKindOfValue) {
  const std::pair<const char*, Toml> cases[] = {
      {"true", true},
      {"false", false},
      {"0", 0},
      {"+99", 99},
      {"-1_000", -1000},
      {"0xDEAD_beef", std::int64_t{0xDEADBEEF}},
      {"0o755", 493},
      {"0b1101", 13},
      {"9223372036854775807", std::int64_t{INT64_MAX}},
      {"1.0", 1.0},
      {"-0.01", -0.01},
      {"5e+22", 5e22},
      {"6.626e-34", 6.626e-34},
      {"1e06", 1e6},
      {"224_617.445_991", 224617.445991},
      {"-inf", -HUGE_VAL},
      {"\"a\\tb\\u00e4\\U0001F40D\"", "a\tb\xc3\xa4\xf0\x9f\x90\x8d"},
      {"'C:\\x'", "C:\\x"},
      {"\"\"", ""},
      {"\"\"\"\nRoses\r\n\"red\"\\\n   \n  x\"\"\"\"", "Roses\n\"red\"x\""},
      {"'''\n\\d''\n'''''", "\\d''\n''"},
      {"1979-05-27T07:32:00Z", Toml::Datetime{"1979-05-27T07:32:00Z"}},
      {"1979-05-27 00:32:00.999-07:00", Toml::Datetime{"1979-05-27 00:32:00.999-07:00"}},
      {"1979-05-27T07:32:00", Toml::Datetime{"1979-05-27T07:32:00"}},
      {"2024-02-29", Toml::Datetime{"2024-02-29"}},
      {"07:32:00.5", Toml::Datetime{"07:32:00.5"}},
      {"[]", Toml::Array{}},
      {"[1, 'a', # c\n [2,],\n]", Toml::Array{1, "a", Toml::Array{2}}},
      {"{}", Toml::Table{}},
      {"{ a = 1, b.c = 2, \"d e\" = {} }",
       Toml::Table{{"a", 1}, {"b", Toml::Table{{"c", 2}}}, {"d e", Toml::Table{}}}},
  };
  for (const auto& [text, value] : cases) {
    const Result<Toml> read = Toml::parse(std::string("k = ") + text + " # end");
    ASSERT_TRUE(read.ok()) << text << ": " << read.error().message();
    EXPECT_EQ(*read.value().find("k"), value) << text;
    EXPECT_EQ(*Toml::parse("k = " + value.to_string()).value().find("k"), value) << text;
  }
  EXPECT_TRUE(std::isnan(std::get<double>(Toml::parse("k = nan").value().find("k")->variant())));
}

TEST(Toml, ReadsDocuments) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"\xef\xbb\xbf# c\n\r\n\t\n a = 1\r\nb=2", "a = 1\nb = 2\n"},
      {"a.b = 1\na.c.d = 2\n'x y'.\"\" = 3", "a = {b = 1, c = {d = 2}}\n\"x y\" = {\"\" = 3}\n"},
      {"3.14159 = 'pi'", "3 = {14159 = \"pi\"}\n"},
      {"[a]\nb = 1\n[a.c]\nd = 2\n[e]", "a = {b = 1, c = {d = 2}}\ne = {}\n"},
      {"[a.b]\n[a]\nc = 1", "a = {b = {}, c = 1}\n"},
      {"[ a . 'b' ]\nx=1", "a = {b = {x = 1}}\n"},
      {"[[p]]\nn = 1\n[p.q]\nr = 1\n[[p.s]]\n[[p]]\nn = 2",
       "p = [{n = 1, q = {r = 1}, s = [{}]}, {n = 2}]\n"},
      {"[a]\nb.c = 1\n[a.d]\nx = 1", "a = {b = {c = 1}, d = {x = 1}}\n"},
      {"[f]\napple.color = 1\napple.taste.sweet = true\n[f.apple.texture]\nsmooth = true",
       "f = {apple = {color = 1, taste = {sweet = true}, texture = {smooth = true}}}\n"},
  };
  for (const auto& [text, written] : cases) {
    const Result<Toml> read = Toml::parse(text);
    ASSERT_TRUE(read.ok()) << text << ": " << read.error().message();
    EXPECT_EQ(read.value().document(), written);
    EXPECT_EQ(Toml::parse(written).value(), read.value());
  }
}

TEST(Toml, SaysWhereAndWhatWasExpected) {
  const std::pair<std::string, const char*> cases[] = {
      {"a", "line 1 column 2: the text ends: expected \"=\""},
      {"a = 1\n= 2", "line 2 column 1: unexpected \"= 2\": expected a key"},
      {"a =", "line 1 column 4: the text ends: expected a value"},
      {"a = 1 b = 2", "line 1 column 7: unexpected \"b = 2\": expected the line's end"},
      {"a = 1\na = 2", "line 2 column 1: \"a\" is already defined"},
      {"a = 1\na.b = 2", "line 2 column 1: \"a\" is already defined"},
      {"[a]\n[a]", "line 2 column 2: \"a\" is already defined"},
      {"a.b = 1\n[a]", "line 2 column 2: \"a\" is already defined"},
      {"[a.b]\n[a]\nb.c = 1", "line 3 column 1: \"b\" is already defined"},
      {"a = {}\n[a.b]", "line 2 column 2: \"a\" is already defined"},
      {"a = {b.c = 1}\n[a.b]", "line 2 column 2: \"a\" is already defined"},
      {"a = {b = 1, b = 2}", "line 1 column 12: \"b\" is already defined"},
      {"a = []\n[[a]]", "line 2 column 3: \"a\" is already defined"},
      {"[a]\n[[a]]", "line 2 column 3: \"a\" is already defined"},
      {"[[a]]\n[a]", "line 2 column 2: \"a\" is already defined"},
      {"[a", "line 1 column 3: the text ends: expected \"]\""},
      {"[[a]", "line 1 column 5: the text ends: expected \"]]\""},
      {"a = [1 2]", "line 1 column 8: unexpected \"2]\": expected \",\" or \"]\""},
      {"a = {b = 1,}", "line 1 column 12: unexpected \"}\": expected a key"},
      {"a = {b = 1\n}", "line 1 column 11: unexpected \"\": expected \",\" or \"}\""},
      {"a = \"x", "line 1 column 7: a quote is not closed"},
      {"a = 'x\n'", "line 1 column 6: a quote is not closed"},
      {"a = '''x", "line 1 column 9: a quote is not closed"},
      {"a = \"\\x\"",
       "line 1 column 6: unexpected \"\\\\x\\\"\": expected an escape such as \\n or \\u0041"},
      {"a = \"\\ud800\"",
       "line 1 column 6: unexpected \"\\\\ud800\\\"\": expected an escape such as \\n or \\u0041"},
      {"a = \"\x01\"", "line 1 column 6: a control character: expected an escape"},
      {"# \x01", "line 1 column 3: unexpected \"\\x01\": expected a key"},
      {std::string("a = \0", 5), "line 1 column 5: unexpected \"\\x00\": expected a value"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Toml> read = Toml::parse(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message(), std::string("TOML, ") + message) << text;
  }
  for (const char* value : {"01",
                            "-01",
                            "1_",
                            "_1",
                            "1__0",
                            "0x",
                            "+0x1",
                            "0xg",
                            "1.",
                            ".1",
                            "1.e2",
                            "1e",
                            "1_.0",
                            "True",
                            "infx",
                            "9223372036854775808",
                            "1e999",
                            "2023-02-29",
                            "2023-13-01",
                            "1979-05-27T25:00:00",
                            "07:32",
                            "07:32:00Z",
                            "1979-05-27T07:32:00+25:00",
                            "0x-1",
                            "--1",
                            "1979-05-27T"})
    EXPECT_FALSE(Toml::parse(std::string("a = ") + value).ok()) << value;
  EXPECT_EQ(Toml::parse("a = " + std::string(5000, '[')).error().message(),
            "TOML, line 1 column 106: nested more than 100 deep");
  std::string key = "a";
  for (int i = 0; i < 200; ++i) key += ".a";
  EXPECT_EQ(Toml::parse(key + " = 1").error().message(),
            "TOML, line 1 column 202: a key has more than 100 parts");
  EXPECT_EQ(Toml::parse("\xff").error().message(), "TOML: byte 0xFF at offset 0: expected UTF-8");
}

Toml random_toml(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 6 : 4)) {
    case 0:
      return random() % 2 == 0;
    case 1:
      return static_cast<std::int64_t>(std::uint64_t{random()} << 32 | random());
    case 2:
      return std::ldexp(static_cast<double>(random()) - 2e9,
                        static_cast<int>(random() % 600) - 300);
    case 3: {
      static constexpr std::string_view kLetters = "a\"\\\n\r\t\x01\x7f'=]";
      std::string text;
      for (unsigned n = random() % 6; n > 0; --n) text += kLetters[random() % kLetters.size()];
      return text;
    }
    case 4: {
      Toml::Array items;
      for (unsigned n = random() % 4; n > 0; --n) items.push_back(random_toml(random, depth - 1));
      return items;
    }
    default: {
      Toml::Table table;
      for (unsigned n = random() % 4; n > 0; --n)
        table.emplace(random() % 2 == 0 ? "k" + std::to_string(n) : "a b\n" + std::to_string(n),
                      random_toml(random, depth - 1));
      return table;
    }
  }
}

TEST(Toml, RandomValuesReadBackEqual) {
  std::mt19937 random(100);
  for (int round = 0; round < 2000; ++round) {
    const Toml document = Toml::Table{{"k", random_toml(random, 3)}};
    const Result<Toml> read = Toml::parse(document.document());
    ASSERT_TRUE(read.ok()) << document.document() << read.error().message();
    ASSERT_EQ(read.value(), document) << document.document();
  }
}

TEST(Toml, BrokenTextNeverCrashes) {
  std::mt19937 random(6);
  const std::string whole =
      "[a.b]\nc = {d = [1, 'x', \"\"\"y\"\"\"], e.f = 1979-05-27}\n[[g]]\nh = 0x1F\n";
  for (int round = 0; round < 20000; ++round) {
    std::string text = whole.substr(0, random() % (whole.size() + 1));
    if (!text.empty()) text[random() % text.size()] = static_cast<char>(random() % 128);
    if (const Result<Toml> read = Toml::parse(text); read.ok())
      ASSERT_EQ(Toml::parse(read.value().document()).value(), read.value()) << text;
  }
}

}  // namespace
}  // namespace krait
