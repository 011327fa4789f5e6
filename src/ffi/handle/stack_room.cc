// The probe of the engine's stack, and the levels of C recursion that CPython may count on.
#include "ffi/handle/stack_room.h"

#include <Python.h>
#include <emscripten/stack.h>

#include <algorithm>
#include <cstdlib>

#include "ffi/handle/entry.h"
#include "ffi/wire/contract.gen.h"

namespace krait {
namespace {

// CPython's patch reckons with 400 bytes a level. V8's first, quick code takes 140 to 200; where
// trampolines of JavaScript lie between them (ctypes), it is more.
constexpr int kBytesPerLevel = _Py_C_LEVEL_BYTES;
// For what counts no levels: functions of C, an import that describes an error, and what levels
// that were left took less than is reckoned.
constexpr uint32_t kUncounted = 16 * 1024;
constexpr uint32_t kSlack = kUncounted + kCompileBytes;
// Of 984 kB that V8 gives a thread, what JavaScript and the beginning of a program leave.
constexpr int kMostAtOnce = 640 * 1024;
static_assert(_Py_C_LEVELS_AT_ONCE * (_Py_C_LEVEL_BYTES - 140) < kUncounted);
// C functions keep their arrays on the stack in linear memory.
constexpr size_t kLinearSlack = 256 * 1024;

bool has_linear_room(size_t bytes) {
  return emscripten_stack_get_current() - emscripten_stack_get_end() > bytes;
}

}  // namespace

void need_room(const Room& room) {
  krait_dig(room.blocks, nullptr);
  if (!has_linear_room(kLinearSlack)) [[unlikely]]
    imports::stack_full();
}

extern "C" {

// V8 and SpiderMonkey do not let a function with so large a frame begin if that does not fit
// (wasm functions with more than 4 kB, and all of them), so the words need never be written: their
// being alive across a call, on the branch not taken, makes the frame. 16 bytes each: half as many
// calls dig as deep.
using Word = int32_t __attribute__((vector_size(16)));
static_assert(1024 * sizeof(Word) == kBlock);

[[gnu::target("simd128")]] void krait_dig(uint32_t blocks, void* never) {
  if (never != nullptr) [[unlikely]] {
    const volatile Word* from = static_cast<Word*>(never);
    volatile Word* to = static_cast<Word*>(never);
#define KRAIT_4(F, n) F(n##0) F(n##1) F(n##2) F(n##3)
#define KRAIT_16(F, n) KRAIT_4(F, n##0) KRAIT_4(F, n##1) KRAIT_4(F, n##2) KRAIT_4(F, n##3)
#define KRAIT_64(F, n) KRAIT_16(F, n##0) KRAIT_16(F, n##1) KRAIT_16(F, n##2) KRAIT_16(F, n##3)
#define KRAIT_256(F, n) KRAIT_64(F, n##0) KRAIT_64(F, n##1) KRAIT_64(F, n##2) KRAIT_64(F, n##3)
#define KRAIT_1024(F) KRAIT_256(F, 0) KRAIT_256(F, 1) KRAIT_256(F, 2) KRAIT_256(F, 3)
#define KRAIT_READ(n) const Word word##n = *from++;
#define KRAIT_WRITE(n) *to++ = word##n;
    KRAIT_1024(KRAIT_READ)
    std::free(never);
    KRAIT_1024(KRAIT_WRITE)
  }
  if (blocks == 0) return;
  krait_dig(blocks - 1, never);
  asm volatile("");  // what is left to do after the call keeps it from becoming a loop
}

// How many levels of C recursion, of so many bytes of the engine's stack each, there is room for:
// at most `wanted`. CPython's patch 0004 asks.
int _Py_StackLevels(PyThreadState* thread, int wanted, int bytes) {
  // JavaScript cannot look into a stack of its own: its levels were counted when it began.
  if (suspendable_stack != nullptr)
    return std::min(wanted, thread->c_recursion_remaining * kBytesPerLevel / bytes);
  const auto fit = [bytes](int levels) {
    const uint32_t size = static_cast<uint32_t>(levels * bytes) + kSlack;
    return has_linear_room(size + kLinearSlack) && imports::has_room(size / kBlock + 1) != 0;
  };
  // A probe that fails costs microseconds, with a debugger attached a thousand, another one
  // nanoseconds: so it goes upwards, and where compilers ask for much, not to where most stacks
  // end.
  wanted = std::min(wanted, kMostAtOnce / bytes);
  int known = 0;
  for (int levels = std::min(wanted, 15); fit(levels); levels = std::min(wanted, levels * 4)) {
    known = levels;
    if (known == wanted) return known;
  }
  if (2 * known < wanted && known > 0 && fit(2 * known)) known *= 2;
  return known;
}

}  // extern "C"

}  // namespace krait
