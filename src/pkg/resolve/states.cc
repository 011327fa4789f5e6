// See states.h.

#include "pkg/resolve/states.h"

#include <algorithm>

namespace krait::pkg::resolve {

namespace {

constexpr StatesId kFree = UINT32_MAX;

}  // namespace

PackageStates::PackageStates() : bits_{0, 3}, count_(2) { fill_slots(8); }

std::size_t PackageStates::place_of(const Cut& cut) const {
  return static_cast<std::size_t>(
      std::ranges::partition_point(cuts_, [&](const Cut& other) { return other < cut; }) -
      cuts_.begin());
}

// Twice the room for each set.
void PackageStates::widen() {
  std::vector<Word> wider(bits_.size() * 2);
  for (std::size_t i = 0; i < bits_.size(); ++i)
    wider[i / words_ * words_ * 2 + i % words_] = bits_[i];
  bits_ = std::move(wider);
  words_ *= 2;
}

// Whether it is a new one; the slots are then to be filled again.
bool PackageStates::add_cut(const Cut& cut) {
  if (cut.kind() == Cut::Kind::kStart || cut.kind() == Cut::Kind::kEnd) return false;
  const std::size_t place = place_of(cut);
  if (place < cuts_.size() && cuts_[place] == cut) return false;
  cuts_.insert(cuts_.begin() + static_cast<std::ptrdiff_t>(place), cut);
  if (cuts_.size() + 2 > words_ * kWord) widen();
  // The piece that is split keeps its bit, and all from it on move up by one.
  const std::size_t split = place + 1;
  for (StatesId id = 0; id < count_; ++id) {
    Word* const bits = &bits_[id * words_];
    for (std::size_t i = words_ - 1; i > split / kWord; --i)
      bits[i] = bits[i] << 1 | bits[i - 1] >> (kWord - 1);
    Word& word = bits[split / kWord];
    const Word kept = (Word{2} << split % kWord) - 1;
    word = (word & kept) | (word & ~(kept >> 1)) << 1;
  }
  return true;
}

std::size_t PackageStates::slot_of(StatesId a) const {
  const Word* const bits = &bits_[a * words_];
  Word hash = 0;
  for (std::size_t i = 0; i < words_; ++i) hash = (hash ^ bits[i]) * 0x9E3779B97F4A7C15;
  for (std::size_t slot = (hash ^ hash >> 32) & (slots_.size() - 1);;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const StatesId there = slots_[slot];
    if (there == kFree || std::equal(bits, bits + words_, &bits_[there * words_])) return slot;
  }
}

void PackageStates::fill_slots(std::size_t size) {
  slots_.assign(size, kFree);
  for (StatesId id = 0; id < count_; ++id) slots_[slot_of(id)] = id;
}

StatesId PackageStates::settle() {
  const std::size_t slot = slot_of(count_);
  if (slots_[slot] != kFree) {
    bits_.resize(count_ * words_);
    return slots_[slot];
  }
  slots_[slot] = count_++;
  if (count_ * 2 > slots_.size()) fill_slots(slots_.size() * 2);
  return count_ - 1;
}

StatesId PackageStates::selected(const Ranges& versions) {
  bool is_cut = false;
  for (const auto& [lower, upper] : versions.items()) {
    if (add_cut(lower)) is_cut = true;
    if (add_cut(upper)) is_cut = true;
  }
  if (is_cut) fill_slots(slots_.size());
  bits_.resize((count_ + 1) * words_);
  for (const auto& [lower, upper] : versions.items()) {
    const std::size_t first = lower.kind() == Cut::Kind::kStart ? 1 : place_of(lower) + 2;
    const std::size_t last =
        upper.kind() == Cut::Kind::kEnd ? cuts_.size() + 1 : place_of(upper) + 1;
    for (std::size_t piece = first; piece <= last; ++piece)
      bits_[count_ * words_ + piece / kWord] |= Word{1} << piece % kWord;
  }
  return settle();
}

StatesId PackageStates::negated(StatesId a) {
  bits_.resize((count_ + 1) * words_);
  for (std::size_t i = 0; i < words_; ++i)
    bits_[count_ * words_ + i] = bits_[kAll * words_ + i] & ~bits_[a * words_ + i];
  return settle();
}

StatesId PackageStates::intersection(StatesId a, StatesId b) {
  bits_.resize((count_ + 1) * words_);
  for (std::size_t i = 0; i < words_; ++i)
    bits_[count_ * words_ + i] = bits_[a * words_ + i] & bits_[b * words_ + i];
  return settle();
}

StatesId PackageStates::united(StatesId a, StatesId b) {
  bits_.resize((count_ + 1) * words_);
  for (std::size_t i = 0; i < words_; ++i)
    bits_[count_ * words_ + i] = bits_[a * words_ + i] | bits_[b * words_ + i];
  return settle();
}

Ranges PackageStates::versions(StatesId a) const {
  Ranges out;
  for (std::size_t piece = 1; piece <= cuts_.size() + 1; ++piece) {
    if (!has_piece(a, piece)) continue;
    const std::size_t first = piece;
    while (piece <= cuts_.size() && has_piece(a, piece + 1)) ++piece;
    out.push_back({first == 1 ? Cut::start() : cuts_[first - 2],
                   piece > cuts_.size() ? Cut::end() : cuts_[piece - 1]});
  }
  return out;
}

}  // namespace krait::pkg::resolve
