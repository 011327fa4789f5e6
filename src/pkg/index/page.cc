// Which format a page has, and what both share. See page.h.

#include "pkg/index/page.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/utf.h"
#include "pkg/index/html.h"
#include "pkg/version/specifier.h"

namespace krait::pkg {

namespace {

enum class Format : unsigned char { kHtml, kJson };

Result<Format> format_of(std::string_view type, ByteView content) {
  if (type == "application/vnd.pypi.simple.v1+json" || type == "application/json")
    return Format::kJson;
  if (type == "application/vnd.pypi.simple.v1+html" || type == "text/html" ||
      type == "application/xhtml+xml")
    return Format::kHtml;
  if (type.empty())
    return trimmed(as_text(content)).starts_with('{') ? Format::kJson : Format::kHtml;
  return Error(ErrorCode::kUnsupported, "content type " + quoted(type) +
                                            ": expected a page of a package index, " +
                                            "application/vnd.pypi.simple.v1+json or text/html");
}

// The value of `charset=` among the parameters of a content type.
std::string charset_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take_until(parameters, ';');
    if (!equal_no_case(trimmed(take_until(value, '=')), "charset")) continue;
    value = trimmed(value);
    if (value.size() > 1 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return to_lower(value);
  }
  return {};
}

}  // namespace

bool IndexFile::supports_python(const Version& python) const {
  if (!requires_python) return true;
  const Result<SpecifierSet> set = SpecifierSet::parse(*requires_python);
  return !set.ok() || set.value().contains(python);
}

std::string IndexFile::metadata_url() const {
  // The name belongs to the path, in front of a query.
  const std::size_t query = url.find('?');
  if (query == std::string::npos) return url + ".metadata";
  return url.substr(0, query) + ".metadata" + url.substr(query);
}

Result<> check_api_version(std::string_view version) {
  std::string_view rest = version;
  const std::string_view major = take_until(rest, '.');
  const auto is_number = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
  };
  if (!is_number(major) || !is_number(rest))
    return invalid("the index says that its API has version " + quoted(version) +
                   ": expected one such as 1.0 (PEP 629)");
  if (major != "1")
    return Error(ErrorCode::kUnsupported, "the index has version " + quoted(version) +
                                              " of the API: expected 1.x (PEP 629)");
  return {};
}

Result<IndexPage> IndexPage::parse(ByteView content, std::string_view content_type,
                                   const Url& url) {
  const auto where = [&](Error error) { return std::move(error).in(url.to_string()); };
  if (content.size() > kMaxBytes)
    return where(invalid("the page has " + std::to_string(content.size()) +
                         " bytes, expected at most " + std::to_string(kMaxBytes)));
  std::string_view parameters = content_type;
  const std::string type = to_lower(trimmed(take_until(parameters, ';')));
  const Result<Format> format = format_of(type, content);
  if (!format.ok()) return where(format.error());
  if (format.value() == Format::kJson) {
    Result<IndexPage> page = parse_json(as_text(content), url);
    return page.ok() ? std::move(page) : where(std::move(page).error());
  }
  const Result<std::string> text = html::to_utf8(as_text(content), charset_of(parameters));
  if (!text.ok()) return where(text.error());
  Result<IndexPage> page = parse_html(text.value(), url);
  return page.ok() ? std::move(page) : where(std::move(page).error());
}

}  // namespace krait::pkg
