// For tests: a World is all that indexes and URLs have, written as text; drive() answers a resolver
// from it.
//
// A candidate is a line `name version [py:SPECIFIERS] [yanked:REASON] [unusable:REASON]
// [index:N] [url:URL] [broken] [-> requirement | requirement ...]`, where reasons have "_" for " ".
// `broken` metadata cannot be fetched. A line `name !REASON` is a page that cannot be fetched.

#pragma once

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/marker/test_environment.h"
#include "pkg/resolve/resolver.h"

namespace krait::pkg::resolve {

inline std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    std::string piece(text.substr(0, end));
    text.remove_prefix(std::min(end + by.size(), text.size()));
    while (piece.starts_with(' ')) piece.erase(0, 1);
    while (piece.ends_with(' ')) piece.pop_back();
    if (!piece.empty()) out.push_back(std::move(piece));
  }
  return out;
}

inline std::vector<Requirement> requirements(std::string_view text) {
  std::vector<Requirement> out;
  for (const std::string& piece : split(text, "|"))
    out.push_back(Requirement::parse(piece).value());
  return out;
}

class World {
 public:
  struct Offer {
    Candidate candidate;
    Dependencies dependencies = {};
    std::size_t index = 0;
    std::string url = {};
    bool is_broken = false;
  };

  World() = default;
  explicit World(std::string_view text) {
    for (const std::string& line : split(text, "\n")) add(line);
  }

  void add(const std::string& line) {
    const std::size_t arrow = std::min(line.find("->"), line.size());
    std::istringstream words(line.substr(0, arrow));
    std::string name;
    std::string version;
    words >> name >> version;
    if (version.starts_with('!')) {
      failures[name] = spaced(version.substr(1));
      return;
    }
    Offer offer{.candidate = {.version = Version::parse(version).value()}};
    offer.candidate.file = name + "-" + version;
    for (std::string word; words >> word;) {
      const std::string value = word.substr(std::min(word.find(':') + 1, word.size()));
      if (word.starts_with("py:"))
        offer.candidate.requires_python = SpecifierSet::parse(value).value();
      if (word.starts_with("yanked:")) offer.candidate.yanked = spaced(value);
      if (word.starts_with("unusable:")) offer.candidate.unusable = spaced(value);
      if (word.starts_with("index:")) offer.index = static_cast<std::size_t>(value[0] - '0');
      if (word.starts_with("url:")) offer.url = value;
      if (word == "broken") offer.is_broken = true;
    }
    if (arrow < line.size()) offer.dependencies.requirements = requirements(line.substr(arrow + 2));
    offers[name].push_back(std::move(offer));
  }

  // Pages come with the metadata of all candidates in them.
  bool has_full_pages = false;
  std::map<std::string, std::vector<Offer>> offers = {};
  std::map<std::string, std::string> failures = {};
  // What was asked for, a word each, in order; each batch ends with ";".
  std::string asked = {};

  Result<> answer(Resolver& resolver, const Need& need) {
    for (const auto& [project, index] : need.pages) {
      asked += project.to_string() + (index ? "@" + std::to_string(index) : "") + " ";
      if (const auto failure = failures.find(project.to_string()); failure != failures.end()) {
        TRY(resolver.supply_failed_page(project, index, failure->second));
        continue;
      }
      std::vector<Candidate> page;
      for (const Offer& offer : offers[project.to_string()]) {
        if (offer.index != index || !offer.url.empty()) continue;
        page.push_back(offer.candidate);
        if (has_full_pages && !offer.is_broken)
          page.back().dependencies = std::make_shared<const Dependencies>(offer.dependencies);
      }
      if (page.empty()) {
        TRY(resolver.supply_missing_page(project, index));
      } else {
        TRY(resolver.supply_page(project, index, std::move(page)));
      }
    }
    for (const auto& [project, url] : need.urls) {
      asked += url + " ";
      const Offer* found = nullptr;
      for (const Offer& offer : offers[project.to_string()])
        if (offer.url == url) found = &offer;
      if (found) {
        Candidate candidate = found->candidate;
        candidate.dependencies = std::make_shared<const Dependencies>(found->dependencies);
        TRY(resolver.supply_url(project, std::move(candidate)));
      } else {
        TRY(resolver.supply_failed_url(project, "404 Not Found"));
      }
    }
    for (const auto& [project, version, file] : need.files) {
      asked += file + " ";
      for (const Offer& offer : offers[project.to_string()]) {
        if (offer.candidate.version != version || !offer.url.empty()) continue;
        if (offer.is_broken) {
          TRY(resolver.supply_failed_dependencies(project, version, "connection reset"));
        } else {
          TRY(resolver.supply_dependencies(project, version, offer.dependencies));
        }
        break;
      }
    }
    asked += "; ";
    return {};
  }

 private:
  static std::string spaced(std::string text) {
    for (char& c : text)
      if (c == '_') c = ' ';
    return text;
  }
};

// What the rest of `request` says, asking for these.
inline Request test_request(std::string_view wanted, Request request = {}) {
  request.requirements = requirements(wanted);
  request.environment = test_environment();
  return request;
}

inline Step drive(World& world, Resolver& resolver) {
  for (;;) {
    Step step = resolver.advance();
    const Need* need = std::get_if<Need>(&step);
    if (!need) return step;
    if (need->pages.empty() && need->files.empty() && need->urls.empty())
      return Conflict{"an empty need"};
    if (const Result<> answered = world.answer(resolver, *need); !answered.ok())
      return Conflict{answered.error().message()};
  }
}

// "a 1.0, b[x] 2.0 (installed)" or the explanation.
inline std::string to_string(const Step& step) {
  if (const Conflict* conflict = std::get_if<Conflict>(&step)) return conflict->explanation;
  static constexpr const char* kOrigins[] = {" (installed)", " (lock)", "", " (url)", " (mock)"};
  const Solution& solution = std::get<Solution>(step);
  std::string out;
  for (const Solution::Package& package : solution.packages) {
    out += (out.empty() ? "" : ", ") + package.name.to_string();
    for (std::size_t i = 0; i < package.extras.size(); ++i)
      out += (i == 0 ? "[" : ",") + package.extras[i].to_string() +
             (i + 1 == package.extras.size() ? "]" : "");
    out += " " + package.version.to_string() + kOrigins[static_cast<std::size_t>(package.origin)];
    if (package.index > 0) out += " (index " + std::to_string(package.index) + ")";
  }
  for (const std::string& warning : solution.warnings) out += "; warning: " + warning;
  return out;
}

}  // namespace krait::pkg::resolve
