// Where a wheel's files go: see wheel_layout.h. The format is the specification "Binary
// distribution format" (PEP 427 and what PyPA has added to it).

#include "pkg/wheel/wheel_layout.h"

#include <charconv>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

constexpr std::string_view kDistInfo = ".dist-info";
constexpr std::string_view kData = ".data";

constexpr std::uint32_t kTypeMask = 0170000;
constexpr std::uint32_t kFolder = 0040000;
constexpr std::uint32_t kRegular = 0100000;
constexpr std::uint32_t kLink = 0120000;

Error not_found(std::string message) { return {ErrorCode::kNotFound, std::move(message)}; }

std::string_view top_folder(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

Result<> check_type(const ZipEntry& entry) {
  const std::uint32_t type = entry.unix_mode() & kTypeMask;
  if (type == kLink)
    return Error(ErrorCode::kUnsupported,
                 member_text(entry.name) + " is a symbolic link: expected files and folders only");
  if (type == 0 || type == (entry.is_directory() ? kFolder : kRegular)) return {};
  if (type == kFolder)
    return invalid(member_text(entry.name) + " is a folder, but its name does not end with \"/\"");
  if (type == kRegular)
    return invalid(member_text(entry.name) + " is a file, but its name ends with \"/\"");
  return Error(ErrorCode::kUnsupported,
               member_text(entry.name) + " is a special file: expected files and folders only");
}

// The value of a header of WHEEL. Empty when it is not there.
std::string_view find_header(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (equal_no_case(trimmed(line.substr(0, colon)), name)) return trimmed(line.substr(colon + 1));
  }
  return {};
}

// Gives Root-Is-Purelib.
Result<bool> check_wheel_text(std::string_view wheel) {
  const std::string version(find_header(wheel, "Wheel-Version"));
  if (version.empty()) return not_found("WHEEL has no Wheel-Version: expected 1.0");
  int major = -1;
  const char* end = version.data() + version.size();
  const auto [rest, error] = std::from_chars(version.data(), end, major);
  if (error != std::errc() || major < 0 || (rest != end && *rest != '.'))
    return invalid("Wheel-Version " + quoted(version) + ": expected a version such as 1.0");
  // A higher minor version may be installed, says the standard; a higher major may not.
  if (major != 1) {
    return Error(ErrorCode::kUnsupported,
                 "Wheel-Version " + quoted(version) + ": expected 1.0 or another 1.x");
  }
  const std::string_view purelib = find_header(wheel, "Root-Is-Purelib");
  if (equal_no_case(purelib, "true")) return true;
  if (equal_no_case(purelib, "false")) return false;
  if (purelib.empty()) return not_found("WHEEL has no Root-Is-Purelib: expected true or false");
  return invalid("Root-Is-Purelib " + quoted(purelib) + ": expected true or false");
}

struct Target {
  Scheme scheme;
  std::string path;
};

Result<Target> find_target(std::string_view name, bool root_is_purelib) {
  const std::string_view top = top_folder(name);
  if (!top.ends_with(kData)) {
    return Target{root_is_purelib ? Scheme::kPurelib : Scheme::kPlatlib, std::string(name)};
  }
  const std::string_view below = name.substr(top.size() + 1);
  const std::string_view key = top_folder(below);
  static constexpr std::pair<std::string_view, Scheme> kKeys[] = {{"purelib", Scheme::kPurelib},
                                                                  {"platlib", Scheme::kPlatlib},
                                                                  {"scripts", Scheme::kScripts},
                                                                  {"headers", Scheme::kHeaders},
                                                                  {"data", Scheme::kData}};
  for (const auto& [word, scheme] : kKeys)
    if (word == key) return Target{scheme, std::string(below.substr(key.size() + 1))};
  return invalid(member_text(name) +
                 ": expected purelib, platlib, scripts, headers or data and a "
                 "file below " +
                 quoted(std::string(top) + "/"));
}

// RECORD cannot hold its own hash, nor those of its signatures.
bool is_exempt(std::string_view name, std::string_view dist_info) {
  if (!name.starts_with(dist_info) || name.substr(dist_info.size(), 1) != "/") return false;
  const std::string_view file = name.substr(dist_info.size() + 1);
  return file == "RECORD" || file == "RECORD.jws" || file == "RECORD.p7s";
}

Result<> check_hash(const RecordEntry& entry) {
  if (entry.algorithm.empty())
    return not_found("RECORD has no hash for " + quoted(entry.path) + ": expected sha256");
  // sha384 and sha512 would be allowed, but no wheel has them.
  if (entry.algorithm != "sha256") {
    return Error(ErrorCode::kUnsupported, "RECORD has a hash " + quoted(entry.algorithm) + " for " +
                                              quoted(entry.path) + ": expected sha256");
  }
  return {};
}

// Paths that were given away, in one scheme: files, and the folders that they need.
class Taken {
 public:
  // `root` tells schemes apart.
  Result<> add(const std::string& root, const std::string& path, const std::string& member) {
    const std::string key = root + "/" + path;
    const auto [place, is_new] = owners_.try_emplace(key, Owner{&member, true});
    if (!is_new) return clash(member, place->second);
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const auto [folder, first] =
          owners_.try_emplace(root + "/" + path.substr(0, slash), Owner{&member, false});
      if (!first && folder->second.is_file) return clash(member, folder->second);
    }
    return {};
  }

 private:
  struct Owner {
    const std::string* member;
    bool is_file;
  };
  static Result<> clash(const std::string& member, const Owner& owner) {
    return invalid(member_text(member) + " and " + member_text(*owner.member) +
                   " would be installed in each other's place");
  }

  std::unordered_map<std::string, Owner> owners_;
};

}  // namespace

const std::string& InstallScheme::root(Scheme scheme) const {
  switch (scheme) {
    case Scheme::kPurelib:
      return purelib;
    case Scheme::kPlatlib:
      return platlib;
    case Scheme::kScripts:
      return scripts;
    case Scheme::kHeaders:
      return headers;
    case Scheme::kData:
      break;
  }
  return data;
}

Result<> check_member_path(std::string_view name) {
  const auto refused = [&](const char* why) {
    return invalid(member_text(name) + " " + why + ": expected a relative path that stays below");
  };
  if (name.starts_with('/')) return refused("is an absolute path");
  if (name.contains('\0')) return refused("holds a NUL character");
  if (name.contains('\\')) return refused("holds a backslash");
  if (name.size() >= 2 && is_letter(name[0]) && name[1] == ':') return refused("names a drive");
  std::string_view left = name;
  if (left.ends_with('/')) left.remove_suffix(1);
  for (;;) {
    const std::size_t slash = left.find('/');
    const std::string_view part = left.substr(0, slash);
    if (part.empty()) return refused("has an empty part");
    if (part == "." || part == "..") return refused("has a part that is \".\" or \"..\"");
    if (slash == std::string_view::npos) return {};
    left.remove_prefix(slash + 1);
  }
}

Result<std::string> find_dist_info(const std::vector<ZipEntry>& entries) {
  std::string_view found;
  for (const ZipEntry& entry : entries) {
    const std::string_view top = top_folder(entry.name);
    if (!top.ends_with(kDistInfo) || top.size() == kDistInfo.size() || top == found) continue;
    if (!found.empty())
      return invalid("the wheel has two folders " + quoted(found) + " and " + quoted(top) +
                     ": expected one *.dist-info");
    found = top;
  }
  if (found.empty()) return not_found("the wheel has no folder *.dist-info");
  return std::string(found);
}

Result<WheelLayout> lay_out_wheel(const std::vector<ZipEntry>& entries, std::string dist_info,
                                  std::string_view wheel, std::string_view record) {
  WheelLayout layout;
  layout.root_is_purelib = TRY(check_wheel_text(wheel));
  Result<Record> parsed = Record::parse(record);
  if (!parsed.ok()) return std::move(parsed).error().in(dist_info + "/RECORD");
  std::unordered_map<std::string_view, const RecordEntry*> recorded;
  for (const RecordEntry& entry : parsed.value().entries) recorded[entry.path] = &entry;

  Taken taken;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const ZipEntry& entry = entries[i];
    TRY(check_member_path(entry.name));
    TRY(check_type(entry));
    if (entry.is_directory()) continue;
    Target target = TRY(find_target(entry.name, layout.root_is_purelib));
    // purelib and platlib are one folder nearly everywhere.
    const bool library = target.scheme == Scheme::kPurelib || target.scheme == Scheme::kPlatlib;
    TRY(taken.add(std::to_string(library ? 0 : static_cast<int>(target.scheme)), target.path,
                  entry.name));
    WheelEntry file = {i, target.scheme, std::move(target.path), false, std::nullopt};
    file.executable = target.scheme == Scheme::kScripts || (entry.unix_mode() & 0111) != 0;
    const auto found = recorded.find(entry.name);
    if (!is_exempt(entry.name, dist_info)) {
      if (found == recorded.end()) return not_found(member_text(entry.name) + " is not in RECORD");
      TRY(check_hash(*found->second));
      file.record = *found->second;
    }
    if (found != recorded.end()) recorded.erase(found);
    layout.files.push_back(std::move(file));
  }
  for (const RecordEntry& entry : parsed.value().entries) {
    if (recorded.contains(entry.path))
      return not_found("RECORD lists " + quoted(entry.path) + ", which is not in the archive");
  }
  layout.dist_info = std::move(dist_info);
  return layout;
}

namespace {

Error mismatch(std::string_view name, const char* what, const std::string& found,
               const std::string& expected) {
  return {ErrorCode::kMismatch, member_text(name) + " has " + what + " " + found + ": expected " +
                                    expected + ", as RECORD says"};
}

}  // namespace

Result<> check_size(const WheelEntry& entry, std::string_view name, std::uint64_t size) {
  if (!entry.record || !entry.record->size || *entry.record->size == size) return {};
  return mismatch(name, "size", std::to_string(size), std::to_string(*entry.record->size));
}

Result<> check_content(const WheelEntry& entry, std::string_view name, std::uint64_t size,
                       const Sha256::Digest& digest) {
  if (!entry.record) return {};
  TRY(check_size(entry, name, size));
  const std::string hash = record_hash(digest);
  if (hash != entry.record->hash) return mismatch(name, "sha256", hash, entry.record->hash);
  return {};
}

}  // namespace krait::pkg
