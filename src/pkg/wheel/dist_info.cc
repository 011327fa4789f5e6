// See dist_info.h.

#include "pkg/wheel/dist_info.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

// Identifiers with dots between them; not looked at letter by letter, since Python's identifiers
// are not only ASCII.
bool is_dotted(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && !text.contains("..") &&
         std::ranges::none_of(text, [](char c) { return is_space(c) || c == ':' || c == '['; });
}

Error wrong_line(std::size_t number, std::string_view line, std::string_view expected) {
  return invalid("entry_points.txt, line " + std::to_string(number) + ", " + quoted(line) +
                 ": expected " + std::string(expected));
}

Result<EntryPoint> parse_entry_point(std::string_view line, std::size_t number) {
  static constexpr std::string_view kExpected = "\"name = module:attribute\"";
  std::string_view rest = line;
  EntryPoint out{.group = {}, .name = std::string(trimmed(take_until(rest, '='))), .module = {}};
  if (out.name.empty() || !line.contains('=')) return wrong_line(number, line, kExpected);
  std::string_view reference = trimmed(rest);
  if (reference.ends_with(']') && reference.contains('[')) {
    std::string_view extras = reference.substr(reference.find('[') + 1);
    extras.remove_suffix(1);
    reference = trimmed(reference.substr(0, reference.find('[')));
    while (!extras.empty())
      if (const std::string_view extra = trimmed(take_until(extras, ',')); !extra.empty())
        out.extras.emplace_back(extra);
  }
  const bool has_attribute = reference.contains(':');
  out.module = trimmed(take_until(reference, ':'));
  out.attribute = trimmed(reference);
  if (!is_dotted(out.module) || (has_attribute && !is_dotted(out.attribute)))
    return wrong_line(number, line, kExpected);
  return out;
}

}  // namespace

Result<std::vector<EntryPoint>> parse_entry_points(std::string_view text) {
  std::vector<EntryPoint> out;
  std::string group;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(take_until(text, '\n'));
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      if (line.size() < 3 || !line.ends_with(']')) return wrong_line(number, line, "\"[group]\"");
      group = trimmed(line.substr(1, line.size() - 2));
      continue;
    }
    if (group.empty()) return wrong_line(number, line, "\"[group]\" before it");
    if (out.size() == kMaxEntryPoints)
      return invalid("entry_points.txt has more than " + std::to_string(kMaxEntryPoints) +
                     " entries");
    out.push_back(TRY(parse_entry_point(line, number)));
    out.back().group = group;
  }
  return out;
}

std::string entry_points_text(const std::vector<EntryPoint>& entry_points) {
  std::string out;
  const std::string* group = nullptr;
  for (const EntryPoint& entry : entry_points) {
    if (group == nullptr || *group != entry.group)
      out += (out.empty() ? "[" : "\n[") + entry.group + "]\n";
    group = &entry.group;
    out += entry.name + " = " + entry.module;
    if (!entry.attribute.empty()) out += ":" + entry.attribute;
    for (std::size_t i = 0; i < entry.extras.size(); ++i)
      out += (i == 0 ? " [" : ",") + entry.extras[i];
    out += entry.extras.empty() ? "\n" : "]\n";
  }
  return out;
}

namespace {

Error wrong_url(std::string_view what) {
  return invalid("direct_url.json: " + std::string(what) + " (PEP 610)");
}

Result<std::string> text_of(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  const std::string* text = value != nullptr ? value->find_string() : nullptr;
  if (text == nullptr) return wrong_url("expected text in \"" + std::string(key) + "\"");
  return *text;
}

Result<std::optional<std::string>> optional_text(const Json& object, std::string_view key) {
  if (object.find(key) == nullptr) return std::optional<std::string>();
  return std::optional(TRY(text_of(object, key)));
}

Result<DirectUrl::Archive> parse_archive(const Json& info) {
  DirectUrl::Archive out;
  if (const Json* hashes = info.find("hashes"); hashes != nullptr) {
    if (hashes->find_object() == nullptr) return wrong_url("expected an object in \"hashes\"");
    for (const auto& [algorithm, digest] : *hashes->find_object()) {
      if (digest.find_string() == nullptr) return wrong_url("expected text in \"hashes\"");
      out.hashes.emplace_back(algorithm, *digest.find_string());
    }
  } else if (const auto hash = TRY(optional_text(info, "hash")); hash) {
    // The older form: algorithm=digest.
    std::string_view digest = *hash;
    const std::string_view algorithm = take_until(digest, '=');
    if (digest.empty()) return wrong_url("expected algorithm=digest in \"hash\"");
    out.hashes.emplace_back(algorithm, digest);
  }
  return out;
}

}  // namespace

Result<DirectUrl> DirectUrl::parse(std::string_view text) {
  Result<Json> parsed = Json::parse(text);
  if (!parsed.ok()) return std::move(parsed).error().in("direct_url.json");
  const Json& json = parsed.value();
  if (json.find_object() == nullptr)
    return wrong_url("expected an object, not " + std::string(json.kind()));
  DirectUrl out{.url = TRY(text_of(json, "url"))};
  out.subdirectory = TRY(optional_text(json, "subdirectory"));
  const Json* archive = json.find("archive_info");
  const Json* directory = json.find("dir_info");
  const Json* vcs = json.find("vcs_info");
  if ((archive != nullptr) + (directory != nullptr) + (vcs != nullptr) != 1)
    return wrong_url("expected one of \"archive_info\", \"dir_info\" and \"vcs_info\"");
  for (const Json* info : {archive, directory, vcs})
    if (info != nullptr && info->find_object() == nullptr)
      return wrong_url("expected an object, not " + std::string(info->kind()));
  if (archive != nullptr) {
    out.source = TRY(parse_archive(*archive));
  } else if (directory != nullptr) {
    const Json* editable = directory->find("editable");
    if (editable != nullptr && editable->find_bool() == nullptr)
      return wrong_url("expected true or false in \"editable\"");
    out.source = Directory{.editable = editable != nullptr && *editable->find_bool()};
  } else {
    out.source = Vcs{.vcs = TRY(text_of(*vcs, "vcs")),
                     .commit_id = TRY(text_of(*vcs, "commit_id")),
                     .requested_revision = TRY(optional_text(*vcs, "requested_revision"))};
  }
  return out;
}

std::string DirectUrl::to_string() const {
  Json::Object out{{"url", url}};
  if (const auto* archive = std::get_if<Archive>(&source)) {
    Json::Object info;
    if (!archive->hashes.empty()) {
      Json::Object hashes;
      for (const auto& [algorithm, digest] : archive->hashes)
        hashes.emplace_back(algorithm, digest);
      info.emplace_back("hashes", std::move(hashes));
    }
    out.emplace_back("archive_info", std::move(info));
  } else if (const auto* directory = std::get_if<Directory>(&source)) {
    Json::Object info;
    if (directory->editable) info.emplace_back("editable", true);
    out.emplace_back("dir_info", std::move(info));
  } else {
    const auto& vcs = std::get<Vcs>(source);
    Json::Object info{{"vcs", vcs.vcs}};
    if (vcs.requested_revision) info.emplace_back("requested_revision", *vcs.requested_revision);
    info.emplace_back("commit_id", vcs.commit_id);
    out.emplace_back("vcs_info", std::move(info));
  }
  if (subdirectory) out.emplace_back("subdirectory", *subdirectory);
  return Json(std::move(out)).to_string();
}

std::string parse_installer(std::string_view text) {
  while (!text.empty())
    if (const std::string_view line = trimmed(take_until(text, '\n')); !line.empty())
      return std::string(line);
  return {};
}

}  // namespace krait::pkg
