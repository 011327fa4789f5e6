// See pyodide_lock.h.

#include "pkg/lock/pyodide_lock.h"

#include <algorithm>

#include "base/quote.h"

namespace krait::pkg {

namespace {

Error wrong(std::string_view key, std::string_view expected, const Json* found) {
  return invalid("\"" + std::string(key) + "\": expected " + std::string(expected) +
                 (found != nullptr ? ", not " + std::string(found->kind()) : ""));
}

Result<std::string> text(std::string_view key, const Json& value) {
  if (value.find_string() == nullptr) return wrong(key, "text", &value);
  return *value.find_string();
}

Result<std::vector<std::string>> texts(std::string_view key, const Json& value) {
  if (value.find_array() == nullptr) return wrong(key, "an array of texts", &value);
  std::vector<std::string> out;
  for (const Json& item : *value.find_array()) {
    if (item.find_string() == nullptr) return wrong(key, "an array of texts", &item);
    out.push_back(*item.find_string());
  }
  return out;
}

Result<> require(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (object.find(key) == nullptr) return wrong(key, "text", nullptr);
  return {};
}

Result<LockInfo> read_info(const Json& json) {
  if (json.find_object() == nullptr)
    return invalid("expected an object, not " + std::string(json.kind()));
  TRY(require(json, {"arch", "platform", "python", "version"}));
  LockInfo out{.arch = {}, .platform = {}, .python = {}, .version = {}};
  for (const auto& [key, value] : *json.find_object()) {
    if (key == "arch") {
      out.arch = TRY(text(key, value));
    } else if (key == "platform") {
      out.platform = TRY(text(key, value));
    } else if (key == "abi_version" && !value.is_null()) {
      out.abi_version = TRY(text(key, value));
    } else if (key == "python") {
      out.python = TRY(text(key, value));
    } else if (key == "version") {
      out.version = TRY(text(key, value));
    } else {
      out.other.emplace_back(key, value);
    }
  }
  return out;
}

Result<LockPackage> read_package(const Json& json) {
  if (json.find_object() == nullptr)
    return invalid("expected an object, not " + std::string(json.kind()));
  TRY(require(json, {"name", "version", "file_name"}));
  LockPackage out{.name = {}, .version = {}, .file_name = {}};
  for (const auto& [key, value] : *json.find_object()) {
    if (key == "name") {
      out.name = TRY(text(key, value));
    } else if (key == "version") {
      out.version = TRY(text(key, value));
    } else if (key == "file_name") {
      out.file_name = TRY(text(key, value));
    } else if (key == "install_dir") {
      out.install_dir = TRY(text(key, value));
    } else if (key == "sha256") {
      // Packages made up by hand have null: nothing to check.
      if (!value.is_null()) out.sha256 = TRY(text(key, value));
    } else if (key == "package_type") {
      out.package_type = TRY(text(key, value));
    } else if (key == "imports") {
      out.imports = TRY(texts(key, value));
    } else if (key == "depends") {
      out.depends = TRY(texts(key, value));
    } else {
      out.other.emplace_back(key, value);
    }
  }
  return out;
}

Json text_array(const std::vector<std::string>& texts) {
  Json::Array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

Json write_info(const LockInfo& info) {
  Json::Object out{{"arch", info.arch}, {"platform", info.platform}};
  if (info.abi_version) out.emplace_back("abi_version", *info.abi_version);
  out.emplace_back("python", info.python);
  out.emplace_back("version", info.version);
  out.append_range(info.other);
  return out;
}

Json write_package(const LockPackage& package) {
  Json::Object out{{"name", package.name},
                   {"version", package.version},
                   {"file_name", package.file_name},
                   {"install_dir", package.install_dir},
                   {"sha256", package.sha256},
                   {"package_type", package.package_type},
                   {"imports", text_array(package.imports)},
                   {"depends", text_array(package.depends)}};
  out.append_range(package.other);
  return out;
}

Result<PyodideLock> read_lock(std::string_view source) {
  if (source.size() > PyodideLock::kMaxBytes)
    return invalid("it has " + std::to_string(source.size()) + " bytes, expected at most " +
                   std::to_string(PyodideLock::kMaxBytes));
  const Json json = TRY(Json::parse(source));
  if (json.find_object() == nullptr)
    return invalid("expected an object, not " + std::string(json.kind()));
  for (const std::string_view key : {"info", "packages"}) {
    const Json* value = json.find(key);
    if (value == nullptr || value->find_object() == nullptr) return wrong(key, "an object", value);
  }
  PyodideLock out{.info = {}};
  for (const auto& [key, value] : *json.find_object()) {
    if (key == "info") {
      Result<LockInfo> info = read_info(value);
      if (!info.ok()) return std::move(info).error().in("info");
      out.info = std::move(info).value();
    } else if (key == "packages") {
      if (value.find_object()->size() > PyodideLock::kMaxPackages)
        return invalid("more than " + std::to_string(PyodideLock::kMaxPackages) + " packages");
      for (const auto& [name, item] : *value.find_object()) {
        Result<LockPackage> package = read_package(item);
        if (!package.ok()) return std::move(package).error().in("package " + quoted(name));
        out.packages.emplace_back(name, std::move(package).value());
      }
    } else {
      out.other.emplace_back(key, value);
    }
  }
  return out;
}

}  // namespace

Result<PyodideLock> PyodideLock::parse(std::string_view source) {
  Result<PyodideLock> lock = read_lock(source);
  if (!lock.ok()) return std::move(lock).error().in("pyodide-lock.json");
  return lock;
}

std::string PyodideLock::to_string(int indent) const {
  Json::Object members;
  for (const auto& [key, package] : packages) members.emplace_back(key, write_package(package));
  Json::Object out{{"info", write_info(info)}, {"packages", std::move(members)}};
  out.append_range(other);
  return Json(std::move(out)).to_string(indent);
}

const LockPackage* PyodideLock::find(std::string_view key) const {
  const auto found = std::ranges::find(packages, key, &std::pair<std::string, LockPackage>::first);
  return found != packages.end() ? &found->second : nullptr;
}

}  // namespace krait::pkg
