// The blob of a tape: Latin-1 as long as possible, UTF-16 from the first wider character on.
#include "ffi/wire/tape.h"

namespace krait {

void Tape::widen() {
  uint32_t length = narrow_.size();
  char16_t* to = wide_.extend(length);
  for (uint32_t i = 0; i < length; i++) to[i] = narrow_[i];
  narrow_.clear();
  is_wide_ = true;
}

uint32_t Tape::append_text(PyObject* text) {
  auto length = static_cast<uint32_t>(PyUnicode_GET_LENGTH(text));
  int kind = PyUnicode_KIND(text);
  if (kind == PyUnicode_1BYTE_KIND) {
    const Py_UCS1* from = PyUnicode_1BYTE_DATA(text);
    if (!is_wide_) {
      is_ascii_ &= PyUnicode_IS_ASCII(text);
      std::memcpy(narrow_.extend(length), from, length);
    } else {
      char16_t* to = wide_.extend(length);
      for (uint32_t i = 0; i < length; i++) to[i] = from[i];
    }
    return length;
  }
  if (!is_wide_) widen();
  if (kind == PyUnicode_2BYTE_KIND) {
    std::memcpy(wide_.extend(length), PyUnicode_2BYTE_DATA(text), length * 2);
    return length;
  }
  const Py_UCS4* from = PyUnicode_4BYTE_DATA(text);
  uint32_t units = length;
  for (uint32_t i = 0; i < length; i++) units += from[i] > 0xFFFF;
  char16_t* to = wide_.extend(units);
  for (uint32_t i = 0; i < length; i++) {
    char32_t c = from[i];
    if (c > 0xFFFF) {
      *to++ = static_cast<char16_t>(0xD7C0 + (c >> 10));
      c = 0xDC00 + (c & 0x3FF);
    }
    *to++ = static_cast<char16_t>(c);
  }
  return units;
}

Cell Tape::blob_cell() {
  Cell cell;
  if (is_wide_) {
    cell.tag = kTagStr2;
    cell.u32 = {reinterpret_cast<uintptr_t>(wide_.data()), wide_.size()};
  } else {
    cell.tag = kTagStr1;
    cell.aux = is_ascii_ ? kStrAuxAscii : 0u;
    cell.u32 = {reinterpret_cast<uintptr_t>(narrow_.data()), narrow_.size()};
  }
  return cell;
}

}  // namespace krait
