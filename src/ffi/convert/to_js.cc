// Python values as cells.
#include "ffi/convert/to_js.h"

#include <cstdlib>

#include "ffi/handle/entry.h"
#include "ffi/wire/contract.gen.h"

namespace krait {
namespace {

constexpr int64_t kMaxSafeInteger = (int64_t{1} << 53) - 1;

struct Text {
  uint32_t tag;
  uint32_t aux;
  const void* bytes;
  uint32_t length;
};

Text describe_text(PyObject* text) {
  Text t;
  switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
      t.tag = kTagStr1;
      break;
    case PyUnicode_2BYTE_KIND:
      t.tag = kTagStr2;
      break;
    default:
      t.tag = kTagStr4;
  }
  t.aux = PyUnicode_IS_ASCII(text) ? kStrAuxAscii : 0u;
  t.bytes = PyUnicode_DATA(text);
  t.length = static_cast<uint32_t>(PyUnicode_GET_LENGTH(text));
  return t;
}

// An int beyond the safe integers, or a JsBigInt: 32-bit limbs of the magnitude and a sign.
void* encode_bigint(PyObject* object, Cell* out) {
  int sign = _PyLong_Sign(object);
  size_t bits = _PyLong_NumBits(object);
  if (bits == static_cast<size_t>(-1) && PyErr_Occurred()) throw PyError{};
  uint32_t limbs = static_cast<uint32_t>(bits / 32 + 1);
  void* bytes = std::malloc(limbs * 4);
  if (bytes == nullptr) {
    PyErr_NoMemory();
    throw PyError{};
  }
  PyRef magnitude =
      sign < 0 ? PyRef::steal_or_null(PyNumber_Absolute(object)) : PyRef::borrow(object);
  if (!magnitude || _PyLong_AsByteArray(reinterpret_cast<PyLongObject*>(magnitude.get()),
                                        static_cast<unsigned char*>(bytes), limbs * 4,
                                        /*little_endian=*/1, /*is_signed=*/0,
                                        /*with_exceptions=*/1) < 0) {
    std::free(bytes);
    throw PyError{};
  }
  out->tag = kTagBigint;
  out->aux = sign < 0 ? 1 : 0;
  out->u32 = {reinterpret_cast<uintptr_t>(bytes), limbs};
  return bytes;
}

// True when the int became a Number.
bool encode_small_int(PyObject* object, Cell* out) {
  auto* number = reinterpret_cast<PyLongObject*>(object);
  int64_t value;
  if (PyUnstable_Long_IsCompact(number)) [[likely]] {
    value = PyUnstable_Long_CompactValue(number);
  } else {
    int overflow = 0;
    value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow != 0 || value > kMaxSafeInteger || value < -kMaxSafeInteger) return false;
  }
  if (value == static_cast<int32_t>(value)) {
    out->tag = kTagInt;
    out->i32 = static_cast<int32_t>(value);
  } else {
    out->tag = kTagDouble;
    out->f64 = static_cast<double>(value);
  }
  return true;
}

// What has a value of its own and is no text; false when the object must travel as itself.
bool encode_plain(PyObject* object, Cell* out, void** scratch) {
  if (PyLong_Check(object)) {
    if (PyBool_Check(object)) {
      out->tag = kTagBool;
      out->aux = object == Py_True;
      return true;
    }
    if (Py_TYPE(object) == js_bigint_type || !encode_small_int(object, out)) {
      *scratch = encode_bigint(object, out);
    }
    return true;
  }
  if (object == Py_None) {
    out->tag = kTagUndefined;
    return true;
  }
  if (PyFloat_Check(object)) {
    out->tag = kTagDouble;
    out->f64 = PyFloat_AS_DOUBLE(object);
    return true;
  }
  if (object == js_null_object) {
    out->tag = kTagNull;
    return true;
  }
  return false;
}

void encode_object(PyObject* object, Cell* out) {
  out->tag = kTagPy;
  out->u32 = {reinterpret_cast<uintptr_t>(Py_NewRef(object)), py_flags(object)};
}

}  // namespace

ArgumentCell::~ArgumentCell() { std::free(scratch_); }

JsVal text_to_js(PyObject* text) {
  Text t = describe_text(text);
  return imports::text(t.tag, t.bytes, t.length, t.aux);
}

void* encode_argument(PyObject* object, Cell* out) {
  void* scratch = nullptr;
  if (PyUnicode_Check(object)) {
    Text t = describe_text(object);
    out->tag = t.tag;
    out->aux = t.aux;
    out->u32 = {reinterpret_cast<uintptr_t>(t.bytes), t.length};
  } else if (encode_plain(object, out, &scratch)) {
  } else if (uint32_t slot = find_slot(object)) {
    out->tag = kTagJs;
    out->u32 = {slot, 0};
  } else {
    encode_object(object, out);
  }
  return scratch;
}

JsVal encode_result(PyObject* object, Cell* out) {
  *out = Cell{};  // JavaScript's cells come as they are
  if (PyUnicode_Check(object)) {
    out->tag = kTagJs;
    return text_to_js(object);
  }
  void* scratch = nullptr;
  if (encode_plain(object, out, &scratch)) {
    // A result's limbs must outlive this call: JavaScript frees them.
    if (scratch != nullptr) out->aux |= 2;
    return js_null();
  }
  if (uint32_t slot = find_slot(object)) {
    out->tag = kTagJs;
    return slot_get(slot);
  }
  encode_object(object, out);
  return js_null();
}

}  // namespace krait
