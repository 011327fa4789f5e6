// See lookup.h. Here: what is asked and answered; lookup_take.cc has what becomes of what came.

#include "pkg/install/lookup.h"

#include <memory>
#include <set>
#include <utility>

#include "base/ascii.h"

namespace krait::pkg::install {

InstallScheme scheme_for(const Request& request, const ProjectName& name) {
  InstallScheme out = request.scheme;
  if (!out.headers.empty()) out.headers += "/";
  out.headers += name.to_string();
  return out;
}

namespace {

std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

std::optional<std::string> hash_of(const Hashes& hashes) {
  for (const auto& [algorithm, digest] : hashes)
    if (algorithm == "sha256") return digest;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Lookup::promised_hash(const std::string& url) {
  constexpr std::string_view kKey = "sha256=";
  const std::size_t hash = url.find('#');
  if (hash == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(url).substr(hash + 1);
  while (!rest.empty()) {
    const std::string_view item = take_until(rest, '&');
    if (item.starts_with(kKey)) return to_lower(item.substr(kKey.size()));
  }
  return std::nullopt;
}

const IndexFile* Lookup::find_file(const std::string& url) const {
  const auto found = files_.find(url);
  return found == files_.end() ? nullptr : &found->second;
}

std::optional<WheelContents> Lookup::take_wheel(const std::string& url) {
  const auto found = wheels_.find(url);
  if (found == wheels_.end()) return std::nullopt;
  WheelContents out = std::move(found->second);
  wheels_.erase(found);
  return out;
}

Result<bool> Lookup::answer(resolve::Resolver& resolver, const resolve::Need& need) {
  bool any = false;
  for (const resolve::Need::Page& page : need.pages) any = TRY(answer_page(resolver, page)) || any;
  for (const resolve::Need::Url& url : need.urls) any = TRY(answer_url(resolver, url)) || any;
  // The first file of a project is its likeliest, the others are asked for in advance.
  std::set<std::string> seen;
  for (const resolve::Need::File& file : need.files) {
    const bool is_first = seen.insert(file.project.to_string()).second;
    any = TRY(answer_file(resolver, file, is_first)) || any;
  }
  return any;
}

Result<bool> Lookup::answer_page(resolve::Resolver& resolver, const resolve::Need::Page& need) {
  if (need.index >= request_.indexes.size()) {
    TRY(resolver.supply_missing_page(need.project, need.index));
    return true;
  }
  const auto found = pages_.find({need.project.to_string(), need.index});
  if (found == pages_.end()) {
    ask_page(need);
    return false;
  }
  const Page& page = found->second;
  switch (page.state) {
    case State::kAsked:
      return false;
    case State::kReady:
      TRY(resolver.supply_page(need.project, need.index, page.candidates));
      break;
    case State::kMissing:
      TRY(resolver.supply_missing_page(need.project, need.index));
      break;
    case State::kFailed:
      TRY(resolver.supply_failed_page(need.project, need.index, page.reason));
      break;
  }
  return true;
}

void Lookup::ask_page(const resolve::Need::Page& need) {
  PageKey key(need.project.to_string(), need.index);
  const std::string url = request_.indexes[need.index].page_url(need.project);
  log_.verbose("looking for " + need.project.to_string() + " at " + url);
  page_fetches_[downloads_.add(
      {.kind = FetchKind::kPage, .url = url, .name = need.project.to_string()})] = key;
  pages_.emplace(std::move(key), Page{.name = need.project, .index = need.index});
}

Result<bool> Lookup::answer_file(resolve::Resolver& resolver, const resolve::Need::File& need,
                                 bool is_first) {
  if (!request_.deps) {
    TRY(resolver.supply_dependencies(need.project, need.version, {}));
    return true;
  }
  const auto found = facts_.find(need.file);
  if (found == facts_.end()) {
    const IndexFile& file = files_.at(need.file);
    // A whole wheel is too much to ask for in advance.
    if (!file.has_metadata && !is_first) return false;
    facts_.emplace(need.file, Facts{.name = need.project, .version = need.version});
    if (file.has_metadata) {
      log_.verbose("reading the metadata of " + file.filename);
      downloads_.add(
          {.kind = FetchKind::kMetadata,
           .url = file.metadata_url(),
           .name = need.project.to_string(),
           .sha256 = request_.check_integrity ? hash_of(file.metadata_hashes) : std::nullopt});
    } else {
      ask_wheel(need.project, need.file, &file);
    }
    return false;
  }
  const Facts& facts = found->second;
  if (facts.state == State::kAsked) return false;
  if (facts.state == State::kReady) {
    TRY(resolver.supply_dependencies(need.project, need.version, facts.dependencies));
  } else {
    TRY(resolver.supply_failed_dependencies(need.project, need.version, facts.reason));
  }
  return true;
}

Result<bool> Lookup::answer_url(resolve::Resolver& resolver, const resolve::Need::Url& need) {
  const std::string url = without_fragment(need.url);
  const auto found = facts_.find(url);
  if (found == facts_.end()) {
    Facts facts{.name = need.project};
    IndexFile file{.filename = {}, .url = url};
    if (const auto hash = promised_hash(need.url)) file.hashes.emplace_back("sha256", *hash);
    ask_wheel(need.project, url, &file);
    facts_.emplace(url, std::move(facts));
    return false;
  }
  const Facts& facts = found->second;
  if (facts.state == State::kAsked) return false;
  if (facts.state == State::kReady && facts.candidate) {
    resolve::Candidate candidate = *facts.candidate;
    candidate.dependencies = std::make_shared<const resolve::Dependencies>(
        request_.deps ? facts.dependencies : resolve::Dependencies{});
    TRY(resolver.supply_url(need.project, std::move(candidate)));
  } else {
    TRY(resolver.supply_failed_url(need.project, facts.reason));
  }
  return true;
}

void Lookup::ask_wheel(const ProjectName& name, const std::string& url, const IndexFile* file) {
  log_.info("downloading " + url);
  downloads_.add({.kind = FetchKind::kWheel,
                  .url = url,
                  .name = name.to_string(),
                  .sha256 = request_.check_integrity ? hash_of(file->hashes) : std::nullopt,
                  .size = file->size,
                  .scheme = scheme_for(request_, name)});
}

}  // namespace krait::pkg::install
