// Tests of pkg/wheel/record.h.

#include "pkg/wheel/record.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(Record, ReadsRows) {
  const Record record = Record::parse(
                            "a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\r\n"
                            "\"b, \"\"c\"\".py\",sha256=abc=,12\n"
                            "\n"
                            "x-1.dist-info/RECORD,,")
                            .value();
  const Record expected = {{{"a.py", "sha256", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", 0},
                            {"b, \"c\".py", "sha256", "abc", 12},
                            {"x-1.dist-info/RECORD", "", "", std::nullopt}}};
  EXPECT_EQ(record, expected);
  EXPECT_EQ(record.to_string(),
            "a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
            "\"b, \"\"c\"\".py\",sha256=abc,12\n"
            "x-1.dist-info/RECORD,,\n");
  EXPECT_EQ(Record::parse(record.to_string()).value(), record);
  EXPECT_EQ(Record::parse("").value(), Record());
}

TEST(Record, EntryOfContent) {
  const RecordEntry expected = {"a.py", "sha256", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", 0};
  EXPECT_EQ(record_entry("a.py", {}), expected);
}

TEST(Record, QuotedPathsRoundTrip) {
  Record record;
  for (const char* path : {"plain", "a,b", "\"", "\"\"", "line\nend", "\r", " space ", "ü"})
    record.entries.push_back(record_entry(path, as_bytes(path)));
  EXPECT_EQ(Record::parse(record.to_string()).value(), record);
}

TEST(Record, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"a.py", R"(line 1: "a.py": it has 1 fields: expected path, hash, size)"},
      {"a.py,,\nb.py,,,\n", R"(line 2: "b.py": it has 4 fields: expected path, hash, size)"},
      {",,", R"(line 1: "": its path is empty)"},
      {"a.py,abc,1", R"(line 1: "a.py": hash "abc": expected algorithm=digest)"},
      {"a.py,=abc,1", R"(line 1: "a.py": hash "=abc": expected algorithm=digest)"},
      {"a.py,sha256=,1", R"(line 1: "a.py": hash "sha256=": expected algorithm=digest)"},
      {"a.py,sha256=a,one", R"(line 1: "a.py": size "one": expected a number of bytes)"},
      {"a.py,sha256=a,-1", R"(line 1: "a.py": size "-1": expected a number of bytes)"},
      {"a.py,sha256=a,1.5", R"(line 1: "a.py": size "1.5": expected a number of bytes)"},
      {"a.py,,99999999999999999999",
       R"(line 1: "a.py": size "99999999999999999999": expected a number of bytes)"},
      {"\"a.py,,", "line 1 has no closing quote"},
      {"\"a\"b,,", R"(line 1 has text behind a closing quote: "b,,")"},
      {"a,,\n\na,,", R"(line 3: "a" was there before: expected each file once)"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Record> result = Record::parse(text);
    ASSERT_FALSE(result.ok()) << message;
    EXPECT_EQ(result.error().message(), message);
  }
}

}  // namespace
}  // namespace krait::pkg
