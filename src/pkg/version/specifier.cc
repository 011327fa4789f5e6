// See specifier.h.

#include "pkg/version/specifier.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"

namespace krait::pkg {

namespace {

// Longer ones first: === before ==.
constexpr std::pair<std::string_view, Operator> kOperators[] = {
    {"===", Operator::kArbitrary}, {"~=", Operator::kCompatible}, {"==", Operator::kEqual},
    {"!=", Operator::kNotEqual},   {"<=", Operator::kLessEqual},  {">=", Operator::kGreaterEqual},
    {"<", Operator::kLess},        {">", Operator::kGreater},
};

std::string_view release_at(const VersionParts& parts, std::size_t index) {
  return index < parts.release.size() ? std::string_view(parts.release[index]) : "0";
}

// Whether the first `count` numbers of both releases are equal, and the epochs.
bool same_release(const VersionParts& a, const VersionParts& b, std::size_t count) {
  if (a.epoch != b.epoch) return false;
  for (std::size_t i = 0; i < count; ++i)
    if (release_at(a, i) != release_at(b, i)) return false;
  return true;
}

bool same_release(const VersionParts& a, const VersionParts& b) {
  return same_release(a, b, std::max(a.release.size(), b.release.size()));
}

// `==V.*`: pre and post parts count as further segments of the version.
bool has_prefix(const VersionParts& version, const VersionParts& prefix) {
  if (!prefix.pre && !prefix.post) return same_release(version, prefix, prefix.release.size());
  if (!same_release(version, prefix) || version.pre != prefix.pre) return false;
  return !prefix.post || version.post == prefix.post;
}

bool is_equal(const Version& version, const Version& wanted) {
  return wanted.is_local() ? version == wanted : version.public_version() == wanted;
}

// A pre-release of exactly that version, which is none itself.
bool is_prerelease_of(const VersionParts& version, const VersionParts& wanted) {
  if (!same_release(version, wanted)) return false;
  if (!wanted.post) return version.pre || (version.dev && !version.post);
  return !version.pre && version.post == wanted.post && version.dev;
}

// A post-release of exactly that version, which is none itself.
bool is_postrelease_of(const VersionParts& version, const VersionParts& wanted) {
  return !wanted.dev && same_release(version, wanted) && version.pre == wanted.pre && version.post;
}

bool is_less(const Version& version, const Version& wanted) {
  if (!wanted.is_prerelease() && is_prerelease_of(version.parts(), wanted.parts())) return false;
  return version.public_version() < wanted;
}

bool is_greater(const Version& version, const Version& wanted) {
  if (!wanted.is_postrelease() && is_postrelease_of(version.parts(), wanted.parts())) return false;
  return version.public_version() > wanted;
}

bool is_compatible(const Version& version, const Version& wanted) {
  return same_release(version.parts(), wanted.parts(), wanted.parts().release.size() - 1) &&
         version.public_version() >= wanted;
}

Error wrong(Operator op, std::string_view operand, std::string_view what) {
  return invalid(quoted(std::string(to_string(op)) + std::string(operand)) +
                 " is no version specifier: " + std::string(what) + " (PEP 440)");
}

}  // namespace

std::string_view to_string(Operator op) {
  return std::ranges::find(kOperators, op, &std::pair<std::string_view, Operator>::second)->first;
}

Result<Specifier> Specifier::parse(std::string_view text) {
  text = trimmed(text);
  for (const auto& [sign, op] : kOperators)
    if (text.starts_with(sign)) return make(op, text.substr(sign.size()));
  return invalid(quoted(text) +
                 " is no version specifier: expected one of ~= == != <= >= < > === and a version");
}

Result<Specifier> Specifier::make(Operator op, std::string_view operand) {
  operand = trimmed(operand);
  Specifier out(op, std::string(operand));
  if (op == Operator::kArbitrary) {
    if (operand.empty() || std::ranges::any_of(operand, is_space))
      return wrong(op, operand, "expected text without white space");
    if (operand.size() > Version::kMaxLength) return wrong(op, operand, "it is too long");
    if (Result<Version> version = Version::parse(operand); version.ok())
      out.version_ = std::move(version).value();
    return out;
  }
  out.prefix_ = operand.ends_with(".*");
  if (out.prefix_) operand.remove_suffix(2);
  Result<Version> parsed = Version::parse(operand);
  if (!parsed.ok()) return std::move(parsed).error().in(quoted(out.to_string()));
  const Version version = std::move(parsed).value();
  const bool equality = op == Operator::kEqual || op == Operator::kNotEqual;
  if (version.is_local() && !equality)
    return wrong(op, out.operand_, "a local part needs ==, != or ===");
  if (out.prefix_ && !equality) return wrong(op, out.operand_, ".* needs == or !=");
  if (out.prefix_ && (version.is_local() || version.parts().dev))
    return wrong(op, out.operand_, ".* cannot follow a local or dev part");
  if (op == Operator::kCompatible && version.parts().release.size() < 2)
    return wrong(op, out.operand_, "expected at least two numbers in its release, as in ~=1.2");
  out.version_ = version;
  return out;
}

bool Specifier::contains(const Version& version) const {
  switch (op_) {
    case Operator::kEqual:
      return prefix_ ? has_prefix(version.parts(), version_->parts())
                     : is_equal(version, *version_);
    case Operator::kNotEqual:
      return prefix_ ? !has_prefix(version.parts(), version_->parts())
                     : !is_equal(version, *version_);
    case Operator::kLessEqual:
      return version.public_version() <= *version_;
    case Operator::kGreaterEqual:
      return version.public_version() >= *version_;
    case Operator::kLess:
      return is_less(version, *version_);
    case Operator::kGreater:
      return is_greater(version, *version_);
    case Operator::kCompatible:
      return is_compatible(version, *version_);
    case Operator::kArbitrary:
      return to_lower(operand_) == version.to_string();
  }
  std::unreachable();
}

bool Specifier::names_prerelease() const {
  return op_ != Operator::kNotEqual && version_ && version_->is_prerelease();
}

std::string Specifier::to_string() const { return std::string(pkg::to_string(op_)) + operand_; }

Result<SpecifierSet> SpecifierSet::parse(std::string_view text) {
  SpecifierSet out;
  while (!text.empty()) {
    const std::string_view piece = trimmed(take_until(text, ','));
    if (piece.empty()) continue;
    if (out.items_.size() == kMaxSpecifiers)
      return invalid("more than " + std::to_string(kMaxSpecifiers) +
                     " version specifiers in one set");
    out.items_.push_back(TRY(Specifier::parse(piece)));
  }
  return out;
}

bool SpecifierSet::contains(const Version& version) const {
  return std::ranges::all_of(items_, [&](const Specifier& item) { return item.contains(version); });
}

bool SpecifierSet::names_prerelease() const {
  return std::ranges::any_of(items_, &Specifier::names_prerelease);
}

std::vector<Version> SpecifierSet::select(std::span<const Version> candidates,
                                          Prereleases policy) const {
  std::vector<Version> all;
  std::vector<Version> final_ones;
  for (const Version& candidate : candidates) {
    if (!contains(candidate)) continue;
    all.push_back(candidate);
    if (!candidate.is_prerelease()) final_ones.push_back(candidate);
  }
  const bool needed =
      policy == Prereleases::kIfNeeded && (names_prerelease() || final_ones.empty());
  return policy == Prereleases::kAllow || needed ? all : final_ones;
}

std::string SpecifierSet::to_string() const {
  std::string out;
  for (const Specifier& item : items_) {
    if (!out.empty()) out += ',';
    out += item.to_string();
  }
  return out;
}

}  // namespace krait::pkg
