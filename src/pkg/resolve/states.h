// States: sets of what a package can be, as the solver computes with them.
//
// A package is in one state: absent, or selected in one version. The versions that were ever named
// for a package cut all others into few pieces that nothing tells apart, so a set of states is a
// string of bits, one for "absent" and one for each piece, in their order: relations between sets
// are a few instructions, where comparing the intervals compares the spellings of versions.
// Guarantees: exact, since a new cut splits a piece and with it that bit in all sets of the
// package; equal sets of a package have equal numbers, which hold for good.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pkg/version/ranges.h"

namespace krait::pkg::resolve {

using PackageId = std::uint32_t;  // see universe.h
using StatesId = std::uint32_t;   // of a set, among those of its package

// The sets of one package.
class PackageStates {
 public:
  static constexpr StatesId kNone = 0;
  static constexpr StatesId kAll = 1;

  PackageStates();

  // Selected, in one of the versions.
  StatesId selected(const Ranges& versions);
  StatesId negated(StatesId a);
  StatesId intersection(StatesId a, StatesId b);
  StatesId united(StatesId a, StatesId b);

  bool has_absent(StatesId a) const { return bits_[a * words_] & 1; }
  Ranges versions(StatesId a) const;
  bool is_subset(StatesId a, StatesId b) const {
    if (words_ == 1) return (bits_[a] & ~bits_[b]) == 0;
    for (std::size_t i = 0; i < words_; ++i)
      if (bits_[a * words_ + i] & ~bits_[b * words_ + i]) return false;
    return true;
  }
  bool is_disjoint(StatesId a, StatesId b) const {
    if (words_ == 1) return (bits_[a] & bits_[b]) == 0;
    for (std::size_t i = 0; i < words_; ++i)
      if (bits_[a * words_ + i] & bits_[b * words_ + i]) return false;
    return true;
  }

  // Pieces are counted from 1, and counted anew when there is a cut more.
  const std::vector<Cut>& cuts() const { return cuts_; }
  bool has_piece(StatesId a, std::size_t piece) const {
    return bits_[a * words_ + piece / kWord] >> (piece % kWord) & 1;
  }

 private:
  using Word = std::uint64_t;
  static constexpr std::size_t kWord = 64;

  std::size_t place_of(const Cut& cut) const;
  bool add_cut(const Cut& cut);
  void widen();
  // The number of the set that lies after all others, which is taken back if it is among them.
  StatesId settle();
  std::size_t slot_of(StatesId a) const;
  void fill_slots(std::size_t size);

  std::vector<Cut> cuts_;  // ascending; piece i + 1 ends at cuts_[i]
  std::size_t words_ = 1;
  std::vector<Word> bits_;  // words_ for each set
  StatesId count_ = 0;
  std::vector<StatesId> slots_;  // a hash table with a power of two of places
};

// The sets of all packages.
class States {
 public:
  PackageStates& of(PackageId package) {
    if (package >= packages_.size()) packages_.resize(package + 1);
    return packages_[package];
  }
  // A package of which a set was made.
  const PackageStates& at(PackageId package) const { return packages_[package]; }
  void clear() { packages_.clear(); }

 private:
  std::vector<PackageStates> packages_;
};

}  // namespace krait::pkg::resolve
