// RECORD: see record.h. The CSV is that of Python's csv module in its default dialect: fields with
// commas, quotes or line ends are quoted, quotes doubled.

#include "pkg/wheel/record.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "base/quote.h"

namespace krait::pkg {

namespace {

// Reads fields one by one. Guarantees to move on with each, so that a loop over them ends.
class Csv {
 public:
  explicit Csv(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::size_t line() const { return line_; }

  // One row, without its line end; an empty line gives one empty field.
  Result<std::vector<std::string>> row() {
    std::vector<std::string> fields;
    for (;;) {
      fields.push_back(TRY(field()));
      if (!skip(',')) break;
    }
    const bool cr = skip('\r');
    if (!skip('\n') && !cr && !at_end())
      return invalid("line " + std::to_string(line_) +
                     " has text behind a closing quote: " + quoted(text_.substr(at_, 20)));
    ++line_;
    return fields;
  }

 private:
  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<std::string> field() {
    if (!skip('"')) {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      std::string plain(text_.substr(at_, end - at_));
      at_ = end;
      return plain;
    }
    std::string out;
    for (;;) {
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos)
        return invalid("line " + std::to_string(line_) + " has no closing quote");
      out += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (!skip('"')) return out;
      out += '"';
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

Result<RecordEntry> parse_row(const std::vector<std::string>& fields) {
  if (fields.size() != 3) {
    return invalid("it has " + std::to_string(fields.size()) +
                   " fields: expected path, hash, size");
  }
  RecordEntry entry;
  entry.path = fields[0];
  if (entry.path.empty()) return invalid("its path is empty");
  if (!fields[1].empty()) {
    const std::size_t equals = fields[1].find('=');
    if (equals == std::string::npos || equals == 0)
      return invalid("hash " + quoted(fields[1]) + ": expected algorithm=digest");
    entry.algorithm = fields[1].substr(0, equals);
    entry.hash = fields[1].substr(equals + 1);
    // Padding is not to be written, but some do.
    while (entry.hash.ends_with('=')) entry.hash.pop_back();
    if (entry.hash.empty())
      return invalid("hash " + quoted(fields[1]) + ": expected algorithm=digest");
  }
  if (const std::string& size = fields[2]; !size.empty()) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), value);
    if (error != std::errc() || end != size.data() + size.size())
      return invalid("size " + quoted(size) + ": expected a number of bytes");
    entry.size = value;
  }
  return entry;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

}  // namespace

Result<Record> Record::parse(std::string_view text) {
  Record record;
  std::unordered_set<std::string> paths;
  Csv csv(text);
  while (!csv.at_end()) {
    const std::string where = "line " + std::to_string(csv.line());
    const std::vector<std::string> fields = TRY(csv.row());
    if (fields.size() == 1 && fields[0].empty()) continue;
    Result<RecordEntry> entry = parse_row(fields);
    if (!entry.ok()) return std::move(entry).error().in(where + ": " + quoted(fields[0]));
    if (!paths.insert(entry.value().path).second)
      return invalid(where + ": " + quoted(fields[0]) +
                     " was there before: expected each file once");
    record.entries.push_back(std::move(entry).value());
  }
  return record;
}

std::string Record::to_string() const {
  std::string out;
  for (const RecordEntry& entry : entries) {
    out += csv_field(entry.path) + ",";
    if (!entry.algorithm.empty()) out += csv_field(entry.algorithm + "=" + entry.hash);
    out += ",";
    if (entry.size) out += std::to_string(*entry.size);
    out += "\n";
  }
  return out;
}

std::string record_hash(const Sha256::Digest& digest) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::uint8_t byte : digest) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) out += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  return out;
}

RecordEntry record_entry(std::string path, ByteView content) {
  return {std::move(path), "sha256", record_hash(sha256(content)), content.size()};
}

}  // namespace krait::pkg
