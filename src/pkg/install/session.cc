// See session.h. Here: the stages and what comes in; session_resolve.cc has the way to a plan.

#include "pkg/install/session.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "pkg/install/lock_plan.h"

namespace krait::pkg::install {

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

// Said of it in messages: "numpy 2.0".
std::string label(const PlannedInstall& planned) { return planned.name + " " + planned.version; }

}  // namespace

Result<std::unique_ptr<Session>> Session::make(Request request) {
  Result<Version> python = Version::parse(request.environment.python_full_version);
  if (!python.ok())
    return std::move(python).error().in("the request's environment.python_full_version");
  return std::unique_ptr<Session>(new Session(std::move(request), std::move(python).value()));
}

Session::Session(Request request, Version python)
    : request_(std::move(request)),
      python_(std::move(python)),
      lookup_(request_, python_, downloads_, log_) {
  ask_locks();
}

bool Session::response(std::uint32_t id, Response response) {
  return downloads_.response(id, std::move(response));
}
bool Session::bytes(std::uint32_t id, ByteView chunk) { return downloads_.bytes(id, chunk); }
void Session::end(std::uint32_t id) { downloads_.end(id); }
void Session::failure(std::uint32_t id, Failure::Kind kind, const std::string& reason) {
  downloads_.failure(id, kind, reason);
}

Step Session::advance() {
  for (Outcome& outcome : downloads_.take_finished()) take(std::move(outcome));
  for (;;) {
    const Stage before = stage_;
    if (const Result<> stepped = step(); !stepped.ok()) fail({stepped.error().message()});
    if (stage_ == Stage::kFailed) return Failed{message_, problems_};
    if (stage_ == Stage::kDone) return Done{problems_};
    if (before == Stage::kPlan) return plan_;
    if (stage_ == before) return Fetches{downloads_.take_new()};
  }
}

// Goes on from the stage that we are in; stays in it when something is missing.
Result<> Session::step() {
  switch (stage_) {
    case Stage::kLocks:
      if (!downloads_.busy()) begin();
      break;
    case Stage::kResolve:
      if (TRY(resolve())) stage_ = Stage::kPlan;
      break;
    case Stage::kPlan:
      tell_plan();
      ask_wheels();
      stage_ = Stage::kWheels;
      break;
    case Stage::kWheels:
      if (missing_ > 0) break;
      // With keep_going some may have failed by now.
      problems_.append_range(drop_dependants(plan_));
      stage_ = Stage::kDone;
      break;
    default:
      break;
  }
  return {};
}

void Session::fail(std::vector<std::string> problems) {
  problems_ = std::move(problems);
  message_ = joined(problems_);
  stage_ = Stage::kFailed;
}

void Session::take(Outcome outcome) {
  if (stage_ == Stage::kFailed) return;
  if (outcome.fetch.kind == FetchKind::kLock) return take_lock(std::move(outcome));
  if (stage_ == Stage::kWheels) return take_contents_of(std::move(outcome));
  lookup_.take(std::move(outcome));
}

void Session::ask_locks() {
  const auto ask = [&](const std::optional<LockSource>& source, const char* name) {
    if (source && !source->text)
      downloads_.add({.kind = FetchKind::kLock, .url = source->url, .name = name});
  };
  ask(request_.lock, "lock");
  ask(request_.pylock, "pylock");
}

void Session::take_lock(Outcome outcome) {
  const bool is_pylock = outcome.fetch.name == "pylock";
  if (const Failure* failure = outcome.failure())
    return fail({"the lock file could not be read: " + failure->message});
  std::optional<LockSource>& source = is_pylock ? request_.pylock : request_.lock;
  source->text = std::string(as_text(std::get<Bytes>(outcome.body)));
}

void Session::ask_wheels() {
  for (const PlannedInstall& planned : plan_.install) {
    std::optional<WheelContents>& place = contents_[planned.url];
    if (place) continue;
    place = lookup_.take_wheel(planned.url);
    if (place) continue;
    ++missing_;
    log_.info("downloading " + planned.url);
    downloads_.add({.kind = planned.is_wheel ? FetchKind::kWheel : FetchKind::kArchive,
                    .url = planned.url,
                    .name = planned.name,
                    .sha256 = planned.sha256,
                    .size = planned.size,
                    .scheme = planned.scheme});
  }
}

Result<> Session::check_contents(const PlannedInstall& planned, const WheelContents& wheel) {
  if (!planned.is_wheel) return {};
  const Result<ProjectName> name = ProjectName::parse(planned.name);
  const Result<Version> version = Version::parse(planned.version);
  if (!name.ok()) return {};
  const Result<Metadata> metadata =
      read_metadata(wheel.metadata, name.value(), version.ok() ? &version.value() : nullptr);
  if (metadata.ok()) return {};
  return Error(metadata.error()).in(quoted(planned.url, 300) + ": METADATA");
}

void Session::take_contents_of(Outcome outcome) {
  const auto found = contents_.find(outcome.fetch.url);
  if (found == contents_.end() || found->second) return;
  const auto planned = std::ranges::find(plan_.install, outcome.fetch.url, &PlannedInstall::url);
  --missing_;
  std::string problem;
  if (const Failure* failure = outcome.failure()) {
    problem = label(*planned) + " could not be downloaded: " + failure->message;
  } else {
    WheelContents& wheel = std::get<WheelContents>(outcome.body);
    if (const Result<> checked = check_contents(*planned, wheel); !checked.ok()) {
      problem = label(*planned) + ": " + checked.error().message();
    } else {
      found->second = std::move(wheel);
      return;
    }
  }
  if (request_.mode != Mode::kLoad || !request_.keep_going) return fail({std::move(problem)});
  problems_.push_back(std::move(problem));
  contents_.erase(found);
  plan_.install.erase(planned);
}

std::vector<Contents> Session::take_contents() {
  std::vector<Contents> out;
  for (const PlannedInstall& planned : plan_.install) {
    const auto found = contents_.find(planned.url);
    out.push_back({planned, *std::move(found->second)});
  }
  contents_.clear();
  return out;
}

}  // namespace krait::pkg::install
