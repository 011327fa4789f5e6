// Writing pylock.toml, in PEP 751's order of keys. See pylock.h.

#include "pkg/lock/pylock.h"

namespace krait::pkg {

namespace {

// `key = value` lines, or the members of an inline table.
class Writer {
 public:
  explicit Writer(std::string_view separator) : separator_(separator) {}

  void add(std::string_view key, const std::string& value) {
    if (!out_.empty() && separator_ != "\n") out_ += separator_;
    ((out_ += toml_key(key)) += " = ") += value;
    if (separator_ == "\n") out_ += '\n';
  }
  void text(std::string_view key, const std::optional<std::string>& value) {
    if (value) add(key, Toml(*value).to_string());
  }
  void texts(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    Toml::Array array;
    for (const std::string& value : values) array.emplace_back(value);
    add(key, Toml(std::move(array)).to_string());
  }
  template <typename Part>
  void part(std::string_view key, const std::optional<Part>& value) {
    if (value) add(key, Toml(value->to_string()).to_string());
  }
  void members(const Toml::Table& table) {
    for (const auto& [key, value] : table) add(key, value.to_string());
  }

  std::string take() { return std::move(out_); }

 private:
  std::string_view separator_;
  std::string out_;
};

std::string file_text(const PylockFile& file) {
  Writer out(", ");
  out.text("name", file.name);
  if (file.upload_time) out.add("upload-time", *file.upload_time);
  out.text("url", file.url);
  out.text("path", file.path);
  if (file.size) out.add("size", std::to_string(*file.size));
  Toml::Table hashes;
  for (const auto& [algorithm, digest] : file.hashes) hashes.emplace(algorithm, digest);
  out.add("hashes", Toml(std::move(hashes)).to_string());
  out.text("subdirectory", file.subdirectory);
  return "{" + out.take() + "}";
}

std::string package_text(const PylockPackage& package) {
  Writer out("\n");
  out.part("name", std::optional(package.name));
  out.part("version", package.version);
  out.part("marker", package.marker);
  out.part("requires-python", package.requires_python);
  if (package.vcs) out.add("vcs", package.vcs->to_string());
  if (package.directory) out.add("directory", package.directory->to_string());
  if (package.archive) out.add("archive", file_text(*package.archive));
  out.text("index", package.index);
  if (package.sdist) out.add("sdist", file_text(*package.sdist));
  if (!package.wheels.empty()) {
    std::string wheels = "[\n";
    for (const PylockFile& wheel : package.wheels) wheels += "  " + file_text(wheel) + ",\n";
    out.add("wheels", wheels + "]");
  }
  out.members(package.other);
  return "\n[[packages]]\n" + out.take();
}

}  // namespace

std::string Pylock::to_string() const {
  Writer out("\n");
  out.text("lock-version", lock_version);
  std::vector<std::string> markers;
  markers.reserve(environments.size());
  for (const Marker& marker : environments) markers.push_back(marker.to_string());
  out.texts("environments", markers);
  out.part("requires-python", requires_python);
  std::vector<std::string> names;
  names.reserve(extras.size());
  for (const ProjectName& extra : extras) names.push_back(extra.to_string());
  out.texts("extras", names);
  out.texts("dependency-groups", dependency_groups);
  out.texts("default-groups", default_groups);
  out.text("created-by", created_by);
  out.members(other);
  if (packages.empty()) out.add("packages", "[]");
  std::string text = out.take();
  for (const PylockPackage& package : packages) text += package_text(package);
  return text;
}

}  // namespace krait::pkg
