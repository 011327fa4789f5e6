// Tests of pkg/marker/marker.h.

#include "pkg/marker/marker.h"

#include <gtest/gtest.h>

#include <random>

#include "pkg/marker/test_environment.h"

namespace krait::pkg {
namespace {

TEST(Marker, ComparesVersionsAndText) {
  const std::pair<const char*, bool> cases[] = {
      {"python_version < '3.8'", false},
      {"python_version >= \"3.8\"", true},  // as text it would be less
      {"'3.8' <= python_version", true},
      {"'3.13' == python_version", true},
      {"python_version == '3.*'", true},
      {"python_version ~= '3.8'", true},
      {"python_version === '3.13'", true},
      {"python_version != '3.13.0'", false},
      {"python_full_version > '3.13'", true},
      {"implementation_version<'3.14'", true},
      {"platform_release >= '4.0.10'", false},
      {"platform_release >= '4.0.x'", false},  // no version: text
      {"platform_version == '#1'", true},
      {"platform_version ~= '1.0'", false},  // the environment's is no version
      {"platform_release ~= '4.0.0'", true},
      {"os_name == 'posix'", true},
      {"os.name == 'posix'", true},
      {"sys_platform != 'win32'", true},
      {"sys.platform == 'win32'", false},
      {"platform_machine in 'wasm32 wasm64'", true},
      {"platform_machine not in 'wasm32 wasm64'", false},
      {"'wasm' in platform_machine", true},
      {"'arm' not  in platform_machine", true},
      {"python_version in '2.7, 3.13'", true},
      {"python_implementation == 'CPython'", true},
      {"platform.python_implementation == 'PyPy'", false},
      {"implementation_name=='cpython'and platform_system=='Emscripten'", true},
      {"os_name > 'nt'", true},
      {"sys_platform === 'emscripten'", true},
      {"'a' < 'b'", true},
      {"'1.10' > '1.9'", true},
      {"os_name == 'nt' or os_name == 'posix' and python_version < '3'", false},
      {"(os_name == 'nt' or os_name == 'posix') and python_version > '3'", true},
      {"os_name == 'posix' or os_name == 'nt' and os_name == 'x'", true},
      {"((os_name == 'posix'))", true},
      {"extra == 'x'", false},
      {"extra != 'x'", true},
  };
  for (const auto& [text, holds] : cases) {
    const Result<Marker> marker = Marker::parse(text);
    ASSERT_TRUE(marker.ok()) << marker.error().message();
    EXPECT_EQ(marker.value().evaluate(test_environment()), holds) << text;
    EXPECT_EQ(Marker::parse(marker.value().to_string()).value(), marker.value()) << text;
  }
}

TEST(Marker, HoldsForOneOfTheExtras) {
  const ProjectName extras[] = {ProjectName::parse("Test_All").value(),
                                ProjectName::parse("doc").value()};
  const ProjectName groups[] = {ProjectName::parse("dev").value()};
  const std::pair<const char*, bool> cases[] = {
      {"extra == 'test-all'", true},
      {"extra == 'test.ALL' and os_name == 'posix'", true},
      {"'Doc' == extra", true},
      {"extra == 'other'", false},
      {"extra == 'doc' and extra == 'test-all'", false},
      {"'doc' in extras and 'TEST_ALL' in extras", true},
      {"'doc' not in extras", false},
      {"'dev' in dependency_groups", true},
      {"'doc' in dependency_groups or 'x' in extras", false},
  };
  for (const auto& [text, holds] : cases) {
    EXPECT_EQ(Marker::parse(text).value().evaluate(test_environment(), {extras, groups}), holds)
        << text;
    EXPECT_EQ(Marker::parse(text).value().uses_extra(),
              std::string(text).contains("extra ") || std::string(text).ends_with("extra"));
  }
}

TEST(Marker, IsWrittenWithAsFewBracketsAsCanBe) {
  const std::pair<const char*, const char*> cases[] = {
      {"( os_name=='a' )", "os_name == \"a\""},
      {"(os_name=='a'and os_name=='b')or os_name=='c'",
       "os_name == \"a\" and os_name == \"b\" or os_name == \"c\""},
      {"os_name=='a'and(os_name=='b'or os_name=='c')",
       "os_name == \"a\" and (os_name == \"b\" or os_name == \"c\")"},
      {"(os_name=='a'or os_name=='b')or os_name=='c'",
       "os_name == \"a\" or os_name == \"b\" or os_name == \"c\""},
      {"os.name == '\"' ", "os_name == '\"'"},
      {"'x'not in sys_platform", "\"x\" not in sys_platform"},
  };
  for (const auto& [text, written] : cases)
    EXPECT_EQ(Marker::parse(text).value().to_string(), written);
}

TEST(Marker, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "it ends, expected a marker variable or a quoted string"},
      {"os_name", "it ends, expected an operator such as ==, < or \"in\""},
      {"os_name = 'a'", "unexpected \"= 'a'\", expected an operator such as ==, < or \"in\""},
      {"os_name ==", "it ends, expected a marker variable or a quoted string"},
      {"os_nam == 'a'",
       "unexpected \"os_nam == 'a'\", expected a marker variable or a quoted string"},
      {"os_name == 'a", "unexpected \"'a\", expected the quote to be closed"},
      {"os_name == 'a' os_name", "unexpected \"os_name\", expected \"and\", \"or\" or the end"},
      {"os_name == 'a' and", "it ends, expected a marker variable or a quoted string"},
      {"(os_name == 'a'", "it ends, expected \")\""},
      {"os_name == 'a')", "unexpected \")\", expected \"and\", \"or\" or the end"},
      {"os_name not 'a'", "unexpected \"'a'\", expected \"in\""},
      {"extras == 'a'", "extras and dependency_groups can only follow \"in\" or \"not in\""},
      {"'a' == extras", "extras and dependency_groups can only follow \"in\" or \"not in\""},
      {"python_version ~= 'x'",
       "~= needs versions on both sides, not \"python_version ~= \\\"x\\\"\""},
      {"os_name ~= '1.0'", "~= needs versions on both sides, not \"os_name ~= \\\"1.0\\\"\""},
      {std::string("os_name == \0", 12),
       "unexpected \"\\x00\", expected a marker variable or a quoted string"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Marker> marker = Marker::parse(text);
    ASSERT_FALSE(marker.ok()) << text;
    EXPECT_TRUE(marker.error().message().ends_with(" is no marker: " + message + " (PEP 508)"))
        << marker.error().message();
  }
}

TEST(Marker, HasLimits) {
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "os_name == 'posix'" + std::string(depth, ')');
  };
  EXPECT_TRUE(Marker::parse(nested(100)).value().evaluate(test_environment()));
  EXPECT_TRUE(
      Marker::parse(nested(101))
          .error()
          .message()
          .ends_with("\"... is no marker: brackets are nested more than 100 deep (PEP 508)"));
  EXPECT_TRUE(Marker::parse(std::string(60000, '('))
                  .error()
                  .message()
                  .ends_with("brackets are nested more than 100 deep (PEP 508)"));
  EXPECT_TRUE(Marker::parse(std::string(70000, 'x'))
                  .error()
                  .message()
                  .ends_with("it has 70000 characters, expected at most 65536 (PEP 508)"));
  std::string chain = "os_name == 'posix'";
  for (int i = 0; i < 2000; ++i) chain += i % 2 == 0 ? " and os_name=='posix'" : " or os_name=='a'";
  EXPECT_TRUE(Marker::parse(chain).value().evaluate(test_environment()));
}

// Random formulas, evaluated by a twin that knows only truth values.
struct Formula {
  std::string text;
  bool holds;
};

Formula random_formula(std::mt19937& random, int depth) {
  const auto leaf = [&]() -> Formula {
    const bool holds = random() % 2 == 0;
    return {holds ? "os_name == 'posix'" : "'posix' != os_name", holds};
  };
  if (depth == 0) return leaf();
  Formula out{"", false};
  for (unsigned alternatives = 1 + random() % 3, i = 0; i < alternatives; ++i) {
    std::string text;
    bool holds = true;
    for (unsigned parts = 1 + random() % 3, j = 0; j < parts; ++j) {
      Formula part = leaf();
      if (random() % 2 == 0) {
        part = random_formula(random, depth - 1);
        part.text = "(" + part.text + ")";
      }
      text += (j > 0 ? " and " : "") + part.text;
      holds = holds && part.holds;
    }
    out.text += (i > 0 ? " or " : "") + text;
    out.holds = out.holds || holds;
  }
  return out;
}

TEST(Marker, RandomFormulasHoldAsTheirTwins) {
  std::mt19937 random(508);
  for (int round = 0; round < 2000; ++round) {
    const Formula formula = random_formula(random, 3);
    const Marker marker = Marker::parse(formula.text).value();
    ASSERT_EQ(marker.evaluate(test_environment()), formula.holds) << formula.text;
    ASSERT_EQ(Marker::parse(marker.to_string()).value().evaluate(test_environment()),
              formula.holds);
    ASSERT_EQ(Marker::parse(marker.to_string()).value(), marker);
  }
}

}  // namespace
}  // namespace krait::pkg
