// The fuzz targets of archives and wheels: see targets.h.
//
// What is looked for, besides errors that sanitizers see: the reader of pieces accepts nothing that
// the reader of whole archives does not accept with the same result, and the other way round but
// for what it says it cannot do; files that come packed are those that come unpacked, or cannot be
// unpacked; no install path leaves its root.

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include "pkg/fuzz/targets.h"
#include "pkg/wheel/packed_file.h"
#include "pkg/wheel/wheel_reader.h"

namespace krait::pkg::fuzz {

namespace {

// Small, so that what a mutated size asks for costs no time.
constexpr ZipLimits kLimits = {
    .total = 1 << 20, .member = 1 << 18, .members = 100, .directory = 1 << 16};

void require(bool promise) {
  if (!promise) std::abort();
}

// Pieces of lengths that depend on the input, so that a finding can be repeated.
template <typename Stream>
Result<> feed(ByteView input, const Stream& update) {
  std::uint32_t state = static_cast<std::uint32_t>(input.size());
  while (!input.empty()) {
    state = state * 1664525 + 1013904223;
    const std::size_t size = std::min<std::size_t>(input.size(), 1 + (state >> 16) % 97);
    TRY(update(input.first(size)));
    input = input.subspan(size);
  }
  return {};
}

using Contents = std::vector<std::tuple<std::uint64_t, std::string, Bytes>>;

Result<Contents> read_whole(ByteView input) {
  const ZipReader reader = TRY(ZipReader::open(input, kLimits));
  Contents contents;
  for (std::size_t i = 0; i < reader.entries().size(); ++i) {
    const ZipEntry& entry = reader.entries()[i];
    contents.emplace_back(entry.offset, entry.name, TRY(reader.read(i)));
    require(std::get<Bytes>(contents.back()).size() == entry.size);
  }
  std::ranges::sort(contents);
  return contents;
}

Result<Contents> read_pieces(ByteView input) {
  ZipStream stream(kLimits);
  std::vector<ZipMember> members;
  TRY(feed(input, [&](ByteView piece) { return stream.update(piece, members); }));
  const std::vector<ZipEntry> entries = TRY(stream.finish());
  require(entries.size() == members.size());
  Contents contents;
  for (std::size_t i = 0; i < entries.size(); ++i)
    contents.emplace_back(entries[i].offset, entries[i].name, std::move(members[i].bytes));
  return contents;
}

template <typename T>
void require_agreement(const Result<T>& whole, const Result<T>& pieces) {
  if (pieces.ok()) {
    require(whole.ok());
  } else if (whole.ok()) {
    require(pieces.error().code() == ErrorCode::kUnsupported);
  }
}

void require_below(const WheelFile& file, const InstallScheme& scheme) {
  const std::string& root = scheme.root(file.scheme);
  require(file.path.starts_with(root + "/"));
  const std::string below = file.path.substr(root.size()) + "/";
  require(!below.contains("//") && !below.contains("/../") && !below.contains("/./"));
  require(below.find_first_of(std::string_view("\\\0", 2)) == std::string::npos);
}

// The wheel with its files packed against the one whose files were all looked at.
void require_same_packed(ByteView input, WheelOptions options, const Result<WheelContents>& whole) {
  options.digest = sha256(input);
  options.packed = true;
  const Result<WheelContents> packed = read_wheel(input, options);
  if (!packed.ok()) return require(!whole.ok());
  bool good = true;
  const std::vector<WheelFile>& files = packed.value().files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    require_below(files[i], options.scheme);
    const Result<Bytes> content =
        files[i].packed ? unpack_file(files[i].bytes) : Result<Bytes>(files[i].bytes);
    good = good && content.ok();
    if (whole.ok()) require(content.ok() && content.value() == whole.value().files[i].bytes);
  }
  require(good == whole.ok());
}

}  // namespace

void zip(std::string_view text) {
  const ByteView input = as_bytes(text);
  const Result<Contents> whole = read_whole(input);
  const Result<Contents> pieces = read_pieces(input);
  require_agreement(whole, pieces);
  if (whole.ok() && pieces.ok()) require(whole.value() == pieces.value());
}

void wheel(std::string_view text) {
  const ByteView input = as_bytes(text);
  const WheelOptions options = {
      .scheme = {"/p", "/l", "/s", "/h", "/d"}, .digest = {}, .limits = kLimits};
  const Result<WheelContents> whole = read_wheel(input, options);
  WheelStream stream(options);
  Result<> fed = feed(input, [&](ByteView piece) { return stream.update(piece); });
  const Result<WheelContents> pieces =
      fed.ok() ? stream.finish() : Result<WheelContents>(std::move(fed).error());
  require_agreement(whole, pieces);
  for (const Result<WheelContents>* result : {&whole, &pieces}) {
    if (!result->ok()) continue;
    for (const WheelFile& file : result->value().files) require_below(file, options.scheme);
  }
  if (whole.ok() && pieces.ok()) {
    require(whole.value().metadata == pieces.value().metadata);
    require(whole.value().files.size() == pieces.value().files.size());
  }
  require_same_packed(input, options, whole);
}

}  // namespace krait::pkg::fuzz
