// Cells from JavaScript as Python values.
#include "ffi/convert/to_py.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "ffi/convert/to_js.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/contract.gen.h"

namespace krait {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

PyRef number(double value) {
  // An integral number in the safe range is an int (T10); -0.0 compares equal to 0 and is the int
  // 0, as on the peer.
  if (value >= -kMaxSafeInteger && value <= kMaxSafeInteger && std::trunc(value) == value) {
    return PyRef::steal(PyLong_FromLongLong(static_cast<long long>(value)));
  }
  return PyRef::steal(PyFloat_FromDouble(value));
}

void free_if_owned(const Cell& cell) {
  if (cell.aux & kStrAuxOwned) std::free(reinterpret_cast<void*>(cell.u32.lo));
}

PyRef bigint(const Cell& cell) {
  PyRef magnitude = PyRef::steal_or_null(
      _PyLong_FromByteArray(reinterpret_cast<const unsigned char*>(cell.u32.lo), cell.u32.hi * 4,
                            /*little_endian=*/1, /*is_signed=*/0));
  if (cell.aux & 2) std::free(reinterpret_cast<void*>(cell.u32.lo));
  if (!magnitude) throw PyError{};
  if (cell.aux & 1) magnitude = PyRef::steal(PyNumber_Negative(magnitude.get()));
  return PyRef::steal(
      PyObject_CallOneArg(reinterpret_cast<PyObject*>(js_bigint_type), magnitude.get()));
}

// Everything but JS objects, which come differently in arguments and in results.
PyRef decode_value(Cell& cell) {
  switch (cell.tag) {
    case kTagUndefined:
      return PyRef::borrow(Py_None);
    case kTagNull:
      return PyRef::borrow(js_null_object);
    case kTagBool:
      return PyRef::borrow(cell.aux ? Py_True : Py_False);
    case kTagInt:
      return PyRef::steal(PyLong_FromLong(cell.i32));
    case kTagDouble:
      return number(cell.f64);
    case kTagStr1: {
      PyRef text = PyRef::steal_or_null(PyUnicode_FromKindAndData(
          PyUnicode_1BYTE_KIND, reinterpret_cast<const void*>(cell.u32.lo), cell.u32.hi));
      free_if_owned(cell);
      if (!text) throw PyError{};
      return text;
    }
    case kTagStr2: {
      const auto* units = reinterpret_cast<const char16_t*>(cell.u32.lo);
      PyObject* text = text_from_utf16(units, cell.u32.hi).release();
      free_if_owned(cell);
      return PyRef::steal(text);
    }
    case kTagBigint:
      return bigint(cell);
    case kTagPy: {
      auto* object = reinterpret_cast<PyObject*>(cell.u32.lo);
      return cell.aux & 1 ? PyRef::steal(object) : PyRef::borrow(object);
    }
    default:
      raise(PyExc_SystemError, "krait: a cell with the unknown tag %u crossed the border",
            cell.tag);
  }
}

bool is_high(char16_t unit) { return (unit & 0xFC00) == 0xD800; }
bool is_low(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

struct Units {
  uint32_t all;     // all units, or-ed
  bool surrogates;  // may there be some?
};

// Looks at four units at a time.
Units look_through(const char16_t* units, uint32_t length) {
  constexpr uint64_t kOnes = 0x0001'0001'0001'0001;
  uint64_t all = 0;
  uint64_t zeros = 0;
  uint32_t i = 0;
  for (; i + 4 <= length; i += 4) {
    uint64_t four;
    std::memcpy(&four, units + i, sizeof(four));
    all |= four;
    // Zero where a unit is a surrogate: finds a zero among four, as in "Hacker's Delight", section
    // 6-1. Beside a zero there may be one too many, but none where there is no zero.
    const uint64_t rest = (four ^ kOnes * 0xD800) & kOnes * 0xF800;
    zeros |= (rest - kOnes) & ~rest & kOnes * 0x8000;
  }
  uint32_t last = 0;
  bool surrogates = zeros != 0;
  for (; i < length; i++) {
    last |= units[i];
    surrogates |= (units[i] & 0xF800) == 0xD800;
  }
  all |= all >> 32;
  return {.all = (static_cast<uint32_t>(all | all >> 16) & 0xFFFF) | last,
          .surrogates = surrogates};
}

uint32_t count_pairs(const char16_t* units, uint32_t length) {
  uint32_t pairs = 0;
  for (uint32_t i = 1; i < length; i++) pairs += is_high(units[i - 1]) & is_low(units[i]);
  return pairs;
}

}  // namespace

PyRef text_from_utf16(const char16_t* units, uint32_t length) {
  const Units found = look_through(units, length);
  if (found.all < 0x100) {
    // One-character strings are singletons in CPython; PyUnicode_New does not know of that.
    if (length == 1) return PyRef::steal(PyUnicode_FromOrdinal(units[0]));
    PyRef text = PyRef::steal(PyUnicode_New(length, found.all < 0x80 ? 0x7F : 0xFF));
    auto* to = PyUnicode_1BYTE_DATA(text.get());
    for (uint32_t i = 0; i < length; i++) to[i] = static_cast<Py_UCS1>(units[i]);
    return text;
  }
  uint32_t pairs = found.surrogates ? count_pairs(units, length) : 0;
  if (pairs == 0) {
    if (length == 1) return PyRef::steal(PyUnicode_FromOrdinal(units[0]));
    PyRef text = PyRef::steal(PyUnicode_New(length, 0xFFFF));
    std::memcpy(PyUnicode_2BYTE_DATA(text.get()), units, length * sizeof(char16_t));
    return text;
  }
  PyRef text = PyRef::steal(PyUnicode_New(length - pairs, 0x10FFFF));
  auto* to = PyUnicode_4BYTE_DATA(text.get());
  for (uint32_t i = 0; i < length; i++) {
    char32_t c = units[i];
    if (is_high(units[i]) && i + 1 < length && is_low(units[i + 1])) {
      c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00);
    }
    *to++ = c;
  }
  return text;
}

PyRef decode_result(JsVal value, Cell& cell) {
  if (cell.tag == kTagJs) return wrap_js(JsRef(value), cell.aux);
  if (cell.tag == kTagThrown) throw_from_cell(value, cell);
  return decode_value(cell);
}

PyRef decode_optional(JsVal value, Cell& cell) {
  if (cell.tag == kTagAbsent) return PyRef();
  return decode_result(value, cell);
}

PyRef decode_argument(Cell& cell) {
  if (cell.tag == kTagJs) return wrap_js(JsRef::adopt(cell.u32.lo), cell.aux);
  return decode_value(cell);
}

void discard_argument(Cell& cell) noexcept {
  switch (cell.tag) {
    case kTagJs:
      slot_free(cell.u32.lo);
      break;
    case kTagStr1:
    case kTagStr2:
      free_if_owned(cell);
      break;
    case kTagBigint:
      if (cell.aux & 2) std::free(reinterpret_cast<void*>(cell.u32.lo));
      break;
    case kTagPy:
      if (cell.aux & 1) Py_DECREF(reinterpret_cast<PyObject*>(cell.u32.lo));
      break;
    default:
      break;
  }
}

}  // namespace krait
