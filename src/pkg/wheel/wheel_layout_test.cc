// Tests of pkg/wheel/wheel_layout.h: names of members as paths, and what stands where.

#include "pkg/wheel/wheel_layout.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

TEST(WheelLayout, RelativePathsStayBelow) {
  for (const char* good :
       {"a", "a/b.py", "a/", "a/b/", "...", "..a", "a..", "ab:c", "a/c:", "~", "ü"})
    EXPECT_TRUE(check_member_path(good).ok()) << good;
  const std::pair<std::string, const char*> cases[] = {
      {"/a", "is an absolute path"},
      {"//host/a", "is an absolute path"},
      {"/", "is an absolute path"},
      {"a\\b", "holds a backslash"},
      {"..\\a", "holds a backslash"},
      {"c:a", "names a drive"},
      {"C:/a", "names a drive"},
      {"C:", "names a drive"},
      {"a//b", "has an empty part"},
      {"a//", "has an empty part"},
      {"", "has an empty part"},
      {"..", "has a part that is \".\" or \"..\""},
      {"../a", "has a part that is \".\" or \"..\""},
      {"a/../b", "has a part that is \".\" or \"..\""},
      {"a/..", "has a part that is \".\" or \"..\""},
      {"a/../", "has a part that is \".\" or \"..\""},
      {"./a", "has a part that is \".\" or \"..\""},
      {std::string("a\0b", 3), "holds a NUL character"},
  };
  for (const auto& [name, why] : cases) {
    const Result<> result = check_member_path(name);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.error().message(),
              member_text(name) + " " + why + ": expected a relative path that stays below");
  }
}

std::vector<ZipEntry> named(std::initializer_list<const char*> names) {
  std::vector<ZipEntry> entries;
  for (const char* name : names) {
    ZipEntry entry;
    entry.name = name;
    entries.push_back(entry);
  }
  return entries;
}

TEST(WheelLayout, FindsDistInfo) {
  EXPECT_EQ(find_dist_info(named({"a.py", "a-1.dist-info/WHEEL", "a-1.dist-info/RECORD"})).value(),
            "a-1.dist-info");
  EXPECT_EQ(find_dist_info(named({"a.py", "b/a-1.dist-info/WHEEL", ".dist-info/x", "c.dist-info"}))
                .error()
                .message(),
            "the wheel has no folder *.dist-info");
  EXPECT_EQ(find_dist_info(named({"a-1.dist-info/WHEEL", "b-1.dist-info/WHEEL"})).error().message(),
            R"(the wheel has two folders "a-1.dist-info" and "b-1.dist-info": expected one )"
            R"(*.dist-info)");
}

constexpr const char* kWheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\n";

TEST(WheelLayout, SchemesOfTheDataFolder) {
  const auto entries = named({"m.so", "Demo-1.data/purelib/p.py", "Demo-1.data/platlib/l.so",
                              "Demo-1.data/scripts/run", "Demo-1.data/headers/d/h.h",
                              "Demo-1.data/data/share/x", "a/b.data/purelib/q"});
  std::string record;
  for (const ZipEntry& entry : entries) record += entry.name + ",sha256=x,\n";
  const WheelLayout layout = lay_out_wheel(entries, "demo-1.dist-info", kWheel, record).value();
  const std::pair<Scheme, const char*> expected[] = {{Scheme::kPlatlib, "m.so"},
                                                     {Scheme::kPurelib, "p.py"},
                                                     {Scheme::kPlatlib, "l.so"},
                                                     {Scheme::kScripts, "run"},
                                                     {Scheme::kHeaders, "d/h.h"},
                                                     {Scheme::kData, "share/x"},
                                                     {Scheme::kPlatlib, "a/b.data/purelib/q"}};
  ASSERT_EQ(layout.files.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(layout.files[i].member, i);
    EXPECT_EQ(layout.files[i].scheme, expected[i].first);
    EXPECT_EQ(layout.files[i].path, expected[i].second);
    EXPECT_EQ(layout.files[i].executable, layout.files[i].scheme == Scheme::kScripts);
  }
}

TEST(WheelLayout, RecordAndSignaturesAreExempt) {
  const auto entries = named({"d/RECORD", "d/RECORD.jws", "d/RECORD.p7s"});
  EXPECT_EQ(lay_out_wheel(entries, "d", kWheel, "").value().files.size(), 3u);
  EXPECT_EQ(lay_out_wheel(entries, "d", kWheel, "d/RECORD,,\n").value().files.size(), 3u);
  EXPECT_EQ(lay_out_wheel(entries, "d2", kWheel, "").error().message(),
            R"(member "d/RECORD" is not in RECORD)");
}

TEST(WheelLayout, SaysWhatIsWrong) {
  struct {
    std::vector<ZipEntry> entries;
    const char* wheel;
    const char* record;
    const char* message;
  } const cases[] = {
      {{}, "", "", "WHEEL has no Wheel-Version: expected 1.0"},
      {{}, "Wheel-Version: 2.0", "", R"(Wheel-Version "2.0": expected 1.0 or another 1.x)"},
      {{}, "Wheel-Version: one", "", R"(Wheel-Version "one": expected a version such as 1.0)"},
      {{}, "Wheel-Version: 1x", "", R"(Wheel-Version "1x": expected a version such as 1.0)"},
      {{}, "Wheel-Version: 1.0", "", "WHEEL has no Root-Is-Purelib: expected true or false"},
      {{},
       "wheel-version: 1.9\r\nRoot-Is-Purelib: maybe\r\n",
       "",
       R"(Root-Is-Purelib "maybe": expected true or false)"},
      {{}, kWheel, "a", R"(d/RECORD: line 1: "a": it has 1 fields: expected path, hash, size)"},
      {named({"a"}), kWheel, "", R"(member "a" is not in RECORD)"},
      {named({"a"}), kWheel, "a,,\n", R"(RECORD has no hash for "a": expected sha256)"},
      {named({"a"}), kWheel, "a,md5=x,\n", R"(RECORD has a hash "md5" for "a": expected sha256)"},
      {named({"a"}), kWheel, "a,sha256=x,\nb,sha256=x,\n",
       R"(RECORD lists "b", which is not in the archive)"},
      {named({"../a"}), kWheel, "",
       R"(member "../a" has a part that is "." or "..": expected a relative path that stays below)"},
      {named({"../"}), kWheel, "",
       R"(member "../" has a part that is "." or "..": expected a relative path that stays below)"},
      {named({"x.data/purelib/../../a"}), kWheel, "",
       R"(member "x.data/purelib/../../a" has a part that is "." or "..": )"
       R"(expected a relative path that stays below)"},
      {named({"x.data/other/a"}), kWheel, "",
       R"(member "x.data/other/a": expected purelib, platlib, scripts, headers or data and a file )"
       R"(below "x.data/")"},
      {named({"x.data/purelib"}), kWheel, "",
       R"(member "x.data/purelib": expected purelib, platlib, scripts, headers or data and a file )"
       R"(below "x.data/")"},
      {named({"a", "x.data/purelib/a"}), kWheel, "a,sha256=x,",
       R"(member "x.data/purelib/a" and member "a" would be installed in each other's place)"},
      {named({"a", "a/b"}), kWheel, "a,sha256=x,",
       R"(member "a/b" and member "a" would be installed in each other's place)"},
      {named({"a/b/c", "a/b"}), kWheel, "a/b/c,sha256=x,",
       R"(member "a/b" and member "a/b/c" would be installed in each other's place)"},
  };
  for (const auto& [entries, wheel, record, message] : cases) {
    const Result<WheelLayout> result = lay_out_wheel(entries, "d", wheel, record);
    ASSERT_FALSE(result.ok()) << message;
    EXPECT_EQ(result.error().message(), message);
  }
}

TEST(WheelLayout, RefusesTypesThatNamesDoNotTell) {
  struct {
    const char* name;
    std::uint32_t mode;
    const char* message;
  } const cases[] = {
      {"a", 0120777, R"(member "a" is a symbolic link: expected files and folders only)"},
      {"a/", 0120777, R"(member "a/" is a symbolic link: expected files and folders only)"},
      {"a", 0040755, R"(member "a" is a folder, but its name does not end with "/")"},
      {"a/", 0100644, R"(member "a/" is a file, but its name ends with "/")"},
      {"a", 0020644, R"(member "a" is a special file: expected files and folders only)"},
      {"a", 0010644, R"(member "a" is a special file: expected files and folders only)"},
  };
  for (const auto& [name, mode, message] : cases) {
    auto entries = named({name});
    entries[0].attributes = mode << 16;
    EXPECT_EQ(lay_out_wheel(entries, "d", kWheel, "").error().message(), message);
  }
  auto folder = named({"a/"});
  folder[0].attributes = 0040755u << 16;
  EXPECT_TRUE(lay_out_wheel(folder, "d", kWheel, "").value().files.empty());
}

}  // namespace
}  // namespace krait::pkg
