// Tests of pkg/index/html.h.

#include "pkg/index/html.h"

#include <gtest/gtest.h>

#include <random>

namespace krait::pkg::html {
namespace {

// Tokens as text: <name a="b">, </name>, and text as it is; "|" between them.
std::string shown(std::string_view page) {
  std::string out;
  Tokenizer tokens(page);
  for (Token token = tokens.next(); token.kind != Token::Kind::kEnd; token = tokens.next()) {
    if (!out.empty()) out += '|';
    if (token.kind == Token::Kind::kText) {
      out += token.text;
      continue;
    }
    out += token.kind == Token::Kind::kClose ? "</" : "<";
    out += token.text;
    for (const auto& [name, value] : token.attributes)
      out.append(" ").append(name).append("=\"").append(value).append("\"");
    out += '>';
  }
  return out;
}

TEST(Html, IsCutIntoTokens) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"a<b>c</b>", "a|<b>|c|</b>"},
      {"<A HREF=x Title='a\"b' c>", "<a href=\"x\" title=\"a\"b\" c=\"\">"},
      {"<a\n href = \"x y\"\t/>t", "<a href=\"x y\">|t"},
      {"<a href=x/y>", "<a href=\"x/y\">"},
      {"<a b=\"1\"c=2>", "<a b=\"1\" c=\"2\">"},
      {"<a =x>", "<a =x=\"\">"},
      {"<br/>x", "<br>|x"},
      {"<!doctype html>a<!-- <b> -->c<?x?>d", "a|c|d"},
      {"<!--><a>", "<a>"},
      {"<!-- open <a>", ""},
      {"1 < 2 <3", "1 |< 2 |<3"},
      {"a<", "a|<"},
      {"</>x", "</>x"},
      {"<script>if (a<b) '<a>'</script><style><a></STYLE >x",
       "<script>|</script>|<style>|</style>|x"},
      {"<script><a>", "<script>"},
      {"<a href='x", "<a href=\"x\">"},
      {"<a href", "<a href=\"\">"},
      {"<a", "<a>"},
      {"&lt;a&gt; &amp;amp; &#65;&#x42&#xzz; &unknown; &", "<a> &amp; AB&#xzz; &unknown; &"},
      {"<a x='&gt;=3&gt=4&amp&lt;&#39;'>", "<a x=\">=3&gt=4&<'\">"},
      {"&#0;&#xD800;&#x110000;&#99999999999999999999;",
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"&nbsp;&apos;&apos x", "\xc2\xa0'&apos x"},
  };
  for (const auto& [page, tokens] : cases) EXPECT_EQ(shown(page), tokens) << page;
}

TEST(Html, KnowsItsEncoding) {
  EXPECT_EQ(to_utf8("\xc3\xa4", "").value(), "\xc3\xa4");
  EXPECT_EQ(to_utf8("\xff", "utf-8").value(), "\xef\xbf\xbd");
  EXPECT_EQ(to_utf8("\xe4\x80", "latin1").value(), "\xc3\xa4\xe2\x82\xac");
  EXPECT_EQ(to_utf8("\xef\xbb\xbf\xc3\xa4", "latin1").value(), "\xc3\xa4");
  EXPECT_EQ(to_utf8("<meta charset='ISO-8859-1'>\xe4", "").value(),
            "<meta charset='ISO-8859-1'>\xc3\xa4");
  const std::string old = "<meta http-equiv=Content-Type content='text/html; charset=cp1252'>";
  EXPECT_EQ(to_utf8(old + "\xe4", "").value(), old + "\xc3\xa4");
  EXPECT_EQ(to_utf8("", "utf-7").error().message(),
            "the page's character encoding is \"utf-7\": expected utf-8, iso-8859-1 or "
            "windows-1252");
}

TEST(Html, AnyTextEnds) {
  std::mt19937 random(5);
  static constexpr std::string_view kPieces[] = {"<",  ">", "a", "=", "\"", "'",      "/", "!",
                                                 "--", " ", "&", "#", ";",  "script", "1"};
  for (int round = 0; round < 20000; ++round) {
    std::string page;
    for (unsigned n = random() % 30; n > 0; --n) page += kPieces[random() % std::size(kPieces)];
    EXPECT_LE(shown(page).size(), 20 * page.size()) << page;
  }
}

}  // namespace
}  // namespace krait::pkg::html
