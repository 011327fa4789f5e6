// Tests of pkg/wheel/wheel_reader.h: each wheel is read whole and from pieces.

#include "pkg/wheel/wheel_reader.h"

#include <gtest/gtest.h>

#include <map>

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

}  // namespace
}  // namespace krait::pkg
