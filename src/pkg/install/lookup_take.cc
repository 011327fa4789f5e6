// What becomes of what was fetched for a resolver: pages, metadata, wheels. See lookup.h.

#include <memory>
#include <utility>

#include "base/quote.h"
#include "base/url.h"
#include "pkg/install/lookup.h"

namespace krait::pkg::install {

Result<Metadata> read_metadata(std::string_view text, const ProjectName& name,
                               const Version* version) {
  Metadata out = TRY(Metadata::parse(text));
  if (out.name != name)
    return Error(ErrorCode::kMismatch, "it is of the project " + quoted(out.name.to_string()) +
                                           ": expected " + quoted(name.to_string()));
  if (version != nullptr && out.version != *version)
    return Error(ErrorCode::kMismatch, "it is of version " + out.version.to_string() +
                                           ": expected " + version->to_string());
  return out;
}

void Lookup::take(Outcome outcome) {
  switch (outcome.fetch.kind) {
    case FetchKind::kPage:
      return take_page(outcome);
    case FetchKind::kMetadata:
      return take_metadata(outcome);
    default:
      return take_wheel(std::move(outcome));
  }
}

// An index that has no answer at all is passed over, as a browser says no more of one that refuses
// us by CORS; any other fault stops the search for this project: see session.h.
void Lookup::fail_page(Page& page, const Failure& failure) {
  std::vector<std::string>& passed = passed_over_[page.name.to_string()];
  if (failure.kind == Failure::Kind::kMissing) {
    log_.verbose("no " + page.name.to_string() + " there: " + failure.message);
    page.state = State::kMissing;
  } else if (failure.kind == Failure::Kind::kNetwork) {
    passed.push_back(failure.message);
    page.state = State::kMissing;
    if (page.index + 1 < request_.indexes.size())
      log_.warning("an index did not answer, the next one is asked: " + failure.message);
  } else {
    passed.push_back(failure.message);
    page.state = State::kFailed;
  }
  // The last index: say why, rather than that there is no such project.
  if (page.index + 1 == request_.indexes.size() && !passed.empty()) page.state = State::kFailed;
  if (page.state != State::kFailed) return;
  for (std::size_t i = 0; i < passed.size(); ++i) page.reason += (i == 0 ? "" : "; ") + passed[i];
}

void Lookup::take_page(const Outcome& outcome) {
  const auto fetch = page_fetches_.find(outcome.fetch.id);
  Page& page = pages_.at(fetch->second);
  if (const Failure* failure = outcome.failure()) return fail_page(page, *failure);
  const std::string& url = outcome.response.url.empty() ? outcome.fetch.url : outcome.response.url;
  const Result<IndexPage> read = [&]() -> Result<IndexPage> {
    return IndexPage::parse(std::get<Bytes>(outcome.body), outcome.response.content_type,
                            TRY(Url::parse(url)));
  }();
  if (!read.ok())
    return fail_page(page, {Failure::Kind::kContent,
                            quoted(outcome.fetch.url, 300) + ": " + read.error().message()});
  page.state = State::kReady;
  for (const Offer& offer : offers_of(read.value(), page.name, request_.tags, python_)) {
    page.candidates.push_back(candidate_of(offer));
    if (offer.unusable.empty()) files_.emplace(offer.file.url, offer.file);
  }
  log_.verbose("found " + std::to_string(page.candidates.size()) + " versions of " +
               page.name.to_string() + " at " + url);
}

void Lookup::note(const std::string& url, Facts& facts, const Result<Metadata>& metadata) {
  if (!metadata.ok()) {
    facts.state = State::kFailed;
    facts.reason = quoted(url, 300) + ": METADATA: " + metadata.error().message();
    return;
  }
  facts.state = State::kReady;
  facts.dependencies = {metadata.value().requires_dist, metadata.value().provides_extra};
}

void Lookup::take_metadata(const Outcome& outcome) {
  constexpr std::string_view kEnd = ".metadata";
  const std::string url = outcome.fetch.url.substr(0, outcome.fetch.url.size() - kEnd.size());
  Facts& facts = facts_.at(url);
  const Failure* failure = outcome.failure();
  if (failure == nullptr) {
    const Result<Metadata> read = read_metadata(as_text(std::get<Bytes>(outcome.body)), facts.name,
                                                facts.version ? &*facts.version : nullptr);
    if (read.ok()) return note(url, facts, read);
    log_.warning(quoted(outcome.fetch.url, 300) + ": " + read.error().message() +
                 "; the wheel is read instead");
  } else {
    log_.warning(failure->message + "; the wheel is read instead");
  }
  ask_wheel(facts.name, url, &files_.at(url));
}

void Lookup::take_wheel(Outcome outcome) {
  const std::string& url = outcome.fetch.url;
  const auto found = facts_.find(url);
  if (found == facts_.end()) return;
  Facts& facts = found->second;
  if (const Failure* failure = outcome.failure()) {
    facts.state = State::kFailed;
    facts.reason = failure->message;
    return;
  }
  WheelContents& wheel = std::get<WheelContents>(outcome.body);
  const Result<Metadata> metadata =
      read_metadata(wheel.metadata, facts.name, facts.version ? &*facts.version : nullptr);
  note(url, facts, metadata);
  if (!metadata.ok()) return;
  resolve::Candidate candidate{.version = metadata.value().version, .file = url};
  candidate.requires_python = metadata.value().requires_python;
  const Result<WheelInfo> info = WheelInfo::parse(wheel.wheel);
  if (info.ok() && !info.value().tags.empty() && !request_.tags.find_best(info.value().tags))
    candidate.unusable =
        "is a wheel for " + info.value().tags[0].to_string() + ", which does not run here";
  facts.candidate = std::move(candidate);
  wheels_.insert_or_assign(url, std::move(wheel));
}

}  // namespace krait::pkg::install
