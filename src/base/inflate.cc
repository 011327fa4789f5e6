// Unpacking with zlib: see inflate.h.

#include "base/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>

namespace krait {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr int kRaw = -MAX_WBITS;  // no header, no checksum

Error over_limit(std::uint64_t limit) {
  return {ErrorCode::kMismatch,
          "deflate data unpacks to more than the " + std::to_string(limit) + " bytes expected"};
}

// So that "one byte more" is a number.
std::uint64_t sane(std::uint64_t limit) {
  return std::min(limit, std::numeric_limits<std::uint64_t>::max() - 1);
}

uInt clamped(std::uint64_t size) {
  return static_cast<uInt>(std::min<std::uint64_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

void Inflater::Free::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

Inflater::Inflater(std::uint64_t limit) : limit_(sane(limit)) {
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), kRaw) == Z_OK) stream_.reset(stream.release());
}

void Inflater::reset(std::uint64_t limit) {
  if (stream_) inflateReset(stream_.get());
  limit_ = sane(limit);
  total_in_ = total_out_ = 0;
  done_ = false;
}

Result<> Inflater::update(ByteView& input, Bytes& out) {
  if (!stream_) return Error(ErrorCode::kUnsupported, "no memory to unpack deflate data");
  while (!done_) {
    // One byte of room beyond the limit tells data that is too long from data that just fits.
    const std::uint64_t left = limit_ - total_out_ + 1;
    const std::size_t before = out.size();
    // Room is filled with zeros first, so it is measured by what may come.
    const std::size_t likely = std::clamp(input.size() * 4, kPiece / 16, kPiece);
    const uInt room = clamped(std::min<std::uint64_t>(left, likely));
    out.resize(before + room);
    stream_->next_in = const_cast<Bytef*>(input.data());
    stream_->avail_in = clamped(input.size());
    stream_->next_out = out.data() + before;
    stream_->avail_out = room;
    const uInt given = stream_->avail_in;
    const int status = ::inflate(stream_.get(), Z_NO_FLUSH);
    const std::size_t taken = given - stream_->avail_in;
    const std::size_t produced = room - stream_->avail_out;
    out.resize(before + produced);
    input = input.subspan(taken);
    total_in_ += taken;
    total_out_ += produced;
    if (status == Z_STREAM_END) done_ = true;
    if (total_out_ > limit_) return over_limit(limit_);
    if (done_) break;
    if (status == Z_MEM_ERROR)
      return Error(ErrorCode::kUnsupported, "no memory to unpack deflate data");
    if (status != Z_OK && status != Z_BUF_ERROR) {
      const char* why = stream_->msg != nullptr ? stream_->msg : "unknown reason";
      return invalid("deflate data is broken: " + std::string(why));
    }
    if (input.empty() && stream_->avail_out > 0) break;  // zlib holds nothing back: wants input
  }
  return {};
}

Result<> Inflater::finish() const {
  if (!done_) return invalid("deflate data is cut short");
  return {};
}

Result<Bytes> inflate(ByteView data, std::size_t size) {
  Inflater inflater(size);
  Bytes out;
  out.reserve(size + 1);
  TRY(inflater.update(data, out));
  TRY(inflater.finish());
  if (!data.empty())
    return invalid("deflate data ends " + std::to_string(data.size()) + " bytes early");
  if (out.size() != size) {
    return Error(ErrorCode::kMismatch, "deflate data unpacks to " + std::to_string(out.size()) +
                                           " bytes: expected " + std::to_string(size));
  }
  return out;
}

std::uint32_t crc32(ByteView bytes, std::uint32_t before) {
  // zlib takes a null pointer for a wish to begin anew.
  if (bytes.empty()) return before;
  return static_cast<std::uint32_t>(::crc32_z(before, bytes.data(), bytes.size()));
}

}  // namespace krait
