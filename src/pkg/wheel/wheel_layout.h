// What a wheel (PEP 427) holds and where it goes, decided from its list of members, before any
// content is unpacked.
//
// Guarantees: no install path leaves its root, whatever a member is called; no two members go to
// one path, and no file to a path that must be a folder; the members and RECORD list the same
// files, each with a hash that we can check. Must not touch content: wheel_reader does.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/wheel/record.h"
#include "pkg/wheel/zip_format.h"

namespace krait::pkg {

enum class Scheme : unsigned char { kPurelib, kPlatlib, kScripts, kHeaders, kData };

// Where each kind of file goes: folders, without a slash at the end but for "/". Headers: those of
// this project
// ("include/site/python3.13/NAME"), as sysconfig's "headers" is not one folder for all.
struct InstallScheme {
  std::string purelib;
  std::string platlib;
  std::string scripts;
  std::string headers;
  std::string data;

  const std::string& root(Scheme scheme) const;
};

struct WheelEntry {
  std::size_t member;  // index among the archive's entries
  Scheme scheme = Scheme::kPurelib;
  std::string path;                   // below the scheme's root
  bool executable = false;            // scripts, and what has an executable bit in the archive
  std::optional<RecordEntry> record;  // none for RECORD itself and its signatures
};

struct WheelLayout {
  std::string dist_info;  // "six-1.16.0.dist-info"
  bool root_is_purelib = true;
  std::vector<WheelEntry> files;  // without folders, in the archive's order
};

// Checks a member's name as a relative path: "a/b", for a folder "a/b/".
Result<> check_member_path(std::string_view name);

// The one folder *.dist-info of an archive.
Result<std::string> find_dist_info(const std::vector<ZipEntry>& entries);

// `wheel` and `record` are the texts of these files in dist_info.
Result<WheelLayout> lay_out_wheel(const std::vector<ZipEntry>& entries, std::string dist_info,
                                  std::string_view wheel, std::string_view record);

// Has the file of `entry`, in the archive `name`, the size that RECORD says?
Result<> check_size(const WheelEntry& entry, std::string_view name, std::uint64_t size);

// Is it what RECORD says?
Result<> check_content(const WheelEntry& entry, std::string_view name, std::uint64_t size,
                       const Sha256::Digest& digest);

}  // namespace krait::pkg
