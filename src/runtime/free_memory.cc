// Clearing free memory, so that an image does not carry what Python has forgotten.
//
// Neither allocator can be asked what is free. But it can be taken: when the allocator below is
// made to refuse, every block that an allocator still gives is one that it had. All of them are
// taken, filled with zeros and given back. Half of what an image of the started interpreter weighs
// is such memory (docs/decisions/0008). Must be called with nothing else running; allocates nothing
// that it keeps.
#include <Python.h>
#include <emscripten/stack.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "ffi/wire/contract.gen.h"

extern "C" char __data_end;  // made by the linker

namespace krait {
namespace {

// Blocks that have been taken, each pointing to the one before.
struct Taken {
  Taken* next;
};

// Gives back everything, so that no pointer of the list stays behind.
template <typename Free>
void give_back(Taken* taken, Free free) {
  while (taken != nullptr) {
    Taken* next = taken->next;
    taken->next = nullptr;
    free(taken);
    taken = next;
  }
}

Taken* push(void* block, size_t size, Taken* taken) {
  std::memset(block, 0, size);
  auto* head = static_cast<Taken*>(block);
  head->next = taken;
  return head;
}

// malloc's free chunks, from large to small. A chunk that made the heap grow was not free before;
// since that happens once for every size, the largest size bounds by how much.
void clear_heap() {
  constexpr size_t kLargest = size_t{1} << 18;
  Taken* taken = nullptr;
  for (size_t size = kLargest; size >= 16; size -= size > 512 ? size / 4 & ~size_t{15} : 16) {
    for (;;) {
      void* end = sbrk(0);
      void* block = std::malloc(size);
      if (block == nullptr) break;
      bool grew = sbrk(0) != end;
      taken = push(block, size, taken);
      if (grew) break;
    }
  }
  give_back(taken, std::free);
}

void* refuse_arena(void*, size_t) { return nullptr; }
void* refuse_malloc(void*, size_t) { return nullptr; }
void* refuse_calloc(void*, size_t, size_t) { return nullptr; }

// The free blocks and pools of pymalloc's arenas. Requests that it cannot meet go to the raw
// allocator.
void clear_arenas() {
  PyObjectArenaAllocator arenas;
  PyMemAllocatorEx raw;
  PyObject_GetArenaAllocator(&arenas);
  PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
  PyObjectArenaAllocator no_arenas = arenas;
  PyMemAllocatorEx refusing = raw;
  no_arenas.alloc = refuse_arena;
  refusing.malloc = refuse_malloc;
  refusing.calloc = refuse_calloc;
  PyObject_SetArenaAllocator(&no_arenas);
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &refusing);

  constexpr size_t kLargest = 512;  // what pymalloc still serves itself
  Taken* taken = nullptr;
  for (size_t size = kLargest; size >= 16; size -= 16) {
    while (void* block = PyObject_Malloc(size)) taken = push(block, size, taken);
  }
  PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &raw);
  PyObject_SetArenaAllocator(&arenas);
  give_back(taken, PyObject_Free);
}

// What calls have left below the stack pointer. Not inlined: its own frame must lie above.
[[gnu::noinline]] void clear_stack() {
  auto* end = reinterpret_cast<char*>(emscripten_stack_get_end());
  auto* here = reinterpret_cast<char*>(emscripten_stack_get_current());
  std::memset(end, 0, static_cast<size_t>(here - end));
}

}  // namespace

extern "C" {

void krait_clear_free_memory() {
  clear_arenas();
  clear_heap();
  clear_stack();
}

// What a fresh instance has in memory lies below; the rest is zeros.
void* krait_data_end() { return &__data_end; }

}  // extern "C"

}  // namespace krait
