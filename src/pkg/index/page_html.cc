// The HTML format of index pages (PEP 503): an anchor is a file. See page.h.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "pkg/index/html.h"
#include "pkg/index/page.h"

namespace krait::pkg {

namespace {

using html::Token;

bool is_archive(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kSuffixes = {
      ".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2", ".tar.xz", ".tgz", ".exe"};
  return std::ranges::any_of(kSuffixes,
                             [&](std::string_view suffix) { return name.ends_with(suffix); });
}

// `sha256=ab`; several are separated by "&". Algorithms are those of Python's hashlib.
Hashes parse_hashes(std::string_view text) {
  Hashes out;
  while (!text.empty()) {
    std::string_view digest = take_until(text, '&');
    const std::string algorithm = to_lower(take_until(digest, '='));
    const bool known =
        algorithm == "md5" || algorithm.starts_with("sha") || algorithm.starts_with("blake2");
    const bool hexadecimal = !digest.empty() && std::ranges::all_of(digest, [](char c) {
      return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
    });
    if (known && hexadecimal) out.emplace_back(algorithm, to_lower(digest));
  }
  return out;
}

class PageReader {
 public:
  explicit PageReader(const Url& url) : base_(url) {}

  Result<IndexPage> read(std::string_view text) {
    html::Tokenizer tokens(text);
    for (Token token = tokens.next(); token.kind != Token::Kind::kEnd; token = tokens.next()) {
      if (token.kind == Token::Kind::kText) {
        if (anchor_) label_ += token.text;
      } else if (token.text == "a") {
        TRY(end_anchor());
        if (token.kind == Token::Kind::kOpen) anchor_ = std::move(token);
      } else if (token.kind == Token::Kind::kOpen) {
        TRY(other(token));
      }
    }
    TRY(end_anchor());
    return std::move(page_);
  }

 private:
  Result<> other(const Token& token) {
    const std::string* href = token.find("href");
    if (token.text == "base" && href != nullptr && !has_base_) {
      // The first <base> counts; one that is no URL does not.
      if (Result<Url> base = base_.resolve(*href); base.ok()) base_ = std::move(base).value();
      has_base_ = true;
    }
    const std::string* name = token.find("name");
    const std::string* content = token.find("content");
    if (token.text != "meta" || name == nullptr || content == nullptr) return {};
    if (*name == "pypi:repository-version") {
      page_.api_version = trimmed(*content);
      TRY(check_api_version(page_.api_version));
    } else if (*name == "pypi:project-status") {
      page_.status = trimmed(*content);
    } else if (*name == "pypi:project-status-reason") {
      page_.status_reason = trimmed(*content);
    } else if (*name == "pypi:tracks") {
      page_.tracks.emplace_back(trimmed(*content));
    } else if (*name == "pypi:alternate-locations") {
      page_.alternate_locations.emplace_back(trimmed(*content));
    }
    return {};
  }

  // An anchor whose href is no URL, or that names no file, is no file of the project.
  Result<> end_anchor() {
    if (!anchor_) return {};
    const Token anchor = std::move(*anchor_);
    const std::string label(trimmed(label_));
    anchor_.reset();
    label_.clear();
    const std::string* href = anchor.find("href");
    if (href == nullptr) return {};
    Result<Url> resolved = base_.resolve(*href);
    if (!resolved.ok()) return {};
    Url url = std::move(resolved).value();
    IndexFile file{.filename = url.filename(), .url = {}};
    if (!is_archive(file.filename)) file.filename = label;
    if (file.filename.empty()) return {};
    if (url.fragment) file.hashes = parse_hashes(*url.fragment);
    url.fragment.reset();
    file.url = url.to_string();
    read_attributes(anchor, file);
    if (page_.files.size() == IndexPage::kMaxFiles)
      return invalid("the page has more than " + std::to_string(IndexPage::kMaxFiles) + " files");
    page_.files.push_back(std::move(file));
    return {};
  }

  static void read_attributes(const Token& anchor, IndexFile& file) {
    const auto value = [&](std::string_view name) -> std::optional<std::string> {
      const std::string* found = anchor.find(name);
      return found != nullptr ? std::optional(*found) : std::nullopt;
    };
    if (const auto python = value("data-requires-python"); python && !trimmed(*python).empty())
      file.requires_python = trimmed(*python);
    file.yanked = value("data-yanked");
    file.provenance = value("data-provenance");
    if (const auto signature = value("data-gpg-sig"))
      file.gpg_signature = equal_no_case(*signature, "true");
    // PEP 714: the newer name goes first.
    auto metadata = value("data-core-metadata");
    if (!metadata) metadata = value("data-dist-info-metadata");
    if (metadata && !equal_no_case(*metadata, "false")) {
      file.has_metadata = true;
      file.metadata_hashes = parse_hashes(*metadata);
    }
  }

  Url base_;
  bool has_base_ = false;
  std::optional<Token> anchor_;
  std::string label_;
  IndexPage page_;
};

}  // namespace

Result<IndexPage> IndexPage::parse_html(std::string_view utf8, const Url& url) {
  return PageReader(url).read(utf8);
}

}  // namespace krait::pkg
