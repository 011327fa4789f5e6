// to_js: one walk over Python data writes a tape, one crossing builds the JS value.
//
// Shared and cyclic structure is kept: a container that can be met twice (more than one reference
// to it exists) is remembered by address, and becomes a back-reference the second time.
#include <cstring>

#include "ffi/convert/buffer.h"
#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/tape.h"

namespace krait {

PyObject* conversion_error = nullptr;

namespace {

// Longer text gets a string of its own: a piece cut from the blob would keep the whole blob alive.
constexpr Py_ssize_t kLongText = 4096;
constexpr int64_t kMaxSafeInteger = (int64_t{1} << 53) - 1;

class Writer {
 public:
  explicit Writer(uint32_t flags) : flags_(flags) {}
  ~Writer() {
    for (uint32_t i = 0; i < slots_.size(); i++) slot_free(slots_[i]);
    for (uint32_t i = 0; i < kept_.size(); i++) Py_DECREF(kept_[i]);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void root(PyObject* object, int depth) {
    if (flags_ & kConvertFlagsInPieces) return python(object, depth);
    value(object, depth);
    pending_ = false;
  }

  JsVal build(Cell* hooks, Cell* out) {
    Reply reply;
    Cell blob = tape_.blob_cell();
    JsVal value = imports::build(tape_.words.data(), tape_.doubles.data(), &blob, hooks, &reply);
    checked(value, reply.cell);
    *out = reply.cell;
    return value;
  }

 private:
  void value(PyObject* object, int depth) {
    if (PyUnicode_Check(object)) return text(object);
    if (PyLong_Check(object)) return integer(object);
    if (PyFloat_Check(object)) return tape_.number(PyFloat_AS_DOUBLE(object));
    if (object == Py_None) return tape_.op(kTapeOpConst, kTapeConstUndefined);
    if (object == js_null_object) return tape_.op(kTapeOpConst, kTapeConstNull);
    if (pending_) return pending(object, depth);
    pending_ = (flags_ & kConvertFlagsPiece) != 0;
    if (depth != 0) {
      if (PyDict_Check(object)) return dict(object, depth - 1);
      if (PyList_Check(object) || PyTuple_Check(object)) return sequence(object, depth - 1);
      if (PySet_Check(object)) return set(object);
    }
    if (uint32_t slot = find_slot(object)) {
      keep(object);
      return tape_.op(kTapeOpSlot, slot);
    }
    if (depth != 0 && PyObject_CheckBuffer(object) && buffer(object)) return;
    unknown(object, depth);
  }

  // True when the container was met before and is written as a back-reference.
  bool seen(PyObject* container) {
    uint32_t number = containers_++;
    // One reference: only the container we came from knows it, so it cannot come again.
    if (Py_REFCNT(container) == 1) return false;
    int64_t earlier = identities_.find_or_insert(container, number);
    if (earlier < 0) return false;
    containers_--;
    tape_.op(kTapeOpBackref, static_cast<uint32_t>(earlier));
    return true;
  }

  // Hooks run while JavaScript builds: they may drop the last other reference.
  void keep(PyObject* object) { kept_.push(Py_NewRef(object)); }

  void text(PyObject* text) {
    if (PyUnicode_GET_LENGTH(text) >= kLongText) {
      uint32_t slot = slot_new(text_to_js(text));
      slots_.push(slot);
      return tape_.op(kTapeOpSlot, slot);
    }
    tape_.op(kTapeOpStr, tape_.append_text(text));
  }

  void integer(PyObject* object) {
    if (PyBool_Check(object)) {
      return tape_.op(kTapeOpConst, object == Py_True ? kTapeConstTrue : kTapeConstFalse);
    }
    if (Py_TYPE(object) != js_bigint_type) {
      int overflow = 0;
      int64_t value = PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(object))
                          ? PyUnstable_Long_CompactValue(reinterpret_cast<PyLongObject*>(object))
                          : PyLong_AsLongLongAndOverflow(object, &overflow);
      if (overflow == 0 && value <= kMaxSafeInteger && value >= -kMaxSafeInteger) {
        if (value == static_cast<int32_t>(value)) {
          return tape_.integer(static_cast<int32_t>(value));
        }
        return tape_.number(static_cast<double>(value));
      }
    }
    ArgumentCell cell(object);
    Cell* c = cell.get();
    if (c->tag != kTagBigint) raise(PyExc_SystemError, "krait: an int that is no BigInt");
    tape_.op(kTapeOpBigint, c->u32.hi << 1 | (c->aux & 1));
    std::memcpy(tape_.words.extend(c->u32.hi), reinterpret_cast<void*>(c->u32.lo), c->u32.hi * 4);
  }

  void sequence(PyObject* list, int depth) {
    if (seen(list)) return;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(list);
    if (packed(list, count)) return;
    tape_.op(kTapeOpList, static_cast<uint32_t>(count));
    RecursionGuard guard(" while converting to JavaScript");
    for (Py_ssize_t i = 0; i < count; i++) {
      // Hooks cannot run during the walk, so the list keeps its size; items are borrowed from it.
      value(PySequence_Fast_GET_ITEM(list, i), depth);
    }
  }

  // A list of small ints or of floats travels as raw numbers.
  bool packed(PyObject* list, Py_ssize_t count) {
    constexpr Py_ssize_t kWorthwhile = 4;
    if (count < kWorthwhile) return false;
    PyObject** items = PySequence_Fast_ITEMS(list);
    PyTypeObject* type = Py_TYPE(items[0]);
    if (type == &PyFloat_Type) {
      for (Py_ssize_t i = 1; i < count; i++) {
        if (Py_TYPE(items[i]) != &PyFloat_Type) return false;
      }
      tape_.op(kTapeOpDoubles, static_cast<uint32_t>(count));
      tape_.word(tape_.doubles.size());
      double* to = tape_.doubles.extend(static_cast<uint32_t>(count));
      for (Py_ssize_t i = 0; i < count; i++) to[i] = PyFloat_AS_DOUBLE(items[i]);
      return true;
    }
    if (type != &PyLong_Type) return false;
    for (Py_ssize_t i = 0; i < count; i++) {
      if (Py_TYPE(items[i]) != &PyLong_Type ||
          !PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(items[i]))) {
        return false;
      }
    }
    // A compact int has 30 bits and a sign: always an i32.
    tape_.op(kTapeOpInts, static_cast<uint32_t>(count));
    uint32_t* to = tape_.words.extend(static_cast<uint32_t>(count));
    for (Py_ssize_t i = 0; i < count; i++) {
      to[i] = static_cast<uint32_t>(
          PyUnstable_Long_CompactValue(reinterpret_cast<PyLongObject*>(items[i])));
    }
    return true;
  }

  void key(PyObject* key, uint32_t* mixed) {
    if (PyUnicode_CheckExact(key) && PyUnicode_GET_LENGTH(key) < kLongText) [[likely]] {
      int64_t known = keys_.find_or_insert(key, key_count_);
      if (known >= 0) {
        if (known == proto_key_) *mixed = 1;
        return tape_.op(kTapeOpKey, static_cast<uint32_t>(known));
      }
      if (PyUnicode_EqualToUTF8(key, "__proto__")) {
        proto_key_ = key_count_;
        *mixed = 1;
      }
      key_count_++;
      return tape_.op(kTapeOpNewkey, tape_.append_text(key));
    }
    *mixed = 1;
    if (is_atom(key)) return value(key, 0);
    raise(conversion_error, "Cannot use %R as a key for a Javascript Map", key);
  }

  void dict(PyObject* dict, int depth) {
    if (seen(dict)) return;
    auto count = static_cast<uint32_t>(PyDict_GET_SIZE(dict));
    uint32_t at = tape_.words.size();
    tape_.op(kTapeOpDict, count << 1);
    RecursionGuard guard(" while converting to JavaScript");
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* item = nullptr;
    uint32_t mixed = 0;
    while (PyDict_Next(dict, &position, &name, &item)) {
      key(name, &mixed);
      value(item, depth);
    }
    tape_.words[at] |= mixed << 4;
  }

  // What JavaScript compares by value, as Python does.
  static bool is_atom(PyObject* object) {
    return PyUnicode_Check(object) || PyLong_Check(object) || PyFloat_Check(object) ||
           object == Py_None || object == js_null_object;
  }

  void set(PyObject* set) {
    if (seen(set)) return;
    tape_.op(kTapeOpSet, static_cast<uint32_t>(PySet_GET_SIZE(set)));
    PyRef iterator = PyRef::steal(PyObject_GetIter(set));
    while (PyRef item = PyRef::steal_or_null(PyIter_Next(iterator.get()))) {
      if (!is_atom(item.get()) && find_slot(item.get()) == 0) {
        raise(conversion_error, "Cannot use %R as a key for a Javascript Set", item.get());
      }
      value(item.get(), 0);
    }
    if (PyErr_Occurred()) throw PyError{};
  }

  // False when the object refuses: a memoryview that was released, for one.
  bool buffer(PyObject* object) {
    if (!buffers_.take(object)) return false;
    containers_++;
    const PackedBuffer& taken = buffers_.last();
    uint32_t ndim = static_cast<uint32_t>(taken.view.ndim);
    tape_.op(kTapeOpBuffer, static_cast<uint32_t>(taken.format) | ndim << 8);
    tape_.word(reinterpret_cast<uintptr_t>(taken.bytes));
    tape_.word(static_cast<uint32_t>(taken.view.len));
    for (uint32_t i = 0; i < ndim; i++) {
      tape_.word(static_cast<uint32_t>(length_of(taken.view, static_cast<int>(i))));
    }
    return true;
  }

  // An object inside of a piece: JavaScript asks the hooks, or for another piece.
  void pending(PyObject* object, int depth) {
    if (uint32_t slot = find_slot(object)) {
      keep(object);
      return tape_.op(kTapeOpSlot, slot);
    }
    python(object, depth);
  }

  void unknown(PyObject* object, int depth) {
    if ((flags_ & kConvertFlagsPyproxies) == 0) {
      raise(conversion_error, "No conversion known for %R of type %s", object,
            Py_TYPE(object)->tp_name);
    }
    python(object, depth);
  }

  void python(PyObject* object, int depth) {
    keep(object);
    tape_.op(kTapeOpPython, py_flags(object));
    tape_.word(reinterpret_cast<uintptr_t>(object));
    tape_.word(static_cast<uint32_t>(depth));
  }

  Tape tape_;
  AddressMap identities_;
  AddressMap keys_;
  Pool<uint32_t> slots_;
  Pool<PyObject*> kept_;
  PackedBuffers buffers_;
  uint32_t flags_;
  bool pending_ = false;  // true inside of a piece
  uint32_t containers_ = 0;
  uint32_t key_count_ = 0;
  int64_t proto_key_ = -1;
};

}  // namespace

JsVal deep_to_js(PyObject* object, int depth, uint32_t flags, Cell* hooks, Cell* out) {
  PyRef keep = PyRef::borrow(object);  // a hook may drop the caller's reference
  if (flags & kConvertFlagsInPieces) {
    hooks[kHookConversion].tag = kTagInt;
    hooks[kHookConversion].i32 = static_cast<int32_t>(flags);
  }
  Writer writer(flags);
  writer.root(object, depth);
  return writer.build(hooks, out);
}

PyRef decode_built(JsVal value, Cell& cell) {
  if (cell.tag != kTagStr1 && cell.tag != kTagBigint) return decode_result(value, cell);
  Reply reply;
  JsVal settled = imports::settle(value, &reply);
  return decode_result(settled, reply.cell);
}

int init_deep(PyObject* module) {
  conversion_error = PyErr_NewExceptionWithDoc(
      "pyodide.ffi.ConversionError", "A value has no faithful counterpart on the other side.",
      nullptr, nullptr);
  if (conversion_error == nullptr) throw PyError{};
  return checked(PyModule_AddObjectRef(module, "ConversionError", conversion_error));
}

}  // namespace krait
