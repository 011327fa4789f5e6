// Lookup: answers what a resolver asks, from pages, metadata and wheels, and has them fetched.
//
// Guarantees: nothing is fetched twice, also not for a second resolver of the same session; a wheel
// that was fetched for its metadata is kept for the installation. The rules about indexes that fail
// are those of session.h. What a file says of itself (name, version) must be what its index said.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/install/downloads.h"
#include "pkg/install/log.h"
#include "pkg/install/offers.h"
#include "pkg/install/request.h"
#include "pkg/resolve/resolver.h"
#include "pkg/wheel/metadata.h"

namespace krait::pkg::install {

// The scheme for one project's files: headers have a folder of their own.
InstallScheme scheme_for(const Request& request, const ProjectName& name);

// What METADATA says of dependencies, when it is of that project; `version` null: any version.
Result<Metadata> read_metadata(std::string_view text, const ProjectName& name,
                               const Version* version);

class Lookup {
 public:
  // All must outlive it.
  Lookup(const Request& request, const Version& python, Downloads& downloads, Log& log)
      : request_(request), python_(python), downloads_(downloads), log_(log) {}

  // Supplies what is known and asks for the rest. Whether anything was supplied.
  Result<bool> answer(resolve::Resolver& resolver, const resolve::Need& need);
  // Takes what was fetched for it: pages, metadata, wheels.
  void take(Outcome outcome);

  // The facts of a file that a candidate named; null for one by URL.
  const IndexFile* find_file(const std::string& url) const;
  // The contents of a wheel that was fetched already; each can be had once.
  std::optional<WheelContents> take_wheel(const std::string& url);
  // The promised hash of a URL: "#sha256=...".
  static std::optional<std::string> promised_hash(const std::string& url);

 private:
  using PageKey = std::pair<std::string, std::size_t>;  // project, index

  enum class State : unsigned char { kAsked, kReady, kMissing, kFailed };

  struct Page {
    State state = State::kAsked;
    ProjectName name;
    std::size_t index;
    std::vector<resolve::Candidate> candidates = {};
    std::string reason = {};
  };
  // Dependencies of a file, by its URL.
  struct Facts {
    State state = State::kAsked;
    ProjectName name;
    std::optional<Version> version = {};  // that it must have
    resolve::Dependencies dependencies = {};
    std::optional<resolve::Candidate> candidate = {};  // of a URL
    std::string reason = {};
  };

  Result<bool> answer_page(resolve::Resolver& resolver, const resolve::Need::Page& need);
  Result<bool> answer_file(resolve::Resolver& resolver, const resolve::Need::File& need,
                           bool is_first);
  Result<bool> answer_url(resolve::Resolver& resolver, const resolve::Need::Url& need);
  void ask_page(const resolve::Need::Page& need);
  void ask_wheel(const ProjectName& name, const std::string& url, const IndexFile* file);
  void take_page(const Outcome& outcome);
  void fail_page(Page& page, const Failure& failure);
  void take_metadata(const Outcome& outcome);
  void take_wheel(Outcome outcome);
  void note(const std::string& url, Facts& facts, const Result<Metadata>& metadata);

  const Request& request_;
  const Version& python_;
  Downloads& downloads_;
  Log& log_;
  std::map<PageKey, Page> pages_;
  std::map<std::uint32_t, PageKey> page_fetches_;
  std::map<std::string, std::vector<std::string>> passed_over_;  // reasons, by project
  std::map<std::string, IndexFile> files_;                       // by URL
  std::map<std::string, Facts> facts_;                           // by URL, without fragment
  std::map<std::string, WheelContents> wheels_;
};

}  // namespace krait::pkg::install
