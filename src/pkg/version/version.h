// Version: a version identifier as PEP 440 defines it (epoch, release, pre, post, dev, local).
//
// Guarantees: what Appendix B of PEP 440 accepts is accepted, with every alternative spelling, and
// nothing else; numbers may have up to kMaxDigits digits and are exact. Comparison is PEP 440's:
// 1.0 and 1.0.0 are equal. Copying is cheap, and comparing two versions is comparing two byte
// strings.
//
// How: parsing makes a key, a byte string whose order is the order of versions (see key.h). A
// version also knows its spelling, that is how many zeros end its release; the key ends with it,
// so that sets of versions (ranges.h) can tell 1.0 from 1.0.0 where `===` asks for that.

#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace krait::pkg {

// A number of any size: decimal digits without leading zeros, "0" for zero.
using Digits = std::string;

// a, b and rc, in their order.
enum class PreKind : unsigned char { kAlpha, kBeta, kCandidate };

struct PreRelease {
  PreKind kind;
  Digits number;
  bool operator==(const PreRelease&) const = default;
};

// What a version says, part by part.
struct VersionParts {
  Digits epoch = "0";
  std::vector<Digits> release;  // as written: trailing zeros are kept; at least one
  std::optional<PreRelease> pre;
  std::optional<Digits> post;
  std::optional<Digits> dev;
  std::vector<std::string> local;  // in lower case; a segment of digits only is a number
};

class Version {
 public:
  static constexpr std::size_t kMaxDigits = 150;
  static constexpr std::size_t kMaxLength = 4096;

  static Result<Version> parse(std::string_view text);
  // Of parts that obey the comments above.
  explicit Version(VersionParts parts);

  const VersionParts& parts() const { return data_->parts; }
  // The normal form of PEP 440.
  const std::string& to_string() const { return data_->normal; }
  // What was parsed, without white space around it.
  const std::string& original() const { return data_->original; }

  // Alpha, beta, candidate and developmental releases, also those of a post-release.
  bool is_prerelease() const { return parts().pre || parts().dev; }
  bool is_postrelease() const { return parts().post.has_value(); }
  bool is_local() const { return !parts().local.empty(); }
  // Without its local part.
  Version public_version() const;
  // Without pre, post, dev and local parts.
  Version base_version() const;

  std::weak_ordering operator<=>(const Version& other) const { return order() <=> other.order(); }
  bool operator==(const Version& other) const { return order() == other.order(); }

  // The whole key, with the spelling, for sets of versions; its layout is in key.h.
  std::string_view key() const { return data_->key; }
  // Where the key's release ends, and where everything but the spelling does.
  std::size_t key_release_end() const { return data_->key_release_end; }
  std::size_t key_order_end() const { return data_->key_order_end; }

 private:
  struct Data {
    VersionParts parts;
    std::string original;
    std::string normal;
    std::string key;
    std::size_t key_release_end = 0;
    std::size_t key_order_end = 0;
  };

  Version(VersionParts parts, std::string original);
  std::string_view order() const { return key().substr(0, data_->key_order_end); }

  // Shared, never changed: resolvers copy versions all the time.
  std::shared_ptr<const Data> data_;
};

// The number after `number`.
Digits next_number(const Digits& number);

}  // namespace krait::pkg
