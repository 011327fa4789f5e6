// Tests of pkg/wheel/record.h.

#include "pkg/wheel/record.h"

#include <gtest/gtest.h>

#include <random>

namespace krait::pkg {
namespace {

TEST(Record, ReadsAndWrites) {
  const std::string text =
      "a/b.py,sha256=AVTFPZpEKzuHr7OvQZmhaU3LvwKz06AJw8mT\\_pNh2yI,3144\r\n"
      "\"with,comma\"\"and quote\",,0\n"
      "\n"
      "x.dist-info/RECORD,,";
  const Record record = Record::parse(text).value();
  ASSERT_EQ(record.entries.size(), 3u);
  EXPECT_EQ(record.entries[0].size, 3144u);
  EXPECT_EQ(record.entries[1].path, "with,comma\"and quote");
  EXPECT_EQ(record.entries[1].size, 0u);
  EXPECT_EQ(record.entries[2], (RecordEntry{.path = "x.dist-info/RECORD"}));
  EXPECT_EQ(Record::parse(record.to_string()).value().entries, record.entries);
}

TEST(Record, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"a", "RECORD, line 1: 1 fields, expected three: path,hash,size"},
      {"a,,\nb,,,", "RECORD, line 2: 4 fields, expected three: path,hash,size"},
      {",,", "RECORD, line 1: the path is empty"},
      {"a,,x", "RECORD, line 1: the size \"x\" is no number"},
      {"a,,-1", "RECORD, line 1: the size \"-1\" is no number"},
      {"a,,99999999999999999999", "RECORD, line 1: the size \"99999999999999999999\" is no number"},
      {"\"a", "RECORD, line 1: a quote is not closed"},
      {"\"a\"b,,", "RECORD, line 1: unexpected \"b\", expected a comma or the line's end"},
      {"a\rb,,", "RECORD, line 1: unexpected \"b\", expected a comma or the line's end"},
      {std::string(std::size_t{65} << 20, 'a'),
       "RECORD has 68157440 bytes, expected at most 67108864"},
  };
  for (const auto& [text, message] : cases)
    EXPECT_EQ(Record::parse(text).error().message(), message);
}

TEST(Record, VerifiesContent) {
  const RecordEntry entry = RecordEntry::of("f", as_bytes("abc"));
  EXPECT_EQ(entry.hash, "sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  EXPECT_TRUE(entry.verify(as_bytes("abc")).ok());
  EXPECT_TRUE((RecordEntry{.path = "f", .hash = entry.hash + "="}).verify(as_bytes("abc")).ok());
  EXPECT_EQ(entry.verify(as_bytes("ab")).error().message(), "\"f\" has 2 bytes, but RECORD says 3");
  EXPECT_EQ(entry.verify(as_bytes("abd")).error().message(),
            "\"f\" has the hash sha256=pS0VnyYrLG3bckphhAvvw26zDIiHekAwtly-himESck, but RECORD "
            "says \"sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0\"");
  EXPECT_EQ(entry.verify(as_bytes("abd")).error().code(), ErrorCode::kMismatch);
  EXPECT_EQ((RecordEntry{.path = "f", .hash = "md5=x"}).verify({}).error().message(),
            "\"f\": RECORD has the hash \"md5=x\", expected sha256=...");
  EXPECT_EQ((RecordEntry{.path = "f", .hash = "sha256=!"}).verify({}).error().message(),
            "\"f\": RECORD's hash \"sha256=!\" is no base64");
  EXPECT_TRUE((RecordEntry{.path = "f"}).verify(as_bytes("anything")).ok());
}

TEST(Record, RandomEntriesReadBackEqual) {
  std::mt19937 random(376);
  static constexpr std::string_view kLetters = "ab/,\"\r\n =\xc3\xa4";
  for (int round = 0; round < 3000; ++round) {
    Record record;
    for (unsigned n = random() % 5; n > 0; --n) {
      RecordEntry entry{.path = "p"};
      for (unsigned i = random() % 6; i > 0; --i)
        entry.path += kLetters[random() % kLetters.size()];
      for (unsigned i = random() % 3; i > 0; --i)
        entry.hash += kLetters[random() % kLetters.size()];
      if (random() % 2 == 0) entry.size = random();
      record.entries.push_back(std::move(entry));
    }
    ASSERT_EQ(Record::parse(record.to_string()).value().entries, record.entries)
        << record.to_string();
  }
}

}  // namespace
}  // namespace krait::pkg
