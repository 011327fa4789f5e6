// For tests: a TestServer answers a session's fetches from a map; drive() runs a session to its
// end.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/install/dialogue.h"
#include "pkg/install/session.h"
#include "pkg/wheel/wheel_builder.h"

namespace krait::pkg::install {

inline const std::string kIndexUrl = "https://one.test/simple";
inline const std::string kSecondUrl = "https://two.test/simple";

struct TestAnswer {
  int status = 200;
  std::string content_type = {};
  Bytes body = {};
  std::string url = {};                          // after redirects
  std::optional<Failure::Kind> failure = {};     // instead of an answer
  std::optional<std::size_t> breaks_after = {};  // bytes, then the failure "body"
};

struct TestPackage {
  std::string name;
  std::string version;
  std::vector<std::string> requires_dist = {};
  std::string tag = "py3-none-any";
  std::string metadata = {};  // more lines
  std::vector<TestMember> files = {};

  std::string filename() const { return name + "-" + version + "-" + tag + ".whl"; }
  std::string metadata_text() const {
    std::string out = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n";
    for (const std::string& line : requires_dist) out += "Requires-Dist: " + line + "\n";
    return out + metadata;
  }
  Bytes wheel() const {
    TestWheel out;
    out.dist_info = name + "-" + version + ".dist-info";
    out.wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: " + tag + "\n";
    out.metadata = metadata_text();
    out.files = files;
    if (out.files.empty())
      out.files = {{.name = name + "/__init__.py", .content = "version = '" + version + "'\n"}};
    return out.build();
  }
};

class TestServer {
 public:
  bool has_metadata_files = true;
  bool writes_json = false;
  std::size_t chunk = 1000;
  std::map<std::string, TestAnswer> answers = {};
  std::vector<std::string> asked = {};  // URLs, without the index's; ";" ends a batch

  // Puts a wheel on an index. The page is written again each time.
  void add(const TestPackage& package, const std::string& index = kIndexUrl,
           const std::string& attributes = {}) {
    const std::string folder = index + "/" + package.name + "/";
    const std::string url = folder + package.filename();
    const Bytes wheel = package.wheel();
    answers[url] = {.content_type = "application/octet-stream", .body = wheel};
    const std::string metadata = package.metadata_text();
    if (has_metadata_files) answers[url + ".metadata"] = {.body = bytes(metadata)};
    const std::string hash = sha256_hex(wheel);
    const std::string core = sha256_hex(as_bytes(metadata));
    std::string& links = links_[folder];
    if (writes_json) {
      links += (links.empty() ? "" : ",") + std::string("{\"filename\":\"") + package.filename() +
               "\",\"url\":\"" + package.filename() + "\",\"hashes\":{\"sha256\":\"" + hash +
               "\"},\"size\":" + std::to_string(wheel.size()) +
               (has_metadata_files ? ",\"core-metadata\":{\"sha256\":\"" + core + "\"}" : "") + "}";
      page(folder, "application/vnd.pypi.simple.v1+json",
           "{\"meta\":{\"api-version\":\"1.0\"},\"name\":\"" + package.name + "\",\"files\":[" +
               links + "]}");
    } else {
      links += "<a href=\"" + package.filename() + "#sha256=" + hash + "\" " + attributes +
               (has_metadata_files ? " data-core-metadata=\"sha256=" + core + "\"" : "") + ">" +
               package.filename() + "</a>\n";
      page(folder, "text/html", "<!DOCTYPE html><html><body>" + links + "</body></html>");
    }
  }
  void page(const std::string& url, const std::string& type, const std::string& text) {
    answers[url] = {.content_type = type, .body = bytes(text)};
  }
  static Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

  void serve(Session& session, const Fetch& fetch) {
    asked.push_back(fetch.url);
    const auto found = answers.find(fetch.url);
    const TestAnswer answer = found == answers.end() ? TestAnswer{.status = 404} : found->second;
    if (answer.failure) return session.failure(fetch.id, *answer.failure, "it broke");
    const std::string& url = answer.url.empty() ? fetch.url : answer.url;
    if (!session.response(fetch.id, {answer.status, url, answer.content_type})) return;
    std::size_t sent = 0;
    for (ByteView rest = answer.body; !rest.empty();) {
      if (answer.breaks_after && sent >= *answer.breaks_after)
        return session.failure(fetch.id, Failure::Kind::kBody, "the connection was reset");
      const std::size_t size = std::min(rest.size(), chunk);
      if (!session.bytes(fetch.id, rest.first(size))) return;
      rest = rest.subspan(size);
      sent += size;
    }
    session.end(fetch.id);
  }

  // Until the plan, or the end.
  Step run(Session& session) {
    for (;;) {
      Step step = session.advance();
      for (LogLine& line : session.take_log()) log.push_back(std::move(line));
      const auto* fetches = std::get_if<Fetches>(&step);
      if (fetches == nullptr) return step;
      if (fetches->items.empty()) return Failed{"nothing to fetch, and no end", {}};
      for (const Fetch& fetch : fetches->items) serve(session, fetch);
      asked.push_back(";");
    }
  }
  std::vector<LogLine> log = {};

 private:
  std::map<std::string, std::string> links_;
};

// Of a request as JSON, to which the environment and tags are added.
inline std::string request_text(const std::string& members) {
  return "{\"environment\":{\"os_name\":\"posix\",\"sys_platform\":\"emscripten\","
         "\"platform_machine\":\"wasm32\",\"platform_python_implementation\":\"CPython\","
         "\"platform_system\":\"Emscripten\",\"python_version\":\"3.13\","
         "\"python_full_version\":\"3.13.2\",\"implementation_name\":\"cpython\","
         "\"implementation_version\":\"3.13.2\"},"
         "\"tags\":[\"cp313-cp313-pyodide_2025_0_wasm32\","
         "\"cp313-cp313-pyemscripten_2025_0_wasm32\",\"cp313-cp313-emscripten_4_0_9_wasm32\","
         "\"py3-none-any\"],\"scheme\":{\"purelib\":\"/site\",\"platlib\":\"/site\","
         "\"scripts\":\"/bin\",\"headers\":\"/include\",\"data\":\"/data\",\"stdlib\":\"/stdlib\","
         "\"dynlib\":\"/dynlib\"}" +
         (members.empty() ? "" : "," + members) + "}";
}

// "install a 1.0 (index) | remove ... | keep ...".
inline std::string to_text(const Plan& plan) {
  std::string out = "install";
  for (const PlannedInstall& item : plan.install) {
    out += " " + item.name;
    for (std::size_t i = 0; i < item.extras.size(); ++i)
      out += (i == 0 ? "[" : ",") + item.extras[i] + (i + 1 == item.extras.size() ? "]" : "");
    out += " " + item.version + " (" + std::string(to_string(item.source)) + ")";
  }
  if (!plan.remove.empty()) out += " | remove";
  for (const PlannedRemoval& item : plan.remove) out += " " + item.name + " " + item.version;
  if (!plan.keep.empty()) out += " | keep";
  for (const Kept& item : plan.keep)
    out += " " + item.name + " " + item.version + " (" + std::string(to_string(item.source)) + ")";
  return out;
}

// The plan, and "; done" or what failed; or the request's own error.
inline std::string drive(TestServer& server, const std::string& members) {
  Result<Request> request = Request::parse(request_text(members));
  if (!request.ok()) return request.error().message();
  Result<std::unique_ptr<Session>> session = Session::make(std::move(request).value());
  if (!session.ok()) return session.error().message();
  std::string out;
  for (;;) {
    const Step step = server.run(*session.value());
    if (const auto* plan = std::get_if<Plan>(&step)) {
      out += to_text(*plan) + "; ";
    } else if (const auto* failed = std::get_if<Failed>(&step)) {
      return out + "failed: " + failed->message;
    } else {
      for (const std::string& problem : std::get<Done>(step).problems) out += problem + "; ";
      return out + "done " + std::to_string(session.value()->take_contents().size());
    }
  }
}

}  // namespace krait::pkg::install
