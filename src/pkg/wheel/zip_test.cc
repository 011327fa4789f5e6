// Tests of pkg/wheel/zip.h and zip_stream.h: the two readers are fed the same archives, and must
// agree.

#include "pkg/wheel/zip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "pkg/wheel/zip_builder.h"
#include "pkg/wheel/zip_stream.h"

namespace krait::pkg {
namespace {

using Contents = std::map<std::string, std::string>;

Result<Contents> read_whole(ByteView archive, const ZipLimits& limits = {}) {
  const ZipReader reader = TRY(ZipReader::open(archive, limits));
  Contents contents;
  for (std::size_t i = 0; i < reader.entries().size(); ++i)
    contents[reader.entries()[i].name] = as_text(TRY(reader.read(i)));
  return contents;
}

Result<Contents> read_pieces(ByteView archive, std::size_t most, const ZipLimits& limits = {}) {
  std::mt19937 random(static_cast<unsigned>(most));
  ZipStream stream(limits);
  std::vector<ZipMember> members;
  while (!archive.empty()) {
    const std::size_t size = std::min<std::size_t>(archive.size(), 1 + random() % most);
    TRY(stream.update(archive.first(size), members));
    archive = archive.subspan(size);
  }
  const std::vector<ZipEntry> entries = TRY(stream.finish());
  Contents contents;
  EXPECT_EQ(entries.size(), members.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].name, members[i].entry.name);
    contents[entries[i].name] = as_text(members[i].bytes);
  }
  return contents;
}

std::string noise(std::size_t size) {
  std::mt19937 random(9);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(Zip, ReadsEveryFormOfMember) {
  const std::string big = noise(2'000) + std::string(70'000, 'x');  // beyond one piece of output
  for (const bool zip64_end : {false, true}) {
    for (const std::string_view comment : {"", "a comment"}) {
      ZipBuilder builder;
      Contents expected;
      int number = 0;
      for (const std::string& content : {std::string(), std::string("text"), big}) {
        for (const bool zip64 : {false, true}) {
          for (const Sizes sizes : {Sizes::kFront, Sizes::kBehind, Sizes::kBehindBare,
                                    Sizes::kBehind64, Sizes::kBehindBare64}) {
            const std::string name = "m" + std::to_string(number++);
            builder.add({.name = name, .content = content, .sizes = sizes, .zip64 = zip64});
            expected[name] = content;
          }
          const std::string name = "s" + std::to_string(number++);
          builder.add({.name = name, .content = content, .deflate = false, .zip64 = zip64});
          expected[name] = content;
        }
      }
      builder.add({.name = "folder/", .content = "", .deflate = false, .mode = 040755});
      builder.add({.name = "later/", .deflate = false, .sizes = Sizes::kBehind});
      expected["folder/"] = expected["later/"] = "";
      const Bytes archive = builder.finish(comment, zip64_end);
      Result<Contents> whole = read_whole(archive);
      ASSERT_TRUE(whole.ok()) << whole.error().message();
      EXPECT_EQ(whole.value(), expected);
      for (const std::size_t most : {13, 5000, 1'000'000}) {
        Result<Contents> pieces = read_pieces(archive, most);
        ASSERT_TRUE(pieces.ok()) << pieces.error().message();
        EXPECT_EQ(pieces.value(), expected);
      }
    }
  }
}

TEST(Zip, ReadsAnEmptyArchive) {
  EXPECT_EQ(read_whole(ZipBuilder().finish()).value(), Contents());
  EXPECT_EQ(read_pieces(ZipBuilder().finish(), 3).value(), Contents());
}

TEST(Zip, FindsOneMemberWithoutTheOthers) {
  ZipBuilder builder;
  builder.add({.name = "broken", .content = "text", .deflate = false});
  builder.add({.name = "good", .content = "content"});
  Bytes archive = builder.finish();
  archive[30 + 6] ^= 1;  // data of the first
  const ZipReader reader = ZipReader::open(archive).value();
  EXPECT_EQ(as_text(reader.read(reader.find("good").value()).value()), "content");
  EXPECT_EQ(reader.read(reader.find("broken").value()).error().message(),
            "member \"broken\" has CRC 8337c0a2: expected 3b8ba7c7");
  EXPECT_FALSE(reader.find("bad").has_value());
}

TEST(Zip, NamesAreUtf8OrCodePage437) {
  constexpr std::uint16_t kUtf8 = 1 << 11;
  const Bytes archive = ZipBuilder()
                            .add({.name = "gr\xc3\xbc\xc3\x9f", .content = "", .flags = kUtf8})
                            .add({.name = "gr\x81\xe1.\xff", .content = ""})
                            .add({.name = "\x80\x9b", .content = ""})
                            .finish();
  const ZipReader reader = ZipReader::open(archive).value();
  EXPECT_EQ(reader.entries()[0].name, "grüß");
  EXPECT_EQ(reader.entries()[1].name, "grüß.\u00a0");
  EXPECT_EQ(reader.entries()[2].name, "Ç¢");
}

struct Broken {
  const char* message;
  TestMember member;
  // What the stream says, where it is something else: it sees the front first.
  const char* streamed = nullptr;
};

std::function<void(Bytes&)> set16(std::size_t at, std::uint16_t value) {
  return [=](Bytes& bytes) { set_le(bytes, at, value); };
}
std::function<void(Bytes&)> set32(std::size_t at, std::uint32_t value) {
  return [=](Bytes& bytes) { set_le(bytes, at, value); };
}

std::string unicode_path(std::string_view raw, std::string_view other) {
  Bytes extra;
  append_le<std::uint16_t>(extra, 0x7075);
  append_le(extra, static_cast<std::uint16_t>(5 + other.size()));
  extra.push_back(1);
  append_le(extra, crc32(as_bytes(raw)));
  return std::string(as_text(extra)) + std::string(other);
}

TEST(Zip, RefusesMembersByName) {
  const Broken cases[] = {
      {R"(member "a" is encrypted: expected plain data)",
       {.name = "a", .content = "text", .flags = 1}},
      {R"(member "a" is encrypted: expected plain data)",
       {.name = "a", .content = "text", .flags = 1 << 13}},
      {R"(member "a" is a patch: expected plain data)",
       {.name = "a", .content = "text", .flags = 1 << 5}},
      {R"(member "a" is packed with method 12 (bzip2): expected stored or deflate)",
       {.name = "a", .change_local = set16(8, 12), .change_central = set16(10, 12)}},
      {R"(member "a" is packed with method 77 (unknown): expected stored or deflate)",
       {.name = "a", .change_local = set16(8, 77), .change_central = set16(10, 77)}},
      {R"(a member has an empty name)", {.name = ""}},
      {R"(member "a\x00b": its name holds a NUL character)", {.name = std::string("a\0b", 3)}},
      {R"(member "\xff": its name is not UTF-8, as its flags say)",
       {.name = "\xff", .flags = 1 << 11}},
      {R"(member "a": its extra field is cut short)", {.name = "a", .extra = "\1"}},
      {R"(member "a": its extra field is cut short)",
       {.name = "a", .extra = std::string("\x11\0\5\0abc", 7)}},
      {R"(member "a": it has two zip64 fields)",
       {.name = "a", .zip64 = true, .extra = std::string("\1\0\x18\0", 4) + std::string(24, '\0')}},
      {R"(member "a": its zip64 field is cut short)",
       {.name = "a", .zip64 = true, .extra = std::string("\1\0\4\0abcd", 8)}},
      {R"(member "a" has a second name: "b")", {.name = "a", .extra = unicode_path("a", "b")}},
      {R"(member "a/" is a folder with 4 bytes of data)", {.name = "a/", .content = "text"}},
      {R"(member "a" is stored with 4 bytes but has 5)",
       {.name = "a",
        .content = "text",
        .deflate = false,
        .change_local = set32(22, 5),
        .change_central = set32(24, 5)}},
      {R"(member "a" is named "b" in its local header)",
       {.name = "a", .change_local = [](Bytes& local) { local[30] = 'b'; }}},
      {R"(member "a": method or flags in its local header are others)",
       {.name = "a", .change_local = set16(6, 1 << 11)}},
      {R"(member "a": its CRC is 1 in the local header, but 999008199 in the central directory)",
       {.name = "a", .content = "text", .change_local = set32(14, 1)},
       R"(member "a" has CRC 3b8ba7c7: expected 00000001)"},
      {R"(member "a": its size is 5 in the local header, but 4 in the central directory)",
       {.name = "a", .content = "text", .change_local = set32(22, 5)},
       R"(member "a": deflate data unpacks to 4 bytes: expected 5)"},
      {R"(member "a": its packed size is 5 in the local header, but 6 in the central directory)",
       {.name = "a", .content = "text", .change_local = set32(18, 5)},
       R"(member "a": deflate data is cut short)"},
      {R"(member "a": its size is 7 in the local header, but 4 in the central directory)",
       {.name = "a", .content = "text", .sizes = Sizes::kBehind, .change_local = set32(22, 7)},
       R"(member "a": its size is 7 in the local header, but 4 in the central directory)"},
      {R"(member "a" has no local header at byte 0)",
       {.name = "a", .change_local = set32(0, 0x04034b51)},
       R"(the central directory begins at byte 33: expected 0, where the last member ends)"},
      {R"(member "a" begins at byte 1: expected 0, where what is before it ends)",
       {.name = "a", .change_central = set32(42, 1)},
       R"(member "a" is missing in the central directory)"},
      {R"(member "a" is in another part of the archive)",
       {.name = "a", .change_central = set16(34, 3)}},
      {R"(member "a" unpacks to 2000000000 bytes: expected at most 1073741824)",
       {.name = "a", .change_central = set32(24, 2'000'000'000)}},
      {R"(member "a" unpacks from 2 to 10000000 bytes: expected at most 400 for one)",
       {.name = "a", .change_central = set32(24, 10'000'000)}},
      {R"(member "a" reaches into what follows it, at byte 33)",
       {.name = "a", .change_local = set32(18, 1000), .change_central = set32(20, 1000)},
       R"(member "a": deflate data ends 998 bytes early)"},
      {R"(the central directory begins at byte 39: expected 35, where the last member ends)",
       {.name = "a",
        .content = "textabcd",
        .deflate = false,
        .change_local =
            [](Bytes& local) {
              set_le(local, 14, crc32(as_bytes("text")));
              set_le<std::uint32_t>(local, 18, 4);
              set_le<std::uint32_t>(local, 22, 4);
            },
        .change_central =
            [](Bytes& central) {
              set_le(central, 16, crc32(as_bytes("text")));
              set_le<std::uint32_t>(central, 20, 4);
              set_le<std::uint32_t>(central, 24, 4);
            }},
       R"(the central directory begins at byte 39: expected 35, where the last member ends)"},
  };
  for (const auto& [message, member, streamed] : cases) {
    const Bytes archive = ZipBuilder().add(member).finish();
    Result<Contents> whole = read_whole(archive);
    ASSERT_FALSE(whole.ok()) << message;
    EXPECT_EQ(whole.error().message(), message);
    for (const std::size_t most : {1, 1000}) {
      Result<Contents> pieces = read_pieces(archive, most);
      ASSERT_FALSE(pieces.ok()) << message;
      EXPECT_EQ(pieces.error().message(), streamed != nullptr ? streamed : message);
    }
  }
}

TEST(Zip, RefusesBrokenArchives) {
  const TestMember a = {.name = "a", .content = "text"};
  const Bytes good = ZipBuilder().add(a).add({.name = "b"}).finish();
  const auto changed = [&](std::size_t from_end, std::uint32_t value) {
    Bytes bytes = good;
    set_le(bytes, bytes.size() - from_end, value);
    return bytes;
  };
  const auto joined = [](std::string_view front, const Bytes& middle, std::string_view back) {
    Bytes bytes(front.begin(), front.end());
    bytes.insert(bytes.end(), middle.begin(), middle.end());
    bytes.insert(bytes.end(), back.begin(), back.end());
    return bytes;
  };
  constexpr const char* kNoEnd =
      "no end of a central directory: expected a zip archive, whole and with nothing behind it";
  struct {
    Bytes archive;
    const char* whole;
    const char* streamed;
  } const cases[] = {
      {{}, kNoEnd, "the archive is cut short in a header"},
      {{'P', 'K'}, kNoEnd, "the archive is cut short in a header"},
      {joined("<!doctype html>", {}, ""), kNoEnd, kNoEnd},
      {Bytes(good.begin(), good.begin() + 33), kNoEnd, R"(the archive is cut short in member "a")"},
      {Bytes(good.begin(), good.begin() + 50), kNoEnd, "the archive is cut short in a header"},
      {Bytes(good.begin(), good.end() - 1), kNoEnd, kNoEnd},
      {joined("", good, "x"), kNoEnd, kNoEnd},
      {joined("front", good, ""),
       "the central directory is said to be at bytes 70 to 164: expected it to end where the end "
       "record begins, at 169",
       "the central directory is said to be at bytes 70 to 164: expected it to end where the end "
       "record begins, at 169"},
      {changed(14, 0x00030003), "entry 2 of the central directory is not there: expected 3",
       nullptr},
      {changed(14, 0x00010001), "the central directory has 47 bytes behind its last entry",
       nullptr},
      {changed(14, 0x00020001), "the archive has several parts: expected one", nullptr},
      {changed(18, 1), "the archive has several parts: expected one", nullptr},
      {ZipBuilder().add(a).add(a).finish(), R"(member "a" comes twice in the archive)", nullptr},
      {ZipBuilder().add(a).add_raw("gap").finish(),
       "the central directory begins at byte 40: expected 37, where the last member ends", nullptr},
      {ZipBuilder().add(a).add_raw("gap").add({.name = "b"}).finish(),
       R"(member "b" begins at byte 40: expected 37, where what is before it ends)",
       "the central directory begins at byte 73: expected 37, where the last member ends"},
      {ZipBuilder()
           .add(a)
           .add({.name = "b", .content = "text", .change_central = set32(42, 0)})
           .finish(),
       R"(member "a" has no local header at byte 0)",
       R"(member "b" has no local header at byte 0)"},
      {ZipBuilder()
           .add({.name = "a",
                 .content = "text",
                 .deflate = false,
                 .sizes = Sizes::kBehindBare,
                 .change_local = [](Bytes&) {},
                 .change_central = set32(16, 5)})
           .finish(),
       R"(member "a": no data descriptor that agrees follows its data)",
       R"(member "a" is stored without telling its size in front: it can only be read from the )"
       R"(whole archive)"},
      {ZipBuilder()
           .add({.name = "a",
                 .content = "text",
                 .sizes = Sizes::kBehind,
                 .change_central = set32(16, 5)})
           .finish(),
       R"(member "a": no data descriptor that agrees follows its data)",
       R"(member "a": its CRC is 999008199 in the local header, but 5 in the central directory)"},
  };
  for (const auto& [archive, whole, streamed] : cases) {
    Result<Contents> result = read_whole(archive);
    ASSERT_FALSE(result.ok()) << whole;
    EXPECT_EQ(result.error().message(), whole);
    Result<Contents> pieces = read_pieces(archive, 10);
    ASSERT_FALSE(pieces.ok()) << whole;
    EXPECT_EQ(pieces.error().message(), streamed != nullptr ? streamed : whole);
  }
}

TEST(Zip, RefusesBrokenZip64Ends) {
  const Bytes good = ZipBuilder().add({.name = "a"}).finish("", true);
  const std::size_t locator = good.size() - 42;
  const std::size_t end64 = locator - 56;
  struct {
    std::size_t at;
    std::uint32_t value;
    std::string message;
  } const cases[] = {
      {locator + 8, 5, "no zip64 end record at byte 5, where its locator says"},
      {locator + 8, 0x7fffffff, "no zip64 end record at byte 2147483647, where its locator says"},
      {locator + 16, 2, "the archive has several parts: expected one"},
      {end64 + 4, 45, "the zip64 end record does not end at its locator"},
      {end64 + 24, 2, "the archive has several parts: expected one"},
      {end64 + 48, 2,
       "the central directory is said to be at bytes 2 to 49: expected it to end where the end "
       "record begins, at 80"},
      {good.size() - 6, 32, "the two end records of the archive disagree"},
  };
  for (const auto& [at, value, message] : cases) {
    Bytes archive = good;
    set_le(archive, at, value);
    EXPECT_EQ(read_whole(archive).error().message(), message);
    EXPECT_EQ(read_pieces(archive, 10).error().message(), message);
  }
}

TEST(Zip, KeepsToItsLimits) {
  const Bytes archive =
      ZipBuilder()
          .add({.name = "a", .content = std::string(1000, 'a')})
          .add({.name = "b", .content = std::string(1000, 'b'), .sizes = Sizes::kBehind})
          .finish();
  struct {
    ZipLimits limits;
    const char* whole;
    const char* streamed;
  } const cases[] = {
      {{.total = 1999},
       R"(the archive unpacks to more than 1999 bytes: reached at member "b")",
       R"(member "b": deflate data unpacks to more than the 999 bytes expected)"},
      {{.total = 999},
       R"(the archive unpacks to more than 999 bytes: reached at member "a")",
       nullptr},
      {{.member = 999}, R"(member "a" unpacks to 1000 bytes: expected at most 999)", nullptr},
      {{.members = 1},
       R"(the archive has 2 members: expected at most 1)",
       R"(the archive has more than 1 members: reached at member "b")"},
      {{.directory = 100},
       R"(the central directory has 94 bytes: expected at most 100)",
       R"(there are 116 bytes behind the last member: expected at most 100 of a central directory)"},
      {{.ratio = 50, .ratio_from = 1000},
       R"(member "a" unpacks from 11 to 1000 bytes: expected at most 50 for one)",
       nullptr},
  };
  for (const auto& [limits, whole, streamed] : cases) {
    EXPECT_EQ(read_whole(archive, limits).error().message(), whole);
    EXPECT_EQ(read_pieces(archive, 1000, limits).error().message(),
              streamed != nullptr ? streamed : whole);
  }
  EXPECT_TRUE(read_whole(archive, {.total = 2000, .member = 1000, .members = 2}).ok());
  EXPECT_TRUE(read_pieces(archive, 100, {.total = 2000, .member = 1000, .members = 2}).ok());
}

// The plain twin: any byte of an archive is changed, and the readers never disagree about what it
// holds.
TEST(Zip, ReadersAgreeOnChangedArchives) {
  const Bytes good = ZipBuilder()
                         .add({.name = "a", .content = "text text text text"})
                         .add({.name = "b", .content = "stored", .deflate = false})
                         .add({.name = "c", .content = "behind", .sizes = Sizes::kBehind})
                         .add({.name = "d", .content = "wide", .zip64 = true})
                         .finish("comment");
  int accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int change : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      Bytes archive = good;
      archive[at] = static_cast<std::uint8_t>(archive[at] ^ change);
      Result<Contents> whole = read_whole(archive);
      Result<Contents> pieces = read_pieces(archive, 20);
      if (pieces.ok()) {
        ASSERT_TRUE(whole.ok()) << at << ": " << whole.error().message();
        EXPECT_EQ(whole.value(), pieces.value());
        ++accepted;
      } else if (whole.ok()) {
        EXPECT_EQ(pieces.error().code(), ErrorCode::kUnsupported) << at;
      }
    }
  }
  EXPECT_GT(accepted, 100);  // times, attributes, comment
}

}  // namespace
}  // namespace krait::pkg
