// For tests: a FileSystem in a map, strict about what each operation demands, which can be told to
// fail at its n-th call or operation.

#pragma once

#include <map>
#include <set>
#include <string>

#include "base/quote.h"
#include "pkg/install/file_system.h"
#include "pkg/wheel/packed_file.h"

namespace krait::pkg::install {

class MemoryFiles : public FileSystem {
 public:
  std::map<std::string, std::string> files = {};
  std::set<std::string> folders = {"/"};
  // Steps that have been made, and the one that fails.
  std::size_t steps = 0;
  std::size_t fails_at = SIZE_MAX;

  void put(const std::string& path, const std::string& text) {
    for (std::string at = path.substr(0, path.rfind('/')); !at.empty();
         at = at.substr(0, at.rfind('/')))
      folders.insert(at);
    files[path] = text;
  }
  bool operator==(const MemoryFiles& other) const {
    return files == other.files && folders == other.folders;
  }

  Result<std::vector<FileKind>> kinds(std::span<const std::string> paths) override {
    if (fails()) return Error(ErrorCode::kUnsupported, "kinds: out of order");
    std::vector<FileKind> out;
    for (const std::string& path : paths) out.push_back(kind(path));
    return out;
  }
  Result<std::vector<std::optional<Bytes>>> read(std::span<const std::string> paths) override {
    if (fails()) return Error(ErrorCode::kUnsupported, "read: out of order");
    std::vector<std::optional<Bytes>> out;
    for (const std::string& path : paths) {
      const auto found = files.find(path);
      if (found == files.end()) {
        out.emplace_back();
      } else {
        out.emplace_back(Bytes(found->second.begin(), found->second.end()));
      }
    }
    return out;
  }
  Result<std::vector<std::vector<std::string>>> list(std::span<const std::string> paths) override {
    if (fails()) return Error(ErrorCode::kUnsupported, "list: out of order");
    std::vector<std::vector<std::string>> out;
    for (const std::string& path : paths) out.push_back(names(path));
    return out;
  }

  Result<> apply(std::span<FileOperation> operations, std::size_t& done) override {
    for (done = 0; done < operations.size(); ++done) {
      FileOperation& operation = operations[done];
      if (fails()) return refused(operation.path, "no space left");
      using Kind = FileOperation::Kind;
      const FileKind is = kind(operation.path);
      const bool has_parent =
          kind(operation.path.substr(0, operation.path.rfind('/'))) == FileKind::kFolder;
      switch (operation.kind) {
        case Kind::kMakeFolder:
          if (is != FileKind::kAbsent || !has_parent) return refused(operation.path, "mkdir");
          folders.insert(operation.path);
          break;
        case Kind::kWrite:
          if (is != FileKind::kAbsent || !has_parent) return refused(operation.path, "write");
          if (operation.packed) operation.bytes = TRY(unpack_file(operation.bytes));
          files[operation.path] = std::string(as_text(operation.bytes));
          break;
        case Kind::kRename:
          if (is != FileKind::kFile || kind(operation.to) != FileKind::kAbsent)
            return refused(operation.path, "rename");
          files[operation.to] = files[operation.path];
          files.erase(operation.path);
          break;
        case Kind::kRemove:
          if (is != FileKind::kFile) return refused(operation.path, "unlink");
          files.erase(operation.path);
          break;
        case Kind::kRemoveFolder:
          if (is != FileKind::kFolder || !names(operation.path).empty())
            return refused(operation.path, "rmdir");
          folders.erase(operation.path);
          break;
      }
    }
    return {};
  }

 private:
  bool fails() { return steps++ == fails_at; }
  static Error refused(const std::string& path, const std::string& why) {
    return {ErrorCode::kUnsupported, quoted(path) + ": " + why};
  }
  FileKind kind(const std::string& path) const {
    if (files.contains(path)) return FileKind::kFile;
    return path.empty() || folders.contains(path) ? FileKind::kFolder : FileKind::kAbsent;
  }
  std::vector<std::string> names(const std::string& folder) const {
    std::set<std::string> out;
    const auto add = [&](const std::string& path) {
      if (!path.starts_with(folder + "/")) return;
      const std::string rest = path.substr(folder.size() + 1);
      if (!rest.empty()) out.insert(rest.substr(0, rest.find('/')));
    };
    for (const auto& [path, text] : files) add(path);
    for (const std::string& path : folders) add(path);
    return {out.begin(), out.end()};
  }
};

}  // namespace krait::pkg::install
