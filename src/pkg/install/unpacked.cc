// See unpacked.h.

#include "pkg/install/unpacked.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "pkg/wheel/dist_info.h"

namespace krait::pkg::install {

namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment == "..") {
      if (!out.empty()) out.pop_back();
    } else if (!segment.empty() && segment != ".") {
      out.push_back(segment);
    }
  }
  return out;
}

// PEP 427: "#!python" at the start of a script stands for the interpreter.
void point_to_interpreter(Bytes& script, const std::string& interpreter) {
  constexpr std::string_view kMark = "#!python";
  if (!as_text(script).starts_with(kMark)) return;
  const std::string line = "#!" + interpreter;
  std::string_view rest = as_text(script).substr(kMark.size());
  // "#!pythonw" is the same without a window.
  if (rest.starts_with('w')) rest.remove_prefix(1);
  Bytes out(line.begin(), line.end());
  out.insert(out.end(), rest.begin(), rest.end());
  script = std::move(out);
}

std::string script_of(const EntryPoint& point, const std::string& interpreter) {
  const std::string first = point.attribute.substr(0, point.attribute.find('.'));
  return "#!" + interpreter + "\nimport sys\n\nfrom " + point.module + " import " + first +
         "\n\nif __name__ == \"__main__\":\n    sys.exit(" + point.attribute + "())\n";
}

bool is_shared_library(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".so") || name.contains(".so.");
}

class Unpacking {
 public:
  Unpacking(Contents contents, const TransactionOptions& options)
      : planned_(std::move(contents.planned)),
        wheel_(std::move(contents.wheel)),
        options_(options),
        site_(wheel_.root_is_purelib ? planned_.scheme.purelib : planned_.scheme.platlib) {}

  Result<Unpacked> run() {
    out_.installed.planned = planned_;
    out_.installed.folder = site_;
    if (planned_.is_wheel) TRY(read_record());
    for (WheelFile& file : wheel_.files) take(file);
    if (planned_.is_wheel) {
      TRY(add_scripts());
      add_dist_info();
    }
    out_.installed.imports.assign(imports_.begin(), imports_.end());
    return std::move(out_);
  }

 private:
  std::string in_dist_info(std::string_view name) const {
    return site_ + "/" + wheel_.dist_info + "/" + std::string(name);
  }

  Result<> read_record() {
    Record record = TRY(Record::parse(wheel_.record));
    for (RecordEntry& entry : record.entries) {
      std::string path = entry.path;
      hashes_.emplace(std::move(path), std::move(entry));
    }
    return {};
  }

  void take(WheelFile& file) {
    if (planned_.is_wheel && is_ours(file.path)) return;
    if (file.path.starts_with(site_ + "/")) {
      const std::string import =
          top_level_name(std::string_view(file.path).substr(site_.size() + 1));
      if (!import.empty()) imports_.insert(import);
    }
    if (is_shared_library(file.path)) out_.installed.dynlibs.push_back(file.path);
    const auto hash = hashes_.find(file.member);
    if (file.scheme == Scheme::kScripts) {
      point_to_interpreter(file.bytes, options_.interpreter);
      add(std::move(file.path), std::move(file.bytes), file.mode);
    } else if (hash != hashes_.end()) {
      // The hash was checked when the wheel was read, or will be when the file is.
      hash->second.path = relative_path(file.path, site_);
      record_.entries.push_back(std::move(hash->second));
      write(std::move(file.path), std::move(file.bytes), file.mode, file.packed);
    } else {
      add(std::move(file.path), std::move(file.bytes), file.mode);
    }
  }

  // Files of .dist-info that installers write, whatever the wheel says.
  bool is_ours(const std::string& path) const {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json",
         "PYODIDE_SOURCE", "PYODIDE_URL", "PYODIDE_SHA256"});
    return std::ranges::any_of(kNames,
                               [&](std::string_view name) { return path == in_dist_info(name); });
  }

  void write(std::string path, Bytes bytes, std::uint32_t mode, bool packed = false) {
    out_.files.push_back({.kind = FileOperation::Kind::kWrite,
                          .path = std::move(path),
                          .bytes = std::move(bytes),
                          .mode = mode,
                          .packed = packed});
  }
  void add(std::string path, Bytes bytes, std::uint32_t mode) {
    if (planned_.is_wheel)
      record_.entries.push_back(record_entry(relative_path(path, site_), bytes));
    write(std::move(path), std::move(bytes), mode);
  }
  void add_text(std::string path, std::string_view text, std::uint32_t mode = 0644) {
    add(std::move(path), Bytes(text.begin(), text.end()), mode);
  }

  Result<> add_scripts() {
    if (planned_.scheme.scripts.empty() || wheel_.entry_points.empty()) return {};
    const std::vector<EntryPoint> points = TRY(parse_entry_points(wheel_.entry_points));
    for (const EntryPoint& point : points) {
      if (point.group != "console_scripts" && point.group != "gui_scripts") continue;
      if (point.attribute.empty()) continue;
      if (point.name.contains('/') || point.name == "." || point.name == "..")
        return invalid("the script " + quoted(point.name) + " of entry_points.txt is no file name");
      const std::string path = planned_.scheme.scripts + "/" + point.name;
      const bool is_there = std::ranges::contains(out_.files, path, &FileOperation::path);
      if (!is_there) add_text(path, script_of(point, options_.interpreter), 0755);
    }
    return {};
  }

  void add_dist_info() {
    out_.installed.dist_info = site_ + "/" + wheel_.dist_info;
    add_text(in_dist_info("INSTALLER"), installer_text(options_.installer));
    const std::string source = planned_.source == Source::kLock    ? "pyodide"
                               : planned_.source == Source::kIndex ? "pypi"
                                                                   : planned_.url;
    add_text(in_dist_info("PYODIDE_SOURCE"), source);
    add_text(in_dist_info("PYODIDE_URL"), planned_.url);
    const std::string digest = to_hex(wheel_.digest);
    add_text(in_dist_info("PYODIDE_SHA256"), digest);
    if (planned_.requested) add_text(in_dist_info("REQUESTED"), "");
    if (planned_.source == Source::kUrl) {
      const DirectUrl direct{.url = planned_.url,
                             .source = DirectUrl::Archive{.hashes = {{"sha256", digest}}}};
      add_text(in_dist_info("direct_url.json"), direct.to_string());
    }
    const std::string path = in_dist_info("RECORD");
    record_.entries.push_back({relative_path(path, site_), "", "", std::nullopt});
    const std::string text = record_.to_string();
    write(path, Bytes(text.begin(), text.end()), 0644);
  }

  PlannedInstall planned_;
  WheelContents wheel_;
  const TransactionOptions& options_;
  std::string site_;
  std::unordered_map<std::string, RecordEntry> hashes_;
  std::set<std::string> imports_;
  Record record_;
  Unpacked out_;
};

}  // namespace

std::string top_level_name(std::string_view path) {
  const std::size_t slash = path.find('/');
  const std::string_view first = path.substr(0, slash);
  if (slash != std::string_view::npos) {
    const bool is_package =
        !first.contains('.') && !first.contains('-') && first != "__pycache__" && first != "..";
    return std::string(is_package ? first : "");
  }
  if (first.ends_with(".py") || first.ends_with(".so"))
    return std::string(first.substr(0, first.find('.')));
  return {};
}

std::string relative_path(const std::string& path, const std::string& base) {
  if (path.starts_with(base + "/")) return path.substr(base.size() + 1);
  const std::vector<std::string_view> target = segments(path);
  const std::vector<std::string_view> from = segments(base);
  const auto [target_rest, from_rest] = std::ranges::mismatch(target, from);
  std::string out;
  for (auto at = from_rest; at != from.end(); ++at) out += out.empty() ? ".." : "/..";
  for (auto at = target_rest; at != target.end(); ++at) (out += out.empty() ? "" : "/") += *at;
  return out;
}

std::string absolute_path(const std::string& path, const std::string& base) {
  const std::string whole = path.starts_with('/') ? path : base + "/" + path;
  std::string out;
  for (const std::string_view segment : segments(whole)) (out += "/") += segment;
  return out.empty() ? "/" : out;
}

Result<Unpacked> unpack(Contents contents, const TransactionOptions& options) {
  return Unpacking(std::move(contents), options).run();
}

}  // namespace krait::pkg::install
