// See record.h.

#include "pkg/wheel/record.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/quote.h"
#include "base/sha256.h"

namespace krait::pkg {

namespace {

constexpr std::string_view kSha256 = "sha256=";

std::string hash_of(ByteView content) {
  return std::string(kSha256) + to_base64url(sha256(content));
}

// Rows of CSV fields.
class Csv {
 public:
  explicit Csv(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::size_t line() const { return line_; }

  Result<std::vector<std::string>> row() {
    std::vector<std::string> fields;
    for (;;) {
      fields.push_back(TRY(field()));
      if (skip(',')) continue;
      skip('\r');
      if (!at_end() && !skip('\n'))
        return invalid("RECORD, line " + std::to_string(line_) + ": unexpected " +
                       quoted(text_.substr(at_, 1)) + ", expected a comma or the line's end");
      ++line_;
      return fields;
    }
  }

 private:
  Result<std::string> field() {
    if (!skip('"')) {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      std::string plain(text_.substr(at_, end - at_));
      at_ = end;
      return plain;
    }
    std::string out;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos)
        return invalid("RECORD, line " + std::to_string(line_) + ": a quote is not closed");
      out += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (!skip('"')) return out;
      out += '"';
    }
  }

  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

void append_field(std::string& out, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

RecordEntry RecordEntry::of(std::string path, ByteView content) {
  return {.path = std::move(path), .hash = hash_of(content), .size = content.size()};
}

Result<> RecordEntry::verify(ByteView content) const {
  if (size && *size != content.size())
    return Error(ErrorCode::kMismatch, quoted(path) + " has " + std::to_string(content.size()) +
                                           " bytes, but RECORD says " + std::to_string(*size));
  if (hash.empty()) return {};
  if (!hash.starts_with(kSha256))
    return Error(ErrorCode::kUnsupported,
                 quoted(path) + ": RECORD has the hash " + quoted(hash) + ", expected sha256=...");
  // As bytes: padding may be there.
  const auto promised = find_base64url(std::string_view(hash).substr(kSha256.size()));
  if (!promised) return invalid(quoted(path) + ": RECORD's hash " + quoted(hash) + " is no base64");
  const Sha256::Digest found = sha256(content);
  if (!std::equal(promised->begin(), promised->end(), found.begin(), found.end()))
    return Error(ErrorCode::kMismatch, quoted(path) + " has the hash " + hash_of(content) +
                                           ", but RECORD says " + quoted(hash));
  return {};
}

Result<Record> Record::parse(std::string_view text) {
  if (text.size() > kMaxBytes)
    return invalid("RECORD has " + std::to_string(text.size()) + " bytes, expected at most " +
                   std::to_string(kMaxBytes));
  Record out;
  Csv csv(text);
  while (!csv.at_end()) {
    const std::string where = "RECORD, line " + std::to_string(csv.line());
    std::vector<std::string> row = TRY(csv.row());
    if (row.size() == 1 && row[0].empty()) continue;
    if (row.size() != 3)
      return invalid(where + ": " + std::to_string(row.size()) +
                     " fields, expected three: path,hash,size");
    if (row[0].empty()) return invalid(where + ": the path is empty");
    if (out.entries.size() == kMaxEntries)
      return invalid("RECORD has more than " + std::to_string(kMaxEntries) + " entries");
    RecordEntry entry{.path = std::move(row[0]), .hash = std::move(row[1])};
    if (!row[2].empty()) {
      std::uint64_t size = 0;
      const char* last = row[2].data() + row[2].size();
      const auto [end, failure] = std::from_chars(row[2].data(), last, size);
      if (failure != std::errc{} || end != last)
        return invalid(where + ": the size " + quoted(row[2]) + " is no number");
      entry.size = size;
    }
    out.entries.push_back(std::move(entry));
  }
  return out;
}

std::string Record::to_string() const {
  std::string out;
  for (const RecordEntry& entry : entries) {
    append_field(out, entry.path);
    out += ',';
    append_field(out, entry.hash);
    out += ',';
    if (entry.size) out += std::to_string(*entry.size);
    out += '\n';
  }
  return out;
}

}  // namespace krait::pkg
