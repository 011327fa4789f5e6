// JsRef: the owner of one slot of the table that keeps JS values alive for C++.
//
// The slots are a wasm table, which only js_ref.cc can name; the list of free slots lies in linear
// memory. Slots keep their number for life: snapshots store numbers, not values. Slot 0 is never
// given out and stands for "none".
#pragma once

#include <cstdint>
#include <utility>

#include "ffi/wire/cell.h"

namespace krait {

uint32_t slot_new(JsVal value);
JsVal slot_get(uint32_t slot);
void slot_free(uint32_t slot) noexcept;
// How many slots are taken: the leak counter.
uint32_t slot_count();

inline JsVal js_null() { return __builtin_wasm_ref_null_extern(); }

class JsRef {
 public:
  JsRef() = default;
  explicit JsRef(JsVal value) : slot_(slot_new(value)) {}
  static JsRef adopt(uint32_t slot) {
    JsRef ref;
    ref.slot_ = slot;
    return ref;
  }
  JsRef(JsRef&& other) noexcept : slot_(std::exchange(other.slot_, 0)) {}
  JsRef& operator=(JsRef&& other) noexcept {
    slot_free(std::exchange(slot_, std::exchange(other.slot_, 0)));
    return *this;
  }
  JsRef(const JsRef&) = delete;
  JsRef& operator=(const JsRef&) = delete;
  ~JsRef() { slot_free(slot_); }

  JsVal get() const { return slot_get(slot_); }
  uint32_t slot() const { return slot_; }
  uint32_t release() { return std::exchange(slot_, 0); }
  JsRef clone() const { return JsRef(get()); }

 private:
  uint32_t slot_ = 0;
};

}  // namespace krait
