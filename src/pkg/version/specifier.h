// Specifier (`>=1.2`) and SpecifierSet (`>=1.2,!=1.5.*`): which versions are wanted, by PEP 440.
//
// Guarantees: the rules are PEP 440's text ("Version specifiers"), clause by clause, where local
// parts of candidates count only for `==` and `!=` with a local part and for `===`. In particular
//   <V   leaves out the pre-releases of V itself, unless V is one: <1.0.post1 leaves out
//        1.0.post1.dev0, but not 1.0a1, which is a pre-release of another version;
//   >V   leaves out the post-releases of V itself, unless V is one, and its local versions;
//   ===V compares V, in lower case, with the candidate's normal form.
// contains() knows nothing of pre-releases being unwanted: that is a rule about candidates, and
// select() applies it. ranges.h turns a set into intervals; contains() is its plain twin.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pkg/version/version.h"

namespace krait::pkg {

enum class Operator : unsigned char {
  kEqual,
  kNotEqual,
  kLessEqual,
  kGreaterEqual,
  kLess,
  kGreater,
  kCompatible,
  kArbitrary,
};

std::string_view to_string(Operator op);

class Specifier {
 public:
  static Result<Specifier> parse(std::string_view text);
  // Reads `operand` as what stands after the operator.
  static Result<Specifier> make(Operator op, std::string_view operand);

  Operator op() const { return op_; }
  // What follows the operator, as written.
  const std::string& operand() const { return operand_; }
  // The operand without `.*`; empty only for `===` with something that is no version.
  const std::optional<Version>& find_version() const { return version_; }
  // Whether it ends with `.*`.
  bool is_prefix() const { return prefix_; }

  bool contains(const Version& version) const;
  // Whether it names a pre-release, other than to exclude it.
  bool names_prerelease() const;

  std::string to_string() const;
  bool operator==(const Specifier& other) const { return to_string() == other.to_string(); }

 private:
  Specifier(Operator op, std::string operand) : op_(op), operand_(std::move(operand)) {}

  Operator op_;
  bool prefix_ = false;
  std::string operand_;
  std::optional<Version> version_;
};

// What to do with pre-releases among candidates.
enum class Prereleases : unsigned char {
  kIfNeeded,  // PEP 440's default: when the set names one, or when nothing else matches
  kAllow,
  kForbid,  // even when nothing else matches
};

// Several specifiers, all of which must hold; without any, every version does.
class SpecifierSet {
 public:
  SpecifierSet() = default;
  explicit SpecifierSet(std::vector<Specifier> items) : items_(std::move(items)) {}
  // Separated by commas. An empty piece, as a comma at the end makes one, is passed over: metadata
  // that people published has it.
  static Result<SpecifierSet> parse(std::string_view text);

  static constexpr std::size_t kMaxSpecifiers = 1000;

  const std::vector<Specifier>& items() const { return items_; }
  bool contains(const Version& version) const;
  bool names_prerelease() const;
  // Those of `candidates` that are wanted, in their order.
  std::vector<Version> select(std::span<const Version> candidates, Prereleases policy) const;

  // In the order they were written, separated by commas.
  std::string to_string() const;
  bool operator==(const SpecifierSet&) const = default;

 private:
  std::vector<Specifier> items_;
};

}  // namespace krait::pkg
