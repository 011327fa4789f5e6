// The cell: how one value crosses the border.
//
// 16 bytes in linear memory: what kind of value it is, a word of detail, and 8 bytes of payload.
// Arguments are arrays of cells on the caller's stack; JavaScript reads and writes them through its
// heap views. The tags are in contract.def. Nothing here knows how a value is converted: that is
// convert/.
#pragma once

#include <cstdint>

typedef struct _object PyObject;

namespace krait {

// A JS value in a register. Only by value, as parameter, result or local: the compiler refuses
// fields and captures.
using JsVal = __externref_t;

struct Cell {
  uint32_t tag = 0;
  uint32_t aux = 0;
  union {
    int32_t i32;
    double f64;
    struct {
      uint32_t lo;
      uint32_t hi;
    } u32;
    uint64_t bits = 0;
  };
};
static_assert(sizeof(Cell) == 16);

// A cell that JavaScript answers in, with room behind it for a short string, so that no allocation
// is needed. JavaScript knows the room's size from here: kReplyRoom must match REPLY_ROOM in
// js/src/ffi/wire/cell.ts.
inline constexpr uint32_t kReplyRoom = 112;
struct alignas(16) Reply {
  Cell cell;
  char16_t room[kReplyRoom / 2];
};
static_assert(sizeof(Reply) == 128);

}  // namespace krait
