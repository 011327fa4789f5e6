// See downloads.h.

#include "pkg/install/downloads.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/quote.h"
#include "pkg/index/page.h"
#include "pkg/lock/pyodide_lock.h"
#include "pkg/wheel/headers.h"
#include "pkg/wheel/zip.h"

namespace krait::pkg::install {

namespace {

constexpr std::uint64_t kMaxArchive = std::uint64_t{4} << 30;

std::uint64_t limit_of(const Fetch& fetch) {
  if (fetch.size) return *fetch.size;
  switch (fetch.kind) {
    case FetchKind::kPage:
      return IndexPage::kMaxBytes;
    case FetchKind::kMetadata:
      return Headers::kMaxBytes;
    case FetchKind::kLock:
      return PyodideLock::kMaxBytes;
    default:
      return kMaxArchive;
  }
}

std::optional<Sha256::Digest> digest_of(const Fetch& fetch) {
  if (!fetch.sha256) return std::nullopt;
  const std::optional<Bytes> bytes = find_hex(*fetch.sha256);
  Sha256::Digest digest = {};
  // A text that is no digest is one that nothing has.
  if (bytes && bytes->size() == digest.size()) std::ranges::copy(*bytes, digest.begin());
  return digest;
}

std::string place(const Fetch& fetch, const Response& response) {
  std::string out = quoted(fetch.url, 300);
  if (!response.url.empty() && response.url != fetch.url)
    out += " (redirected to " + quoted(response.url, 300) + ")";
  return out;
}

Result<> check_body(const Fetch& fetch, ByteView body) {
  if (!fetch.sha256) return {};
  const std::string found = sha256_hex(body);
  if (found == *fetch.sha256) return {};
  return Error(ErrorCode::kMismatch, "it has sha256 " + found + ": expected " + *fetch.sha256);
}

// What a proxy or a page to sign in gives instead of a file is told by its first bytes, however
// long it is.
Result<> check_beginning(const Response& response, ByteView chunk) {
  constexpr std::string_view kZip = "PK";
  const std::string_view text = as_text(chunk);
  if (kZip.starts_with(text.substr(0, kZip.size()))) return {};
  const std::string type =
      response.content_type.empty() ? "" : " and is called " + quoted(response.content_type);
  return Error(ErrorCode::kMismatch,
               "it begins with " + quoted(text, 40) + type + ": expected a zip archive");
}

// A plain zip of a lock: all its files below one folder.
Result<WheelContents> read_archive(const Fetch& fetch, ByteView body) {
  TRY(check_body(fetch, body));
  const ZipReader zip = TRY(ZipReader::open(body));
  WheelContents out = {};
  out.digest = sha256(body);
  for (std::size_t i = 0; i < zip.entries().size(); ++i) {
    const ZipEntry& entry = zip.entries()[i];
    TRY(check_member_path(entry.name));
    if (entry.is_directory()) continue;
    const bool executable = (entry.unix_mode() & 0111) != 0;
    out.files.push_back({entry.name, Scheme::kPlatlib, fetch.scheme.purelib + "/" + entry.name,
                         TRY(zip.read(i)), executable ? 0755u : 0644u});
  }
  return out;
}

}  // namespace

std::uint32_t Downloads::add(Fetch fetch) {
  const std::uint32_t id = ++last_id_;
  fetch.id = id;
  start(id, {.fetch = std::move(fetch)});
  return id;
}

void Downloads::start(std::uint32_t id, Running running) {
  const Fetch& fetch = running.fetch;
  if (fetch.kind == FetchKind::kWheel && !running.whole)
    running.wheel = std::make_unique<WheelStream>(WheelOptions{.scheme = fetch.scheme,
                                                               .digest = digest_of(fetch),
                                                               .limits = {},
                                                               .packed = true,
                                                               .size = fetch.size});
  running_.insert_or_assign(id, std::move(running));
  new_.push_back(id);
}

std::vector<Fetch> Downloads::take_new() {
  std::vector<Fetch> out;
  for (const std::uint32_t id : std::exchange(new_, {})) out.push_back(at(id).fetch);
  return out;
}

Downloads::Running& Downloads::at(std::uint32_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) std::abort();
  return found->second;
}

void Downloads::fail(std::uint32_t id, Failure::Kind kind, std::string_view what) {
  Running& running = at(id);
  std::string message = place(running.fetch, running.response) + ": " + std::string(what);
  finished_.push_back(
      {std::move(running.fetch), std::move(running.response), Failure{kind, std::move(message)}});
  running_.erase(id);
}

bool Downloads::reject(std::uint32_t id, const Error& error) {
  Running& running = at(id);
  if (running.wheel && error.code() == ErrorCode::kUnsupported) {
    Fetch again = std::move(running.fetch);
    running_.erase(id);
    again.id = ++last_id_;
    const std::uint32_t next = again.id;
    start(next, {.fetch = std::move(again), .whole = true});
    return false;
  }
  const std::string received = running.fetch.size && running.received != *running.fetch.size
                                   ? " (" + std::to_string(running.received) + " of " +
                                         std::to_string(*running.fetch.size) + " bytes came)"
                                   : "";
  fail(id, Failure::Kind::kContent, error.message() + received);
  return false;
}

bool Downloads::response(std::uint32_t id, Response response) {
  Running& running = at(id);
  const int status = response.status;
  running.response = std::move(response);
  if (status == 200) return true;
  const bool missing = status == 404 || status == 410;
  fail(id, missing ? Failure::Kind::kMissing : Failure::Kind::kStatus,
       "the server answered with status " + std::to_string(status) + ", expected 200");
  return false;
}

bool Downloads::bytes(std::uint32_t id, ByteView chunk) {
  Running& running = at(id);
  running.received += chunk.size();
  if (running.received > limit_of(running.fetch)) {
    fail(id, Failure::Kind::kBody,
         "it is longer than " + std::to_string(limit_of(running.fetch)) + " bytes, " +
             (running.fetch.size ? "the size that was promised" : "the most that is accepted"));
    return false;
  }
  const FetchKind kind = running.fetch.kind;
  const bool is_zip = kind == FetchKind::kWheel || kind == FetchKind::kArchive;
  if (is_zip && running.received == chunk.size()) {
    const Result<> checked = check_beginning(running.response, chunk);
    if (!checked.ok()) return reject(id, checked.error());
  }
  if (running.wheel) {
    const Result<> updated = running.wheel->update(chunk);
    return updated.ok() || reject(id, updated.error());
  }
  running.body.insert(running.body.end(), chunk.begin(), chunk.end());
  return true;
}

void Downloads::finish_wheel(std::uint32_t id, Result<WheelContents> contents) {
  if (!contents.ok()) {
    reject(id, contents.error());
    return;
  }
  Running& running = at(id);
  finished_.push_back(
      {std::move(running.fetch), std::move(running.response), std::move(contents).value()});
  running_.erase(id);
}

void Downloads::end(std::uint32_t id) {
  Running& running = at(id);
  const Fetch& fetch = running.fetch;
  if (running.wheel) return finish_wheel(id, running.wheel->finish());
  if (fetch.kind == FetchKind::kWheel)
    return finish_wheel(
        id, read_wheel(running.body,
                       {.scheme = fetch.scheme, .digest = digest_of(fetch), .limits = {}}));
  if (fetch.kind == FetchKind::kArchive) return finish_wheel(id, read_archive(fetch, running.body));
  if (fetch.size && running.received != *fetch.size) {
    fail(id, Failure::Kind::kBody,
         "it has " + std::to_string(running.received) + " bytes: expected " +
             std::to_string(*fetch.size));
    return;
  }
  if (const Result<> checked = check_body(fetch, running.body); !checked.ok()) {
    reject(id, checked.error());
    return;
  }
  finished_.push_back(
      {std::move(running.fetch), std::move(running.response), std::move(running.body)});
  running_.erase(id);
}

void Downloads::failure(std::uint32_t id, Failure::Kind kind, const std::string& reason) {
  fail(id, kind, reason);
}

std::vector<Outcome> Downloads::take_finished() { return std::exchange(finished_, {}); }

}  // namespace krait::pkg::install
