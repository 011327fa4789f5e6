// What is fuzzed: each target reads bytes as one of the formats and checks what must hold for any.
//
// Most look at one format; `session` has parts, see install_targets.cc.
//
// A target ends the program when something does not hold. entry_fuzz.cc makes a libFuzzer program
// of each (CMake option KRAIT_FUZZ); corpus_test.cc runs them over the files in corpus/NAME/.

#pragma once

#include <span>
#include <string_view>

namespace krait::pkg::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

// Of wheel_targets.cc.
void zip(std::string_view input);
void wheel(std::string_view input);
// Of install_targets.cc.
void session(std::string_view input);
void record(std::string_view input);

std::span<const Target> targets();

// Ends the program when there is none of that name.
const Target& get_target(std::string_view name);

}  // namespace krait::pkg::fuzz
