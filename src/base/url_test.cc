// Tests of base/url.h: RFC 3986, 5.4, and what pages of package indexes have.

#include "base/url.h"

#include <gtest/gtest.h>

namespace krait {
namespace {

TEST(Url, ResolvesAsRfc3986Says) {
  const std::pair<const char*, const char*> cases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  const Url base = Url::parse("http://a/b/c/d;p?q").value();
  for (const auto& [reference, result] : cases)
    EXPECT_EQ(base.resolve(reference).value().to_string(), result) << reference;
  EXPECT_EQ(Url::parse("http://h").value().resolve("x").value().to_string(), "http://h/x");
  EXPECT_EQ(Url::parse("x/y").value().resolve("../../z").value().to_string(), "/z");
  EXPECT_EQ(Url::parse("x:").value().resolve("../g").value().to_string(), "x:g");
}

TEST(Url, HasItsParts) {
  const Url url = Url::parse(" HTTPS://u@h:8/a%20b/c-1.whl?x=1#sha256=ab ").value();
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.authority, "u@h:8");
  EXPECT_EQ(url.path, "/a%20b/c-1.whl");
  EXPECT_EQ(url.query, "x=1");
  EXPECT_EQ(url.fragment, "sha256=ab");
  EXPECT_EQ(url.filename(), "c-1.whl");
  EXPECT_EQ(url.to_string(), "https://u@h:8/a%20b/c-1.whl?x=1#sha256=ab");
  EXPECT_EQ(Url::parse("h/a%2Bb").value().filename(), "a+b");
  EXPECT_EQ(Url::parse("a b\xc3\xa4\"<>|\\").value().to_string(), "a%20b%C3%A4%22%3C%3E%7C%5C");
  EXPECT_FALSE(Url::parse("1a:b").value().is_absolute());
  EXPECT_FALSE(Url::parse("./a:b").value().is_absolute());
  EXPECT_EQ(Url::parse("file:///.//x").value().to_string(), "file:///.//x");
  EXPECT_EQ(percent_decoded("%41%zz%4"), "A%zz%4");
}

TEST(Url, SaysWhatIsWrong) {
  EXPECT_EQ(Url::parse(std::string("a\0b", 3)).error().message(),
            "\"a\\x00b\" is no URL: it has a control character (RFC 3986)");
  EXPECT_EQ(Url::parse(std::string(70000, 'a')).error().message(),
            "\"" + std::string(80, 'a') +
                "\"... is no URL: it has 70000 characters, expected at most 65536");
}

}  // namespace
}  // namespace krait
