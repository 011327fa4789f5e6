// The session against a map of answers: indexes, faults, locks, URLs, what is installed.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "pkg/install/test_server.h"

namespace krait::pkg::install {
namespace {

const std::string kOne = "\"index_urls\":[\"https://one.test/simple\"]";
const std::string kTwo = "\"index_urls\":[\"https://one.test/simple\",\"https://two.test/simple\"]";

std::string want(const std::string& requirements, const std::string& more = kOne) {
  return "\"requirements\":[" + requirements + "]," + more;
}

TestServer small_server() {
  TestServer server;
  server.add({"a", "1.0", {"b>=1"}});
  server.add({"a", "0.9"});
  server.add({"b", "1.5", {"c; extra == 'x'"}, "py3-none-any", "Provides-Extra: x\n"});
  server.add({"c", "2.0"});
  return server;
}

TEST(Session, InstallsWithDependencies) {
  for (const bool has_metadata : {true, false}) {
    for (const bool json : {true, false}) {
      TestServer server;
      server.has_metadata_files = has_metadata;
      server.writes_json = json;
      server.add({"a", "1.0", {"b>=1"}});
      server.add({"b", "1.5"});
      EXPECT_EQ(drive(server, want("\"a\"")), "install a 1.0 (index) b 1.5 (index); done 2");
      // Nothing is fetched twice.
      std::set<std::string> once(server.asked.begin(), server.asked.end());
      once.erase(";");
      EXPECT_EQ(once.size(), static_cast<std::size_t>(std::ranges::count_if(
                                 server.asked, [](const auto& url) { return url != ";"; })));
      EXPECT_EQ(once.size(), has_metadata ? 6u : 4u);
    }
  }
}

TEST(Session, ReadsPiecesOfAnySize) {
  for (const std::size_t chunk : {1, 7, 100, 100000}) {
    TestServer server = small_server();
    server.chunk = chunk;
    EXPECT_EQ(drive(server, want("\"b[x]\"")), "install b[x] 1.5 (index) c 2.0 (index); done 2");
  }
}

TEST(Session, RequirementsOfEveryForm) {
  const TestPackage w{"w", "1.0", {"c"}};
  const auto served = [&](const std::string& url) {
    TestServer server = small_server();
    server.answers[url] = {.body = w.wheel()};
    return server;
  };
  const std::string file = w.filename();
  struct Form {
    const char* text;
    std::string url;
  };
  const Form forms[] = {
      {"https://x.test/w-1.0-py3-none-any.whl", "https://x.test/" + file},
      {"w @ https://x.test/w-1.0-py3-none-any.whl", "https://x.test/" + file},
      {"w @ https://x.test/download?id=1", "https://x.test/download?id=1"},
      {"emfs:/tmp/w-1.0-py3-none-any.whl", "emfs:/tmp/" + file},
      {"emfs:w-1.0-py3-none-any.whl", "emfs:" + file},
      {"file:///tmp/w-1.0-py3-none-any.whl", "file:///tmp/" + file},
      {"./w-1.0-py3-none-any.whl", "https://base.test/dir/" + file},
      {"w-1.0-py3-none-any.whl", "https://base.test/dir/" + file},
      {"/w-1.0-py3-none-any.whl", "https://base.test/" + file},
  };
  for (const Form& form : forms) {
    TestServer server = served(form.url);
    EXPECT_EQ(drive(server, want("\"" + std::string(form.text) + "\"",
                                 kOne + ",\"base_url\":\"https://base.test/dir/\"")),
              "install c 2.0 (index) w 1.0 (url); done 2")
        << form.text;
  }
  TestServer server = small_server();
  EXPECT_EQ(drive(server, want("\"a<1; python_version > '3'\", \"c; os_name == 'nt'\"")),
            "install a 0.9 (index); done 1");
}

TEST(Session, RefusesRequirementsThatItCannotInstall) {
  const std::pair<const char*, const char*> refused[] = {
      {"git+https://x.test/w.git",
       "\"git+https://x.test/w.git\" is a repository: only built packages can be installed here, "
       "expected the URL of a wheel (.whl)"},
      {"w @ git+https://x.test/w.git",
       "\"git+https://x.test/w.git\" is a repository: only built packages can be installed here, "
       "expected the URL of a wheel (.whl)"},
      {"https://x.test/w-1.0.tar.gz",
       "\"https://x.test/w-1.0.tar.gz\" is a source archive: expected the URL of a wheel (.whl)"},
      {"https://x.test/w",
       "\"https://x.test/w\" is no wheel: expected a URL whose path ends with \".whl\""},
      {"./w-1.0-py3-none-any.whl",
       "\"./w-1.0-py3-none-any.whl\" is relative: expected an absolute URL of a wheel"},
  };
  for (const auto& [text, message] : refused) {
    TestServer server;
    EXPECT_EQ(drive(server, want("\"" + std::string(text) + "\"")), message);
  }
}

TEST(Session, IndexesInOrder) {
  const auto make = [] {
    TestServer server;
    server.add({"b", "1.0"}, kSecondUrl);
    return server;
  };
  TestServer server = make();
  EXPECT_EQ(drive(server, want("\"b\"", kTwo)), "install b 1.0 (index); done 1");

  // No answer at all, as a refusal by CORS looks like: the next one.
  server = make();
  server.answers["https://one.test/simple/b/"] = {.failure = Failure::Kind::kNetwork};
  EXPECT_EQ(drive(server, want("\"b\"", kTwo)), "install b 1.0 (index); done 1");
  EXPECT_EQ(server.log[1].text,
            "an index did not answer, the next one is asked: "
            "\"https://one.test/simple/b/\": it broke");

  // A fault is not passed over.
  server = make();
  server.answers["https://one.test/simple/b/"] = {.status = 500};
  EXPECT_EQ(
      drive(server, want("\"b\"", kTwo)),
      "failed: Because b cannot be looked up (\"https://one.test/simple/b/\": the server answered "
      "with status 500, expected 200) and you require b, your requirements cannot be met.");

  server = make();
  server.page("https://one.test/simple/b/", "image/png", "PNG");
  EXPECT_EQ(drive(server, want("\"b\"", kTwo)).substr(0, 68),
            "failed: Because b cannot be looked up (\"https://one.test/simple/b/\":");

  // Nowhere, and one did not answer: that is told.
  server = make();
  server.answers["https://one.test/simple/z/"] = {.failure = Failure::Kind::kNetwork};
  EXPECT_EQ(
      drive(server, want("\"z\"", kTwo)),
      "failed: Because z cannot be looked up (\"https://one.test/simple/z/\": it broke) and you "
      "require z, your requirements cannot be met.");

  server = make();
  EXPECT_EQ(drive(server, want("\"z\"", kTwo)),
            "failed: Because z is in no index and you require z, your requirements cannot be met.");
}

TEST(Session, IndexTemplatesAndAliases) {
  TestServer server;
  server.add({"b", "1.0"}, "https://three.test/x");
  EXPECT_EQ(
      drive(server, want("\"b\"", "\"index_urls\":[\"https://three.test/x/{package_name}/\"]")),
      "install b 1.0 (index); done 1");
  EXPECT_EQ(drive(server, want("\"b\"",
                               "\"index_urls\":[\"PYPI\"],\"index_aliases\":{\"PYPI\":"
                               "\"https://three.test/x\"}")),
            "install b 1.0 (index); done 1");
  EXPECT_EQ(drive(server, want("\"b\"", "\"index_urls\":[\"PYPI\"]")),
            "\"PYPI\" is no index: expected an absolute URL, \"https://host/simple\" or "
            "\"https://host/{package_name}/\"");
}

TEST(Session, ChoosesTheBestWheel) {
  TestServer server;
  server.add({.name = "m", .version = "1.0", .tag = "py3-none-any"});
  server.add({.name = "m", .version = "1.0", .tag = "cp313-cp313-emscripten_4_0_9_wasm32"});
  server.add({.name = "m", .version = "1.0", .tag = "cp313-cp313-pyemscripten_2025_0_wasm32"});
  server.add({.name = "m", .version = "1.0", .tag = "cp312-cp312-pyodide_2024_0_wasm32"});
  EXPECT_EQ(drive(server, want("\"m\"")), "install m 1.0 (index); done 1");
  EXPECT_EQ(server.asked.end()[-2],
            "https://one.test/simple/m/m-1.0-cp313-cp313-pyemscripten_2025_0_wasm32.whl");

  TestServer foreign;
  foreign.add({.name = "m", .version = "1.0", .tag = "cp313-cp313-manylinux_2_17_x86_64"});
  EXPECT_EQ(drive(foreign, want("\"m\"")),
            "failed: Because no version of m can be used (1.0 has no wheel for this platform, only "
            "cp313-cp313-manylinux_2_17_x86_64) and you require m, your requirements cannot be "
            "met.");
}

TEST(Session, MetadataFilesThatFailAreReplacedByTheWheel) {
  for (const TestAnswer& answer :
       {TestAnswer{.status = 404}, TestAnswer{.failure = Failure::Kind::kNetwork},
        TestAnswer{.body = TestServer::bytes("Metadata-Version: 2.1\nName: a\nVersion: 1.0\n")},
        TestAnswer{.body = TestServer::bytes("nonsense")}}) {
    TestServer server = small_server();
    server.answers["https://one.test/simple/a/a-1.0-py3-none-any.whl.metadata"] = answer;
    EXPECT_EQ(drive(server, want("\"a==1.0\"")), "install a 1.0 (index) b 1.5 (index); done 2");
  }
}

TEST(Session, FaultsOfWheels) {
  const std::string url = "https://one.test/simple/c/c-2.0-py3-none-any.whl";
  const Bytes good = TestPackage{"c", "2.0"}.wheel();
  const auto attempt = [&](TestAnswer answer, const std::string& more = "") {
    TestServer server = small_server();
    server.answers[url] = std::move(answer);
    return drive(server, want("\"c\"", kOne + more));
  };
  const std::string start =
      "install c 2.0 (index); failed: c 2.0 could not be downloaded: \"" + url + "\": ";
  EXPECT_EQ(attempt({.status = 403}), start + "the server answered with status 403, expected 200");
  EXPECT_EQ(attempt({.failure = Failure::Kind::kRedirects}), start + "it broke");
  EXPECT_EQ(attempt({.body = good, .breaks_after = 0}), start + "the connection was reset");
  Bytes cut = good;
  cut.resize(cut.size() - 10);
  EXPECT_EQ(attempt({.body = cut}).substr(0, start.size() + 20), start + "the wheel has sha256");
  // Without checking hashes, the archive itself is still checked.
  EXPECT_TRUE(attempt({.body = cut}, ",\"check_integrity\":false").starts_with(start));
  EXPECT_EQ(attempt({.body = TestPackage{"d", "2.0"}.wheel()}, ",\"check_integrity\":false"),
            "install c 2.0 (index); failed: c 2.0: \"" + url +
                "\": METADATA: it is of the project \"d\": expected \"c\"");
  EXPECT_TRUE(attempt({.body = TestServer::bytes("<html>not found</html>")})
                  .starts_with(start + "it begins with \"<html>not found</html>\""));
}

TEST(Session, HashesOfUrls) {
  const TestPackage w{"w", "1.0"};
  const std::string url = "https://x.test/" + w.filename();
  TestServer server;
  server.answers[url] = {.body = w.wheel()};
  const std::string good = sha256_hex(w.wheel());
  EXPECT_EQ(drive(server, want("\"" + url + "#sha256=" + good + "\"")),
            "install w 1.0 (url); done 1");
  const std::string bad(64, 'a');
  EXPECT_EQ(drive(server, want("\"" + url + "#sha256=" + bad + "\"")),
            "failed: Because w cannot be looked up (\"" + url + "\": the wheel has sha256 " + good +
                ": expected " + bad + ") and you require w, your requirements cannot be met.");
}

const std::string kInstalledA1 =
    ",\"installed\":[{\"name\":\"a\",\"version\":\"0.9\",\"requires\":[]}]";

TEST(Session, WhatIsInstalledStays) {
  TestServer server = small_server();
  EXPECT_EQ(drive(server, want("\"a\"", kOne + kInstalledA1)),
            "install | keep a 0.9 (installed); done 0");
  EXPECT_EQ(server.asked, std::vector<std::string>());
  EXPECT_EQ(
      drive(server, want("\"a==1.0\"", kOne + kInstalledA1)),
      "failed: Because you restrict a ==0.9 and you require a ==1.0, your requirements cannot "
      "be met.\na 0.9 is installed and stays as it is: install with reinstall=True to replace "
      "it.");
  EXPECT_EQ(drive(server, want("\"a==1.0\"", kOne + kInstalledA1 + ",\"reinstall\":true")),
            "install a 1.0 (index) b 1.5 (index) | remove a 0.9; done 2");
  EXPECT_EQ(drive(server, want("\"a\"", kOne + kInstalledA1 + ",\"upgrade\":true")),
            "install a 1.0 (index) b 1.5 (index) | remove a 0.9; done 2");
}

TEST(Session, MocksAndConstraintsAndDeps) {
  TestServer server = small_server();
  EXPECT_EQ(drive(server, want("\"a\"", kOne + ",\"mocks\":[{\"name\":\"b\",\"version\":\"3\"}]")),
            "install a 1.0 (index) | keep b 3 (mock); done 1");
  EXPECT_EQ(drive(server, want("\"a\"", kOne + ",\"constraints\":[\"a<1\"]")),
            "install a 0.9 (index); done 1");
  EXPECT_EQ(drive(server, want("\"a\"", kOne + ",\"deps\":false")),
            "install a 1.0 (index); done 1");
}

TEST(Session, KeepGoingTellsAllThatFail) {
  TestServer server = small_server();
  EXPECT_EQ(
      drive(server, want("\"y\", \"c\", \"z\"", kOne + ",\"keep_going\":true")),
      "failed: y: Because y is in no index and you require y, your requirements cannot be "
      "met.\nz: Because z is in no index and you require z, your requirements cannot be met.");
}

std::string lock_text(const std::string& extra = "") {
  const auto package = [](const TestPackage& of, const std::string& depends) {
    return "\"" + of.name + "\":{\"name\":\"" + of.name + "\",\"version\":\"" + of.version +
           "\",\"file_name\":\"" + of.filename() + "\",\"install_dir\":\"site\",\"sha256\":\"" +
           sha256_hex(of.wheel()) + "\",\"package_type\":\"package\",\"imports\":[],\"depends\":[" +
           depends + "]}";
  };
  return "{\"info\":{\"arch\":\"wasm32\",\"platform\":\"emscripten_4_0_9\",\"python\":\"3.13.2\","
         "\"version\":\"1\"},\"packages\":{" +
         package({"p", "1.0"}, "\"q\"") + "," + package({"q", "2.0"}, "\"p\"") + extra + "}}";
}

std::string lock_member(const std::string& extra = "") {
  return "\"lock\":{\"text\":" + Json(lock_text(extra)).to_string() +
         ",\"base_url\":\"https://cdn.test/\"}";
}

TestServer lock_server() {
  TestServer server = small_server();
  server.answers["https://cdn.test/p-1.0-py3-none-any.whl"] = {.body =
                                                                   TestPackage{"p", "1.0"}.wheel()};
  server.answers["https://cdn.test/q-2.0-py3-none-any.whl"] = {.body =
                                                                   TestPackage{"q", "2.0"}.wheel()};
  return server;
}

TEST(Session, LoadsFromALock) {
  TestServer server = lock_server();
  const std::string load = ",\"mode\":\"load\"";
  EXPECT_EQ(drive(server, want("\"P\"", lock_member() + load)),
            "install q 2.0 (lock) p 1.0 (lock); done 2");
  EXPECT_EQ(drive(server, want("\"p\"", lock_member() + load + ",\"deps\":false")),
            "install p 1.0 (lock); done 1");
  EXPECT_EQ(drive(server, want("\"p\"", lock_member() + load +
                                            ",\"installed\":[{\"name\":\"q\",\"version\":\"9\"}]")),
            "install p 1.0 (lock) | keep q 9 (installed); done 1");
  EXPECT_EQ(drive(server, want("\"nope\"", lock_member() + load)),
            "failed: No known package with name 'nope': the lock file has 2 others");
  EXPECT_EQ(drive(server, want("\"nope\", \"p\"", lock_member() + load + ",\"keep_going\":true")),
            "install q 2.0 (lock) p 1.0 (lock); No known package with name 'nope': the lock file "
            "has 2 others; done 2");
  server.answers["https://cdn.test/q-2.0-py3-none-any.whl"] = {.status = 500};
  EXPECT_EQ(
      drive(server, want("\"p\"", lock_member() + load + ",\"keep_going\":true")),
      "install q 2.0 (lock) p 1.0 (lock); q 2.0 could not be downloaded: "
      "\"https://cdn.test/q-2.0-py3-none-any.whl\": the server answered with status 500, "
      "expected 200; p 1.0 was not installed: it depends on q, which could not be had; done 0");
  EXPECT_EQ(
      drive(server, want("\"p\"", lock_member() + load + ",\"keep_going\":true,\"deps\":false")),
      "install p 1.0 (lock); done 1");
}

// A wheel for another Python, and something that needs it.
TEST(Session, ALocksWheelMustRunHere) {
  TestServer server = lock_server();
  const std::string lock = lock_member(
      ",\"w\":{\"name\":\"w\",\"version\":\"1.0\",\"file_name\":\"w-1.0-cp399-cp399-any.whl\","
      "\"install_dir\":\"site\",\"sha256\":\"\",\"package_type\":\"package\",\"imports\":[],"
      "\"depends\":[]},\"v\":{\"name\":\"v\",\"version\":\"1.0\",\"file_name\":"
      "\"v-1.0-py3-none-any.whl\",\"install_dir\":\"site\",\"sha256\":\"\",\"package_type\":"
      "\"package\",\"imports\":[],\"depends\":[\"w\"]}");
  const std::string problem =
      "the file \"w-1.0-cp399-cp399-any.whl\" of \"w\" in the lock file is a wheel for "
      "cp399-cp399-any, which does not run here (expected ";
  const std::string failed = drive(server, want("\"w\"", lock + ",\"mode\":\"load\""));
  EXPECT_TRUE(failed.starts_with("failed: " + problem)) << failed;
  const std::string rest =
      drive(server, want("\"v\", \"q\"", lock + ",\"mode\":\"load\",\"keep_going\":true"));
  EXPECT_TRUE(rest.starts_with("install p 1.0 (lock) q 2.0 (lock); " + problem)) << rest;
  EXPECT_TRUE(
      rest.ends_with("; v 1.0 was not installed: it depends on w, which could not be had; done 2"))
      << rest;
  // With a resolver the indexes are asked instead; when they have it neither, that is told.
  const std::string conflict = drive(server, want("\"w\"", kOne + "," + lock));
  EXPECT_TRUE(
      conflict.starts_with("failed: Because w is in no index and you require w, your "
                           "requirements cannot be met.\nThe lock file has w, but "
                           "\"w-1.0-cp399-cp399-any.whl\" is a wheel for cp399-cp399-any, "))
      << conflict;
  server.add({"w", "2.0"});
  EXPECT_EQ(drive(server, want("\"w\"", kOne + "," + lock)), "install w 2.0 (index); done 1");
}

TEST(Session, LockIsFetchedWhenOnlyItsUrlIsGiven) {
  TestServer server = lock_server();
  server.answers["https://cdn.test/pyodide-lock.json"] = {.body = TestServer::bytes(lock_text())};
  const std::string lock =
      "\"lock\":{\"url\":\"https://cdn.test/pyodide-lock.json\"},\"mode\":\"load\"";
  EXPECT_EQ(drive(server, want("\"p\"", lock)), "install q 2.0 (lock) p 1.0 (lock); done 2");
  server.answers["https://cdn.test/pyodide-lock.json"] = {.status = 404};
  EXPECT_EQ(drive(server, want("\"p\"", lock)),
            "failed: the lock file could not be read: \"https://cdn.test/pyodide-lock.json\": the "
            "server answered with status 404, expected 200");
}

TEST(Session, LockIntegrity) {
  TestServer server = lock_server();
  const TestPackage other{.name = "p", .version = "1.0", .files = {{"p.py", "changed"}}};
  server.answers["https://cdn.test/p-1.0-py3-none-any.whl"] = {.body = other.wheel()};
  const std::string load = lock_member() + ",\"mode\":\"load\"";
  EXPECT_EQ(drive(server, want("\"p\"", load)),
            "install q 2.0 (lock) p 1.0 (lock); failed: p 1.0 could not be downloaded: "
            "\"https://cdn.test/p-1.0-py3-none-any.whl\": the wheel has sha256 " +
                sha256_hex(other.wheel()) + ": expected " +
                sha256_hex(TestPackage{"p", "1.0"}.wheel()));
  EXPECT_EQ(drive(server, want("\"p\"", load + ",\"check_integrity\":false")),
            "install q 2.0 (lock) p 1.0 (lock); done 2");
}

TEST(Session, ArchivesOfALock) {
  TestServer server = lock_server();
  ZipBuilder zip;
  zip.add({.name = "libz.so", .content = "so"});
  const Bytes bytes = zip.finish();
  server.answers["https://cdn.test/libz-1.2w.zip"] = {.body = bytes};
  const std::string lock = lock_member(
      ",\"libz\":{\"name\":\"libz\",\"version\":\"1.2w\",\"file_name\":\"libz-1.2w.zip\","
      "\"install_dir\":\"dynlib\",\"sha256\":\"" +
      sha256_hex(bytes) + "\",\"package_type\":\"shared_library\",\"imports\":[],\"depends\":[]}");
  EXPECT_EQ(drive(server, want("\"libz\"", lock + ",\"mode\":\"load\"")),
            "install libz 1.2w (lock); done 1");
}

TEST(Session, ResolvesWithTheLocksPackages) {
  TestServer server = lock_server();
  server.add({"r", "1.0", {"q<3"}});
  EXPECT_EQ(drive(server, want("\"r\"", kOne + "," + lock_member())),
            "install p 1.0 (lock) q 2.0 (lock) r 1.0 (index); done 3");
}

TEST(Session, InstallsAPylock) {
  const TestPackage s{"s", "1.0"};
  TestServer server;
  server.answers["https://cdn.test/" + s.filename()] = {.body = s.wheel()};
  const std::string text =
      "lock-version = \"1.0\"\ncreated-by = \"test\"\n"
      "[[packages]]\nname = \"s\"\nversion = \"1.0\"\nwheels = [{name = \"" +
      s.filename() + "\", url = \"https://cdn.test/" + s.filename() + "\", hashes = {sha256 = \"" +
      sha256_hex(s.wheel()) +
      "\"}}]\n"
      "[[packages]]\nname = \"windows-only\"\nversion = \"1.0\"\nmarker = \"os_name == 'nt'\"\n"
      "wheels = []\n";
  const std::string member = "\"pylock\":{\"text\":" + Json(text).to_string() + "}";
  EXPECT_EQ(drive(server, member), "install s 1.0 (lock); done 1");
  EXPECT_EQ(drive(server, member + ",\"installed\":[{\"name\":\"s\",\"version\":\"1.0\"}]"),
            "install | keep s 1.0 (installed); done 0");
  EXPECT_EQ(drive(server, member + ",\"installed\":[{\"name\":\"s\",\"version\":\"2.0\"}]"),
            "failed: s 2.0 is installed, and 1.0 is wanted: install with reinstall=True to replace "
            "it");
}

TEST(Request, SaysWhatIsWrongWithIt) {
  const std::pair<const char*, const char*> wrong[] = {
      {"[]", "the request is an array: expected an object"},
      {"{\"requirments\":[]}", "the request has a member \"requirments\", which means nothing"},
      {"{\"requirements\":\"a\"}",
       "the request's \"requirements\" is a string: expected an array of strings"},
      {"{\"deps\":1}", "the request's \"deps\" is an integer: expected true or false"},
      {"{\"mode\":\"x\"}", "the request's \"mode\" is \"x\": expected \"resolve\" or \"load\""},
      {"{\"lock\":{}}", "the request's \"lock\" has neither \"text\" nor \"url\""},
      {"{\"environment\":{\"os\":\"x\"}}", "the request's \"environment\" has \"os\""},
      {"{\"installed\":[{\"name\":\"a\"}]}",
       "the request's \"installed\" is an object: expected objects with the strings \"name\" and "
       "\"version\""},
  };
  for (const auto& [text, message] : wrong)
    EXPECT_EQ(Request::parse(text).error().message(), message) << text;
}

}  // namespace
}  // namespace krait::pkg::install
