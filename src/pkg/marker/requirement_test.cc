// Tests of pkg/marker/requirement.h.

#include "pkg/marker/requirement.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(Requirement, ReadsEveryForm) {
  struct Row {
    const char* text;
    const char* written;
  };
  const Row rows[] = {
      {"A", "A"},
      {"A.B-C_D", "A.B-C_D"},
      {" name ", "name"},
      {"name<=1", "name<=1"},
      {"name>=3", "name>=3"},
      {"name>=3,<2", "name>=3,<2"},
      {"name (>=3, <2)", "name>=3,<2"},
      {"name()", "name"},
      {"name==1.*", "name==1.*"},
      {"name [fred , Bar_x]", "name[bar-x,fred]"},
      {"name[]", "name"},
      {"name[a,A]>1", "name[a]>1"},
      {"name@http://foo.com", "name @ http://foo.com"},
      {"name [fred,bar] @ http://foo.com ; python_version=='2.7'",
       "name[bar,fred] @ http://foo.com ; python_version == \"2.7\""},
      {"name @ file:///a%20b.whl#sha256=12;x", "name @ file:///a%20b.whl#sha256=12;x"},
      {"name[quux, strange];python_version<'2.7' and platform_version=='2'",
       "name[quux,strange]; python_version < \"2.7\" and platform_version == \"2\""},
      {"name; os_name=='a' or os_name=='b'", "name; os_name == \"a\" or os_name == \"b\""},
      {"name>=1;extra=='x'", "name>=1; extra == \"x\""},
      {"name (>=1) ; extra == 'x;y'", "name>=1; extra == \"x;y\""},
  };
  for (const auto& [text, written] : rows) {
    const Result<Requirement> parsed = Requirement::parse(text);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message();
    EXPECT_EQ(parsed.value().to_string(), written);
    EXPECT_EQ(Requirement::parse(written).value(), parsed.value());
  }
}

TEST(Requirement, HasItsParts) {
  const Requirement r = Requirement::parse("Foo.Bar[x,y] >=1,!=1.5 ; os_name == 'posix'").value();
  EXPECT_EQ(r.name.to_string(), "foo-bar");
  ASSERT_EQ(r.extras.size(), 2u);
  EXPECT_EQ(r.extras[1].to_string(), "y");
  EXPECT_EQ(r.specifiers.items().size(), 2u);
  EXPECT_FALSE(r.url);
  EXPECT_TRUE(r.applies({.os_name = "posix"}));
  EXPECT_FALSE(r.applies({.os_name = "nt"}));
  const Requirement u = Requirement::parse("foo@ https://example.com/a@b").value();
  EXPECT_EQ(*u.url, "https://example.com/a@b");
  EXPECT_TRUE(u.applies({}));
}

TEST(Requirement, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "\"\" is no requirement: expected a project name at its start (PEP 508)"},
      {"==1", "\"==1\" is no requirement: expected a project name at its start (PEP 508)"},
      {"name[x", "\"name[x\" is no requirement: expected \"]\" after the extras (PEP 508)"},
      {"name[x,]",
       "\"name[x,]\": \"\" is no project name: expected letters, digits, - _ and ., with a letter "
       "or digit at both ends (PEP 508)"},
      {"name (>1", "\"name (>1\" is no requirement: expected \")\" after the versions (PEP 508)"},
      {"name (>1) x",
       "\"name (>1) x\" is no requirement: unexpected \"x\" after the versions, expected \";\" "
       "(PEP 508)"},
      {"name @", "\"name @\" is no requirement: expected a URL after \"@\" (PEP 508)"},
      {"name @ u x",
       "\"name @ u x\" is no requirement: unexpected \"x\" after the URL, expected \";\" (PEP "
       "508)"},
      {"name 1.0",
       "\"name 1.0\": \"1.0\" is no version specifier: expected one of ~= == != <= >= < > === and "
       "a version"},
      {"name-",
       "\"name-\": \"name-\" is no project name: expected letters, digits, - _ and ., "
       "with a letter or digit at both ends (PEP 508)"},
      {"git+https://example.com/x",
       "\"git+https://example.com/x\" is no requirement: expected \"name @ URL\" (PEP 508)"},
      {"name;",
       "\"name;\": \"\" is no marker: it ends, expected a marker variable or a quoted "
       "string (PEP 508)"},
      {std::string("na\0me", 5),
       "\"na\\x00me\": \"\\x00me\" is no version specifier: expected one of ~= == != <= >= < > === "
       "and a version"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Requirement> parsed = Requirement::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().message(), message);
  }
  EXPECT_TRUE(Requirement::parse(std::string(200000, 'a'))
                  .error()
                  .message()
                  .ends_with("it has 200000 characters, expected at most 131072 (PEP 508)"));
}

}  // namespace
}  // namespace krait::pkg
