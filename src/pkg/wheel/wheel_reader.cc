// Reading a wheel: see wheel_reader.h. Both ways end in `collect`, which sees members in one form.

#include "pkg/wheel/wheel_reader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/quote.h"
#include "pkg/wheel/packed_file.h"

namespace krait::pkg {

namespace {

constexpr std::uint64_t kMostReserved = std::uint64_t{64} << 20;  // on somebody's word alone

Result<> check_digest(const Sha256::Digest& digest, const WheelOptions& options) {
  if (!options.digest || *options.digest == digest) return {};
  return Error(ErrorCode::kMismatch,
               "the wheel has sha256 " + to_hex(digest) + ": expected " + to_hex(*options.digest));
}

std::string joined(const std::string& root, const std::string& path) {
  return root.empty() || root.ends_with('/') ? root + path : root + "/" + path;
}

Error no_text(std::string_view dist_info, std::string_view name) {
  return {ErrorCode::kNotFound,
          "the wheel has no file " + quoted(std::string(dist_info) + "/" + std::string(name))};
}

// Roots of schemes may lie in each other, so that different layout paths can still be one file.
Result<> check_places(const std::vector<WheelFile>& files) {
  std::unordered_map<std::string_view, std::string_view> owners;
  for (const WheelFile& file : files) {
    const auto [owner, is_new] = owners.try_emplace(file.path, file.member);
    if (!is_new) {
      return invalid(member_text(file.member) + " and " + member_text(owner->second) +
                     " would both be installed as " + quoted(file.path));
    }
  }
  return {};
}

// What an installer reads or changes comes with its content in any case.
bool may_be_packed(const WheelEntry& file, const std::string& dist_info) {
  return file.record && file.scheme != Scheme::kScripts && !file.path.starts_with(dist_info + "/");
}

// `read(file, packed)` gives the bytes of a file of the layout, checked against RECORD.
template <typename Read>
Result<WheelContents> collect(const std::vector<ZipEntry>& entries, WheelContents contents,
                              const WheelOptions& options, const Read& read) {
  WheelLayout layout =
      TRY(lay_out_wheel(entries, contents.dist_info, contents.wheel, contents.record));
  contents.root_is_purelib = layout.root_is_purelib;
  contents.files.reserve(layout.files.size());
  for (WheelEntry& file : layout.files) {
    const std::string& name = entries[file.member].name;
    const bool packed = options.packed && may_be_packed(file, contents.dist_info);
    Bytes bytes = TRY(read(file, packed));
    contents.files.push_back({name, file.scheme,
                              joined(options.scheme.root(file.scheme), file.path), std::move(bytes),
                              file.executable ? 0755u : 0644u, packed});
  }
  TRY(check_places(contents.files));
  return contents;
}

// The texts that every wheel must have, and entry_points.txt. `text(name)` is a Result too.
template <typename Text>
Result<WheelContents> read_texts(std::string dist_info, const Sha256::Digest& digest,
                                 const Text& text) {
  WheelContents contents = {};
  contents.metadata = TRY(text("METADATA"));
  contents.wheel = TRY(text("WHEEL"));
  contents.record = TRY(text("RECORD"));
  Result<std::string> points = text("entry_points.txt");
  if (points.ok()) {
    contents.entry_points = std::move(points).value();
  } else if (points.error().code() != ErrorCode::kNotFound) {
    return std::move(points).error();
  }
  contents.dist_info = std::move(dist_info);
  contents.digest = digest;
  return contents;
}

}  // namespace

Result<WheelReader> WheelReader::open(ByteView archive, const ZipLimits& limits) {
  ZipReader zip = TRY(ZipReader::open(archive, limits));
  std::string dist_info = TRY(find_dist_info(zip.entries()));
  return WheelReader(std::move(zip), std::move(dist_info));
}

Result<std::string> WheelReader::text(std::string_view name) const {
  const auto index = zip_.find(dist_info_ + "/" + std::string(name));
  if (!index) return no_text(dist_info_, name);
  return std::string(as_text(TRY(zip_.read(*index))));
}

Result<WheelLayout> WheelReader::layout() const {
  return lay_out_wheel(entries(), dist_info_, TRY(text("WHEEL")), TRY(text("RECORD")));
}

Result<Bytes> WheelReader::read(const WheelEntry& entry) const {
  Bytes bytes = TRY(zip_.read(entry.member));
  TRY(check_content(entry, entries()[entry.member].name, bytes.size(), sha256(bytes)));
  return bytes;
}

Result<Bytes> WheelReader::read_packed(const WheelEntry& entry) const {
  const ZipEntry& member = entries()[entry.member];
  TRY(check_size(entry, member.name, member.size));
  return pack_file(member, zip_.packed(entry.member), entry.record->hash);
}

Result<WheelContents> read_wheel(ByteView archive, const WheelOptions& options,
                                 std::optional<Sha256::Digest> digest) {
  if (!digest) digest = sha256(archive);
  TRY(check_digest(*digest, options));
  const WheelReader wheel = TRY(WheelReader::open(archive, options.limits));
  WheelContents contents = TRY(read_texts(wheel.dist_info(), *digest,
                                          [&](std::string_view name) { return wheel.text(name); }));
  WheelOptions how = options;
  how.packed = options.packed && options.digest;
  return collect(wheel.entries(), std::move(contents), how,
                 [&](const WheelEntry& file, bool packed) {
                   return packed ? wheel.read_packed(file) : wheel.read(file);
                 });
}

WheelStream::WheelStream(WheelOptions options)
    : options_(std::move(options)), zip_(options_.limits) {
  if (collects() && options_.size)
    archive_.reserve(static_cast<std::size_t>(std::min(*options_.size, kMostReserved)));
}

Result<> WheelStream::update(ByteView chunk) {
  sha256_.update(chunk);
  if (collects()) {
    archive_.insert(archive_.end(), chunk.begin(), chunk.end());
    return {};
  }
  TRY(zip_.update(chunk, members_));
  while (digests_.size() < members_.size())
    digests_.push_back(sha256(members_[digests_.size()].bytes));
  return {};
}

Result<WheelContents> WheelStream::finish() {
  const Sha256::Digest digest = sha256_.finish();
  if (collects()) return read_wheel(archive_, options_, digest);
  TRY(check_digest(digest, options_));
  options_.packed = false;
  // In the order of members_.
  const std::vector<ZipEntry> entries = TRY(zip_.finish());
  const std::string dist_info = TRY(find_dist_info(entries));
  const auto text = [&](std::string_view name) -> Result<std::string> {
    const auto found =
        std::ranges::find(entries, dist_info + "/" + std::string(name), &ZipEntry::name);
    if (found == entries.end()) return no_text(dist_info, name);
    const auto index = static_cast<std::size_t>(found - entries.begin());
    return std::string(as_text(members_[index].bytes));
  };
  WheelContents contents = TRY(read_texts(dist_info, digest, text));
  return collect(
      entries, std::move(contents), options_, [&](const WheelEntry& file, bool) -> Result<Bytes> {
        Bytes& bytes = members_[file.member].bytes;
        TRY(check_content(file, entries[file.member].name, bytes.size(), digests_[file.member]));
        return std::move(bytes);
      });
}

}  // namespace krait::pkg
