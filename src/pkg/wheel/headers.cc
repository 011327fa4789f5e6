// See headers.h.

#include "pkg/wheel/headers.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/utf.h"

namespace krait::pkg {

namespace {

std::string_view take_line(std::string_view& text) {
  std::string_view line = take_until(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
}

}  // namespace

Result<Headers> Headers::parse(std::string_view text) {
  if (text.size() > kMaxBytes)
    return invalid("the headers have " + std::to_string(text.size()) + " bytes, expected at most " +
                   std::to_string(kMaxBytes));
  if (Result<std::u16string> decoded = utf8_to_utf16(text, Surrogates::kStrict); !decoded.ok())
    return std::move(decoded).error().in("headers");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Headers out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (line[0] == ' ' || line[0] == '\t') {
      if (out.items_.empty())
        return invalid("line 1, " + quoted(line) + ": goes on, but nothing stands before it");
      std::string_view more = line;
      while (!more.empty() && (more[0] == ' ' || more[0] == '\t')) more.remove_prefix(1);
      if (more.starts_with('|')) more.remove_prefix(1);
      (out.items_.back().second += '\n') += more;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_name(line.substr(0, colon)))
      return invalid("line " + std::to_string(number) + ", " + quoted(line) +
                     ": expected \"Name: value\"");
    if (out.items_.size() == kMaxCount)
      return invalid("more than " + std::to_string(kMaxCount) + " headers");
    out.add(std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1))));
  }
  out.body_ = text;
  return out;
}

const std::string* Headers::find(std::string_view name) const {
  for (const auto& [known, value] : items_)
    if (equal_no_case(known, name)) return &value;
  return nullptr;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [known, value] : items_)
    if (equal_no_case(known, name)) out.emplace_back(value);
  return out;
}

void Headers::add(std::string name, std::string value) {
  items_.emplace_back(std::move(name), std::move(value));
}

std::string Headers::to_string() const {
  std::string out;
  for (const auto& [name, value] : items_) {
    (out += name) += ": ";
    for (const char c : value) {
      if (c == '\r') continue;
      out += c;
      if (c == '\n') out += "       |";
    }
    out += '\n';
  }
  if (!body_.empty()) (out += '\n') += body_;
  return out;
}

}  // namespace krait::pkg
