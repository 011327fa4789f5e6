// to_py: JavaScript flattens a value into a tape, one walk over the tape builds the Python objects.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/tape.h"

namespace krait {
namespace {

class Reader {
 public:
  explicit Reader(uint32_t* header)
      : header_(header),
        word_(reinterpret_cast<uint32_t*>(header[kFlatHeaderWords])),
        doubles_(reinterpret_cast<double*>(header[kFlatHeaderDoubles])),
        blob_(reinterpret_cast<unsigned char*>(header[kFlatHeaderBlob])),
        unit_(header[kFlatHeaderBlobUnit]),
        slots_(reinterpret_cast<uint32_t*>(header[kFlatHeaderSlots])) {}
  ~Reader() {
    for (uint32_t i = 0; i < header_[kFlatHeaderSlotCount]; i++) slot_free(slots_[i]);
    for (PyObject* key : keys_) Py_DECREF(key);
    std::free(header_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  PyRef value() {
    uint32_t word = *word_++;
    uint32_t operand = word >> 4;
    switch (static_cast<TapeOp>(word & 15)) {
      case kTapeOpSmall:
        return PyRef::steal(PyLong_FromLong(static_cast<int32_t>(word) >> 4));
      case kTapeOpDouble: {
        Cell cell;
        cell.tag = kTagDouble;
        cell.f64 = doubles_[operand];
        return decode_argument(cell);
      }
      case kTapeOpStr:
        return text(operand);
      case kTapeOpKey:
        return PyRef::borrow(keys_[operand]);
      case kTapeOpNewkey: {
        PyRef key = text(operand);
        keys_.push_back(Py_NewRef(key.get()));
        return key;
      }
      case kTapeOpConst:
        return constant(operand);
      case kTapeOpList:
        return list(operand);
      case kTapeOpInts: {
        PyRef list = PyRef::steal(PyList_New(operand));
        containers_.push_back(list.get());
        for (uint32_t i = 0; i < operand; i++) {
          PyObject* item = PyLong_FromLong(static_cast<int32_t>(*word_++));
          if (item == nullptr) throw PyError{};
          PyList_SET_ITEM(list.get(), i, item);
        }
        return list;
      }
      case kTapeOpDict:
        return dict(operand >> 1);
      case kTapeOpSet:
        return set(operand);
      case kTapeOpBackref:
        return PyRef::borrow(containers_[operand]);
      case kTapeOpPython:
        return PyRef::borrow(reinterpret_cast<PyObject*>(*word_++));
      case kTapeOpSlot: {
        uint32_t flags = *word_++;
        return wrap_js(JsRef::adopt(std::exchange(slots_[operand], 0)), flags);
      }
      case kTapeOpBigint: {
        Cell cell;
        cell.tag = kTagBigint;
        cell.aux = operand & 1;
        cell.u32 = {reinterpret_cast<uintptr_t>(word_), operand >> 1};
        word_ += operand >> 1;
        return decode_argument(cell);
      }
      case kTapeOpBuffer:
        return buffer(static_cast<char>(operand));
      default:
        raise(PyExc_SystemError, "krait: an unknown word on a tape: %u", word);
    }
  }

 private:
  PyRef text(uint32_t length) {
    const unsigned char* at = blob_;
    blob_ += length * unit_;
    if (unit_ == 1) return PyRef::steal(PyUnicode_FromKindAndData(1, at, length));
    return text_from_utf16(reinterpret_cast<const char16_t*>(at), length);
  }

  static PyRef constant(uint32_t operand) {
    switch (operand) {
      case kTapeConstNull:
        return PyRef::borrow(js_null_object);
      case kTapeConstFalse:
        return PyRef::borrow(Py_False);
      case kTapeConstTrue:
        return PyRef::borrow(Py_True);
      default:
        return PyRef::borrow(Py_None);
    }
  }

  PyRef list(uint32_t count) {
    RecursionGuard guard(" while converting from JavaScript");
    PyRef list = PyRef::steal(PyList_New(count));
    containers_.push_back(list.get());
    for (uint32_t i = 0; i < count; i++) PyList_SET_ITEM(list.get(), i, value().release());
    return list;
  }

  PyRef dict(uint32_t count) {
    RecursionGuard guard(" while converting from JavaScript");
    PyRef dict = PyRef::steal(PyDict_New());
    containers_.push_back(dict.get());
    for (uint32_t i = 0; i < count; i++) {
      PyRef key = value();
      PyRef item = value();
      checked(PyDict_SetItem(dict.get(), key.get(), item.get()));
    }
    return dict;
  }

  PyRef set(uint32_t count) {
    PyRef set = PyRef::steal(PySet_New(nullptr));
    containers_.push_back(set.get());
    for (uint32_t i = 0; i < count; i++) checked(PySet_Add(set.get(), value().get()));
    return set;
  }

  PyRef buffer(char format) {
    uint32_t slot = slots_[*word_++];
    uint32_t size = *word_++;
    PyRef bytes = PyRef::steal(PyByteArray_FromStringAndSize(nullptr, size));
    Reply out;
    checked(
        imports::buffer_bytes(slot_get(slot), PyByteArray_AS_STRING(bytes.get()), size, 0, &out),
        out.cell);
    PyRef view = PyRef::steal(PyMemoryView_FromObject(bytes.get()));
    if (format != 'B') {
      view = PyRef::steal(PyObject_CallMethod(view.get(), "cast", "C", format));
    }
    containers_.push_back(view.get());
    return view;
  }

  uint32_t* header_;
  uint32_t* word_;
  double* doubles_;
  unsigned char* blob_;
  uint32_t unit_;
  uint32_t* slots_;
  std::vector<PyObject*> containers_;  // borrowed: each is in the value under construction
  std::vector<PyObject*> keys_;        // owned
};

}  // namespace

PyRef deep_to_py(JsVal value, PyObject* same, int depth, PyObject* default_converter) {
  JsVal hook = js_null();
  if (default_converter != nullptr && default_converter != Py_None) {
    raise(PyExc_NotImplementedError, "to_py: default_converter is not there yet");
  }
  if (depth == 0) return PyRef::borrow(same);
  Reply out;
  JsVal result = imports::flatten(value, depth, hook, &out);
  if (out.cell.tag == kTagAbsent) {
    if (same != nullptr) return PyRef::borrow(same);
    out.cell.tag = kTagJs;
    return decode_result(value, out.cell);
  }
  checked(result, out.cell);
  Reader reader(reinterpret_cast<uint32_t*>(out.cell.i32));
  return reader.value();
}

}  // namespace krait
