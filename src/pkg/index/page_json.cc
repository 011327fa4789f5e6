// The JSON format of index pages (PEP 691, PEP 700). See page.h.

#include "base/ascii.h"
#include "base/json.h"
#include "base/quote.h"
#include "pkg/index/page.h"

namespace krait::pkg {

namespace {

Error wrong(std::string_view key, std::string_view expected, const Json* found) {
  return invalid("\"" + std::string(key) + "\": expected " + std::string(expected) +
                 (found != nullptr ? ", not " + std::string(found->kind()) : "") + " (PEP 691)");
}

// Absent and null are the same.
const Json* find(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

Result<std::optional<std::string>> optional_text(const Json& object, std::string_view key) {
  const Json* value = find(object, key);
  if (value == nullptr) return std::optional<std::string>();
  if (value->find_string() == nullptr) return wrong(key, "text", value);
  return std::optional(*value->find_string());
}

Result<std::string> text(const Json& object, std::string_view key) {
  auto value = TRY(optional_text(object, key));
  if (!value) return wrong(key, "text", nullptr);
  return std::move(*value);
}

Result<std::vector<std::string>> texts(const Json& object, std::string_view key) {
  std::vector<std::string> out;
  const Json* value = find(object, key);
  if (value == nullptr) return out;
  if (value->find_array() == nullptr) return wrong(key, "an array of texts", value);
  for (const Json& item : *value->find_array()) {
    if (item.find_string() == nullptr) return wrong(key, "an array of texts", &item);
    out.push_back(*item.find_string());
  }
  return out;
}

Result<Hashes> hashes(const Json& value, std::string_view key) {
  Hashes out;
  if (value.find_object() == nullptr) return wrong(key, "an object of hashes", &value);
  for (const auto& [algorithm, digest] : *value.find_object()) {
    if (digest.find_string() == nullptr) return wrong(key, "hashes as text", &digest);
    out.emplace_back(to_lower(algorithm), to_lower(*digest.find_string()));
  }
  return out;
}

Result<> read_metadata(const Json& json, IndexFile& file) {
  // PEP 714: the newer name goes first.
  for (const std::string_view key : {"core-metadata", "dist-info-metadata"}) {
    const Json* value = find(json, key);
    if (value == nullptr) continue;
    if (const bool* flag = value->find_bool(); flag != nullptr) {
      file.has_metadata = *flag;
    } else {
      file.has_metadata = true;
      file.metadata_hashes = TRY(hashes(*value, key));
    }
    return {};
  }
  return {};
}

Result<IndexFile> read_file(const Json& json, const Url& page) {
  if (json.find_object() == nullptr) return wrong("files", "objects", &json);
  IndexFile file{.filename = TRY(text(json, "filename")), .url = {}};
  const std::string reference = TRY(text(json, "url"));
  Url url = TRY(page.resolve(reference));
  url.fragment.reset();
  file.url = url.to_string();
  const Json* digests = find(json, "hashes");
  if (digests == nullptr) return wrong("hashes", "an object of hashes", nullptr);
  file.hashes = TRY(hashes(*digests, "hashes"));
  file.requires_python = TRY(optional_text(json, "requires-python"));
  if (file.requires_python) file.requires_python = std::string(trimmed(*file.requires_python));
  if (file.requires_python == "") file.requires_python.reset();
  TRY(read_metadata(json, file));
  if (const Json* yanked = find(json, "yanked"); yanked != nullptr) {
    if (const std::string* reason = yanked->find_string(); reason != nullptr) {
      file.yanked = *reason;
    } else if (yanked->find_bool() == nullptr) {
      return wrong("yanked", "true, false or a reason", yanked);
    } else if (*yanked->find_bool()) {
      file.yanked = "";
    }
  }
  if (const Json* signature = find(json, "gpg-sig"); signature != nullptr) {
    if (signature->find_bool() == nullptr) return wrong("gpg-sig", "true or false", signature);
    file.gpg_signature = *signature->find_bool();
  }
  if (const Json* size = find(json, "size"); size != nullptr) {
    if (size->find_int() == nullptr || *size->find_int() < 0)
      return wrong("size", "a number of bytes", size);
    file.size = static_cast<std::uint64_t>(*size->find_int());
  }
  file.upload_time = TRY(optional_text(json, "upload-time"));
  file.provenance = TRY(optional_text(json, "provenance"));
  return file;
}

}  // namespace

Result<IndexPage> IndexPage::parse_json(std::string_view page_text, const Url& url) {
  const Json json = TRY(Json::parse(page_text));
  if (json.find_object() == nullptr) return wrong("(page)", "an object", &json);
  IndexPage page;
  const Json* meta = find(json, "meta");
  if (meta == nullptr || meta->find_object() == nullptr) return wrong("meta", "an object", meta);
  page.api_version = TRY(text(*meta, "api-version"));
  TRY(check_api_version(page.api_version));
  page.tracks = TRY(texts(*meta, "tracks"));
  page.name = TRY(text(json, "name"));
  page.versions = TRY(texts(json, "versions"));
  page.alternate_locations = TRY(texts(json, "alternate-locations"));
  if (const Json* status = find(json, "project-status"); status != nullptr) {
    if (status->find_object() == nullptr) return wrong("project-status", "an object", status);
    page.status = TRY(optional_text(*status, "status"));
    page.status_reason = TRY(optional_text(*status, "reason"));
  }
  const Json* files = find(json, "files");
  if (files == nullptr || files->find_array() == nullptr) return wrong("files", "an array", files);
  const Json::Array& items = *files->find_array();
  if (items.size() > kMaxFiles)
    return invalid("the page has more than " + std::to_string(kMaxFiles) + " files");
  for (std::size_t i = 0; i < items.size(); ++i) {
    Result<IndexFile> file = read_file(items[i], url);
    if (!file.ok()) return std::move(file).error().in("files[" + std::to_string(i) + "]");
    page.files.push_back(std::move(file).value());
  }
  return page;
}

}  // namespace krait::pkg
