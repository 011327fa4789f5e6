// Tests of pkg/lock/pyodide_lock.h.

#include "pkg/lock/pyodide_lock.h"

#include <gtest/gtest.h>

namespace krait::pkg {
namespace {

constexpr const char* kLock =
    R"({"info":{"arch":"wasm32","platform":"emscripten_4_0_9","abi_version":"2025_0",)"
    R"("python":"3.13.2","version":"0.28.0","more":[1]},"packages":{"foo-bar":{"name":"Foo_Bar",)"
    R"("version":"1.0","file_name":"foo_bar-1.0-py3-none-any.whl","install_dir":"site",)"
    R"("sha256":"ab","package_type":"package","imports":["foo"],"depends":["baz"],)"
    R"("unvendored_tests":false},"baz":{"name":"baz","version":"2","file_name":)"
    R"("https://h.test/baz.zip","install_dir":"dynlib","sha256":"","package_type":"shared_library",)"
    R"("imports":[],"depends":[]}},"extra":true})";

TEST(PyodideLock, IsReadAndWrittenWithoutLoss) {
  const PyodideLock lock = PyodideLock::parse(kLock).value();
  EXPECT_EQ(lock.info.abi_version, "2025_0");
  ASSERT_EQ(lock.packages.size(), 2u);
  EXPECT_EQ(lock.find("foo-bar")->imports, std::vector<std::string>{"foo"});
  EXPECT_EQ(lock.find("foo-bar")->depends, std::vector<std::string>{"baz"});
  EXPECT_EQ(lock.find("baz")->install_dir, "dynlib");
  EXPECT_EQ(lock.find("none"), nullptr);
  EXPECT_EQ(lock.to_string(), kLock);
  EXPECT_EQ(PyodideLock::parse(lock.to_string(2)).value(), lock);
}

TEST(PyodideLock, FillsInWhatMayBeLeftOut) {
  const PyodideLock lock =
      PyodideLock::parse(R"({"info":{"arch":"a","platform":"p","python":"3","version":"v"},
      "packages":{"x":{"name":"x","version":"1","file_name":"f","sha256":null}}})")
          .value();
  EXPECT_EQ(*lock.find("x"), (LockPackage{.name = "x", .version = "1", .file_name = "f"}));
  EXPECT_FALSE(lock.info.abi_version);
}

TEST(PyodideLock, SaysWhatIsWrong) {
  const std::string begin = R"({"info":{"arch":"a","platform":"p","python":"3","version":"v"})";
  const std::pair<std::string, std::string> cases[] = {
      {"", "JSON, line 1 column 1: the text ends: expected a value"},
      {"[]", "expected an object, not an array"},
      {"{}", "\"info\": expected an object"},
      {begin + "}", "\"packages\": expected an object"},
      {begin + R"(,"packages":[]})", "\"packages\": expected an object, not an array"},
      {R"({"info":{},"packages":{}})", "info: \"arch\": expected text"},
      {R"({"info":{"arch":1,"platform":"p","python":"3","version":"v"},"packages":{}})",
       "info: \"arch\": expected text, not an integer"},
      {begin + R"(,"packages":{"x":{"name":"x"}}})", "package \"x\": \"version\": expected text"},
      {begin + R"(,"packages":{"x":1}})", "package \"x\": expected an object, not an integer"},
      {begin + R"(,"packages":{"x":{"name":"x","version":"1","file_name":"f","depends":"y"}}})",
       "package \"x\": \"depends\": expected an array of texts, not a string"},
      {begin + R"(,"packages":{"x":{"name":"x","version":"1","file_name":"f","imports":[1]}}})",
       "package \"x\": \"imports\": expected an array of texts, not an integer"},
  };
  for (const auto& [text, message] : cases) {
    const Result<PyodideLock> lock = PyodideLock::parse(text);
    ASSERT_FALSE(lock.ok()) << text;
    EXPECT_EQ(lock.error().message(), "pyodide-lock.json: " + message);
  }
}

}  // namespace
}  // namespace krait::pkg
