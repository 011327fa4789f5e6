// Session: from a request to the contents of all wheels that an installation needs, without I/O.
//
// The session says what it needs, a driver fetches it: a page with `fetch`, the native program, a
// test with a map. Everything is said in JSON, so that all drivers speak one protocol and a call
// carries one text; the bytes of what was fetched come as they are, in pieces of any size.
//
//   Request        see request.h.
//   advance()      gives the next Step, which is one of
//     {"fetch": [{"id": 3, "kind": "page", "url": "https://...", "accept": "...",
//                 "sha256": "...", "size": 1234, "credentials": "omit", "name": "numpy"}]}
//          Everything that is missing and was not asked for yet; all may be fetched at once. An
//          empty list: what was asked for before has to come first. kind: "page" (of an index),
//          "metadata" (a wheel's METADATA file), "wheel", "archive" (a .zip of the lock), "lock".
//          accept: the header to send, on pages only. sha256, size: what is known beforehand, for
//          caches and progress; they are checked here. credentials: what the request said, if it
//          did. name: of the project, for progress. url may be "emfs:/path" (the runtime's own file
//          system), "file:///path" (the host's) or "http(s)://...".
//     {"plan": {"install": [{"name", "version", "source", "url", "file", "sha256", "size",
//                            "requested", "extras", "replaces"}],
//               "remove": [{"name", "version"}], "keep": [{"name", "version", "source"}]}}
//          Comes once, when everything is decided. source: "index", "url", "lock", "installed" or
//          "mock". replaces: the installed version that makes room, which is in remove too. Call
//          advance() again to go on with the wheels that are not here yet; or drop the session, and
//          nothing has happened.
//     {"done": {"installed": [{"name", "version", "source", "url", "folder", "dist_info",
//                              "dynlibs": ["/lib/.../_a.so"], "imports": ["a"]}],
//               "removed": [{"name", "version", "files": ["/lib/..."]}],
//               "problems": ["..."]}}
//          All wheels came and were good. In the runtime they are then in the file system, all of
//          them; natively take_contents() has them, for a Transaction (transaction.h) to write.
//          problems: with mode "load" and keep_going, what could not be had; the rest is installed.
//     {"failed": {"message": "...", "problems": ["...", ...]}}
//          The end. message is for the user; problems are its parts (more than one with
//          keep_going).
//   Every step also has "log": [{"level": "info"|"verbose"|"warning", "text": "..."}], lines to
//   show, oldest first: what pip would print. It is left out when it is empty.
//
//   For each fetch the driver calls, in this order,
//     response(id, {"status": 200, "url": "https://...", "contentType": "text/html"})
//          url: after redirects. contentType: as the header has it, or "". Anything that is no HTTP
//          (emfs:, file:) has status 200, or uses failure(). False: the body is not wanted (a 404):
//          the fetch is over, cancel it and call nothing more for this id.
//     bytes(id, chunk)
//          Pieces of the decoded body. Wheels are hashed and unpacked meanwhile. False: it is of no
//          use already (broken, or longer than it may be): cancel it, as above.
//     end(id)
//   or at any point before the end
//     failure(id, {"reason": "the connection was reset", "kind": "network"})
//          kind: "network" when there was no answer at all, which is what a browser tells of a
//          refusal by CORS too; "body" when it broke off; "redirects" (a loop), "timeout";
//          "missing" when a file or path does not exist. reason is quoted in messages, so it should
//          not repeat the URL.
//   and calls advance() again whenever it likes, best after each end: what is known by then may
//   lead to new fetches while others are under way.
//
// Which index is asked when (M12; docs/decisions/0010): one that answers 404, 410, or not at all
// ("network") is passed over; any other failure (500, a broken page) stops the search for that
// project, so that a fault of your own index does not put a stranger's project in its place.
// Metadata: the file beside the wheel where the page offers one (PEP 658, its hash checked; when it
// cannot be had, out of the wheel), else out of the wheel, which is then fetched only once.
//
// In JavaScript, js/src/packages/library.ts has this as openPackageSession(request): an object with
// advance(), response(), bytes(), end(), failure() as above, taking and giving objects instead of
// JSON, and close(), which must be called at last. A request that makes no sense throws there.
//
// Guarantees: nothing that was not asked for is believed; every hash that is known is checked; an
// error quotes the URL and says what was expected. The same answers give the same steps. Calls with
// an id that is not under way are programming errors and stop the program.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "pkg/install/downloads.h"
#include "pkg/install/log.h"
#include "pkg/install/lookup.h"
#include "pkg/install/plan.h"
#include "pkg/install/request.h"
#include "pkg/lock/pyodide_lock.h"
#include "pkg/resolve/resolver.h"

namespace krait::pkg::install {

struct Fetches {
  std::vector<Fetch> items;
};
struct Done {
  std::vector<std::string> problems;
};
struct Failed {
  std::string message;
  std::vector<std::string> problems;
};
using Step = std::variant<Fetches, Plan, Done, Failed>;

// The protocol with values instead of JSON: see dialogue.h for that.
class Session {
 public:
  static Result<std::unique_ptr<Session>> make(Request request);
  // Its parts refer to each other.
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Step advance();
  std::vector<LogLine> take_log() { return log_.take(); }
  const Request& request() const { return request_; }

  bool response(std::uint32_t id, Response response);
  bool bytes(std::uint32_t id, ByteView chunk);
  void end(std::uint32_t id);
  void failure(std::uint32_t id, Failure::Kind kind, const std::string& reason);

  // After the plan.
  const Plan& plan() const { return plan_; }
  // After Done, in the plan's order; once.
  std::vector<Contents> take_contents();

 private:
  enum class Stage : unsigned char { kLocks, kResolve, kPlan, kWheels, kDone, kFailed };

  // One run of the resolver; with keep_going a failure of the first leads to one for each
  // requirement, to tell which of them fail.
  struct Attempt {
    std::vector<Requirement> requirements;
    std::optional<resolve::Resolver> resolver = {};
  };

  Session(Request request, Version python);

  void take(Outcome outcome);
  void take_lock(Outcome outcome);
  void take_contents_of(Outcome outcome);
  Result<> check_contents(const PlannedInstall& planned, const WheelContents& wheel);

  // Each ends its stage, or says what is missing.
  void ask_locks();
  void begin();
  Result<> take_lock_text(const std::string& text, bool is_pylock);
  Result<bool> resolve();
  Result<> begin_attempt(std::vector<Requirement> requirements);
  void end_attempt(const std::string& explanation);
  resolve::Request resolve_request(const std::vector<Requirement>& requirements) const;
  void add_locked(resolve::Request& out) const;
  Result<> plan_solution(const resolve::Solution& solution);
  Result<PlannedInstall> planned(const resolve::Solution::Package& package);
  std::string hints(const std::string& explanation) const;
  void take_lock_plan(Result<struct LockPlan> made);
  void settle_installed();
  const InstalledPackage* find_installed(const std::string& name) const;
  void tell_plan();
  void ask_wheels();
  void fail(std::vector<std::string> problems);
  Result<> step();

  Request request_;
  Version python_;
  Log log_;
  Downloads downloads_;
  Lookup lookup_;
  Stage stage_ = Stage::kLocks;
  std::optional<PyodideLock> lock_ = {};
  std::map<std::string, const LockPackage*> locked_ = {};  // by normal name
  std::optional<std::string> pylock_ = {};
  std::vector<Attempt> attempts_ = {};   // the last one is under way
  std::vector<Requirement> alone_ = {};  // still to be tried by themselves
  std::string explanation_ = {};         // of the first attempt
  std::vector<std::string> problems_ = {};
  Plan plan_ = {};
  std::map<std::string, std::optional<WheelContents>> contents_ = {};  // by URL
  std::size_t missing_ = 0;                                            // contents under way
  std::string message_ = {};
};

}  // namespace krait::pkg::install
