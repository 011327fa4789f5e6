// Tests of pkg/wheel/headers.h and metadata.h.

#include "pkg/wheel/metadata.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(Headers, ReadsFieldsAndBody) {
  const Headers headers = Headers::parse(
                              "\xef\xbb\xbfName: a\r\nDESCRIPTION:one\n       |two\n   "
                              "three\nName:  b\nEmpty:\n\nthe\n\nbody")
                              .value();
  EXPECT_EQ(*headers.find("name"), "a");
  EXPECT_EQ(headers.all("NAME"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(*headers.find("Description"), "one\ntwo\nthree");
  EXPECT_EQ(*headers.find("empty"), "");
  EXPECT_EQ(headers.find("none"), nullptr);
  EXPECT_EQ(headers.body(), "the\n\nbody");
  const Headers again = Headers::parse(headers.to_string()).value();
  EXPECT_EQ(again.items(), headers.items());
  EXPECT_EQ(again.body(), headers.body());
  EXPECT_TRUE(Headers::parse("").value().items().empty());
}

TEST(Headers, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"Name a", "line 1, \"Name a\": expected \"Name: value\""},
      {"A: b\n: c", "line 2, \": c\": expected \"Name: value\""},
      {"A: b\nna me: c", "line 2, \"na me: c\": expected \"Name: value\""},
      {" a", "line 1, \" a\": goes on, but nothing stands before it"},
      {"A: \xff", "headers: byte 0xFF at offset 3: expected UTF-8"},
      {std::string("A\0: b", 5), "line 1, \"A\\x00: b\": expected \"Name: value\""},
      {std::string(std::size_t{17} << 20, 'a'),
       "the headers have 17825792 bytes, expected at most 16777216"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(Headers::parse(text).error().message(), message);
  std::string many;
  for (int i = 0; i <= 20000; ++i) many += "a: b\n";
  EXPECT_EQ(Headers::parse(many).error().message(), "more than 20000 headers");
}

TEST(Metadata, HasWhatDecides) {
  const Metadata metadata = Metadata::parse(
                                "Metadata-Version: 2.4\n"
                                "Name: Foo_Bar\n"
                                "Version: 1.0-1\n"
                                "Summary: Does things\n"
                                "Requires-Python: >=3.8, <4\n"
                                "Requires-Dist: a (>=1)\n"
                                "Requires-Dist: b[x]; extra == 'Test_all'\n"
                                "Provides-Extra: Test_all\n"
                                "Dynamic: Requires-Dist\n"
                                "License-Expression: MIT\n\n# Readme\n")
                                .value();
  EXPECT_EQ(metadata.name.to_string(), "foo-bar");
  EXPECT_EQ(metadata.version.to_string(), "1.0.post1");
  EXPECT_EQ(metadata.summary(), "Does things");
  EXPECT_EQ(metadata.requires_python->to_string(), ">=3.8,<4");
  ASSERT_EQ(metadata.requires_dist.size(), 2u);
  EXPECT_EQ(metadata.requires_dist[1].to_string(), "b[x]; extra == \"Test_all\"");
  EXPECT_EQ(metadata.provides_extra.at(0).to_string(), "test-all");
  EXPECT_EQ(metadata.dynamic, std::vector<std::string>{"requires-dist"});
  EXPECT_EQ(*metadata.headers.find("license-expression"), "MIT");
  EXPECT_EQ(metadata.description(), "# Readme\n");
  EXPECT_EQ(Metadata::parse("Metadata-Version: 1.0\nName: a\nVersion: 1\nDescription: d")
                .value()
                .description(),
            "d");
}

TEST(Metadata, SaysWhatIsWrong) {
  const std::string begin = "Metadata-Version: 2.1\nName: a\nVersion: 1\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", "METADATA: no field \"Metadata-Version\""},
      {"Metadata-Version: 3.0\n", "METADATA: Metadata-Version: \"3.0\": expected at most 2.x"},
      {"Metadata-Version: 10.0\n", "METADATA: Metadata-Version: \"10.0\": expected at most 2.x"},
      {"Metadata-Version: x\n",
       "METADATA: Metadata-Version: \"x\": expected a version such as 2.1"},
      {"Metadata-Version: 2.1\n", "METADATA: no field \"Name\""},
      {"Metadata-Version: 2.1\nName: a\n", "METADATA: no field \"Version\""},
      {"Metadata-Version: 2.1\nName: a\nVersion: x\n",
       "METADATA: Version: \"x\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {begin + "Requires-Dist: b >= x",
       "METADATA: Requires-Dist: \"b >= x\": \">=x\": \"x\" is no version: expected a release "
       "such as 1.2.3 (PEP 440)"},
      {begin + "Requires-Python: 3",
       "METADATA: Requires-Python: \"3\" is no version specifier: expected one of ~= == != <= >= "
       "< > === and a version"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(Metadata::parse(text).error().message(), message);
  EXPECT_EQ(Metadata::parse("Metadata-Version: 3.0\n").error().code(), ErrorCode::kUnsupported);
}

TEST(WheelInfo, IsReadAndWritten) {
  const std::string text =
      "Wheel-Version: 1.0\nGenerator: krait (0.1)\nRoot-Is-Purelib: false\n"
      "Tag: py2-none-any\nTag: py3-none-any\nBuild: 1x\n";
  const WheelInfo info = WheelInfo::parse(text).value();
  EXPECT_FALSE(info.root_is_purelib);
  EXPECT_EQ(info.tags.size(), 2u);
  EXPECT_EQ(info.to_string(), text);
  const std::pair<const char*, const char*> wrong[] = {
      {"", "WHEEL: no field \"Wheel-Version\""},
      {"Wheel-Version: 2.0\n", "WHEEL: Wheel-Version: \"2.0\": expected at most 1.x"},
      {"Wheel-Version: 1.9\n", "WHEEL: no field \"Root-Is-Purelib\""},
      {"Wheel-Version: 1.0\nRoot-Is-Purelib: yes\n",
       "WHEEL: Root-Is-Purelib: \"yes\": expected true or false"},
  };
  for (const auto& [broken, message] : wrong)
    EXPECT_EQ(WheelInfo::parse(broken).error().message(), message);
}

}  // namespace
}  // namespace krait::pkg
