// The fuzz targets of installing: a session with all that its servers say, and RECORD. See
// targets.h.
//
// What is looked for, besides errors that sanitizers see: a session comes to an end, whatever it is
// told; what it installs lies below the folders of its scheme; uninstalling leaves no file; a
// RECORD that was read is written and read again as it was.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "pkg/fuzz/targets.h"
#include "pkg/install/memory_files.h"
#include "pkg/install/session.h"
#include "pkg/install/site.h"
#include "pkg/install/transaction.h"
#include "pkg/wheel/packed_file.h"

namespace krait::pkg::fuzz {

namespace {

namespace install = pkg::install;

// Between the parts of an input.
constexpr std::string_view kSeparator = "\n\x1e\n";
// More than any small session needs.
constexpr int kMostSteps = 300;

void require(bool promise) {
  if (!promise) std::abort();
}

std::string_view take_part(std::string_view& input) {
  const std::size_t end = std::min(input.find(kSeparator), input.size());
  const std::string_view part = input.substr(0, end);
  input.remove_prefix(std::min(end + kSeparator.size(), input.size()));
  return part;
}

// A part is an answer: its first line is the content type, or "404", or "fail"; then the body.
void answer(install::Session& session, std::uint32_t id, std::string_view part) {
  const std::string_view first = take_until(part, '\n');
  if (first == "fail" || first.empty()) {
    session.failure(id, install::Failure::Kind::kNetwork, "no answer");
    return;
  }
  const int status = first == "404" ? 404 : 200;
  if (!session.response(id, {.status = status, .content_type = std::string(first)})) return;
  // Two pieces.
  const std::size_t half = part.size() / 2;
  if (session.bytes(id, as_bytes(part.substr(0, half))) &&
      session.bytes(id, as_bytes(part.substr(half))))
    session.end(id);
}

void install_and_remove(install::Session& session) {
  const install::TransactionOptions options{.scheme = session.request().scheme};
  install::Log log;
  install::MemoryFiles files;
  const auto change = install::carry_out(files, options, {}, session.take_contents(), log);
  if (!change.ok()) {
    require(files == install::MemoryFiles());
    return;
  }
  for (const auto& [path, text] : files.files)
    require(path.starts_with("/site/") || path.starts_with("/bin/") ||
            path.starts_with("/include/") || path.starts_with("/data/"));
  const auto site = install::read_site(files, "/site", log);
  require(site.ok());
  const auto removed = install::carry_out(files, options, site.value(), {}, log);
  if (removed.ok()) require(files.files.empty() || site.value().empty());
}

}  // namespace

void session(std::string_view input) {
  Result<install::Request> request = install::Request::parse(take_part(input));
  if (!request.ok()) return;
  request.value().tags = TagSet::cpython3(13);
  request.value().scheme = {"/site", "/site", "/bin", "/include", "/data"};
  request.value().environment = {
      .os_name = "posix", .python_version = "3.13", .python_full_version = "3.13.5"};
  auto made = install::Session::make(std::move(request).value());
  if (!made.ok()) return;
  install::Session& session = *made.value();
  for (int step = 0; step < kMostSteps; ++step) {
    const install::Step next = session.advance();
    if (std::holds_alternative<install::Failed>(next)) return;
    if (std::holds_alternative<install::Done>(next)) return install_and_remove(session);
    if (const auto* fetches = std::get_if<install::Fetches>(&next)) {
      // All were answered, so that there is something new to ask for.
      require(!fetches->items.empty());
      for (const install::Fetch& fetch : fetches->items)
        answer(session, fetch.id, take_part(input));
    }
  }
  // Each step asks for something that was not asked for before, and what is left of the input has
  // been used up long ago.
  require(false);
}

void record(std::string_view input) {
  const Result<Record> read = Record::parse(input);
  if (read.ok()) require(Record::parse(read.value().to_string()).value() == read.value());
  // The bytes are as little to be trusted as a packed file.
  if (const Result<Bytes> content = unpack_file(as_bytes(input)); content.ok())
    require(content.value().size() == find_le<std::uint32_t>(as_bytes(input), 0));
}

}  // namespace krait::pkg::fuzz
