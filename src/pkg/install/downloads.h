// Downloads: what a session asked its driver for, and what has come of it so far.
//
// Guarantees: what comes out as good has the size and hash that were promised, and a wheel or
// archive is good in itself (wheel_reader.h); everything else comes out as a failure whose message
// quotes the URL. Bodies are bounded. Wheels are hashed and unpacked as their pieces arrive, and
// fetched anew, to be read whole, in the rare case that a stream of them cannot be.

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
#include "pkg/wheel/wheel_reader.h"

namespace krait::pkg::install {

enum class FetchKind : unsigned char { kPage, kMetadata, kWheel, kArchive, kLock };

struct Fetch {
  std::uint32_t id = 0;
  FetchKind kind = FetchKind::kPage;
  std::string url = {};
  std::string name = {};  // of the project
  std::optional<std::string> sha256 = {};
  std::optional<std::uint64_t> size = {};
  InstallScheme scheme = {};  // of a wheel; for an archive, purelib is the folder it goes to
};

struct Response {
  int status = 200;
  std::string url = {};
  std::string content_type = {};
};

struct Failure {
  enum class Kind : unsigned char {
    kNetwork,    // no answer
    kMissing,    // 404, 410, no such file
    kStatus,     // another status than 200
    kBody,       // broke off, is too long
    kRedirects,  // or another fault of the way there
    kTimeout,
    kContent,  // came whole and is not what it must be
  };
  Kind kind;
  std::string message;  // quotes the URL
};

// What has come of a fetch.
struct Outcome {
  Fetch fetch;
  Response response = {};
  std::variant<Failure, Bytes, WheelContents> body;

  const Failure* failure() const { return std::get_if<Failure>(&body); }
};

class Downloads {
 public:
  // Asks for it; gives the id.
  std::uint32_t add(Fetch fetch);
  // What the driver has not been told yet.
  std::vector<Fetch> take_new();
  // Whether anything is asked for that has not finished.
  bool busy() const { return !running_.empty(); }

  // What the driver tells, see session.h. False: cancel.
  bool response(std::uint32_t id, Response response);
  bool bytes(std::uint32_t id, ByteView chunk);
  void end(std::uint32_t id);
  void failure(std::uint32_t id, Failure::Kind kind, const std::string& reason);

  // In the order in which they finished.
  std::vector<Outcome> take_finished();

 private:
  struct Running {
    Fetch fetch;
    Response response = {};
    std::unique_ptr<WheelStream> wheel = {};  // else the body is collected
    bool whole = false;                       // a wheel that cannot be read as a stream
    std::uint64_t received = 0;
    Bytes body = {};
  };

  void start(std::uint32_t id, Running running);
  Running& at(std::uint32_t id);
  void fail(std::uint32_t id, Failure::Kind kind, std::string_view what);
  bool reject(std::uint32_t id, const Error& error);
  void finish_wheel(std::uint32_t id, Result<WheelContents> contents);

  std::uint32_t last_id_ = 0;
  std::vector<std::uint32_t> new_;
  std::map<std::uint32_t, Running> running_;
  std::vector<Outcome> finished_;
};

}  // namespace krait::pkg::install
