// Room on the two stacks: the engine's, which JavaScript and wasm share, and the one in linear
// memory.
//
// An engine answers a full stack with a RangeError wherever that comes up, in malloc or the garbage
// collector too, and what was interrupted there cannot be relied on any more. So whoever enters
// asks for room first, and C recursion goes on only where there is some: CPython counts its levels
// in c_recursion_remaining, which an entry sets to what fits into the room it asked for. When they
// are used up, CPython asks how many more there are (_Py_StackLevels, cpython/patches/0004) before
// it raises RecursionError.
#pragma once

#include <cstdint>

namespace krait {

// JavaScript that is called from there needs room too: V8 compiles a function when it is first
// called, or called again after a long time, and answers with the RangeError if there are not 40 kB
// left. Wasm cannot catch that one, so it would pass Python's frames without any destructor.
inline constexpr uint32_t kCompileBytes = 40 * 1024;

struct Room {
  uint32_t blocks;  // of kBlock bytes of the engine's stack, see krait_dig()
  int levels;  // of C recursion, that fit into it beside kCompileBytes and what counts no levels
};
inline constexpr uint32_t kBlock = 16 * 1024;
// What an entry asks for.
inline constexpr Room kEntryRoom = {.blocks = 5, .levels = 60};
// To describe an error: less than the entry had that the error comes from.
inline constexpr Room kErrorRoom = {.blocks = 4, .levels = 20};
// To let go of something, as for arguments of a call that found no room.
inline constexpr Room kReleaseRoom = {.blocks = 3, .levels = 5};
// What a promising call leaves free where it is made: an overflow between stacks unwinds without
// destructors. Python runs on a stack of its own then, whose levels these are.
inline constexpr Room kPromisingRoom = {.blocks = 15, .levels = 2000};

// Throws JavaScript's RangeError, through C++, if there is no such room. Nothing has happened then.
void need_room(const Room& room);

}  // namespace krait
