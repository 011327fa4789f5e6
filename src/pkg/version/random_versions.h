// For tests: random versions and specifiers that lie close together, so that most of PEP 440's
// corners come up within a few thousand rounds.

#pragma once

#include <random>

#include "pkg/version/specifier.h"

namespace krait::pkg {

inline Version random_version(std::mt19937& random, bool with_local = true) {
  static constexpr const char* kLocals[] = {"a", "b1", "0a", "1", "2", "a.1", "a.b", "1.0", "1.a"};
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto number = [&] { return std::to_string(below(12) == 0 ? 9 + below(3) : below(3)); };
  std::string text;
  if (below(12) == 0) text += "1!";
  text += number();
  for (unsigned n = below(3); n > 0; --n) text += "." + number();
  if (below(3) == 0) text += std::string(1, "abc"[below(3)]) + number();
  if (below(3) == 0) text += ".post" + number();
  if (below(3) == 0) text += ".dev" + number();
  if (with_local && below(4) == 0) text += std::string("+") + kLocals[below(std::size(kLocals))];
  return Version::parse(text).value();
}

inline Specifier random_specifier(std::mt19937& random) {
  for (;;) {
    const auto op = static_cast<Operator>(random() % 8);
    std::string operand = random_version(random).to_string();
    if (random() % 3 == 0) operand += ".*";
    if (Result<Specifier> made = Specifier::make(op, operand); made.ok()) return made.value();
  }
}

inline SpecifierSet random_specifiers(std::mt19937& random) {
  std::vector<Specifier> items;
  for (unsigned n = random() % 4; n > 0; --n) items.push_back(random_specifier(random));
  return SpecifierSet(std::move(items));
}

}  // namespace krait::pkg
