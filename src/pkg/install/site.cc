// See site.h.

#include "pkg/install/site.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg::install {

namespace {

constexpr auto kFiles = std::to_array<std::string_view>(
    {"METADATA", "INSTALLER", "PYODIDE_SOURCE", "PYODIDE_URL", "PYODIDE_SHA256", "REQUESTED"});

std::string text_of(const std::optional<Bytes>& bytes) {
  return bytes ? std::string(trimmed(as_text(*bytes))) : std::string();
}

// `name` itself, and what it needs that is not needed by an extra.
bool is_needed(const Requirement& requirement, const Environment& environment) {
  return requirement.applies(environment);
}

class Tree {
 public:
  Tree(const std::vector<Distribution>& site, const Environment& environment)
      : site_(site), environment_(environment) {}

  std::string run() {
    std::set<ProjectName> needed;
    for (const Distribution& of : site_)
      for (const Requirement& requirement : of.metadata.requires_dist)
        if (is_needed(requirement, environment_)) needed.insert(requirement.name);
    for (const Distribution& of : site_)
      if (of.requested || !needed.contains(of.name())) add(of, "", 0);
    // What is only needed in circles has been told by nobody.
    for (const Distribution& of : site_)
      if (!told_.contains(of.name())) add(of, "", 0);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kMaxDepth = 100;

  void add(const Distribution& of, const std::string& why, std::size_t depth) {
    const bool is_new = told_.insert(of.name()).second;
    out_ += std::string(2 * depth, ' ') + of.name().original() + " " +
            of.metadata.version.to_string() + why;
    const bool has_more = !is_new && !of.metadata.requires_dist.empty();
    out_ += has_more ? " ...\n" : "\n";
    if (!is_new || depth > kMaxDepth) return;
    for (const Requirement& requirement : of.metadata.requires_dist) {
      if (!is_needed(requirement, environment_)) continue;
      Requirement bare = requirement;
      bare.marker = std::nullopt;
      const Distribution* target = find(site_, requirement.name);
      if (target != nullptr) {
        add(*target, " (" + bare.to_string() + ")", depth + 1);
      } else {
        out_ += std::string(2 * depth + 2, ' ') + requirement.name.original() + " is missing (" +
                bare.to_string() + ")\n";
      }
    }
  }

  const std::vector<Distribution>& site_;
  const Environment& environment_;
  std::set<ProjectName> told_;
  std::string out_;
};

}  // namespace

Result<std::vector<Distribution>> read_site(FileSystem& files, const std::string& site, Log& log) {
  const std::vector<std::vector<std::string>> names = TRY(files.list({&site, 1}));
  std::vector<std::string> folders;
  for (const std::string& name : names[0])
    if (name.ends_with(".dist-info")) (folders.emplace_back(site) += "/") += name;
  std::vector<std::string> paths;
  for (const std::string& folder : folders)
    for (const std::string_view file : kFiles) paths.push_back(folder + "/" + std::string(file));
  const std::vector<std::optional<Bytes>> texts = TRY(files.read(paths));
  std::vector<Distribution> out;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const std::optional<Bytes>* const text = &texts[i * kFiles.size()];
    if (!text[0]) {
      log.warning(quoted(folders[i], 300) + " has no METADATA: it is passed over");
      continue;
    }
    Result<Metadata> metadata = Metadata::parse(as_text(*text[0]));
    if (!metadata.ok()) {
      log.warning(quoted(folders[i], 300) + ": METADATA: " + metadata.error().message());
      continue;
    }
    out.push_back({.dist_info = folders[i],
                   .metadata = std::move(metadata).value(),
                   .installer = text_of(text[1]),
                   .source = text_of(text[2]),
                   .url = text_of(text[3]),
                   .sha256 = text_of(text[4]),
                   .requested = text[5].has_value()});
  }
  std::ranges::stable_sort(out, {}, [](const Distribution& of) { return of.name(); });
  return out;
}

const Distribution* find(const std::vector<Distribution>& site, const ProjectName& name) {
  const auto found =
      std::ranges::find_if(site, [&](const Distribution& of) { return of.name() == name; });
  return found == site.end() ? nullptr : &*found;
}

std::string tree_text(const std::vector<Distribution>& site, const Environment& environment) {
  return Tree(site, environment).run();
}

std::vector<std::string> check_site(const std::vector<Distribution>& site,
                                    const Environment& environment) {
  std::vector<std::string> out;
  const Result<Version> python = Version::parse(environment.python_full_version);
  for (const Distribution& of : site) {
    const std::string label = of.name().original() + " " + of.metadata.version.to_string();
    const auto& wanted = of.metadata.requires_python;
    if (wanted && python.ok() && !wanted->contains(python.value()))
      out.push_back(label + " needs Python " + wanted->to_string() + ", this is " +
                    python.value().to_string());
    for (const Requirement& requirement : of.metadata.requires_dist) {
      if (!is_needed(requirement, environment)) continue;
      Requirement bare = requirement;
      bare.marker = std::nullopt;
      const Distribution* target = find(site, requirement.name);
      if (target == nullptr) {
        out.push_back(label + " needs " + bare.to_string() + ", which is not installed");
      } else if (!requirement.specifiers.contains(target->metadata.version)) {
        out.push_back(label + " needs " + bare.to_string() + ", " + target->name().original() +
                      " " + target->metadata.version.to_string() + " is installed");
      }
    }
  }
  return out;
}

}  // namespace krait::pkg::install
