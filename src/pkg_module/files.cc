// See files.h; js/src/packages/files.ts does the work.

#include "pkg_module/files.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "pkg_module/contract.gen.h"

namespace krait {

using pkg::install::FileKind;
using pkg::install::FileOperation;

namespace {

class Records {
 public:
  explicit Records(std::size_t count) { words_.reserve(count * kFileRecordSize); }

  void add(uint32_t op, const std::string& path, const void* data = nullptr, std::size_t length = 0,
           uint32_t mode = 0) {
    words_.insert(words_.end(), {op, address(path.data()), static_cast<uint32_t>(path.size()),
                                 address(data), static_cast<uint32_t>(length), mode, 0});
  }
  std::size_t run() {
    return imports::files(words_.data(), static_cast<uint32_t>(words_.size() / kFileRecordSize));
  }
  uint32_t get(std::size_t record, uint32_t field) const {
    return words_[record * kFileRecordSize + field];
  }
  // What the record's file has; null when there is none.
  std::optional<Bytes> take(std::size_t record) {
    if (get(record, kFileRecordStatus) != 1) return std::nullopt;
    auto* data = reinterpret_cast<std::uint8_t*>(get(record, kFileRecordData));
    Bytes out(data, data + get(record, kFileRecordDataLength));
    std::free(data);
    return out;
  }
  Error error(std::size_t record, const std::string& path) const {
    const int number = -static_cast<int>(get(record, kFileRecordStatus));
    return {ErrorCode::kUnsupported, quoted(path, 300) + ": " + std::strerror(number)};
  }

 private:
  static uint32_t address(const void* pointer) {
    return static_cast<uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
  }

  std::vector<uint32_t> words_;
};

uint32_t op_of(FileOperation::Kind kind) {
  switch (kind) {
    case FileOperation::Kind::kMakeFolder:
      return kFileOpMakeFolder;
    case FileOperation::Kind::kWrite:
      return kFileOpWrite;
    case FileOperation::Kind::kRename:
      return kFileOpRename;
    case FileOperation::Kind::kRemove:
      return kFileOpRemove;
    case FileOperation::Kind::kRemoveFolder:
      return kFileOpRemoveFolder;
  }
  return 0;
}

}  // namespace

Result<std::vector<FileKind>> RuntimeFiles::kinds(std::span<const std::string> paths) {
  Records records(paths.size());
  for (const std::string& path : paths) records.add(kFileOpKind, path);
  if (const std::size_t done = records.run(); done < paths.size())
    return records.error(done, paths[done]);
  std::vector<FileKind> out;
  out.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i)
    out.push_back(static_cast<FileKind>(records.get(i, kFileRecordData)));
  return out;
}

Result<std::vector<std::optional<Bytes>>> RuntimeFiles::read(std::span<const std::string> paths) {
  Records records(paths.size());
  for (const std::string& path : paths) records.add(kFileOpRead, path);
  const std::size_t done = records.run();
  std::vector<std::optional<Bytes>> out;
  out.reserve(paths.size());
  for (std::size_t i = 0; i < done; ++i) out.push_back(records.take(i));
  if (done < paths.size()) return records.error(done, paths[done]);
  return out;
}

Result<std::vector<std::vector<std::string>>> RuntimeFiles::list(
    std::span<const std::string> folders) {
  Records records(folders.size());
  for (const std::string& folder : folders) records.add(kFileOpList, folder);
  const std::size_t done = records.run();
  std::vector<std::vector<std::string>> out;
  out.reserve(folders.size());
  for (std::size_t i = 0; i < done; ++i) {
    std::vector<std::string>& names = out.emplace_back();
    const std::optional<Bytes> text = records.take(i);
    if (!text) continue;
    std::string_view rest = as_text(*text);
    while (!rest.empty()) names.emplace_back(take_until(rest, '\0'));
    std::ranges::sort(names);
  }
  if (done < folders.size()) return records.error(done, folders[done]);
  return out;
}

Result<> RuntimeFiles::apply(std::span<FileOperation> operations, std::size_t& done) {
  Records records(operations.size());
  for (const FileOperation& of : operations) {
    if (of.kind == FileOperation::Kind::kRename) {
      records.add(op_of(of.kind), of.path, of.to.data(), of.to.size());
    } else {
      records.add(of.packed ? kFileOpWritePacked : op_of(of.kind), of.path, of.bytes.data(),
                  of.bytes.size(), of.mode);
    }
  }
  done = records.run();
  if (done < operations.size()) return records.error(done, operations[done].path);
  // JavaScript has its own copy of what was written.
  for (FileOperation& of : operations) of.bytes = Bytes();
  return {};
}

}  // namespace krait
