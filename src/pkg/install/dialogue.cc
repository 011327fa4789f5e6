// See dialogue.h.

#include "pkg/install/dialogue.h"

#include <array>
#include <utility>

#include "base/quote.h"
#include "pkg/index/page.h"

namespace krait::pkg::install {

namespace {

std::string_view kind_text(FetchKind kind) {
  switch (kind) {
    case FetchKind::kPage:
      return "page";
    case FetchKind::kMetadata:
      return "metadata";
    case FetchKind::kWheel:
      return "wheel";
    case FetchKind::kArchive:
      return "archive";
    case FetchKind::kLock:
      return "lock";
  }
  return "";
}

Json texts(const std::vector<std::string>& items) {
  Json::Array out;
  for (const std::string& item : items) out.emplace_back(item);
  return out;
}

Json to_json(const Fetch& fetch, const Request& request) {
  Json::Object out{{"id", std::int64_t{fetch.id}},
                   {"kind", kind_text(fetch.kind)},
                   {"url", fetch.url},
                   {"name", fetch.name}};
  if (fetch.kind == FetchKind::kPage) out.emplace_back("accept", IndexPage::kAccept);
  if (fetch.sha256) out.emplace_back("sha256", *fetch.sha256);
  if (fetch.size) out.emplace_back("size", static_cast<std::int64_t>(*fetch.size));
  if (!request.credentials.empty()) out.emplace_back("credentials", request.credentials);
  return out;
}

Json to_json(const Plan& plan) {
  Json::Array install;
  Json::Array remove;
  Json::Array keep;
  for (const PlannedInstall& item : plan.install) install.push_back(install::to_json(item));
  for (const PlannedRemoval& item : plan.remove)
    remove.push_back(Json::Object{{"name", item.name}, {"version", item.version}});
  for (const Kept& item : plan.keep)
    keep.push_back(Json::Object{
        {"name", item.name}, {"version", item.version}, {"source", to_string(item.source)}});
  return Json::Object{
      {"install", std::move(install)}, {"remove", std::move(remove)}, {"keep", std::move(keep)}};
}

Json to_json(const std::vector<LogLine>& log) {
  constexpr auto kLevels = std::to_array<std::string_view>({"info", "verbose", "warning"});
  Json::Array out;
  for (const LogLine& line : log)
    out.push_back(Json::Object{{"level", kLevels[static_cast<std::size_t>(line.level)]},
                               {"text", line.text}});
  return out;
}

const std::string* find_text(const Json& json, std::string_view key) {
  const Json* value = json.find(key);
  return value == nullptr ? nullptr : value->find_string();
}

}  // namespace

Json to_json(const PlannedInstall& planned) {
  Json::Object out{{"name", planned.name},
                   {"version", planned.version},
                   {"source", to_string(planned.source)},
                   {"url", planned.url},
                   {"file", planned.file},
                   {"requested", planned.requested},
                   {"extras", texts(planned.extras)}};
  if (planned.sha256) out.emplace_back("sha256", *planned.sha256);
  if (planned.size) out.emplace_back("size", static_cast<std::int64_t>(*planned.size));
  if (planned.replaces) out.emplace_back("replaces", *planned.replaces);
  return out;
}

std::string step_text(const Session& session, const Step& step, const std::vector<LogLine>& log,
                      Json done) {
  Json::Object out;
  if (const auto* fetches = std::get_if<Fetches>(&step)) {
    Json::Array items;
    for (const Fetch& fetch : fetches->items) items.push_back(to_json(fetch, session.request()));
    out.emplace_back("fetch", std::move(items));
  } else if (const auto* plan = std::get_if<Plan>(&step)) {
    out.emplace_back("plan", to_json(*plan));
  } else if (const auto* failed = std::get_if<Failed>(&step)) {
    out.emplace_back("failed", Json::Object{{"message", failed->message},
                                            {"problems", texts(failed->problems)}});
  } else {
    out.emplace_back("done", std::move(done));
  }
  if (!log.empty()) out.emplace_back("log", to_json(log));
  return Json(std::move(out)).to_string();
}

Result<Response> parse_response(std::string_view text) {
  const Json json = TRY(Json::parse(text));
  Response out;
  if (const Json* status = json.find("status")) {
    if (status->find_int() == nullptr)
      return invalid("the response's \"status\" is " + std::string(status->kind()) +
                     ": expected an integer");
    out.status = static_cast<int>(*status->find_int());
  }
  if (const std::string* url = find_text(json, "url")) out.url = *url;
  if (const std::string* type = find_text(json, "contentType")) out.content_type = *type;
  return out;
}

Result<std::pair<Failure::Kind, std::string>> parse_failure(std::string_view text) {
  constexpr auto kKinds = std::to_array<std::pair<std::string_view, Failure::Kind>>(
      {{"network", Failure::Kind::kNetwork},
       {"body", Failure::Kind::kBody},
       {"redirects", Failure::Kind::kRedirects},
       {"timeout", Failure::Kind::kTimeout},
       {"missing", Failure::Kind::kMissing}});
  const Json json = TRY(Json::parse(text));
  const std::string* reason = find_text(json, "reason");
  const std::string* kind = find_text(json, "kind");
  for (const auto& [name, value] : kKinds)
    if (kind != nullptr && *kind == name)
      return std::pair(value, reason == nullptr ? std::string("it failed") : *reason);
  return invalid("the failure's \"kind\" is " + (kind == nullptr ? "missing" : quoted(*kind)) +
                 ": expected \"network\", \"body\", \"redirects\", \"timeout\" or \"missing\"");
}

}  // namespace krait::pkg::install
