// Tag: what a wheel runs on (interpreter, ABI, platform), and which tags an installation supports.
//
// Source: PEP 425, and PEP 600's idea that a platform accepts a list of platform tags, best first.
// Guarantees: the order of supported tags is the usual one: the ABI of this very Python, abi3 of
// this and older ones, pure Python for the platform, pure Python for any. A compressed set
// ("py2.py3-none-any") with more than kMaxTags members is refused.

#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace krait::pkg {

struct Tag {
  std::string python;
  std::string abi;
  std::string platform;

  std::string to_string() const { return python + "-" + abi + "-" + platform; }
  bool operator==(const Tag&) const = default;
};

inline constexpr std::size_t kMaxTags = 1000;

// Every tag of a compressed set, in lower case.
Result<std::vector<Tag>> parse_tags(std::string_view text);

// The platform of krait's wheels, best first: its two equal names, then the Emscripten version that
// fixes its ABI, which wheels from before the platform had a name carry.
inline constexpr std::array<std::string_view, 3> kPlatforms = {
    "pyodide_2025_0_wasm32", "pyemscripten_2025_0_wasm32", "emscripten_4_0_9_wasm32"};

// Supported tags, best first.
class TagSet {
 public:
  // Of CPython 3.`minor`. The platforms do not include "any".
  static TagSet cpython3(int minor, std::span<const std::string_view> platforms = kPlatforms);
  explicit TagSet(std::vector<Tag> tags);

  const std::vector<Tag>& tags() const { return tags_; }
  // The place of the best of these tags, 0 being the best there is; empty when none is supported.
  std::optional<std::size_t> find_best(std::span<const Tag> tags) const;

 private:
  std::vector<Tag> tags_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace krait::pkg
