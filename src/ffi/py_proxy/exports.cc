// What JavaScript's PyProxy asks of Python objects: one export per operation, arguments and result
// in cells.
//
// Every export answers with the val of its result cell; an error is a THROWN cell. Object
// parameters are borrowed from the proxy, which owns a reference while the call runs.
#include <cstdlib>
#include <cstring>

#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/py_proxy/call_object.h"

// From pycore_object.h, which C++ cannot read: what a method call looks up. 1 if `method` is a
// function of the type that still has to be bound; else it is the attribute, or null with an error
// set.
extern "C" int _PyObject_GetMethod(PyObject* object, PyObject* name, PyObject** method);

namespace krait {
namespace {

// Arguments from JavaScript as owned references, with room for small counts on the stack.
class Arguments {
 public:
  // Decodes argc cells and kwargc pairs (name, value). Cells that are not reached because of an
  // error are discarded.
  Arguments(Cell* cells, uint32_t argc, uint32_t kwargc) : count_(0) {
    uint32_t total = argc + kwargc;
    if (total + 1 > kInline) {
      more_ = static_cast<PyObject**>(std::malloc((total + 1) * sizeof(PyObject*)));
      if (more_ == nullptr) throw std::bad_alloc();
      values_ = more_;
    }
    values_[0] = nullptr;  // PY_VECTORCALL_ARGUMENTS_OFFSET: the callee may use it
    uint32_t cell_count = argc + 2 * kwargc;
    uint32_t next = 0;
    try {
      while (next < argc) add(cells[next++]);
      if (kwargc != 0) {
        names_ = PyRef::steal(PyTuple_New(kwargc));
        for (uint32_t i = 0; i < kwargc; i++) {
          PyObject* name = decode_argument(cells[next++]).release();
          PyUnicode_InternInPlace(&name);
          PyTuple_SET_ITEM(names_.get(), i, name);
          add(cells[next++]);
        }
      }
    } catch (...) {
      while (next < cell_count) discard_argument(cells[next++]);
      release();
      throw;
    }
  }
  ~Arguments() { release(); }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  PyObject* const* values() const { return values_ + 1; }
  PyObject* names() const { return names_.get(); }

 private:
  static constexpr uint32_t kInline = 9;

  void add(Cell& cell) {
    values_[count_ + 1] = decode_argument(cell).release();
    count_++;
  }
  void release() {
    for (uint32_t i = 0; i < count_; i++) Py_DECREF(values_[i + 1]);
    std::free(more_);
    more_ = nullptr;
    count_ = 0;
  }

  PyObject* inline_[kInline];
  PyObject** values_ = inline_;
  PyObject** more_ = nullptr;
  uint32_t count_;
  PyRef names_;
};

// A bound method is made anew by each access; two are the same if they would do the same.
bool is_same_method(PyObject* a, PyObject* b) {
  if (a == b) return true;
  if (Py_TYPE(a) != Py_TYPE(b)) return false;
  if (PyMethod_Check(a)) {
    return PyMethod_GET_FUNCTION(a) == PyMethod_GET_FUNCTION(b) &&
           PyMethod_GET_SELF(a) == PyMethod_GET_SELF(b);
  }
  if (!PyCFunction_CheckExact(a)) return false;
  auto* left = reinterpret_cast<PyCFunctionObject*>(a);
  auto* right = reinterpret_cast<PyCFunctionObject*>(b);
  return left->m_ml == right->m_ml && left->m_self == right->m_self;
}

// Is `method` what binding this function or descriptor of a type to the object would make?
bool is_bound(PyObject* method, PyObject* function, PyObject* object) {
  if (PyMethod_Check(method)) {
    return PyMethod_GET_FUNCTION(method) == function && PyMethod_GET_SELF(method) == object;
  }
  if (!PyCFunction_CheckExact(method) || Py_TYPE(function) != &PyMethodDescr_Type) return false;
  auto* bound = reinterpret_cast<PyCFunctionObject*>(method);
  return bound->m_ml == reinterpret_cast<PyMethodDescrObject*>(function)->d_method &&
         bound->m_self == object;
}

JsVal answer(const PyRef& object, Cell* out) { return encode_result(object.get(), out); }

JsVal answer_bool(int value, Cell* out) {
  out->tag = kTagBool;
  out->aux = checked(value) != 0;
  return js_null();
}

JsVal done(Cell* out) {
  out->tag = kTagUndefined;
  return js_null();
}

JsVal absent(Cell* out) {
  out->tag = kTagAbsent;
  return js_null();
}

JsVal same(Cell* out) {
  out->tag = kTagSame;
  return js_null();
}

PyFunction format_exception("_pyodide._traceback", "format_exception");

// The exception that a traceback shows before this one: its cause, or what was being handled.
// Borrowed; null if there is none.
PyObject* find_origin(PyObject* exception) {
  auto* base = reinterpret_cast<PyBaseExceptionObject*>(exception);
  if (base->cause != nullptr) return base->cause;
  return base->suppress_context ? nullptr : base->context;
}

// Numbers, one-byte text and the like: their cells need no memory of their own and no proxy.
bool travels_in_batch(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyLong_Type) {
    return PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(object));
  }
  if (type == &PyUnicode_Type) return PyUnicode_KIND(object) == PyUnicode_1BYTE_KIND;
  return type == &PyFloat_Type || type == &PyBool_Type || object == Py_None;
}

}  // namespace

JsVal call_object(PyObject* object, Cell* cells, uint32_t argc, uint32_t kwargc) {
  Arguments args(cells + 1, argc, kwargc);
  PyRef result = PyRef::steal(PyObject_Vectorcall(
      object, args.values(), argc | PY_VECTORCALL_ARGUMENTS_OFFSET, args.names()));
  return answer(result, cells);
}

extern "C" {

void* krait_epoch() { return &js_epoch; }
void krait_need_promising_room() { need_room(kPromisingRoom); }
void* krait_alloc(uint32_t size) {
  need_room(kErrorRoom);
  return std::malloc(size);
}
void krait_free(void* bytes) {
  need_room(kReleaseRoom);
  std::free(bytes);
}
void krait_discard(Cell* argument) {
  BareEntry entry(kReleaseRoom);
  discard_argument(*argument);
}
void krait_incref(PyObject* object) { Py_XINCREF(object); }
void krait_decref(PyObject* object) {
  BareEntry entry(kErrorRoom);
  // The object's finaliser may run Python code; an error that is being handled stays as it is.
  PyObject* pending = PyErr_GetRaisedException();
  Py_XDECREF(object);
  if (pending != nullptr) PyErr_SetRaisedException(pending);
}

PyObject* krait_intern(uint32_t tag, void* bytes, uint32_t length) {
  BareEntry entry;
  return py_entry([&] {
    PyObject* text = tag == kTagStr1
                         ? PyRef::steal(PyUnicode_FromKindAndData(1, bytes, length)).release()
                         : text_from_utf16(static_cast<char16_t*>(bytes), length).release();
    PyUnicode_InternInPlace(&text);
    return text;
  });
}

// A str of `length` one-byte characters for JavaScript to fill in; the cell owns it.
void* krait_new_str(uint32_t length, uint32_t max_code_point, Cell* out) {
  BareEntry entry;
  PyObject* text = PyUnicode_New(length, max_code_point);
  if (text == nullptr) {
    PyErr_Clear();
    return nullptr;
  }
  out->tag = kTagPy;
  out->aux = 1;
  out->u32 = {reinterpret_cast<uintptr_t>(text), 0};
  return PyUnicode_DATA(text);
}

// The cell comes with the address of the object that JavaScript has a proxy of under this name, or
// 0: a method that is the same again needs no new proxy (tag SAME). aux 2 tells that a result may
// be remembered in this way.
JsVal krait_get_attr(PyObject* object, PyObject* name, Cell* out) {
  return js_entry(out, [&] {
    auto* known = reinterpret_cast<PyObject*>(out->u32.lo);
    PyRef value;
    if (known != nullptr && Py_TYPE(object)->tp_getattro == PyObject_GenericGetAttr) {
      PyObject* found = nullptr;
      const bool unbound = _PyObject_GetMethod(object, name, &found) != 0;
      value = PyRef::steal_or_null(found);
      if (!value) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) throw PyError{};
        PyErr_Clear();
        return absent(out);
      }
      if (unbound) {
        if (is_bound(known, value.get(), object)) return same(out);
        auto* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
        value = PyRef::steal(Py_TYPE(found)->tp_descr_get(value.get(), object, type));
      }
    } else {
      PyObject* found = nullptr;
      if (checked(PyObject_GetOptionalAttr(object, name, &found)) == 0) return absent(out);
      value = PyRef::steal(found);
    }
    if (known != nullptr && is_same_method(known, value.get())) return same(out);
    JsVal result = answer(value, out);
    const bool method = PyMethod_Check(value.get()) || PyCFunction_Check(value.get());
    if (out->tag == kTagPy && method) out->aux = 2;
    return result;
  });
}

JsVal krait_set_attr(PyObject* object, PyObject* name, Cell* value) {
  return js_entry(value, [&] {
    PyRef item = decode_argument(*value);
    checked(PyObject_SetAttr(object, name, item.get()));
    return done(value);
  });
}

JsVal krait_del_attr(PyObject* object, PyObject* name, Cell* out) {
  return js_entry(out, [&] {
    checked(PyObject_DelAttr(object, name));
    return done(out);
  });
}

JsVal krait_has_attr(PyObject* object, PyObject* name, Cell* out) {
  return js_entry(out, [&] {
    PyObject* value = nullptr;
    int found = PyObject_GetOptionalAttr(object, name, &value);
    Py_XDECREF(value);
    return answer_bool(found, out);
  });
}

JsVal krait_dir(PyObject* object, Cell* out) {
  return js_entry(out, [&] {
    PyRef names = PyRef::steal(PyObject_Dir(object));
    Cell hooks[kHookCount];
    return deep_to_js(names.get(), 1, 0, hooks, out);
  });
}

JsVal krait_dict_keys(PyObject* object, Cell* out) {
  return js_entry(out, [&] {
    PyRef keys = PyRef::steal(PyDict_Check(object) ? PyDict_Keys(object) : PyMapping_Keys(object));
    Cell hooks[kHookCount];
    return deep_to_js(keys.get(), 1, kConvertFlagsPyproxies, hooks, out);
  });
}

JsVal krait_call(PyObject* object, Cell* cells, uint32_t argc, uint32_t kwargc) {
  return js_entry(cells, [&] { return call_object(object, cells, argc, kwargc); });
}

JsVal krait_get_item(PyObject* object, Cell* key) {
  return js_entry(key, [&] {
    PyRef name = decode_argument(*key);
    PyObject* value = PyObject_GetItem(object, name.get());
    if (value == nullptr) {
      if (!PyErr_ExceptionMatches(PyExc_LookupError)) throw PyError{};
      PyErr_Clear();
      return absent(key);
    }
    return answer(PyRef::steal(value), key);
  });
}

JsVal krait_set_item(PyObject* object, Cell* key, Cell* value) {
  return js_entry(key, [&] {
    PyRef name;
    try {
      name = decode_argument(*key);
    } catch (...) {
      discard_argument(*value);
      throw;
    }
    PyRef item = decode_argument(*value);
    checked(PyObject_SetItem(object, name.get(), item.get()));
    return done(key);
  });
}

JsVal krait_del_item(PyObject* object, Cell* key) {
  return js_entry(key, [&] {
    PyRef name = decode_argument(*key);
    checked(PyObject_DelItem(object, name.get()));
    return done(key);
  });
}

JsVal krait_contains(PyObject* object, Cell* key) {
  return js_entry(key, [&] {
    PyRef item = decode_argument(*key);
    return answer_bool(PySequence_Contains(object, item.get()), key);
  });
}

// len(); -1 when it failed: the error waits for krait_length.
int32_t krait_quick_length(PyObject* object) {
  BareEntry entry;
  return static_cast<int32_t>(PyObject_Size(object));
}

JsVal krait_length(PyObject* object, Cell* out) {
  return js_entry(out, [&] {
    if (PyErr_Occurred()) throw PyError{};
    Py_ssize_t length = PyObject_Size(object);
    if (length < 0) throw PyError{};
    out->tag = kTagInt;
    out->i32 = static_cast<int32_t>(length);
    return js_null();
  });
}

// Items of a list or tuple that need no crossing of their own: numbers and one-byte text, whose
// characters are borrowed until Python runs. How many; -1 for other sequences.
int32_t krait_get_items(PyObject* sequence, uint32_t index, void* batch, uint32_t count) {
  if (!PyList_CheckExact(sequence) && !PyTuple_CheckExact(sequence)) return -1;
  auto size = static_cast<uint32_t>(PySequence_Fast_GET_SIZE(sequence));
  PyObject** items = PySequence_Fast_ITEMS(sequence);
  auto* cell = static_cast<Cell*>(batch);
  uint32_t end = index >= size ? index : size - index < count ? size : index + count;
  for (uint32_t i = index; i < end; i++, cell++) {
    if (!travels_in_batch(items[i])) return static_cast<int32_t>(i - index);
    (void)encode_argument(items[i], cell);
  }
  return static_cast<int32_t>(end - index);
}

JsVal krait_get_iter(PyObject* object, Cell* out) {
  return js_entry(out, [&] { return answer(PyRef::steal(PyObject_GetIter(object)), out); });
}

JsVal krait_next(PyObject* iterator, Cell* out) {
  return js_entry(out, [&] {
    PyObject* item = nullptr;
    PySendResult state = PyIter_Send(iterator, Py_None, &item);
    if (state == PYGEN_ERROR) throw PyError{};
    PyRef value = PyRef::steal(item);
    if (state == PYGEN_RETURN) {
      JsVal result = encode_result(value.get(), out);
      out->aux |= kStepReturned;
      return result;
    }
    return answer(value, out);
  });
}

JsVal krait_send(PyObject* generator, Cell* value) {
  return js_entry(value, [&] {
    PyRef sent = decode_argument(*value);
    PyObject* item = nullptr;
    PySendResult state = PyIter_Send(generator, sent.get(), &item);
    if (state == PYGEN_ERROR) throw PyError{};
    PyRef result = PyRef::steal(item);
    *value = Cell{};
    JsVal js = encode_result(result.get(), value);
    if (state == PYGEN_RETURN) value->aux |= kStepReturned;
    return js;
  });
}

JsVal krait_throw_in(PyObject* generator, Cell* error, Cell* out) {
  return js_entry(out, [&] {
    PyRef thrown = decode_argument(*error);
    if (!PyExceptionInstance_Check(thrown.get())) {
      raise(PyExc_TypeError, "throw() expects an exception, not %s",
            Py_TYPE(thrown.get())->tp_name);
    }
    PyRef item = PyRef::steal_or_null(PyObject_CallMethod(generator, "throw", "O", thrown.get()));
    if (item) return answer(item, out);
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) throw PyError{};
    PyRef stop = PyRef::steal(PyErr_GetRaisedException());
    PyRef result = PyRef::borrow(reinterpret_cast<PyStopIterationObject*>(stop.get())->value);
    JsVal js = encode_result(result.get(), out);
    out->aux |= kStepReturned;
    return js;
  });
}

JsVal krait_type_name(PyObject* object, Cell* out) {
  return js_entry(out, [&] {
    // tp_name: types of extension modules keep their module, such as collections.deque.
    return encode_result(PyRef::steal(PyUnicode_FromString(Py_TYPE(object)->tp_name)).get(), out);
  });
}

JsVal krait_str(PyObject* object, Cell* out) {
  return js_entry(out, [&] { return answer(PyRef::steal(PyObject_Str(object)), out); });
}

JsVal krait_repr(PyObject* object, Cell* out) {
  return js_entry(out, [&] { return answer(PyRef::steal(PyObject_Repr(object)), out); });
}

JsVal krait_import_module(Cell* name) {
  return js_entry(name, [&] {
    PyRef text = decode_argument(*name);
    return answer(PyRef::steal(PyImport_Import(text.get())), name);
  });
}

JsVal krait_to_js(PyObject* object, int32_t depth, uint32_t flags, Cell* hooks, Cell* out) {
  return js_entry(out, [&] {
    JsVal value = deep_to_js(object, depth, flags, hooks, out);
    if (out->tag == kTagStr1 || out->tag == kTagBigint) out->tag = kTagJs;
    return value;
  });
}

// toPy: the first cell is the value, the second a default converter or UNDEFINED.
JsVal krait_from_js(Cell* value, Cell* hook, int32_t depth) {
  return js_entry(value, [&] {
    PyRef converter = decode_argument(*hook);
    if (value->tag != kTagJs) return answer(decode_argument(*value), value);
    JsRef object = JsRef::adopt(value->u32.lo);
    uint32_t flags = value->aux;
    *value = Cell{};
    PyRef same = wrap_js(object.clone(), flags);
    PyRef converted = deep_to_py(object.get(), same.get(), depth, converter.get());
    return answer(converted, value);
  });
}

JsVal krait_globals(Cell* out) {
  return js_entry(out, [&] {
    PyObject* main = PyImport_AddModule("__main__");
    if (main == nullptr) throw PyError{};
    return answer(PyRef::borrow(PyModule_GetDict(main)), out);
  });
}

// The type's name and the formatted traceback of an exception, for a PythonError.
JsVal krait_exception_info(PyObject* exception, Cell* type, Cell* message) {
  return js_entry(message, kErrorRoom, [&] {
    if (exception == nullptr) raise(PyExc_SystemError, "krait: an error without an exception");
    *type = Cell{};
    const char* name = Py_TYPE(exception)->tp_name;
    const char* dot = std::strrchr(name, '.');
    PyRef short_name = PyRef::steal(PyUnicode_FromString(dot == nullptr ? name : dot + 1));
    type->tag = kTagJs;
    type->aux = find_origin(exception) != nullptr;
    type->u32 = {slot_new(text_to_js(short_name.get())), 0};
    PyRef text;
    if (PyObject* format = format_exception.find()) {
      PyObject* args[] = {exception, python_waits() ? Py_True : Py_False};
      text = PyRef::steal_or_null(PyObject_Vectorcall(format, args, 2, nullptr));
    }
    if (!text) {
      // The formatter itself failed (a hostile __str__, or no memory): the bare facts still help.
      PyErr_Clear();
      text = PyRef::steal_or_null(PyObject_Str(exception));
      PyErr_Clear();
      text = PyRef::steal(text ? PyUnicode_FromFormat("%s: %U\n", name, text.get())
                               : PyUnicode_FromFormat("%s: <str() failed>\n", name));
    }
    return answer(text, message);
  });
}

// A JsException as the JS error that it stands for, any other exception as a THROWN one.
JsVal krait_exception_cause(PyObject* exception, Cell* out) {
  return js_entry(out, kErrorRoom, [&] {
    PyObject* origin = find_origin(exception);
    if (origin == nullptr) return absent(out);
    if (find_slot(origin) != 0) return encode_result(origin, out);
    out->tag = kTagThrown;
    out->aux = 1;
    out->u32 = {reinterpret_cast<uintptr_t>(Py_NewRef(origin)), 0};
    return js_null();
  });
}

}  // extern "C"

}  // namespace krait
