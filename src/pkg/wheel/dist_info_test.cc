// Tests of pkg/wheel/dist_info.h.

#include "pkg/wheel/dist_info.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(EntryPoints, AreReadAndWritten) {
  const auto entries = parse_entry_points(
                           "# comment\n; another\n[console_scripts]\r\nfoo=pkg.mod:main\n"
                           "bar-x = pkg.mod : Class.run [a, b]\n\n[ a.group ]\nonly = module\n")
                           .value();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(
      entries[0],
      (EntryPoint{
          .group = "console_scripts", .name = "foo", .module = "pkg.mod", .attribute = "main"}));
  EXPECT_EQ(entries[1], (EntryPoint{.group = "console_scripts",
                                    .name = "bar-x",
                                    .module = "pkg.mod",
                                    .attribute = "Class.run",
                                    .extras = {"a", "b"}}));
  EXPECT_EQ(entries[2], (EntryPoint{.group = "a.group", .name = "only", .module = "module"}));
  EXPECT_EQ(entry_points_text(entries),
            "[console_scripts]\nfoo = pkg.mod:main\nbar-x = pkg.mod:Class.run [a,b]\n\n"
            "[a.group]\nonly = module\n");
  EXPECT_EQ(parse_entry_points(entry_points_text(entries)).value(), entries);
}

TEST(EntryPoints, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"a = b", "line 1, \"a = b\": expected \"[group]\" before it"},
      {"[g", "line 1, \"[g\": expected \"[group]\""},
      {"[]", "line 1, \"[]\": expected \"[group]\""},
      {"[g]\nfoo", "line 2, \"foo\": expected \"name = module:attribute\""},
      {"[g]\n= m:f", "line 2, \"= m:f\": expected \"name = module:attribute\""},
      {"[g]\na = m:", "line 2, \"a = m:\": expected \"name = module:attribute\""},
      {"[g]\na = m..n:f", "line 2, \"a = m..n:f\": expected \"name = module:attribute\""},
      {"[g]\na = m n", "line 2, \"a = m n\": expected \"name = module:attribute\""},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(parse_entry_points(text).error().message(),
              "entry_points.txt, " + std::string(message));
}

TEST(DirectUrl, IsReadAndWritten) {
  const char* const texts[] = {
      R"({"url":"https://h/a.whl","archive_info":{"hashes":{"sha256":"ab","md5":"cd"}}})",
      R"({"url":"https://h/a.whl","archive_info":{}})",
      R"({"url":"file:///p","dir_info":{"editable":true},"subdirectory":"s"})",
      R"({"url":"file:///p","dir_info":{}})",
      R"({"url":"https://h/r.git","vcs_info":{"vcs":"git","requested_revision":"v1","commit_id":"7f"}})",
  };
  for (const char* text : texts) EXPECT_EQ(DirectUrl::parse(text).value().to_string(), text);
  EXPECT_EQ(DirectUrl::parse(R"({"url":"u","archive_info":{"hash":"sha256=ab"}})").value().source,
            (std::variant<DirectUrl::Archive, DirectUrl::Directory, DirectUrl::Vcs>(
                DirectUrl::Archive{.hashes = {{"sha256", "ab"}}})));
}

TEST(DirectUrl, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "direct_url.json: expected an object, not an array (PEP 610)"},
      {"{",
       "direct_url.json: JSON, line 1 column 2: the text ends: expected a key in double quotes"},
      {"{}", "direct_url.json: expected text in \"url\" (PEP 610)"},
      {R"({"url":"u"})",
       "direct_url.json: expected one of \"archive_info\", \"dir_info\" and \"vcs_info\" (PEP "
       "610)"},
      {R"({"url":"u","dir_info":{},"vcs_info":{}})",
       "direct_url.json: expected one of \"archive_info\", \"dir_info\" and \"vcs_info\" (PEP "
       "610)"},
      {R"({"url":"u","dir_info":{"editable":1}})",
       "direct_url.json: expected true or false in \"editable\" (PEP 610)"},
      {R"({"url":"u","vcs_info":{"vcs":"git"}})",
       "direct_url.json: expected text in \"commit_id\" (PEP 610)"},
      {R"({"url":"u","archive_info":[]})",
       "direct_url.json: expected an object, not an array (PEP 610)"},
      {R"({"url":"u","archive_info":{"hash":"x"}})",
       "direct_url.json: expected algorithm=digest in \"hash\" (PEP 610)"},
      {R"({"url":"u","archive_info":{"hashes":{"a":1}}})",
       "direct_url.json: expected text in \"hashes\" (PEP 610)"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(DirectUrl::parse(text).error().message(), message);
}

TEST(Installer, IsOneLine) {
  EXPECT_EQ(parse_installer("\n krait \nmore"), "krait");
  EXPECT_EQ(parse_installer(""), "");
  EXPECT_EQ(parse_installer(installer_text("krait")), "krait");
}

}  // namespace
}  // namespace krait::pkg
