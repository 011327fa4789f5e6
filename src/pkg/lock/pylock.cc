// Reading pylock.toml. See pylock.h; pylock_write.cc writes.

#include "pkg/lock/pylock.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/url.h"

namespace krait::pkg {

namespace {

Error wrong(std::string_view key, std::string_view expected, const Toml* found) {
  return invalid("\"" + std::string(key) + "\": expected " + std::string(expected) +
                 (found != nullptr ? ", not " + std::string(found->kind()) : "") + " (PEP 751)");
}

Result<std::optional<std::string>> optional_text(const Toml& table, std::string_view key) {
  const Toml* value = table.find(key);
  if (value == nullptr) return std::optional<std::string>();
  if (value->find_string() == nullptr) return wrong(key, "a string", value);
  return std::optional(*value->find_string());
}

Result<std::string> text(const Toml& table, std::string_view key) {
  auto value = TRY(optional_text(table, key));
  if (!value) return wrong(key, "a string", nullptr);
  return std::move(*value);
}

Result<std::vector<std::string>> texts(const Toml& table, std::string_view key) {
  std::vector<std::string> out;
  const Toml* value = table.find(key);
  if (value == nullptr) return out;
  if (value->find_array() == nullptr) return wrong(key, "an array of strings", value);
  for (const Toml& item : *value->find_array()) {
    if (item.find_string() == nullptr) return wrong(key, "an array of strings", &item);
    out.push_back(*item.find_string());
  }
  return out;
}

// A text of that key read by `Part::parse`, if it is there.
template <typename Part>
Result<std::optional<Part>> optional_part(const Toml& table, std::string_view key) {
  const auto value = TRY(optional_text(table, key));
  if (!value) return std::optional<Part>();
  Result<Part> part = Part::parse(*value);
  if (!part.ok()) return std::move(part).error().in(key);
  return std::optional<Part>(std::move(part).value());
}

template <typename Part>
Result<std::vector<Part>> parts(const Toml& table, std::string_view key) {
  std::vector<Part> out;
  for (const std::string& item : TRY(texts(table, key))) {
    Result<Part> part = Part::parse(item);
    if (!part.ok()) return std::move(part).error().in(key);
    out.push_back(std::move(part).value());
  }
  return out;
}

// What is left of a table without the keys that have a member of their own.
Toml::Table others(const Toml& table, std::span<const std::string_view> known) {
  Toml::Table out;
  for (const auto& [key, value] : *table.find_table())
    if (!std::ranges::contains(known, key)) out.emplace(key, value);
  return out;
}

Result<PylockFile> read_file(const Toml& table, std::string_view key) {
  if (table.find_table() == nullptr) return wrong(key, "a table", &table);
  PylockFile out{.name = TRY(optional_text(table, "name")),
                 .url = TRY(optional_text(table, "url")),
                 .path = TRY(optional_text(table, "path"))};
  if (!out.url && !out.path) return wrong(key, "a table with \"url\" or \"path\"", nullptr);
  if (const Toml* size = table.find("size"); size != nullptr) {
    if (size->find_int() == nullptr || *size->find_int() < 0)
      return wrong("size", "a number of bytes", size);
    out.size = static_cast<std::uint64_t>(*size->find_int());
  }
  if (const Toml* time = table.find("upload-time"); time != nullptr) {
    if (time->find_datetime() == nullptr) return wrong("upload-time", "a date and time", time);
    out.upload_time = time->find_datetime()->text;
  }
  out.subdirectory = TRY(optional_text(table, "subdirectory"));
  const Toml* hashes = table.find("hashes");
  if (hashes == nullptr || hashes->find_table() == nullptr || hashes->find_table()->empty())
    return wrong("hashes", "a table with at least one hash", hashes);
  for (const auto& [algorithm, digest] : *hashes->find_table()) {
    if (digest.find_string() == nullptr) return wrong("hashes", "strings", &digest);
    out.hashes.emplace_back(algorithm, *digest.find_string());
  }
  return out;
}

Result<std::optional<Toml>> optional_table(const Toml& table, std::string_view key) {
  const Toml* value = table.find(key);
  if (value == nullptr) return std::optional<Toml>();
  if (value->find_table() == nullptr) return wrong(key, "a table", value);
  return std::optional(*value);
}

Result<> read_sources(const Toml& table, PylockPackage& out) {
  out.vcs = TRY(optional_table(table, "vcs"));
  out.directory = TRY(optional_table(table, "directory"));
  if (const Toml* archive = table.find("archive"); archive != nullptr)
    out.archive = TRY(read_file(*archive, "archive"));
  if (const Toml* sdist = table.find("sdist"); sdist != nullptr)
    out.sdist = TRY(read_file(*sdist, "sdist"));
  if (const Toml* wheels = table.find("wheels"); wheels != nullptr) {
    if (wheels->find_array() == nullptr) return wrong("wheels", "an array of tables", wheels);
    for (const Toml& wheel : *wheels->find_array())
      out.wheels.push_back(TRY(read_file(wheel, "wheels")));
  }
  const bool files = out.sdist || !out.wheels.empty();
  if (out.vcs.has_value() + out.directory.has_value() + out.archive.has_value() + files > 1)
    return invalid(
        "expected only one of \"vcs\", \"directory\", \"archive\" and \"sdist\" with \"wheels\" "
        "(PEP 751)");
  return {};
}

Result<PylockPackage> read_package(const Toml& table) {
  static constexpr std::array<std::string_view, 10> kKnown = {
      "name", "version",   "marker",  "requires-python", "index",
      "vcs",  "directory", "archive", "sdist",           "wheels"};
  if (table.find_table() == nullptr) return wrong("packages", "an array of tables", &table);
  auto name = TRY(optional_part<ProjectName>(table, "name"));
  if (!name) return wrong("name", "a string", nullptr);
  PylockPackage out{.name = std::move(*name),
                    .version = TRY(optional_part<Version>(table, "version")),
                    .marker = TRY(optional_part<Marker>(table, "marker")),
                    .requires_python = TRY(optional_part<SpecifierSet>(table, "requires-python")),
                    .index = TRY(optional_text(table, "index"))};
  Result<> sources = read_sources(table, out);
  if (!sources.ok()) return std::move(sources).error().in(out.name.to_string());
  out.other = others(table, kKnown);
  return out;
}

Result<> check_version(std::string_view version) {
  std::string_view rest = version;
  const std::string_view major = take_until(rest, '.');
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && std::ranges::all_of(digits, is_digit);
  };
  if (!is_number(major) || !is_number(rest))
    return invalid("\"lock-version\" is " + quoted(version) +
                   ": expected one such as 1.0 (PEP 751)");
  if (major != "1")
    return Error(ErrorCode::kUnsupported,
                 "\"lock-version\" is " + quoted(version) + ": expected 1.x (PEP 751)");
  return {};
}

Result<Pylock> read_lock(std::string_view source) {
  static constexpr std::array<std::string_view, 8> kKnown = {
      "lock-version",      "environments",   "requires-python", "extras",
      "dependency-groups", "default-groups", "created-by",      "packages"};
  const Toml table = TRY(Toml::parse(source));
  Pylock out;
  out.lock_version = TRY(text(table, "lock-version"));
  TRY(check_version(out.lock_version));
  out.environments = TRY(parts<Marker>(table, "environments"));
  out.requires_python = TRY(optional_part<SpecifierSet>(table, "requires-python"));
  out.extras = TRY(parts<ProjectName>(table, "extras"));
  out.dependency_groups = TRY(texts(table, "dependency-groups"));
  out.default_groups = TRY(texts(table, "default-groups"));
  out.created_by = TRY(text(table, "created-by"));
  const Toml* packages = table.find("packages");
  if (packages == nullptr || packages->find_array() == nullptr)
    return wrong("packages", "an array of tables", packages);
  const Toml::Array& items = *packages->find_array();
  if (items.size() > Pylock::kMaxPackages)
    return invalid("more than " + std::to_string(Pylock::kMaxPackages) + " packages");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Result<PylockPackage> package = read_package(items[i]);
    if (!package.ok()) return std::move(package).error().in("packages[" + std::to_string(i) + "]");
    out.packages.push_back(std::move(package).value());
  }
  out.other = others(table, kKnown);
  return out;
}

}  // namespace

std::string PylockFile::filename() const {
  if (name) return *name;
  if (url) {
    const Result<Url> parsed = Url::parse(*url);
    return parsed.ok() ? parsed.value().filename() : "";
  }
  return path ? path->substr(path->rfind('/') + 1) : "";
}

Result<Pylock> Pylock::parse(std::string_view source) {
  Result<Pylock> lock = read_lock(source);
  if (!lock.ok()) return std::move(lock).error().in("pylock.toml");
  return lock;
}

bool Pylock::is_filename(std::string_view name) {
  if (name == "pylock.toml") return true;
  if (!name.starts_with("pylock.") || !name.ends_with(".toml") || name.size() < 13) return false;
  return !name.substr(7, name.size() - 12).contains('.');
}

}  // namespace krait::pkg
