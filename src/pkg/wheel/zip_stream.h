// Reads a zip archive from pieces, as they arrive: members come out as soon as their data is there,
// long before the central directory.
//
// Guarantees: what was accepted by finish() is accepted by ZipReader too, with the same entries and
// contents. Until then members are what local headers say: nothing may be believed, or put where it
// can be found, before finish() has compared them with the central directory. The other way round
// there is one difference: a member stored (not deflated) with its size told only behind its data
// has no end that can be seen, and is kUnsupported here.

#pragma once

#include <vector>

#include "base/inflate.h"
#include "pkg/wheel/zip_format.h"

namespace krait::pkg {

struct ZipMember {
  ZipEntry entry;  // without attributes: only the central directory tells them
  Bytes bytes;
};

class ZipStream {
 public:
  explicit ZipStream(const ZipLimits& limits = {}) : limits_(limits) {}

  // Takes the next piece; appends the members that it completed. After an error the stream is of no
  // use any more.
  Result<> update(ByteView chunk, std::vector<ZipMember>& members);

  // The archive has ended. The central directory's entries, in the order in which members came.
  Result<std::vector<ZipEntry>> finish();

 private:
  enum class State : unsigned char { kHeader, kStored, kDeflate, kDescriptor, kTail };

  bool hold(ByteView& chunk, std::size_t size);
  Result<bool> step(ByteView& chunk, std::vector<ZipMember>& members);
  Result<bool> take_header(ByteView& chunk);
  Result<> begin_member();
  Result<bool> take_stored(ByteView& chunk, std::vector<ZipMember>& members);
  Result<bool> take_deflate(ByteView& chunk, std::vector<ZipMember>& members);
  Result<> end_deflate(std::vector<ZipMember>& members);
  Result<bool> take_descriptor(ByteView& chunk, std::vector<ZipMember>& members);
  Result<> end_member(std::vector<ZipMember>& members);

  ZipLimits limits_;
  State state_ = State::kHeader;
  Bytes held_;                // a header, descriptor or tail that is not complete
  std::uint64_t offset_ = 0;  // of held_ in the archive
  std::uint64_t total_ = 0;   // bytes unpacked by complete members
  std::uint64_t left_ = 0;    // packed bytes to come, where known
  ZipEntry local_;            // as its header says
  ZipMember member_;          // the one being read
  Inflater inflater_{0};
  std::vector<ZipEntry> seen_;  // with the sizes and CRCs that were found
};

}  // namespace krait::pkg
