// Reads a wheel: from all its bytes, or from pieces while it is downloaded.
//
// Guarantees: files come out only when the whole wheel was found good: the archive's sha256 where
// one is given, the zip format (zip.h), paths and RECORD (wheel_layout.h), and each file's hash and
// size. Files that come packed, since the caller wants that and the archive's sha256 is the one
// given, are compared with RECORD by size now, and by hash when they are unpacked (packed_file.h).
// Must not write files or judge metadata: that is its caller's part. Errors name the member.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/wheel/wheel_layout.h"
#include "pkg/wheel/zip.h"
#include "pkg/wheel/zip_stream.h"

namespace krait::pkg {

// A look into a wheel, of which all bytes are there: nothing is unpacked but what is asked for.
class WheelReader {
 public:
  // Checks the archive's structure. `archive` must outlive the reader.
  static Result<WheelReader> open(ByteView archive, const ZipLimits& limits = {});

  const std::string& dist_info() const { return dist_info_; }
  // A file of the folder *.dist-info, "METADATA" for one, by its archive's CRC: RECORD is not
  // asked.
  Result<std::string> text(std::string_view name) const;
  // Checks paths and RECORD.
  Result<WheelLayout> layout() const;
  // A file of the layout, checked against RECORD.
  Result<Bytes> read(const WheelEntry& entry) const;
  // The same file packed, with its size checked: see packed_file.h. It must have a record.
  Result<Bytes> read_packed(const WheelEntry& entry) const;
  const std::vector<ZipEntry>& entries() const { return zip_.entries(); }

 private:
  WheelReader(ZipReader zip, std::string dist_info)
      : zip_(std::move(zip)), dist_info_(std::move(dist_info)) {}

  ZipReader zip_;
  std::string dist_info_;
};

struct WheelOptions {
  InstallScheme scheme;
  std::optional<Sha256::Digest> digest;  // that the archive must have
  ZipLimits limits;
  // Files may come packed. Only where there is a digest: it vouches for what is not looked at.
  bool packed = false;
  // Of the archive, where somebody said so: room is made for it.
  std::optional<std::uint64_t> size = {};
};

struct WheelFile {
  std::string member;  // its name in the archive
  Scheme scheme;       // scripts may need their first line changed
  std::string path;    // where to install it
  Bytes bytes;
  std::uint32_t mode;   // 0644 or 0755
  bool packed = false;  // `bytes` are of the form of packed_file.h
};

struct WheelContents {
  std::string dist_info;
  bool root_is_purelib;
  std::string metadata;
  std::string wheel;
  std::string record;        // as it is in the archive: that of the installation is the installer's
  std::string entry_points;  // empty when there is no entry_points.txt
  Sha256::Digest digest;     // of the archive
  std::vector<WheelFile> files;
};

// All of a wheel at once. `digest`: of the archive, where it has been computed already.
Result<WheelContents> read_wheel(ByteView archive, const WheelOptions& options,
                                 std::optional<Sha256::Digest> digest = std::nullopt);

// The same from pieces: hashes and unpacks what has arrived while the rest is under way. When files
// may come packed, the archive is kept until its end instead.
class WheelStream {
 public:
  explicit WheelStream(WheelOptions options);

  // After an error the stream is of no use any more. kUnsupported may mean that the wheel can only
  // be read whole: see zip_stream.h.
  Result<> update(ByteView chunk);
  Result<WheelContents> finish();

 private:
  bool collects() const { return options_.packed && options_.digest; }

  WheelOptions options_;
  ZipStream zip_;
  Sha256 sha256_;
  Bytes archive_;  // of collects()
  std::vector<ZipMember> members_;
  std::vector<Sha256::Digest> digests_;  // of members_
};

}  // namespace krait::pkg
