// to_py: JavaScript flattens a value into a tape, one walk over the tape builds the Python objects.
//
// What most of a value consists of is made without detours through CPython's general functions:
// ASCII text from the blob, and dicts of a shape that was met before, which are copies of a dict
// with the same keys whose values are then put into place.
#define Py_BUILD_CORE 1
#include <Python.h>
#include <internal/pycore_dict.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/tape.h"

namespace krait {
namespace {

// A conversion with a default_converter. It goes in pieces, one container each, because the hook
// may ask for objects that are still to come; what became of an object is remembered by its
// identity.
class Conversion {
 public:
  explicit Conversion(PyObject* hook);
  ~Conversion() { *alive_ = nullptr; }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  // `depth` levels of what the JsProxy stands for.
  PyRef convert(PyRef proxy, int depth);
  void remember(uint32_t identity, PyObject* result) {
    if (identity != kNoIdentity) known_.insert_or_assign(identity, PyRef::borrow(result));
  }

  static PyObject* convert_entry(PyObject* self, PyObject* value);
  static PyObject* cache_entry(PyObject* self, PyObject* const* args, Py_ssize_t nargs);

 private:
  static constexpr uint32_t kNoIdentity = 1;  // what imports::identity says of a primitive

  // The conversion that the functions given to a hook belong to; raises when it has ended.
  static Conversion& of(PyObject* self);
  PyRef call_hook(const PyRef& proxy, int depth);

  PyObject* hook_;
  Conversion** alive_ = nullptr;  // owned by the capsule: null when the conversion has ended
  PyRef convert_;
  PyRef cache_;
  int depth_ = 0;  // levels that convert() goes, for the hook that runs
  std::unordered_map<uint32_t, PyRef> known_;
};

class Reader {
 public:
  // With a conversion, the objects on the tape are converted by it, `depth` levels deep; the
  // container itself is the JS object `identity`.
  explicit Reader(uint32_t* header, Conversion* conversion = nullptr, int depth = 0,
                  uint32_t identity = 0)
      : conversion_(conversion),
        depth_(depth),
        identity_(identity),
        header_(header),
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

  PyRef value() { return PyRef::steal(next()); }

 private:
  // The next value of the tape, a new reference; throws where it fails.
  PyObject* next() {
    uint32_t word = *word_++;
    uint32_t operand = word >> 4;
    switch (static_cast<TapeOp>(word & 15)) {
      case kTapeOpSmall:
        return owned(PyLong_FromLong(static_cast<int32_t>(word) >> 4));
      case kTapeOpDouble:
        return number(doubles_[operand]);
      case kTapeOpStr:
        return text(operand);
      case kTapeOpKey:
        return Py_NewRef(keys_[operand]);
      case kTapeOpNewkey: {
        PyObject* key = text(operand);
        keys_.push_back(key);
        return Py_NewRef(key);
      }
      case kTapeOpConst:
        return constant(operand);
      case kTapeOpList:
        return list(operand);
      case kTapeOpInts:
        return ints(operand);
      case kTapeOpDict:
        return dict(operand >> 1, operand & 1);
      case kTapeOpShaped:
        return shaped(operand);
      case kTapeOpSet:
        return set(operand);
      case kTapeOpBackref:
        return Py_NewRef(containers_[operand]);
      case kTapeOpPython:
        return Py_NewRef(reinterpret_cast<PyObject*>(*word_++));
      case kTapeOpSlot: {
        uint32_t flags = *word_++;
        PyRef proxy = wrap_js(JsRef::adopt(std::exchange(slots_[operand], 0)), flags);
        if (conversion_ == nullptr) return proxy.release();
        return conversion_->convert(std::move(proxy), depth_).release();
      }
      case kTapeOpBigint: {
        Cell cell;
        cell.tag = kTagBigint;
        cell.aux = operand & 1;
        cell.u32 = {reinterpret_cast<uintptr_t>(word_), operand >> 1};
        word_ += operand >> 1;
        return decode_argument(cell).release();
      }
      case kTapeOpBuffer:
        return buffer(static_cast<char>(operand)).release();
      default:
        raise(PyExc_SystemError, "krait: an unknown word on a tape: %u", word);
    }
  }

  static PyObject* owned(PyObject* object) {
    if (object == nullptr) [[unlikely]]
      throw PyError{};
    return object;
  }

  void begin(PyObject* container) {
    if (conversion_ != nullptr && containers_.empty()) conversion_->remember(identity_, container);
    containers_.push_back(container);
  }

  static PyObject* number(double value) {
    Cell cell;
    cell.tag = kTagDouble;
    cell.f64 = value;
    if (std::trunc(value) != value) return owned(PyFloat_FromDouble(value));
    return decode_argument(cell).release();
  }

  PyObject* text(uint32_t length) {
    const unsigned char* at = blob_;
    blob_ += length * unit_;
    if (unit_ == 2) {
      return text_from_utf16(reinterpret_cast<const char16_t*>(at), length).release();
    }
    // One byte a character means ASCII. CPython has its own objects for the shortest text.
    if (length < 2) return owned(PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, at, length));
    PyObject* text = owned(PyUnicode_New(length, 0x7F));
    std::memcpy(PyUnicode_1BYTE_DATA(text), at, length);
    return text;
  }

  static PyObject* constant(uint32_t operand) {
    switch (operand) {
      case kTapeConstNull:
        return Py_NewRef(js_null_object);
      case kTapeConstFalse:
        return Py_NewRef(Py_False);
      case kTapeConstTrue:
        return Py_NewRef(Py_True);
      default:
        return Py_NewRef(Py_None);
    }
  }

  PyObject* list(uint32_t count) {
    RecursionGuard guard(" while converting from JavaScript");
    if (conversion_ != nullptr) return growing_list(count);
    PyRef list = PyRef::steal(PyList_New(count));
    begin(list.get());
    for (uint32_t i = 0; i < count; i++) PyList_SET_ITEM(list.get(), i, next());
    return list.release();
  }

  // A hook can get hold of the list before it is complete, and change it.
  PyObject* growing_list(uint32_t count) {
    PyRef list = PyRef::steal(PyList_New(0));
    begin(list.get());
    for (uint32_t i = 0; i < count; i++) {
      PyRef item = value();
      checked(PyList_Append(list.get(), item.get()));
    }
    return list.release();
  }

  PyObject* ints(uint32_t count) {
    PyRef list = PyRef::steal(PyList_New(count));
    begin(list.get());
    for (uint32_t i = 0; i < count; i++) {
      PyList_SET_ITEM(list.get(), i, owned(PyLong_FromLong(static_cast<int32_t>(*word_++))));
    }
    return list.release();
  }

  PyObject* dict(uint32_t count, bool defines_shape) {
    RecursionGuard guard(" while converting from JavaScript");
    // Not presized: CPython gives such a dict keys of any type, which are larger and slower.
    PyRef dict = PyRef::steal(PyDict_New());
    begin(dict.get());
    for (uint32_t i = 0; i < count; i++) {
      PyRef key = value();
      PyObject* item = next();
      // Both references are handed over, whether it works or not.
      if (defines_shape) {
        checked(_PyDict_SetItem_Take2(dict_of(dict), key.release(), item));
        continue;
      }
      Py_ssize_t before = PyDict_GET_SIZE(dict.get());
      checked(_PyDict_SetItem_Take2(dict_of(dict), Py_NewRef(key.get()), item));
      if (PyDict_GET_SIZE(dict.get()) == before) equal_keys("Map", key);
    }
    if (defines_shape) shapes_.push_back(dict.clone());
    return dict.release();
  }

  // A dict that has been met before as far as its keys go.
  PyObject* shaped(uint32_t number) {
    RecursionGuard guard(" while converting from JavaScript");
    PyObject* model = shapes_[number].get();
    PyRef dict = PyRef::steal(PyDict_Copy(model));
    begin(dict.get());
    PyDictKeysObject* keys = dict_of(dict)->ma_keys;
    Py_ssize_t count = PyDict_GET_SIZE(dict.get());
    if (!DK_IS_UNICODE(keys) || keys->dk_nentries != count || dict_of(dict)->ma_values != nullptr) {
      return filled(std::move(dict), model);
    }
    bool tracked = false;
    for (Py_ssize_t i = 0; i < count; i++) {
      PyObject* item = next();
      // Hooks are never called in between: a conversion with hooks has one dict on a tape, which
      // has no shape to follow. So the keys stay where they are.
      Py_DECREF(std::exchange(DK_UNICODE_ENTRIES(keys)[i].me_value, item));
      tracked |= PyObject_IS_GC(item);
    }
    if (tracked && !PyObject_GC_IsTracked(dict.get())) PyObject_GC_Track(dict.get());
    return dict.release();
  }

  // As shaped(), for dicts whose insides are not as expected.
  PyObject* filled(PyRef dict, PyObject* model) {
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    while (PyDict_Next(model, &position, &key, nullptr)) {
      PyRef item = value();
      checked(PyDict_SetItem(dict.get(), key, item.get()));
    }
    return dict.release();
  }

  PyObject* set(uint32_t count) {
    PyRef set = PyRef::steal(PySet_New(nullptr));
    begin(set.get());
    for (uint32_t i = 0; i < count; i++) {
      PyRef item = value();
      Py_ssize_t before = PySet_GET_SIZE(set.get());
      checked(PySet_Add(set.get(), item.get()));
      if (PySet_GET_SIZE(set.get()) == before) equal_keys("Set", item);
    }
    return set.release();
  }

  [[noreturn]] static void equal_keys(const char* kind, const PyRef& key) {
    raise(conversion_error,
          "Cannot faithfully convert %s into Python since several of its keys are equal to %R "
          "there.",
          kind, key.get());
  }

  static PyDictObject* dict_of(const PyRef& dict) {
    return reinterpret_cast<PyDictObject*>(dict.get());
  }

  PyRef buffer(char format) {
    uint32_t slot = slots_[*word_++];
    uint32_t size = *word_++;
    PyRef bytes = PyRef::steal(PyByteArray_FromStringAndSize(nullptr, size));
    Reply out;
    checked(imports::buffer_bytes(slot_get(slot), PyByteArray_AS_STRING(bytes.get()), size,
                                  kBufferBytesAllToPython, &out),
            out.cell);
    PyRef view = PyRef::steal(PyMemoryView_FromObject(bytes.get()));
    if (format != 'B') {
      view = PyRef::steal(PyObject_CallMethod(view.get(), "cast", "C", format));
    }
    begin(view.get());
    return view;
  }

  Conversion* conversion_;
  int depth_;
  uint32_t identity_;
  uint32_t* header_;
  uint32_t* word_;
  double* doubles_;
  unsigned char* blob_;
  uint32_t unit_;
  uint32_t* slots_;
  std::vector<PyObject*> containers_;  // borrowed: each is in the value under construction
  std::vector<PyObject*> keys_;        // owned
  std::vector<PyRef> shapes_;          // the dicts that defined them
};

constexpr char kCapsuleName[] = "krait.conversion";

PyMethodDef convert_method = {"convert", Conversion::convert_entry, METH_O,
                              "convert(value, /)\n--\n\nConverts a JsProxy as to_py does."};
PyMethodDef cache_method = {
    "cache_conversion",
    reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(Conversion::cache_entry)), METH_FASTCALL,
    "cache_conversion(value, result, /)\n--\n\nTells what becomes of a JsProxy, before its parts "
    "are converted."};

Conversion::Conversion(PyObject* hook) : hook_(hook) {
  auto** alive = new Conversion*(this);
  PyObject* capsule = PyCapsule_New(alive, kCapsuleName, [](PyObject* self) {
    delete static_cast<Conversion**>(PyCapsule_GetPointer(self, kCapsuleName));
  });
  if (capsule == nullptr) delete alive;
  PyRef owner = PyRef::steal(capsule);
  convert_ = PyRef::steal(PyCFunction_New(&convert_method, owner.get()));
  cache_ = PyRef::steal(PyCFunction_New(&cache_method, owner.get()));
  alive_ = alive;
}

Conversion& Conversion::of(PyObject* self) {
  auto* alive = static_cast<Conversion**>(PyCapsule_GetPointer(self, kCapsuleName));
  if (alive == nullptr) throw PyError{};
  if (*alive == nullptr) {
    raise(PyExc_RuntimeError, "the conversion that this function belongs to has ended");
  }
  return **alive;
}

PyObject* Conversion::convert_entry(PyObject* self, PyObject* value) {
  return py_entry([&] {
    Conversion& conversion = of(self);
    if (find_slot(value) == 0) return Py_NewRef(value);
    return conversion.convert(PyRef::borrow(value), conversion.depth_).release();
  });
}

PyObject* Conversion::cache_entry(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs != 2) {
      raise(PyExc_TypeError, "cache_conversion() takes exactly 2 arguments (%zd given)", nargs);
    }
    Conversion& conversion = of(self);
    if (uint32_t slot = find_slot(args[0])) {
      conversion.remember(imports::identity(slot_get(slot)), args[1]);
    }
    return Py_NewRef(Py_None);
  });
}

PyRef Conversion::convert(PyRef proxy, int depth) {
  uint32_t slot = find_slot(proxy.get());
  uint32_t identity = imports::identity(slot_get(slot));
  auto found = known_.find(identity);
  if (found != known_.end()) return found->second.clone();
  if (depth == 0) return proxy;
  RecursionGuard guard(" while converting from JavaScript");
  Reply out;
  JsVal result = imports::flatten(slot_get(slot), 1, &out);
  if (out.cell.tag == kTagAbsent) return call_hook(proxy, depth);
  checked(result, out.cell);
  Reader reader(reinterpret_cast<uint32_t*>(out.cell.i32), this, depth - 1, identity);
  return reader.value();
}

PyRef Conversion::call_hook(const PyRef& proxy, int depth) {
  PyObject* args[] = {proxy.get(), convert_.get(), cache_.get()};
  struct Restore {
    int& depth;
    int before;
    ~Restore() { depth = before; }
  } restore{depth_, std::exchange(depth_, depth > 0 ? depth - 1 : depth)};
  return PyRef::steal(PyObject_Vectorcall(hook_, args, 3, nullptr));
}

}  // namespace

PyRef deep_to_py(JsVal value, PyObject* same, int depth, PyObject* default_converter) {
  if (depth == 0) return PyRef::borrow(same);
  if (default_converter != nullptr && default_converter != Py_None) {
    if (!PyCallable_Check(default_converter)) {
      raise(PyExc_TypeError, "to_py: default_converter must be callable, not %s",
            Py_TYPE(default_converter)->tp_name);
    }
    Conversion conversion(default_converter);
    return conversion.convert(PyRef::borrow(same), depth);
  }
  Reply out;
  JsVal result = imports::flatten(value, depth, &out);
  if (out.cell.tag == kTagAbsent) return PyRef::borrow(same);
  checked(result, out.cell);
  Reader reader(reinterpret_cast<uint32_t*>(out.cell.i32));
  return reader.value();
}

}  // namespace krait
