// The packaging library as JavaScript calls it: krait_pkg(), see PkgCall in the contract. A wasm
// module of its own with a memory of its own
// (docs/decisions/0013-packaging-library-beside-the-core.md).
//
// Guarantees: every call answers with JSON, errors included; only memory that cannot be had is
// thrown out of it, and then JavaScript drops the instance. A session that has all its wheels
// carries out its plan in the call that answers {"done": ...}. Must not know of Python, but for the
// versions that markers ask for. No image holds any of this.

#include <patchlevel.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/quote.h"
#include "pkg/install/dialogue.h"
#include "pkg/install/freeze.h"
#include "pkg/install/session.h"
#include "pkg/install/site.h"
#include "pkg/install/transaction.h"
#include "pkg_module/contract.gen.h"
#include "pkg_module/files.h"

namespace krait {
namespace {

namespace install = pkg::install;

constexpr const char* kSite = "/lib/python3.13/site-packages";

// What every session needs and hardly any names.
struct Place {
  pkg::Environment environment;
  pkg::InstallScheme scheme;
};

Place place() {
  Place out;
  utsname system = {};
  uname(&system);
  out.environment = {
      .os_name = "posix",
      .sys_platform = "emscripten",
      .platform_machine = "wasm32",
      .platform_python_implementation = "CPython",
      .platform_release = system.release,
      .platform_system = "Emscripten",
      .platform_version = system.version,
      .python_version = std::to_string(PY_MAJOR_VERSION) + "." + std::to_string(PY_MINOR_VERSION),
      .python_full_version = PY_VERSION,
      .implementation_name = "cpython",
      .implementation_version = PY_VERSION};
  // As sysconfig has them for the prefix "/".
  out.scheme = {.purelib = kSite,
                .platlib = kSite,
                .scripts = "/bin",
                .headers = "/include/python3.13",
                .data = "/"};
  return out;
}

struct Open {
  std::unique_ptr<install::Session> session;
  std::vector<install::Distribution> site;
  install::Log log;
};

Json texts(const std::vector<std::string>& items) {
  Json::Array out;
  for (const std::string& item : items) out.emplace_back(item);
  return out;
}

Json failure(const Error& error) { return Json::Object{{"error", error.message()}}; }

Json with_log(Json::Object out, install::Log& log) {
  Json::Array lines;
  for (const install::LogLine& line : log.take())
    lines.push_back(
        Json::Object{{"level", line.level == install::LogLevel::kWarning ? "warning" : "info"},
                     {"text", line.text}});
  if (!lines.empty()) out.emplace_back("log", std::move(lines));
  return out;
}

Json removed_json(const std::vector<install::Removed>& removed) {
  Json::Array out;
  for (const install::Removed& of : removed)
    out.push_back(
        Json::Object{{"name", of.name}, {"version", of.version}, {"files", texts(of.files)}});
  return out;
}

Json installed_json(const std::vector<install::Installed>& installed) {
  Json::Array out;
  for (const install::Installed& of : installed) {
    Json::Object item = *install::to_json(of.planned).find_object();
    item.emplace_back("folder", of.folder);
    item.emplace_back("dist_info", of.dist_info);
    item.emplace_back("dynlibs", texts(of.dynlibs));
    item.emplace_back("imports", texts(of.imports));
    out.push_back(std::move(item));
  }
  return out;
}

Result<std::unique_ptr<Open>> open(std::string_view text) {
  install::Request request = TRY(install::Request::parse(text));
  Place here = place();
  if (request.environment == pkg::Environment{}) request.environment = here.environment;
  if (request.tags.tags().empty()) request.tags = pkg::TagSet::cpython3(PY_MINOR_VERSION);
  if (request.scheme.purelib.empty()) {
    request.scheme = here.scheme;
    request.stdlib = "/lib/python3.13";
    request.dynlib = "/usr/lib";
  }
  auto out = std::make_unique<Open>();
  RuntimeFiles files;
  out->site = TRY(install::read_site(files, request.scheme.purelib, out->log));
  if (!request.names_installed)
    for (const install::Distribution& of : out->site)
      request.installed.push_back({of.metadata.name, of.metadata.version, of.metadata.requires_dist,
                                   of.metadata.provides_extra});
  out->session = TRY(install::Session::make(std::move(request)));
  return out;
}

Result<Json> carry_out(Open& open) {
  install::Session& session = *open.session;
  std::vector<install::Distribution> remove;
  for (const install::PlannedRemoval& of : session.plan().remove) {
    const pkg::ProjectName name = TRY(pkg::ProjectName::parse(of.name));
    if (const install::Distribution* found = install::find(open.site, name))
      remove.push_back(*found);
  }
  const install::Request& request = session.request();
  const install::TransactionOptions options{
      .scheme = request.scheme,
      .installer = request.mode == install::Mode::kLoad ? "pyodide.loadPackage" : "micropip"};
  RuntimeFiles files;
  const install::Change change =
      TRY(install::carry_out(files, options, remove, session.take_contents(), open.log));
  return Json(Json::Object{{"installed", installed_json(change.installed)},
                           {"removed", removed_json(change.removed)}});
}

std::string advance(Open& open) {
  install::Step step = open.session->advance();
  Json done = Json::Object{};
  if (const auto* finished = std::get_if<install::Done>(&step)) {
    const std::vector<std::string> problems = finished->problems;
    Result<Json> carried = carry_out(open);
    if (carried.ok()) {
      Json::Object members = *carried.value().find_object();
      members.emplace_back("problems", texts(problems));
      done = std::move(members);
    } else {
      step = install::Failed{carried.error().message(), {carried.error().message()}};
    }
  }
  std::vector<install::LogLine> log = open.session->take_log();
  for (install::LogLine& line : open.log.take()) log.push_back(std::move(line));
  return install::step_text(*open.session, step, log, std::move(done));
}

Result<std::vector<install::Distribution>> here(install::Log& log) {
  RuntimeFiles files;
  return install::read_site(files, kSite, log);
}

Result<Json> site_json() {
  install::Log log;
  Json::Array out;
  const std::vector<install::Distribution> site = TRY(here(log));
  for (const install::Distribution& of : site)
    out.push_back(Json::Object{{"name", of.metadata.name.original()},
                               {"version", of.metadata.version.to_string()},
                               {"source", of.source},
                               {"url", of.url},
                               {"installer", of.installer},
                               {"requested", of.requested},
                               {"dist_info", of.dist_info}});
  return with_log({{"packages", std::move(out)}}, log);
}

Result<Json> uninstall(std::string_view text) {
  const Json names = TRY(Json::parse(text));
  install::Log log;
  const std::vector<install::Distribution> site = TRY(here(log));
  std::vector<install::Distribution> remove;
  std::vector<std::string> missing;
  if (names.find_array() == nullptr) return invalid("expected an array of names");
  for (const Json& item : *names.find_array()) {
    if (item.find_string() == nullptr)
      return invalid("a name is " + std::string(item.kind()) + ": expected a string");
    const pkg::ProjectName name = TRY(pkg::ProjectName::parse(*item.find_string()));
    const install::Distribution* found = install::find(site, name);
    if (found == nullptr) {
      missing.push_back(*item.find_string());
    } else if (install::find(remove, name) == nullptr) {
      remove.push_back(*found);
    }
  }
  RuntimeFiles files;
  const install::Change change =
      TRY(install::carry_out(files, {.scheme = place().scheme}, remove, {}, log));
  return with_log({{"removed", removed_json(change.removed)}, {"missing", texts(missing)}}, log);
}

Result<Json> freeze(std::string_view text) {
  const Json options = TRY(Json::parse(text));
  const Json* format = options.find("format");
  const std::string* name = format == nullptr ? nullptr : format->find_string();
  if (name == nullptr || (*name != "pyodide" && *name != "pylock"))
    return invalid("the format is " + (name == nullptr ? std::string("missing") : quoted(*name)) +
                   ": expected \"pyodide\" or \"pylock\"");
  install::Log log;
  const std::vector<install::Distribution> site = TRY(here(log));
  install::FreezeOptions wanted{.environment = place().environment,
                                .platform = "emscripten_" + place().environment.platform_release};
  for (char& c : wanted.platform)
    if (c == '.') c = '_';
  if (*name == "pylock")
    return with_log({{"text", install::freeze_pylock(site, wanted, log)}}, log);
  if (const Json* lock = options.find("lock")) {
    const Json* content = lock->find("text");
    const Json* base = lock->find("base_url");
    if (content == nullptr || content->find_string() == nullptr || base == nullptr ||
        base->find_string() == nullptr)
      return invalid("expected a lock with \"text\" and \"base_url\"");
    wanted.lock = TRY(pkg::PyodideLock::parse(*content->find_string()));
    wanted.base_url = *base->find_string();
  }
  RuntimeFiles files;
  std::string out = TRY(install::freeze_pyodide(files, site, std::move(wanted), log));
  return with_log({{"text", std::move(out)}}, log);
}

Result<Json> check() {
  install::Log log;
  const std::vector<install::Distribution> site = TRY(here(log));
  return Json(Json::Object{{"problems", texts(install::check_site(site, place().environment))}});
}

Result<Json> tree() {
  install::Log log;
  const std::vector<install::Distribution> site = TRY(here(log));
  return Json(Json::Object{{"text", install::tree_text(site, place().environment)}});
}

std::string answer(const Result<Json>& result) {
  return (result.ok() ? result.value() : failure(result.error())).to_string();
}

std::string open_session(std::string_view text) {
  Result<std::unique_ptr<Open>> made = open(text);
  if (!made.ok()) return failure(made.error()).to_string();
  const auto address = reinterpret_cast<std::uintptr_t>(std::move(made).value().release());
  return Json(Json::Object{{"session", static_cast<std::int64_t>(address)}}).to_string();
}

std::string call(uint32_t what, Open* open, uint32_t id, std::string_view text) {
  const auto boolean = [](bool value) { return std::string(value ? "true" : "false"); };
  switch (what) {
    case kPkgCallOpen:
      return open_session(text);
    case kPkgCallAdvance:
      return advance(*open);
    case kPkgCallResponse: {
      Result<install::Response> response = install::parse_response(text);
      if (!response.ok()) return failure(response.error()).to_string();
      return boolean(open->session->response(id, std::move(response).value()));
    }
    case kPkgCallBytes:
      return boolean(open->session->bytes(id, as_bytes(text)));
    case kPkgCallEnd:
      open->session->end(id);
      return "null";
    case kPkgCallFailure: {
      const auto told = install::parse_failure(text);
      if (!told.ok()) return failure(told.error()).to_string();
      open->session->failure(id, told.value().first, told.value().second);
      return "null";
    }
    case kPkgCallClose:
      delete open;
      return "null";
    case kPkgCallSite:
      return answer(site_json());
    case kPkgCallUninstall:
      return answer(uninstall(text));
    case kPkgCallTree:
      return answer(tree());
    case kPkgCallCheck:
      return answer(check());
    case kPkgCallFreeze:
      return answer(freeze(text));
    default:
      return failure(invalid("no such call of the packaging library")).to_string();
  }
}

}  // namespace

extern "C" void* krait_pkg(uint32_t what, uint32_t session, uint32_t id, void* text,
                           uint32_t length) {
  // Never destroyed: nothing of this module ends before its memory.
  static std::string* last = new std::string();
  static uint32_t out[2];
  *last =
      call(what, reinterpret_cast<Open*>(session), id, {static_cast<const char*>(text), length});
  out[0] = static_cast<uint32_t>(reinterpret_cast<std::uintptr_t>(last->data()));
  out[1] = static_cast<uint32_t>(last->size());
  return out;
}

extern "C" void* krait_alloc(uint32_t size) { return std::malloc(size); }

extern "C" void krait_free(void* bytes) { std::free(bytes); }

}  // namespace krait
