// Reading an archive from pieces: see zip_stream.h. Each step eats from the chunk what belongs to
// the present state, and says whether there may be more to do.

#include "pkg/wheel/zip_stream.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace krait::pkg {

namespace {

constexpr std::uint64_t kMostReserved = std::uint64_t{16} << 20;  // on the word of a header alone

Error cut_short(const std::string& what) { return invalid("the archive is cut short in " + what); }

}  // namespace

Result<> ZipStream::update(ByteView chunk, std::vector<ZipMember>& members) {
  while (TRY(step(chunk, members))) {
  }
  return {};
}

Result<bool> ZipStream::step(ByteView& chunk, std::vector<ZipMember>& members) {
  switch (state_) {
    case State::kHeader:
      return take_header(chunk);
    case State::kStored:
      return take_stored(chunk, members);
    case State::kDeflate:
      return take_deflate(chunk, members);
    case State::kDescriptor:
      return take_descriptor(chunk, members);
    case State::kTail:
      break;
  }
  held_.insert(held_.end(), chunk.begin(), chunk.end());
  if (held_.size() > limits_.directory) {
    return Error(ErrorCode::kUnsupported, "there are " + std::to_string(held_.size()) +
                                              " bytes behind the last member: expected at most " +
                                              std::to_string(limits_.directory) +
                                              " of a central directory");
  }
  return false;
}

// Moves bytes until `size` are held; false when the chunk has too few.
bool ZipStream::hold(ByteView& chunk, std::size_t size) {
  if (held_.size() >= size) return true;
  const std::size_t taken = std::min(size - held_.size(), chunk.size());
  held_.insert(held_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(taken));
  chunk = chunk.subspan(taken);
  return held_.size() >= size;
}

Result<bool> ZipStream::take_header(ByteView& chunk) {
  if (!hold(chunk, 4)) return false;
  if (find_le<std::uint32_t>(held_, 0) != kLocalSignature) {
    state_ = State::kTail;
    return true;
  }
  if (!hold(chunk, kLocalSize) || !hold(chunk, find_local_length(held_).value_or(0))) return false;
  TRY(begin_member());
  return true;
}

Result<> ZipStream::begin_member() {
  const std::size_t length = find_local_length(held_).value_or(0);
  local_ = TRY(parse_local_header(ByteView(held_).first(length), offset_));
  if (seen_.size() == limits_.members) {
    return Error(ErrorCode::kUnsupported, "the archive has more than " +
                                              std::to_string(limits_.members) +
                                              " members: reached at " + member_text(local_.name));
  }
  offset_ += length;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(length));
  member_ = {local_, {}};
  std::uint64_t most = std::min(limits_.member, limits_.total - total_);
  left_ = std::numeric_limits<std::uint64_t>::max();
  if (!local_.has_descriptor()) {
    TRY(check_member_size(local_, limits_));
    if (local_.size > limits_.total - total_) {
      return Error(ErrorCode::kUnsupported, "the archive unpacks to more than " +
                                                std::to_string(limits_.total) +
                                                " bytes: reached at " + member_text(local_.name));
    }
    member_.bytes.reserve(static_cast<std::size_t>(std::min(local_.size, kMostReserved)) + 1);
    left_ = local_.packed_size;
    most = local_.size;
  }
  if (local_.method == ZipMethod::kDeflate) {
    inflater_.reset(most);
    state_ = State::kDeflate;
  } else {
    // A stored member with its size told later can only be an empty one.
    if (local_.has_descriptor()) member_.entry.packed_size = member_.entry.size = 0;
    if (local_.has_descriptor()) member_.entry.crc = 0;
    state_ = local_.has_descriptor() ? State::kDescriptor : State::kStored;
  }
  return {};
}

Result<bool> ZipStream::take_stored(ByteView& chunk, std::vector<ZipMember>& members) {
  // What was held beyond a descriptor is never data: a header is read before any.
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk.size()));
  member_.bytes.insert(member_.bytes.end(), chunk.begin(),
                       chunk.begin() + static_cast<std::ptrdiff_t>(taken));
  chunk = chunk.subspan(taken);
  left_ -= taken;
  offset_ += taken;
  if (left_ > 0) return false;
  TRY(check_crc(local_, crc32(member_.bytes)));
  TRY(end_member(members));
  return true;
}

Result<bool> ZipStream::take_deflate(ByteView& chunk, std::vector<ZipMember>& members) {
  ByteView piece =
      chunk.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk.size())));
  const std::size_t given = piece.size();
  Result<> result = inflater_.update(piece, member_.bytes);
  if (!result.ok()) return std::move(result).error().in(member_text(local_.name));
  const std::size_t taken = given - piece.size();
  chunk = chunk.subspan(taken);
  offset_ += taken;
  left_ -= taken;
  if (!inflater_.done() && left_ > 0) return false;
  TRY(end_deflate(members));
  return true;
}

Result<> ZipStream::end_deflate(std::vector<ZipMember>& members) {
  const std::uint32_t crc = crc32(member_.bytes);
  Result<> ended = inflater_.finish();
  if (!ended.ok()) return std::move(ended).error().in(member_text(local_.name));
  if (local_.has_descriptor()) {
    member_.entry.crc = crc;
    member_.entry.packed_size = inflater_.total_in();
    member_.entry.size = inflater_.total_out();
    TRY(check_same(local_, member_.entry));
    TRY(check_member_size(member_.entry, limits_));
    state_ = State::kDescriptor;
    return {};
  }
  if (left_ > 0) {
    return invalid(member_text(local_.name) + ": deflate data ends " + std::to_string(left_) +
                   " bytes early");
  }
  if (member_.bytes.size() != local_.size) {
    return Error(ErrorCode::kMismatch, member_text(local_.name) + ": deflate data unpacks to " +
                                           std::to_string(member_.bytes.size()) +
                                           " bytes: expected " + std::to_string(local_.size));
  }
  TRY(check_crc(local_, crc));
  return end_member(members);
}

Result<bool> ZipStream::take_descriptor(ByteView& chunk, std::vector<ZipMember>& members) {
  // The longest form can always be waited for: a central directory is longer.
  if (!hold(chunk, kLongestDescriptor)) return false;
  const auto length = find_descriptor(held_, member_.entry);
  const bool blind = local_.method == ZipMethod::kStored;
  if (blind && (!length || find_le<std::uint32_t>(held_, 0) != kDescriptorSignature)) {
    return Error(ErrorCode::kUnsupported,
                 member_text(local_.name) +
                     " is stored without telling its size in front: it can only be read from the "
                     "whole archive");
  }
  if (!length) {
    return invalid(member_text(local_.name) + ": no data descriptor that agrees follows its data");
  }
  if (blind) TRY(check_same(local_, member_.entry));
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(*length));
  offset_ += *length;
  TRY(end_member(members));
  return true;
}

Result<> ZipStream::end_member(std::vector<ZipMember>& members) {
  total_ += member_.entry.size;
  seen_.push_back(member_.entry);
  members.push_back(std::move(member_));
  state_ = State::kHeader;
  return {};
}

Result<std::vector<ZipEntry>> ZipStream::finish() {
  if (state_ == State::kHeader) return cut_short("a header");
  if (state_ != State::kTail) return cut_short(member_text(local_.name));
  ZipDirectory directory = TRY(parse_directory(held_, offset_, limits_));
  if (directory.offset != offset_) {
    return invalid("the central directory begins at byte " + std::to_string(directory.offset) +
                   ": expected " + std::to_string(offset_) + ", where the last member ends");
  }
  std::vector<ZipEntry>& entries = directory.entries;
  std::ranges::sort(entries, {}, &ZipEntry::offset);
  for (std::size_t i = 0; i < std::max(entries.size(), seen_.size()); ++i) {
    if (i >= entries.size() || (i < seen_.size() && seen_[i].offset < entries[i].offset))
      return invalid(member_text(seen_[i].name) + " is missing in the central directory");
    if (i >= seen_.size() || seen_[i].offset != entries[i].offset) {
      return invalid(member_text(entries[i].name) + " has no local header at byte " +
                     std::to_string(entries[i].offset));
    }
    // What was found is no promise any more, so that no value may be missing.
    const ZipEntry& found = seen_[i];
    TRY(check_same(found, entries[i]));
    if (found.crc != entries[i].crc || found.size != entries[i].size ||
        found.packed_size != entries[i].packed_size) {
      return Error(ErrorCode::kMismatch, member_text(found.name) +
                                             ": CRC or sizes in the central directory are not "
                                             "those of its data");
    }
  }
  return std::move(entries);
}

}  // namespace krait::pkg
