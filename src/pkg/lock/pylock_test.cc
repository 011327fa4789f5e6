// Tests of pkg/lock/pylock.h.

#include "pkg/lock/pylock.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

constexpr const char* kLock = R"(lock-version = "1.0"
environments = ["sys_platform == \"emscripten\"", "os_name == \"posix\""]
requires-python = ">=3.13,<4"
extras = ["test-all"]
dependency-groups = ["dev", "default"]
default-groups = ["default"]
created-by = "krait"
tool = {krait = {x = 1}}

[[packages]]
name = "attrs"
version = "25.1.0"
marker = "\"dev\" in dependency_groups"
requires-python = ">=3.8"
index = "https://index.test/simple"
sdist = {upload-time = 2025-01-25T11:30:12Z, url = "https://h.test/attrs-25.1.0.tar.gz", hashes = {sha256 = "ab"}}
wheels = [
  {name = "attrs-25.1.0-py3-none-any.whl", url = "https://h.test/a%20b.whl", size = 63152, hashes = {blake2b = "cd", sha256 = "ef"}},
  {path = "wheels/attrs-25.1.0-py2-none-any.whl", hashes = {sha256 = "12"}},
]
attestation-identities = [{kind = "GitHub"}]
dependencies = [{name = "x"}]

[[packages]]
name = "numpy"
vcs = {commit-id = "7f", type = "git", url = "https://h.test/r.git"}

[[packages]]
name = "local"
directory = {editable = true, path = "."}

[[packages]]
name = "zipped"
archive = {url = "https://h.test/z.zip", hashes = {sha256 = "34"}, subdirectory = "s"}
)";

TEST(Pylock, IsReadAndWritten) {
  const Result<Pylock> read = Pylock::parse(kLock);
  ASSERT_TRUE(read.ok()) << read.error().message();
  const Pylock& lock = read.value();
  EXPECT_EQ(lock.environments.size(), 2u);
  EXPECT_EQ(lock.extras.at(0).to_string(), "test-all");
  ASSERT_EQ(lock.packages.size(), 4u);
  const PylockPackage& attrs = lock.packages[0];
  EXPECT_EQ(attrs.version->to_string(), "25.1.0");
  EXPECT_EQ(attrs.sdist->upload_time, "2025-01-25T11:30:12Z");
  EXPECT_EQ(attrs.sdist->filename(), "attrs-25.1.0.tar.gz");
  EXPECT_EQ(attrs.wheels.at(0).filename(), "attrs-25.1.0-py3-none-any.whl");
  EXPECT_EQ(attrs.wheels.at(0).hashes, (Hashes{{"blake2b", "cd"}, {"sha256", "ef"}}));
  EXPECT_EQ(attrs.wheels.at(1).filename(), "attrs-25.1.0-py2-none-any.whl");
  EXPECT_EQ(attrs.other.size(), 2u);
  EXPECT_EQ(lock.packages[3].archive->subdirectory, "s");
  EXPECT_EQ(lock.to_string(), kLock);
  EXPECT_EQ(Pylock::parse("created-by='x'\nlock-version='1.9'\npackages=[]").value().to_string(),
            "lock-version = \"1.9\"\ncreated-by = \"x\"\npackages = []\n");
}

TEST(Pylock, SaysWhatIsWrong) {
  const std::string begin = "lock-version = '1.0'\ncreated-by = 'x'\n";
  const std::string one = begin + "[[packages]]\nname = 'a'\n";
  const std::pair<std::string, std::string> cases[] = {
      {"x", "TOML, line 1 column 2: the text ends: expected \"=\""},
      {"", "\"lock-version\": expected a string (PEP 751)"},
      {"lock-version = 1.0", "\"lock-version\": expected a string, not a float (PEP 751)"},
      {"lock-version = '2.0'", "\"lock-version\" is \"2.0\": expected 1.x (PEP 751)"},
      {"lock-version = 'x'", "\"lock-version\" is \"x\": expected one such as 1.0 (PEP 751)"},
      {"lock-version = '1.0'", "\"created-by\": expected a string (PEP 751)"},
      {begin, "\"packages\": expected an array of tables (PEP 751)"},
      {begin + "extras = [1]\npackages = []",
       "\"extras\": expected an array of strings, not an integer (PEP 751)"},
      {begin + "environments = ['x']\npackages = []",
       "environments: \"x\" is no marker: unexpected \"x\", expected a marker variable or a quoted "
       "string (PEP 508)"},
      {begin + "packages = [1]",
       "packages[0]: \"packages\": expected an array of tables, not an integer (PEP 751)"},
      {begin + "[[packages]]\nversion = '1'", "packages[0]: \"name\": expected a string (PEP 751)"},
      {one + "version = 'x'",
       "packages[0]: version: \"x\" is no version: expected a release such as 1.2.3 (PEP 440)"},
      {one + "sdist = {hashes = {sha256 = 'a'}}",
       "packages[0]: a: \"sdist\": expected a table with \"url\" or \"path\" (PEP 751)"},
      {one + "wheels = [{url = 'u'}]",
       "packages[0]: a: \"hashes\": expected a table with at least one hash (PEP 751)"},
      {one + "wheels = [{url = 'u', size = -1}]",
       "packages[0]: a: \"size\": expected a number of bytes, not an integer (PEP 751)"},
      {one + "vcs = {}\ndirectory = {}",
       "packages[0]: a: expected only one of \"vcs\", \"directory\", \"archive\" and \"sdist\" "
       "with \"wheels\" (PEP 751)"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Pylock> lock = Pylock::parse(text);
    ASSERT_FALSE(lock.ok()) << text;
    EXPECT_EQ(lock.error().message(), "pylock.toml: " + message);
  }
  EXPECT_EQ(Pylock::parse("lock-version = '2.0'").error().code(), ErrorCode::kUnsupported);
}

TEST(Pylock, HasItsFilenames) {
  for (const char* name : {"pylock.toml", "pylock.dev.toml"})
    EXPECT_TRUE(Pylock::is_filename(name)) << name;
  for (const char* name : {"", "lock.toml", "pylock..toml", "pylock.a.b.toml", "pylock.dev"})
    EXPECT_FALSE(Pylock::is_filename(name)) << name;
}

}  // namespace
}  // namespace krait::pkg
