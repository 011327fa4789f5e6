// The table of JS values that C++ keeps, and its free list.
#include "ffi/handle/js_ref.h"

#include <cstdlib>

#include "ffi/handle/stack_room.h"
#include "ffi/wire/contract.gen.h"

// A wasm table can only be `static` in one translation unit, outside any namespace; it starts empty
// and grows.
static __externref_t table[0];

namespace krait {
namespace {

// free_next[i] is the next free slot after i. Plain data without a constructor, so that an image
// can hold it.
uint32_t* free_next = nullptr;
uint32_t capacity = 0;
uint32_t free_head = 0;
uint32_t taken = 0;

// Makes the table at least this long: after a reset it may be longer than memory knows.
bool lengthen_table(uint32_t length) {
  auto have = static_cast<uint32_t>(__builtin_wasm_table_size(table));
  return have >= length ||
         __builtin_wasm_table_grow(table, js_null(), static_cast<int>(length - have)) != -1;
}

void grow() {
  need_room(kErrorRoom);
  uint32_t wanted = capacity == 0 ? 1024 : capacity * 2;
  auto* bigger = static_cast<uint32_t*>(std::realloc(free_next, wanted * sizeof(uint32_t)));
  if (bigger == nullptr || !lengthen_table(wanted)) {
    std::abort();  // 16 bytes a slot: the engine is out of memory
  }
  free_next = bigger;
  uint32_t first = capacity == 0 ? 1 : capacity;
  for (uint32_t i = first; i + 1 < wanted; i++) free_next[i] = i + 1;
  free_next[wanted - 1] = 0;
  free_head = first;
  capacity = wanted;
}

}  // namespace

uint32_t slot_new(JsVal value) {
  if (free_head == 0) grow();
  uint32_t slot = free_head;
  free_head = free_next[slot];
  taken++;
  __builtin_wasm_table_set(table, static_cast<int>(slot), value);
  return slot;
}

JsVal slot_get(uint32_t slot) { return __builtin_wasm_table_get(table, static_cast<int>(slot)); }

void slot_free(uint32_t slot) noexcept {
  if (slot == 0) return;
  __builtin_wasm_table_set(table, static_cast<int>(slot), js_null());
  free_next[slot] = free_head;
  free_head = slot;
  taken--;
}

uint32_t slot_count() { return taken; }

extern "C" {
uint32_t krait_slot_new(JsVal value) { return slot_new(value); }
JsVal krait_slot_get(uint32_t slot) { return slot_get(slot); }
void krait_slot_free(uint32_t slot) { slot_free(slot); }
uint32_t krait_slot_count() { return slot_count(); }

// For images: which slots are taken is in linear memory, what they hold is not. Slots are numbered
// from 1 to capacity - 1; the free ones are a list that begins with slot_next_free(0) and ends
// with 0.
uint32_t krait_slot_capacity() { return capacity; }
uint32_t krait_slot_next_free(uint32_t slot) { return slot == 0 ? free_head : free_next[slot]; }
// After linear memory has been replaced: makes the table as long as that memory says it is, and
// lets go of all that it held.
void krait_slots_regrow() {
  if (!lengthen_table(capacity)) std::abort();
  __builtin_wasm_table_fill(table, 0, js_null(), __builtin_wasm_table_size(table));
}
void krait_slot_refill(uint32_t slot, JsVal value) {
  __builtin_wasm_table_set(table, static_cast<int>(slot), value);
}
}

}  // namespace krait
