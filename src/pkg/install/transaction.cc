// See transaction.h.

#include "pkg/install/transaction.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/quote.h"
#include "pkg/install/unpacked.h"

namespace krait::pkg::install {

namespace {

using Kind = FileOperation::Kind;

constexpr std::string_view kOldPrefix = ".";
constexpr std::string_view kOldSuffix = ".krait-old";

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_in(const std::string& path, const std::string& folder) {
  return path.starts_with(folder.ends_with('/') ? folder : folder + "/");
}

std::string old_name(const std::string& path) {
  return folder_of(path) + "/" + std::string(kOldPrefix) + path.substr(path.rfind('/') + 1) +
         std::string(kOldSuffix);
}

// The operation that takes back `of`, which was carried out. Its bytes are not looked at.
FileOperation inverse(const FileOperation& of) {
  switch (of.kind) {
    case Kind::kMakeFolder:
      return {.kind = Kind::kRemoveFolder, .path = of.path};
    case Kind::kWrite:
      return {.kind = Kind::kRemove, .path = of.path};
    default:
      return {.kind = Kind::kRename, .path = of.to, .to = of.path};
  }
}

class Transaction {
 public:
  Transaction(FileSystem& files, const TransactionOptions& options, Log& log)
      : files_(files), options_(options), log_(log) {
    for (const std::string* root :
         {&options.scheme.purelib, &options.scheme.platlib, &options.scheme.scripts,
          &options.scheme.headers, &options.scheme.data})
      if (!root->empty()) roots_.push_back(*root);
  }

  Result<Change> run(const std::vector<Distribution>& remove, std::vector<Contents> install) {
    Change out;
    for (const Distribution& of : remove) out.removed.push_back(TRY(plan_removal(of)));
    for (Contents& contents : install) {
      const std::string name = contents.planned.name;
      Result<Unpacked> unpacked = unpack(std::move(contents), options_);
      if (!unpacked.ok()) return std::move(unpacked).error().in(name);
      out.installed.push_back(std::move(unpacked.value().installed));
      add_files(name, std::move(unpacked.value().files));
    }
    TRY(plan_writes());
    TRY(carry_out());
    clean_up();
    return out;
  }

 private:
  // --- what goes

  bool is_below_root(const std::string& path) const {
    return std::ranges::any_of(roots_, [&](const std::string& root) { return is_in(path, root); });
  }
  // Roots and what they lie in stay, empty or not.
  bool is_root_or_above(const std::string& folder) const {
    return std::ranges::any_of(
        roots_, [&](const std::string& root) { return root == folder || is_in(root, folder); });
  }

  Result<Removed> plan_removal(const Distribution& of) {
    Removed out{of.name().original(), of.metadata.version.to_string()};
    const std::string record_path = of.dist_info + "/RECORD";
    const auto texts = TRY(files_.read({&record_path, 1}));
    const std::string label = out.name + " " + out.version;
    if (!texts[0])
      return Error(ErrorCode::kNotFound, label + " cannot be uninstalled: there is no " +
                                             quoted(record_path, 300) +
                                             ", which would list its files");
    Result<Record> record = Record::parse(as_text(*texts[0]));
    if (!record.ok())
      return std::move(record).error().in(label + " cannot be uninstalled: " + record_path);
    std::vector<std::string> paths;
    for (const RecordEntry& entry : record.value().entries) {
      std::string path = absolute_path(entry.path, folder_of(of.dist_info));
      if (is_below_root(path)) {
        paths.push_back(std::move(path));
      } else {
        log_.warning(label + ": " + quoted(path, 300) +
                     " is left, as it is outside the folders that packages are installed in");
      }
    }
    TRY(add_compiled(paths));
    std::ranges::sort(paths);
    const auto repeated = std::ranges::unique(paths);
    paths.erase(repeated.begin(), repeated.end());
    const std::vector<FileKind> kinds = TRY(files_.kinds(paths));
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (kinds[i] != FileKind::kFile) continue;
      move_away(paths[i]);
      note_folders(paths[i]);
      out.files.push_back(std::move(paths[i]));
    }
    return out;
  }

  // What Python compiled: "__pycache__/a.cpython-313.pyc" of "a.py".
  Result<> add_compiled(std::vector<std::string>& paths) {
    std::map<std::string, std::set<std::string>> stems;  // by folder
    for (const std::string& path : paths) {
      if (!path.ends_with(".py")) continue;
      const std::string name = path.substr(path.rfind('/') + 1);
      stems[folder_of(path) + "/__pycache__"].insert(name.substr(0, name.size() - 3));
    }
    std::vector<std::string> folders;
    folders.reserve(stems.size());
    for (const auto& [folder, names] : stems) folders.push_back(folder);
    const auto listed = TRY(files_.list(folders));
    for (std::size_t i = 0; i < folders.size(); ++i)
      for (const std::string& name : listed[i])
        if (name.ends_with(".pyc") && stems[folders[i]].contains(name.substr(0, name.find('.'))))
          paths.push_back(folders[i] + "/" + name);
    return {};
  }

  void move_away(const std::string& path) {
    if (!moved_.insert(path).second) return;
    operations_.push_back({.kind = Kind::kRename, .path = path, .to = old_name(path)});
  }

  // Folders that may be empty in the end.
  void note_folders(const std::string& path) {
    for (std::string folder = folder_of(path); is_below_root(folder); folder = folder_of(folder))
      if (is_root_or_above(folder) || !emptied_.insert(folder).second) break;
  }

  // --- what comes

  void add_files(const std::string& name, std::vector<FileOperation> files) {
    for (FileOperation& file : files) {
      const auto [place, is_new] = places_.try_emplace(file.path, writes_.size());
      if (is_new) {
        owners_.push_back(name);
        writes_.push_back(std::move(file));
      } else {
        log_.warning(quoted(file.path, 300) + " comes with " + owners_[place->second] + " and " +
                     name + ": the latter's is installed");
        owners_[place->second] = name;
        writes_[place->second] = std::move(file);
      }
    }
  }

  Result<> plan_writes() {
    // Files that are in the way, and folders that are not there yet.
    std::set<std::string> folders;
    std::vector<std::string> paths;
    for (const FileOperation& file : writes_) {
      paths.push_back(file.path);
      for (std::string folder = folder_of(file.path); !folder.empty(); folder = folder_of(folder))
        if (!folders.insert(folder).second) break;
    }
    const std::size_t count = paths.size();
    paths.insert(paths.end(), folders.begin(), folders.end());
    const std::vector<FileKind> kinds = TRY(files_.kinds(paths));
    for (std::size_t i = 0; i < count; ++i) {
      if (kinds[i] == FileKind::kFolder)
        return invalid(owners_[i] + ": " + quoted(paths[i], 300) +
                       " is a folder: expected nothing or a file");
      if (kinds[i] == FileKind::kAbsent || moved_.contains(paths[i])) continue;
      log_.warning(quoted(paths[i], 300) + " is replaced by that of " + owners_[i]);
      move_away(paths[i]);
    }
    for (std::size_t i = count; i < paths.size(); ++i) {
      if (kinds[i] == FileKind::kFolder) continue;
      if (kinds[i] == FileKind::kFile && !moved_.contains(paths[i]))
        return invalid(quoted(paths[i], 300) + " is a file: expected nothing or a folder");
      // A set is in order, so that parents come first.
      operations_.push_back({.kind = Kind::kMakeFolder, .path = std::move(paths[i])});
    }
    for (FileOperation& file : writes_) operations_.push_back(std::move(file));
    return {};
  }

  // --- doing it

  Result<> carry_out() {
    std::size_t done = 0;
    Result<> applied = files_.apply(operations_, done);
    if (applied.ok()) return {};
    std::vector<FileOperation> back;
    for (std::size_t i = done; i-- > 0;) back.push_back(inverse(operations_[i]));
    std::size_t undone = 0;
    const Result<> restored = files_.apply(back, undone);
    const std::string message = applied.error().message();
    if (restored.ok()) return Error(applied.error().code(), message + "; nothing has been changed");
    return Error(applied.error().code(), message +
                                             "; and what had been done could not be taken back: " +
                                             restored.error().message());
  }

  // Nothing of this can fail the transaction any more.
  void clean_up() {
    std::vector<FileOperation> leftovers;
    for (const FileOperation& operation : operations_)
      if (operation.kind == Kind::kRename)
        leftovers.push_back({.kind = Kind::kRemove, .path = operation.to});
    remove_all(leftovers);
    // Folders from the deepest on, and each only when nothing is in it.
    const std::vector<std::string> folders(emptied_.rbegin(), emptied_.rend());
    Result<std::vector<std::vector<std::string>>> listed = files_.list(folders);
    if (!listed.ok()) {
      log_.warning(listed.error().message());
      return;
    }
    std::vector<FileOperation> empty;
    std::set<std::string> gone;
    for (std::size_t i = 0; i < folders.size(); ++i) {
      std::vector<std::string> left;
      for (const std::string& name : listed.value()[i])
        if (!gone.contains(folders[i] + "/" + name)) left.push_back(name);
      if (left.empty()) {
        gone.insert(folders[i]);
        empty.push_back({.kind = Kind::kRemoveFolder, .path = folders[i]});
      } else {
        warn_of(folders[i], left);
      }
    }
    remove_all(empty);
  }

  // Files in a package's folder that are none of its own: only of folders that no package that
  // came has.
  void warn_of(const std::string& folder, const std::vector<std::string>& left) {
    for (const std::string& name : left) {
      std::string path = folder;
      (path += "/") += name;
      const bool is_known = std::ranges::any_of(places_, [&](const auto& place) {
        return place.first == path || place.first.starts_with(path + "/");
      });
      if (!is_known && !emptied_.contains(path))
        log_.warning(quoted(path, 300) + " is left: it does not belong to what was uninstalled");
    }
  }

  void remove_all(std::vector<FileOperation>& operations) {
    std::span<FileOperation> rest = operations;
    while (!rest.empty()) {
      std::size_t done = 0;
      const Result<> removed = files_.apply(rest, done);
      if (removed.ok()) return;
      log_.warning(removed.error().message());
      rest = rest.subspan(std::min(done + 1, rest.size()));
    }
  }

  FileSystem& files_;
  const TransactionOptions& options_;
  Log& log_;
  std::vector<std::string> roots_;
  std::vector<FileOperation> operations_;
  std::set<std::string> moved_;
  std::set<std::string> emptied_;
  std::vector<FileOperation> writes_;
  std::vector<std::string> owners_;  // of writes_
  std::map<std::string, std::size_t> places_;
};

}  // namespace

Result<Change> carry_out(FileSystem& files, const TransactionOptions& options,
                         const std::vector<Distribution>& remove, std::vector<Contents> install,
                         Log& log) {
  return Transaction(files, options, log).run(remove, std::move(install));
}

}  // namespace krait::pkg::install
