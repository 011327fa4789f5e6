// Installing and uninstalling in a file system that fails at every step once.

#include "pkg/install/transaction.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/install/memory_files.h"
#include "pkg/install/site.h"
#include "pkg/install/test_server.h"
#include "pkg/install/unpacked.h"
#include "pkg/wheel/dist_info.h"

namespace krait::pkg::install {
namespace {

const InstallScheme kScheme{.purelib = "/lib/site",
                            .platlib = "/lib/site",
                            .scripts = "/bin",
                            .headers = "/include",
                            .data = "/data"};

const TestPackage kDemo1{
    .name = "demo",
    .version = "1.0",
    .files = {{"demo/__init__.py", "one"},
              {"demo/old.py", "old"},
              {"demo/_c.cpython-313-wasm32-emscripten.so", "so"},
              {"demo-1.0.data/scripts/tool", "#!python\nprint(1)\n"},
              {"demo-1.0.data/data/share/x.txt", "x"},
              {"demo-1.0.data/headers/demo.h", "h"},
              {"demo-1.0.dist-info/entry_points.txt",
               "[console_scripts]\nrun = demo.cli:main.go\n[other]\nx = y\n"}}};
const TestPackage kDemo2{.name = "demo",
                         .version = "2.0",
                         .files = {{"demo/__init__.py", "two"}, {"demo/new/deep.py", "new"}}};
const TestPackage kOther{.name = "other", .version = "1.0"};

Contents contents(const TestPackage& package, Source source = Source::kIndex) {
  InstallScheme scheme = kScheme;
  scheme.headers += "/" + package.name;
  PlannedInstall planned{.name = package.name,
                         .version = package.version,
                         .source = source,
                         .url = "https://one.test/" + package.filename(),
                         .requested = package.name == "demo",
                         .scheme = scheme};
  return {planned, read_wheel(package.wheel(), {scheme, std::nullopt, {}}).value()};
}

struct Work {
  std::vector<std::string> remove = {};
  std::vector<TestPackage> install = {};
};

Result<Change> run(MemoryFiles& files, const Work& what, Log& log) {
  const std::vector<Distribution> site = TRY(read_site(files, kScheme.purelib, log));
  std::vector<Distribution> remove;
  for (const std::string& name : what.remove)
    for (const Distribution& of : site)
      if (of.name().to_string() == name) remove.push_back(of);
  std::vector<Contents> install;
  install.reserve(what.install.size());
  for (const TestPackage& package : what.install) install.push_back(contents(package));
  return carry_out(files, {.scheme = kScheme}, remove, std::move(install), log);
}

std::vector<std::string> warnings(Log& log) {
  std::vector<std::string> out;
  for (const LogLine& line : log.take())
    if (line.level == LogLevel::kWarning) out.push_back(line.text);
  return out;
}

MemoryFiles empty_site() {
  MemoryFiles files;
  files.put("/lib/site/README.txt", "theirs");
  files.folders.insert("/bin");
  return files;
}

// As in the runtime, where the prefix is the root of the file system.
TEST(Transaction, DataMayGoToTheRoot) {
  const InstallScheme scheme{.purelib = "/lib/site",
                             .platlib = "/lib/site",
                             .scripts = "/bin",
                             .headers = "/include",
                             .data = "/"};
  Contents demo = contents(kDemo1);
  demo.planned.scheme = scheme;
  demo.wheel = read_wheel(kDemo1.wheel(), {scheme, std::nullopt, {}}).value();
  std::vector<Contents> install;
  install.push_back(std::move(demo));
  MemoryFiles files = empty_site();
  Log log;
  ASSERT_TRUE(carry_out(files, {.scheme = scheme}, {}, std::move(install), log).ok());
  EXPECT_EQ(files.files["/share/x.txt"], "x");
  EXPECT_TRUE(files.files["/lib/site/demo-1.0.dist-info/RECORD"].contains("../../share/x.txt,"));
  const auto site = read_site(files, "/lib/site", log).value();
  ASSERT_TRUE(carry_out(files, {.scheme = scheme}, site, {}, log).ok());
  EXPECT_FALSE(files.folders.contains("/share"));
  EXPECT_TRUE(files.folders.contains("/include"));
  EXPECT_EQ(warnings(log), std::vector<std::string>{});
  files.folders.erase("/include");  // which was made, and is a root
  EXPECT_EQ(files, empty_site());
}

TEST(Transaction, WritesAllSchemesAndDistInfo) {
  MemoryFiles files = empty_site();
  Log log;
  const Change change = run(files, {.install = {kDemo1}}, log).value();
  EXPECT_EQ(files.files["/lib/site/demo/__init__.py"], "one");
  EXPECT_EQ(files.files["/bin/tool"], "#!/usr/bin/env python\nprint(1)\n");
  EXPECT_EQ(files.files["/bin/run"],
            "#!/usr/bin/env python\nimport sys\n\nfrom demo.cli import main\n\n"
            "if __name__ == \"__main__\":\n    sys.exit(main.go())\n");
  EXPECT_EQ(files.files["/data/share/x.txt"], "x");
  EXPECT_EQ(files.files["/include/demo/demo.h"], "h");
  const std::string info = "/lib/site/demo-1.0.dist-info/";
  EXPECT_EQ(files.files[info + "INSTALLER"], "micropip\n");
  EXPECT_EQ(files.files[info + "PYODIDE_SOURCE"], "pypi");
  EXPECT_EQ(files.files[info + "PYODIDE_URL"], "https://one.test/" + kDemo1.filename());
  EXPECT_EQ(files.files[info + "PYODIDE_SHA256"], sha256_hex(kDemo1.wheel()));
  EXPECT_TRUE(files.files.contains(info + "REQUESTED"));
  EXPECT_FALSE(files.files.contains(info + "direct_url.json"));
  EXPECT_EQ(change.installed[0].imports, std::vector<std::string>{"demo"});
  EXPECT_EQ(change.installed[0].dynlibs,
            std::vector<std::string>{"/lib/site/demo/_c.cpython-313-wasm32-emscripten.so"});
  // RECORD lists what is there, and only that, with the right hashes.
  const Record record = Record::parse(files.files[info + "RECORD"]).value();
  for (const RecordEntry& entry : record.entries) {
    const std::string path = absolute_path(entry.path, "/lib/site");
    ASSERT_TRUE(files.files.contains(path)) << path;
    if (!entry.algorithm.empty())
      EXPECT_EQ(entry.hash, record_hash(sha256(as_bytes(files.files[path])))) << path;
  }
  EXPECT_EQ(record.entries.size() + 1, files.files.size());
  EXPECT_EQ(warnings(log), std::vector<std::string>());
}

TEST(Transaction, DirectUrl) {
  MemoryFiles files = empty_site();
  Log log;
  std::vector<Contents> install;
  install.push_back(contents(kOther, Source::kUrl));
  ASSERT_TRUE(carry_out(files, {.scheme = kScheme}, {}, std::move(install), log).ok());
  const DirectUrl direct =
      DirectUrl::parse(files.files["/lib/site/other-1.0.dist-info/direct_url.json"]).value();
  EXPECT_EQ(direct.url, "https://one.test/" + kOther.filename());
  EXPECT_EQ(files.files["/lib/site/other-1.0.dist-info/PYODIDE_SOURCE"], direct.url);
}

TEST(Transaction, UninstallLeavesNoFile) {
  MemoryFiles files = empty_site();
  const MemoryFiles before = files;
  Log log;
  ASSERT_TRUE(run(files, {.install = {kDemo1, kOther}}, log).ok());
  files.put("/lib/site/demo/__pycache__/__init__.cpython-313.pyc", "compiled");
  files.put("/lib/site/other/__pycache__/__init__.cpython-313.opt-1.pyc", "compiled");
  const Change change = run(files, {.remove = {"demo", "other"}}, log).value();
  EXPECT_EQ(files.files, before.files);
  EXPECT_EQ(change.removed[0].version, "1.0");
  EXPECT_TRUE(std::ranges::contains(change.removed[0].files, "/lib/site/demo/old.py"));
  EXPECT_FALSE(files.folders.contains("/lib/site/demo"));
  EXPECT_FALSE(files.folders.contains("/include/demo"));
  EXPECT_TRUE(files.folders.contains("/lib/site"));
  EXPECT_EQ(warnings(log), std::vector<std::string>());
}

TEST(Transaction, UninstallWarnsOfLeftovers) {
  MemoryFiles files = empty_site();
  Log log;
  ASSERT_TRUE(run(files, {.install = {kDemo1}}, log).ok());
  files.put("/lib/site/demo/notes.txt", "mine");
  ASSERT_TRUE(run(files, {.remove = {"demo"}}, log).ok());
  EXPECT_EQ(files.files["/lib/site/demo/notes.txt"], "mine");
  EXPECT_EQ(warnings(log),
            std::vector<std::string>{"\"/lib/site/demo/notes.txt\" is left: it does not belong to "
                                     "what was uninstalled"});
}

TEST(Transaction, UninstallStaysInItsFolders) {
  MemoryFiles files = empty_site();
  Log log;
  ASSERT_TRUE(run(files, {.install = {kOther}}, log).ok());
  files.put("/etc/passwd", "root");
  files.files["/lib/site/other-1.0.dist-info/RECORD"] += "../../etc/passwd,,\n/etc/passwd,,\n";
  ASSERT_TRUE(run(files, {.remove = {"other"}}, log).ok());
  EXPECT_EQ(files.files["/etc/passwd"], "root");
  EXPECT_EQ(warnings(log).size(), 2u);
}

TEST(Transaction, UninstallNeedsRecord) {
  MemoryFiles files = empty_site();
  Log log;
  ASSERT_TRUE(run(files, {.install = {kOther}}, log).ok());
  files.files.erase("/lib/site/other-1.0.dist-info/RECORD");
  EXPECT_EQ(run(files, {.remove = {"other"}}, log).error().message(),
            "other 1.0 cannot be uninstalled: there is no "
            "\"/lib/site/other-1.0.dist-info/RECORD\", which would list its files");
}

TEST(Transaction, Upgrades) {
  MemoryFiles files = empty_site();
  MemoryFiles fresh = files;
  Log log;
  ASSERT_TRUE(run(files, {.install = {kDemo1}}, log).ok());
  ASSERT_TRUE(run(files, {.remove = {"demo"}, .install = {kDemo2}}, log).ok());
  ASSERT_TRUE(run(fresh, {.install = {kDemo2}}, log).ok());
  EXPECT_EQ(files.files, fresh.files);
  EXPECT_EQ(warnings(log), std::vector<std::string>());
}

TEST(Transaction, RefusesFoldersInItsWay) {
  MemoryFiles files = empty_site();
  files.put("/lib/site/other/__init__.py/x", "x");
  Log log;
  EXPECT_EQ(run(files, {.install = {kOther}}, log).error().message(),
            "other: \"/lib/site/other/__init__.py\" is a folder: expected nothing or a file");
  files = empty_site();
  files.put("/lib/site/other", "x");
  EXPECT_EQ(run(files, {.install = {kOther}}, log).error().message(),
            "\"/lib/site/other\" is a file: expected nothing or a folder");
}

// Every single step fails once: before the last change that matters, all is as it was; after it,
// all has happened, and what is left over is told.
TEST(Transaction, IsWholeOrNotAtAll) {
  MemoryFiles start = empty_site();
  start.put("/lib/site/other/__init__.py", "of nobody");
  Log log;
  ASSERT_TRUE(run(start, {.install = {kDemo1}}, log).ok());
  start.put("/lib/site/demo/__pycache__/old.cpython-313.pyc", "compiled");
  const Work whole[] = {{.install = {kOther}},
                        {.remove = {"demo"}},
                        {.remove = {"demo"}, .install = {kDemo2, kOther}}};
  for (const Work& what : whole) {
    MemoryFiles end = start;
    end.steps = 0;
    ASSERT_TRUE(run(end, what, log).ok());
    const std::size_t steps = end.steps;
    std::size_t failures = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      MemoryFiles files = start;
      files.steps = 0;
      files.fails_at = step;
      (void)log.take();
      const Result<Change> change = run(files, what, log);
      if (!change.ok()) {
        EXPECT_EQ(files.files, start.files) << step << ": " << change.error().message();
        EXPECT_EQ(files.folders, start.folders) << step;
        ++failures;
        continue;
      }
      // What is left is named like what was moved away, or is an empty folder, and told of.
      for (const auto& [path, text] : end.files) EXPECT_EQ(files.files[path], text);
      for (const auto& [path, text] : files.files)
        EXPECT_TRUE(end.files.contains(path) || path.ends_with(".krait-old")) << path;
      EXPECT_FALSE(warnings(log).empty()) << step;
    }
    EXPECT_GT(failures, steps / 3);
  }
}

TEST(Site, TreeAndCheck) {
  MemoryFiles files = empty_site();
  Log log;
  const TestPackage a{.name = "a", .version = "1.0", .requires_dist = {"b>=2", "c; os_name=='nt'"}};
  const TestPackage b{.name = "b", .version = "1.0", .requires_dist = {"a", "gone"}};
  ASSERT_TRUE(run(files, {.install = {a, b, kDemo1}}, log).ok());
  const auto site = read_site(files, "/lib/site", log).value();
  const Environment environment{.os_name = "posix", .python_full_version = "3.13.2"};
  EXPECT_EQ(tree_text(site, environment),
            "demo 1.0\na 1.0\n  b 1.0 (b>=2)\n    a 1.0 (a) ...\n    gone is missing (gone)\n");
  EXPECT_EQ(check_site(site, environment),
            (std::vector<std::string>{"a 1.0 needs b>=2, b 1.0 is installed",
                                      "b 1.0 needs gone, which is not installed"}));
}

TEST(Site, PassesOverWhatItCannotRead) {
  MemoryFiles files = empty_site();
  files.put("/lib/site/x-1.dist-info/METADATA", "nonsense");
  files.put("/lib/site/y-1.dist-info/RECORD", "");
  Log log;
  EXPECT_TRUE(read_site(files, "/lib/site", log).value().empty());
  EXPECT_EQ(warnings(log).size(), 2u);
}

TEST(Unpacked, Paths) {
  EXPECT_EQ(relative_path("/lib/site/a/b.py", "/lib/site"), "a/b.py");
  EXPECT_EQ(relative_path("/bin/x", "/lib/site"), "../../bin/x");
  EXPECT_EQ(absolute_path("../../bin/x", "/lib/site"), "/bin/x");
  EXPECT_EQ(absolute_path("../../../../x", "/lib/site"), "/x");
  EXPECT_EQ(absolute_path("/a/./b/../c", "/lib"), "/a/c");
}

}  // namespace
}  // namespace krait::pkg::install
