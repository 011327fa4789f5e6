// Tests of pkg/wheel/wheel_reader.h: each wheel is read whole and from pieces.

#include "pkg/wheel/wheel_reader.h"

#include <gtest/gtest.h>

#include <map>

#include "pkg/wheel/packed_file.h"
#include "pkg/wheel/wheel_builder.h"

namespace krait::pkg {
namespace {

WheelOptions options() {
  return {.scheme = {"/lib", "/plat", "/bin", "/include/demo", "/usr"}, .digest = {}, .limits = {}};
}

Result<WheelContents> read_pieces(ByteView archive, std::size_t size, const WheelOptions& how) {
  WheelStream stream(how);
  for (; !archive.empty(); archive = archive.subspan(std::min(size, archive.size())))
    TRY(stream.update(archive.first(std::min(size, archive.size()))));
  return stream.finish();
}

// Both ways; they must agree.
Result<WheelContents> read_both(ByteView archive, const WheelOptions& how = options()) {
  Result<WheelContents> whole = read_wheel(archive, how);
  for (const std::size_t size : {1, 50, 100'000}) {
    Result<WheelContents> pieces = read_pieces(archive, size, how);
    EXPECT_EQ(whole.ok(), pieces.ok());
    if (!whole.ok() || !pieces.ok()) {
      EXPECT_EQ(whole.error().message(), pieces.error().message());
      continue;
    }
    EXPECT_EQ(whole.value().metadata, pieces.value().metadata);
    EXPECT_EQ(whole.value().record, pieces.value().record);
    EXPECT_EQ(whole.value().digest, pieces.value().digest);
    EXPECT_EQ(whole.value().files.size(), pieces.value().files.size());
    for (std::size_t i = 0; i < whole.value().files.size(); ++i) {
      EXPECT_EQ(whole.value().files[i].path, pieces.value().files[i].path);
      EXPECT_EQ(whole.value().files[i].bytes, pieces.value().files[i].bytes);
      EXPECT_EQ(whole.value().files[i].mode, pieces.value().files[i].mode);
    }
  }
  return whole;
}

TEST(WheelReader, ReadsAWheel) {
  const TestWheel wheel = {
      .files = {{.name = "demo/", .deflate = false, .mode = 040755},
                {.name = "demo/__init__.py", .content = "x = 1\n"},
                {.name = "demo/tool", .content = "#!/bin/sh\n", .mode = 0100755},
                {.name = "demo/dos", .content = "old", .mode = 0},
                {.name = "demo/empty.py", .sizes = Sizes::kBehind},
                {.name = "demo-1.0.data/scripts/run", .content = "#!python\n"},
                {.name = "demo-1.0.data/data/share/d", .content = "d"},
                {.name = "demo-1.0.dist-info/entry_points.txt", .content = "[x]\n"}}};
  const Bytes archive = wheel.build();
  WheelOptions how = options();
  how.digest = sha256(archive);
  Result<WheelContents> result = read_both(archive, how);
  ASSERT_TRUE(result.ok()) << result.error().message();
  const WheelContents& contents = result.value();
  EXPECT_EQ(contents.dist_info, "demo-1.0.dist-info");
  EXPECT_TRUE(contents.root_is_purelib);
  EXPECT_EQ(contents.metadata, wheel.metadata);
  EXPECT_EQ(contents.wheel, wheel.wheel);
  EXPECT_EQ(contents.entry_points, "[x]\n");
  EXPECT_TRUE(contents.record.contains("demo/__init__.py,sha256="));
  EXPECT_EQ(contents.digest, *how.digest);
  const std::tuple<const char*, std::string, std::uint32_t> expected[] = {
      {"/lib/demo/__init__.py", "x = 1\n", 0644},
      {"/lib/demo/tool", "#!/bin/sh\n", 0755},
      {"/lib/demo/dos", "old", 0644},
      {"/lib/demo/empty.py", "", 0644},
      {"/bin/run", "#!python\n", 0755},
      {"/usr/share/d", "d", 0644},
      {"/lib/demo-1.0.dist-info/entry_points.txt", "[x]\n", 0644},
      {"/lib/demo-1.0.dist-info/METADATA", wheel.metadata, 0644},
      {"/lib/demo-1.0.dist-info/WHEEL", wheel.wheel, 0644},
      {"/lib/demo-1.0.dist-info/RECORD", contents.record, 0644},
  };
  ASSERT_EQ(contents.files.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(contents.files[i].path, std::get<0>(expected[i]));
    EXPECT_EQ(as_text(contents.files[i].bytes), std::get<1>(expected[i]));
    EXPECT_EQ(contents.files[i].mode, std::get<2>(expected[i]));
  }
}

TEST(WheelReader, MetadataAloneLeavesTheRestPacked) {
  const TestWheel wheel = {.files = {{.name = "a.py", .content = "text", .change_local = nullptr}}};
  Bytes archive = wheel.build();
  archive[30 + 4] = 0x07;  // a deflate block of no known type
  const WheelReader reader = WheelReader::open(archive).value();
  EXPECT_EQ(reader.text("METADATA").value(), wheel.metadata);
  EXPECT_EQ(reader.text("NOTHING").error().message(),
            R"(the wheel has no file "demo-1.0.dist-info/NOTHING")");
  const WheelLayout layout = reader.layout().value();
  EXPECT_EQ(reader.read(layout.files[0]).error().message(),
            R"(member "a.py": deflate data is broken: invalid block type)");
  EXPECT_EQ(as_text(reader.read(layout.files[1]).value()), wheel.metadata);
}

TEST(WheelReader, SaysWhatIsWrong) {
  const auto with_record = [](std::function<void(Record&)> change) {
    return TestWheel{.files = {{.name = "a.py", .content = "text"}},
                     .change_record = std::move(change)};
  };
  const std::pair<TestWheel, const char*> cases[] = {
      {with_record([](Record& record) { record.entries.erase(record.entries.begin()); }),
       R"(member "a.py" is not in RECORD)"},
      {with_record([](Record& record) { record.entries[0].size = 5; }),
       R"(member "a.py" has size 4: expected 5, as RECORD says)"},
      {with_record(
           [](Record& record) { record.entries[0] = record_entry("a.py", as_bytes("TEXT")); }),
       R"(member "a.py" has sha256 mC2ePrmW9VnmM_TRlN7zdh2Qn1o7ZH0ahR_q1nwyydE: expected )"
       R"(5Loha1PmddPORahYTeeezAE3GO-D69U_KdR9l69ZQ4Y, as RECORD says)"},
      {with_record([](Record& record) { record.entries[0].algorithm.clear(); }),
       R"(RECORD has no hash for "a.py": expected sha256)"},
      {with_record([](Record& record) { record.entries.push_back({"b.py", "sha256", "x", 1}); }),
       R"(RECORD lists "b.py", which is not in the archive)"},
      {{.wheel = "Wheel-Version: 2.0\n"}, R"(Wheel-Version "2.0": expected 1.0 or another 1.x)"},
      {{.files = {{.name = "link", .content = "/etc/passwd", .mode = 0120777}}},
       R"(member "link" is a symbolic link: expected files and folders only)"},
      {{.files = {{.name = "../a.py"}}},
       R"(member "../a.py" has a part that is "." or "..": expected a relative path that stays )"
       R"(below)"},
      {{.files = {{.name = "demo-1.0.data/data/same"}, {.name = "demo-1.0.data/scripts/same"}}},
       nullptr},
      {{.dist_info = "demo"}, "the wheel has no folder *.dist-info"},
  };
  for (const auto& [wheel, message] : cases) {
    const Result<WheelContents> result = read_both(wheel.build());
    ASSERT_EQ(result.ok(), message == nullptr) << message;
    if (message != nullptr) EXPECT_EQ(result.error().message(), message);
  }
}

TEST(WheelReader, SchemesThatMeetAreSeen) {
  WheelOptions how = options();
  how.scheme.scripts = how.scheme.data + "/bin";
  const Bytes archive = TestWheel{.files = {{.name = "demo-1.0.data/data/bin/run"},
                                            {.name = "demo-1.0.data/scripts/run"}}}
                            .build();
  EXPECT_EQ(read_both(archive, how).error().message(),
            R"(member "demo-1.0.data/scripts/run" and member "demo-1.0.data/data/bin/run" would )"
            R"(both be installed as "/usr/bin/run")");
}

TEST(WheelReader, NeedsItsTexts) {
  for (const char* missing : {"METADATA", "WHEEL", "RECORD"}) {
    ZipBuilder zip;
    for (const char* name : {"METADATA", "WHEEL", "RECORD"})
      if (std::string_view(name) != missing)
        zip.add({.name = "d-1.dist-info/" + std::string(name)});
    EXPECT_EQ(read_both(zip.finish()).error().message(),
              "the wheel has no file \"d-1.dist-info/" + std::string(missing) + "\"");
  }
}

TEST(WheelReader, ComparesTheArchivesHash) {
  WheelOptions how = options();
  how.digest = Sha256::Digest{};
  const Bytes archive = TestWheel().build();
  EXPECT_EQ(read_both(archive, how).error().message(),
            "the wheel has sha256 " + sha256_hex(archive) + ": expected " + std::string(64, '0'));
}

// The archive with files packed, whole and from pieces.
Result<WheelContents> read_packed(const Bytes& archive, std::optional<Sha256::Digest> digest) {
  WheelOptions how = options();
  how.digest = digest;
  how.packed = true;
  return read_both(archive, how);
}

TEST(WheelReader, FilesMayStayPackedWhereTheArchiveHasADigest) {
  const TestWheel wheel = {
      .files = {{.name = "demo/__init__.py", .content = std::string(1000, 'x')},
                {.name = "demo/stored", .content = "s", .deflate = false},
                {.name = "demo/empty"},
                {.name = "demo-1.0.data/scripts/run", .content = "#!python\n"}}};
  const Bytes archive = wheel.build();
  const auto packed = read_packed(archive, sha256(archive));
  const auto plain = read_packed(archive, std::nullopt);
  ASSERT_TRUE(packed.ok() && plain.ok());
  ASSERT_EQ(packed.value().files.size(), plain.value().files.size());
  for (std::size_t i = 0; i < plain.value().files.size(); ++i) {
    const WheelFile& file = packed.value().files[i];
    const WheelFile& expected = plain.value().files[i];
    EXPECT_FALSE(expected.packed);
    EXPECT_EQ(file.packed, file.path.starts_with("/lib/demo/")) << file.path;
    EXPECT_EQ(file.packed ? unpack_file(file.bytes).value() : file.bytes, expected.bytes);
  }
  Sha256::Digest other = sha256(archive);
  other[0] ^= 1;
  EXPECT_TRUE(read_packed(archive, other).error().message().starts_with("the wheel has sha256"));
}

TEST(PackedFile, IsCheckedWhenItIsUnpacked) {
  const std::string text(1000, 'x');
  const Bytes deflated = deflated_for_test(as_bytes(text));
  const std::string hash = record_hash(sha256(as_bytes(text)));
  const ZipEntry entry = {.name = "x",
                          .method = ZipMethod::kDeflate,
                          .crc = crc32(as_bytes(text)),
                          .packed_size = deflated.size(),
                          .size = text.size()};
  const auto message = [&](auto change) {
    Bytes bytes = pack_file(entry, deflated, hash);
    change(bytes);
    const Result<Bytes> content = unpack_file(bytes);
    return content.ok() ? std::string(as_text(content.value())) : content.error().message();
  };
  EXPECT_EQ(message([](Bytes&) {}), text);
  EXPECT_EQ(message([](Bytes& b) { b.resize(9); }),
            "a packed file of 9 bytes: expected size, CRC, method and hash in front of its data");
  EXPECT_EQ(message([](Bytes& b) { b[9] = 255; }),
            "a packed file of " + std::to_string(10 + hash.size() + deflated.size()) +
                " bytes: expected size, CRC, method and hash in front of its data");
  EXPECT_EQ(message([](Bytes& b) { b[8] = 12; }),
            "a packed file of method 12: expected 0 (stored) or 8 (deflate)");
  EXPECT_EQ(message([](Bytes& b) { b[3] = 1; }), "a packed file of " +
                                                     std::to_string(deflated.size()) +
                                                     " bytes says that it unpacks to 16778216");
  EXPECT_EQ(message([](Bytes& b) { b.pop_back(); }), "deflate data is cut short");
  EXPECT_EQ(
      message([](Bytes& b) { b[4] ^= 1; }),
      "it has CRC " + std::to_string(entry.crc) + ": expected " + std::to_string(entry.crc ^ 1));
  EXPECT_EQ(message([](Bytes& b) { b[10] = '-'; }),
            "it has sha256 " + hash + ": expected -" + hash.substr(1) + ", as RECORD says");
}

}  // namespace
}  // namespace krait::pkg
