// Reading a request: see request.h. The forms of a requirement are in requirement_forms.cc.

#include "pkg/install/request.h"

#include <array>
#include <utility>

#include "base/quote.h"
#include "base/url.h"

namespace krait::pkg::install {

namespace {

Error wrong(std::string_view key, std::string_view expected, const Json& found) {
  return invalid("the request's \"" + std::string(key) + "\" is " + std::string(found.kind()) +
                 ": expected " + std::string(expected));
}

Result<bool> flag(std::string_view key, const Json& value) {
  if (value.find_bool() == nullptr) return wrong(key, "true or false", value);
  return *value.find_bool();
}

Result<std::string> text(std::string_view key, const Json& value) {
  if (value.find_string() == nullptr) return wrong(key, "a string", value);
  return *value.find_string();
}

Result<std::vector<std::string>> texts(std::string_view key, const Json& value) {
  if (value.find_array() == nullptr) return wrong(key, "an array of strings", value);
  std::vector<std::string> out;
  for (const Json& item : *value.find_array()) {
    if (item.find_string() == nullptr) return wrong(key, "an array of strings", item);
    out.push_back(*item.find_string());
  }
  return out;
}

// Reads an object whose members are all texts into the fields of those names.
template <typename Target, std::size_t kCount>
Result<> read_texts(std::string_view key, const Json& value,
                    const std::array<std::pair<std::string_view, Target>, kCount>& fields) {
  if (value.find_object() == nullptr) return wrong(key, "an object", value);
  for (const auto& [name, item] : *value.find_object()) {
    bool known = false;
    for (const auto& [field, target] : fields) {
      if (field != name) continue;
      *target = TRY(text(std::string(key) + "." + name, item));
      known = true;
    }
    if (!known) return invalid("the request's \"" + std::string(key) + "\" has " + quoted(name));
  }
  return {};
}

Result<Environment> read_environment(const Json& value) {
  Environment out;
  using Field = std::pair<std::string_view, std::string*>;
  TRY(read_texts(
      "environment", value,
      std::to_array<Field>({{"os_name", &out.os_name},
                            {"sys_platform", &out.sys_platform},
                            {"platform_machine", &out.platform_machine},
                            {"platform_python_implementation", &out.platform_python_implementation},
                            {"platform_release", &out.platform_release},
                            {"platform_system", &out.platform_system},
                            {"platform_version", &out.platform_version},
                            {"python_version", &out.python_version},
                            {"python_full_version", &out.python_full_version},
                            {"implementation_name", &out.implementation_name},
                            {"implementation_version", &out.implementation_version}})));
  return out;
}

Result<> read_scheme(const Json& value, Request& out) {
  using Field = std::pair<std::string_view, std::string*>;
  return read_texts("scheme", value,
                    std::to_array<Field>({{"purelib", &out.scheme.purelib},
                                          {"platlib", &out.scheme.platlib},
                                          {"scripts", &out.scheme.scripts},
                                          {"headers", &out.scheme.headers},
                                          {"data", &out.scheme.data},
                                          {"stdlib", &out.stdlib},
                                          {"dynlib", &out.dynlib}}));
}

Result<LockSource> read_lock(std::string_view key, const Json& value) {
  LockSource out;
  std::string content;
  using Field = std::pair<std::string_view, std::string*>;
  TRY(read_texts(
      key, value,
      std::to_array<Field>({{"text", &content}, {"url", &out.url}, {"base_url", &out.base_url}})));
  if (value.find("text") != nullptr) out.text = std::move(content);
  if (!out.text && out.url.empty())
    return invalid("the request's \"" + std::string(key) + "\" has neither \"text\" nor \"url\"");
  if (out.base_url.empty() && !out.url.empty()) {
    const Url whole = TRY(Url::parse(out.url));
    const Url folder = TRY(whole.resolve("."));
    out.base_url = folder.to_string();
  }
  if (!out.base_url.empty() && !out.base_url.ends_with('/')) out.base_url += '/';
  return out;
}

// The members "name" and "version" of an object.
Result<MockPackage> read_package(std::string_view key, const Json& item) {
  const Json* name = item.find("name");
  const Json* version = item.find("version");
  if (name == nullptr || version == nullptr || name->find_string() == nullptr ||
      version->find_string() == nullptr)
    return wrong(key, "objects with the strings \"name\" and \"version\"", item);
  return MockPackage{TRY(ProjectName::parse(*name->find_string())),
                     TRY(Version::parse(*version->find_string()))};
}

Result<std::vector<InstalledPackage>> read_installed(const Json& value) {
  if (value.find_array() == nullptr) return wrong("installed", "an array", value);
  std::vector<InstalledPackage> out;
  for (const Json& item : *value.find_array()) {
    MockPackage named = TRY(read_package("installed", item));
    InstalledPackage made{std::move(named.name), std::move(named.version)};
    std::vector<std::string> lines;
    if (const Json* requires_dist = item.find("requires"))
      lines = TRY(texts("installed.requires", *requires_dist));
    for (const std::string& line : lines)
      made.requires_dist.push_back(TRY(Requirement::parse(line)));
    lines.clear();
    if (const Json* extras = item.find("extras")) lines = TRY(texts("installed.extras", *extras));
    for (const std::string& extra : lines) made.extras.push_back(TRY(ProjectName::parse(extra)));
    out.push_back(std::move(made));
  }
  return out;
}

Result<std::vector<MockPackage>> read_mocks(const Json& value) {
  if (value.find_array() == nullptr) return wrong("mocks", "an array", value);
  std::vector<MockPackage> out;
  for (const Json& item : *value.find_array()) out.push_back(TRY(read_package("mocks", item)));
  return out;
}

Result<TagSet> read_tags(const Json& value) {
  std::vector<Tag> tags;
  const std::vector<std::string> sets = TRY(texts("tags", value));
  for (const std::string& tag : sets) {
    std::vector<Tag> parsed = TRY(parse_tags(tag));
    tags.insert(tags.end(), parsed.begin(), parsed.end());
  }
  return TagSet(std::move(tags));
}

// What needs other members (base_url, aliases, mode) is kept until all were read.
struct Raw {
  std::vector<std::string> requirements = {};
  std::vector<std::string> index_urls = {};
  std::map<std::string, std::string> aliases = {};
};

Result<> read_aliases(const Json& value, Raw& raw) {
  if (value.find_object() == nullptr) return wrong("index_aliases", "an object", value);
  for (const auto& [name, url] : *value.find_object())
    raw.aliases[name] = TRY(text("index_aliases." + name, url));
  return {};
}

Result<> read_mode(const Json& value, Request& out) {
  const std::string mode = TRY(text("mode", value));
  if (mode != "resolve" && mode != "load")
    return invalid("the request's \"mode\" is " + quoted(mode) +
                   ": expected \"resolve\" or \"load\"");
  out.mode = mode == "load" ? Mode::kLoad : Mode::kResolve;
  return {};
}

Result<bool> read_flag(const std::string& key, const Json& value, Request& out) {
  for (const auto& [name, target] : std::to_array<std::pair<std::string_view, bool*>>(
           {{"deps", &out.deps},
            {"keep_going", &out.keep_going},
            {"pre", &out.pre},
            {"reinstall", &out.reinstall},
            {"upgrade", &out.upgrade},
            {"check_integrity", &out.check_integrity}})) {
    if (name != key) continue;
    *target = TRY(flag(key, value));
    return true;
  }
  return false;
}

Result<> read_member(const std::string& key, const Json& value, Request& out, Raw& raw) {
  if (TRY(read_flag(key, value, out))) return {};
  if (key == "requirements") {
    raw.requirements = TRY(texts(key, value));
  } else if (key == "mode") {
    TRY(read_mode(value, out));
  } else if (key == "constraints") {
    const std::vector<std::string> lines = TRY(texts(key, value));
    for (const std::string& line : lines) out.constraints.push_back(TRY(Requirement::parse(line)));
  } else if (key == "index_urls") {
    raw.index_urls = TRY(texts(key, value));
  } else if (key == "index_aliases") {
    TRY(read_aliases(value, raw));
  } else if (key == "base_url") {
    out.base_url = TRY(text(key, value));
  } else if (key == "credentials") {
    out.credentials = TRY(text(key, value));
  } else if (key == "lock") {
    out.lock = TRY(read_lock(key, value));
  } else if (key == "pylock") {
    out.pylock = TRY(read_lock(key, value));
  } else if (key == "installed") {
    out.installed = TRY(read_installed(value));
    out.names_installed = true;
  } else if (key == "loaded") {
    out.loaded = TRY(texts(key, value));
    for (std::string& name : out.loaded) name = normalize_name(name);
  } else if (key == "mocks") {
    out.mocks = TRY(read_mocks(value));
  } else if (key == "environment") {
    out.environment = TRY(read_environment(value));
  } else if (key == "tags") {
    out.tags = TRY(read_tags(value));
  } else if (key == "scheme") {
    TRY(read_scheme(value, out));
  } else {
    return invalid("the request has a member " + quoted(key) + ", which means nothing");
  }
  return {};
}

constexpr std::string_view kTemplate = "{package_name}";

}  // namespace

Result<Index> Index::parse(std::string_view url) {
  std::string plain(url);
  if (const std::size_t at = plain.find(kTemplate); at != std::string::npos)
    plain.replace(at, kTemplate.size(), "name");
  Result<Url> parsed = Url::parse(plain);
  if (!parsed.ok() || !parsed.value().is_absolute())
    return invalid(quoted(url) +
                   " is no index: expected an absolute URL, \"https://host/simple\" or "
                   "\"https://host/{package_name}/\"");
  return Index{std::string(url)};
}

std::string Index::page_url(const ProjectName& name) const {
  std::string out = url;
  if (const std::size_t at = out.find(kTemplate); at != std::string::npos)
    return out.replace(at, kTemplate.size(), name.to_string());
  if (!out.ends_with('/')) out += '/';
  return out + name.to_string() + "/";
}

Result<Request> Request::parse(std::string_view source) {
  Result<Json> parsed = Json::parse(source);
  if (!parsed.ok()) return std::move(parsed).error().in("the request");
  const Json json = std::move(parsed).value();
  if (json.find_object() == nullptr)
    return invalid("the request is " + std::string(json.kind()) + ": expected an object");
  Request out;
  Raw raw;
  for (const auto& [key, value] : *json.find_object()) TRY(read_member(key, value, out, raw));
  for (const std::string& url : raw.index_urls) {
    const auto alias = raw.aliases.find(url);
    const std::string& real = alias == raw.aliases.end() ? url : alias->second;
    out.indexes.push_back(TRY(Index::parse(real)));
  }
  if (out.mode == Mode::kLoad) {
    out.names = std::move(raw.requirements);
  } else {
    for (const std::string& line : raw.requirements)
      out.requirements.push_back(TRY(parse_requirement(line, out.base_url)));
  }
  return out;
}

}  // namespace krait::pkg::install
