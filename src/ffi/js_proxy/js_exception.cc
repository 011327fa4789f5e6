// JsException: a JS Error that is a Python exception, and how errors change sides.
//
// JS to Python: whatever was thrown becomes a JsException that keeps the thrown value. Python to
// JS: a JsException gives back the value it keeps, so a round trip ends with the same object; any
// other exception travels as its address, and JavaScript makes a PythonError of it that brings the
// same exception back.
#include <cstddef>

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {

PyTypeObject* js_exception_type = nullptr;

namespace {

struct JsExceptionObject {
  PyBaseExceptionObject exception;
  JsFields js;
};
static_assert(offsetof(JsExceptionObject, js) == sizeof(PyBaseExceptionObject));

PyTypeObject* base_type() { return reinterpret_cast<PyTypeObject*>(PyExc_Exception); }

void js_exception_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  // A chain of causes may be longer than the stack is deep.
  Py_TRASHCAN_BEGIN(self, js_exception_dealloc);
  JsFields& js = reinterpret_cast<JsExceptionObject*>(self)->js;
  slot_free(js.slot);
  js.slot = 0;
  Py_CLEAR(js.bound);
  Py_CLEAR(js.signature);
  Py_CLEAR(js.import_attributes);
  base_type()->tp_dealloc(self);
  Py_DECREF(type);
  Py_TRASHCAN_END
}

int js_exception_traverse(PyObject* self, visitproc visit, void* arg) {
  JsFields& js = reinterpret_cast<JsExceptionObject*>(self)->js;
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(js.import_attributes);
  return base_type()->tp_traverse(self, visit, arg);
}

int js_exception_clear(PyObject* self) { return base_type()->tp_clear(self); }

// JsException(message): also made in Python, with an Error of that message behind it.
PyObject* js_exception_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  return py_entry([&] {
    PyRef self = PyRef::steal(base_type()->tp_new(type, args, kwargs));
    PyRef text = PyTuple_GET_SIZE(args) == 1 ? PyRef::steal(PyObject_Str(PyTuple_GET_ITEM(args, 0)))
                                             : PyRef::steal(PyUnicode_FromString(""));
    Cell out;
    out.tag = kTagJs;
    JsVal error = imports::make_error(text_to_js(text.get()), &out);
    checked(error, out);
    JsFields& js = reinterpret_cast<JsExceptionObject*>(self.get())->js;
    js.slot = slot_new(error);
    js.flags = out.aux;
    return self.release();
  });
}

PyObject* js_exception_str(PyObject* self) {
  return py_entry([&] { return describe_js(js_value(self), kDescribeErrorText).release(); });
}

PyObject* describe_getter(PyObject* self, void* what) {
  return py_entry([&] {
    return describe_js(js_value(self), static_cast<uint32_t>(reinterpret_cast<uintptr_t>(what)))
        .release();
  });
}

PyObject* js_error_get(PyObject* self, void*) { return Py_NewRef(self); }

// How many causes of causes are followed: errors may be each other's cause in a circle, or be made
// as they are asked for.
constexpr int kMostCauses = 100;

PyBaseExceptionObject* base_fields(PyObject* exception) {
  return reinterpret_cast<PyBaseExceptionObject*>(exception);
}

// Gives an exception the causes of its JS error, those of the causes too. An error that is met
// again is the same exception again.
void link_causes(PyObject* exception) {
  PyRef seen = PyRef::steal(PyDict_New());
  PyRef at = PyRef::borrow(exception);
  for (int i = 0; i < kMostCauses; i++) {
    checked(PyDict_SetItem(seen.get(), at.get(), at.get()));
    Reply out;
    JsVal value = imports::error_cause(js_value(at.get()), &out);
    PyRef cause = decode_optional(value, out.cell);
    if (!cause) return;
    bool is_js = find_slot(cause.get()) != 0;
    PyObject* known = is_js ? PyDict_GetItemWithError(seen.get(), cause.get()) : nullptr;
    if (PyErr_Occurred()) throw PyError{};
    PyException_SetCause(at.get(), Py_NewRef(known != nullptr ? known : cause.get()));
    if (known != nullptr || !is_js) return;
    at = std::move(cause);
  }
  PyException_SetCause(at.get(), nullptr);  // the last one is not asked again
}

// The causes are looked for when somebody asks, since hardly anybody does. With `raise ... from`
// the exception has got an answer already.
PyObject* cause_get(PyObject* self, void*) {
  return py_entry([&] {
    PyBaseExceptionObject* base = base_fields(self);
    if (base->cause == nullptr && !base->suppress_context) link_causes(self);
    return Py_NewRef(base->cause == nullptr ? Py_None : base->cause);
  });
}

int cause_set(PyObject* self, PyObject* value, void*) {
  return py_entry_status([&] {
    if (value == nullptr) raise(PyExc_TypeError, "__cause__ may not be deleted");
    if (value != Py_None && !PyExceptionInstance_Check(value)) {
      raise(PyExc_TypeError, "exception cause must be None or derive from BaseException");
    }
    PyException_SetCause(self, value == Py_None ? nullptr : Py_NewRef(value));
    return 0;
  });
}

void* closure(Describe what) { return reinterpret_cast<void*>(static_cast<uintptr_t>(what)); }

PyFunction make_js_exception("_pyodide._border", "make_js_exception");

// Pickled as its name and message: the copy is an error of the same class where there is one.
PyObject* js_exception_reduce(PyObject* self, PyObject*) {
  return py_entry([&] {
    PyRef name = describe_js(js_value(self), kDescribeErrorName);
    PyRef message = describe_js(js_value(self), kDescribeErrorMessage);
    return PyRef::steal(Py_BuildValue("O(OO)", make_js_exception.get(), name.get(), message.get()))
        .release();
  });
}

// An exception has Python attributes of its own (__notes__, __traceback__): those first, then the
// JS error's.
PyObject* js_exception_getattro(PyObject* self, PyObject* name) {
  PyObject* value = PyObject_GenericGetAttr(self, name);
  if (value != nullptr || !PyErr_ExceptionMatches(PyExc_AttributeError)) return value;
  PyErr_Clear();
  return js_proxy_getattro(self, name);
}

int js_exception_setattro(PyObject* self, PyObject* name, PyObject* value) {
  bool dunder = PyUnicode_GET_LENGTH(name) > 2 && PyUnicode_READ_CHAR(name, 0) == '_' &&
                PyUnicode_READ_CHAR(name, 1) == '_';
  return dunder ? PyObject_GenericSetAttr(self, name, value) : js_proxy_setattro(self, name, value);
}

PyMethodDef methods[] = {
    {"__reduce__", js_exception_reduce, METH_NOARGS, nullptr},
    {},
};

}  // namespace

PyRef wrap_js_error(JsRef value, uint32_t flags) {
  PyRef message = describe_js(value.get(), kDescribeErrorText);
  PyRef args = PyRef::steal(PyTuple_Pack(1, message.get()));
  PyRef self = PyRef::steal(base_type()->tp_new(js_exception_type, args.get(), nullptr));
  JsFields& js = reinterpret_cast<JsExceptionObject*>(self.get())->js;
  js.slot = value.release();
  js.flags = flags;
  return self;
}

void set_js_error(const JsError& error) {
  try {
    PyRef exception = wrap_js_error(error.value.clone(), kJsFlagsError);
    if (error.traceback) PyException_SetTraceback(exception.get(), error.traceback.get());
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.get())), exception.get());
  } catch (const PyError&) {
    // Describing the error failed: that failure is the error now.
  } catch (const JsError&) {
    // What describes errors is guarded against hostile ones, so it is the stack that ended.
    PyErr_SetString(PyExc_RecursionError,
                    "maximum recursion depth exceeded: JavaScript's stack is full");
  }
}

JsVal take_py_error(Cell* out) {
  PyObject* exception = PyErr_GetRaisedException();
  out->tag = kTagThrown;
  if (uint32_t slot = exception == nullptr ? 0 : find_slot(exception)) {
    out->aux = 0;
    // Where Python frames wait below the JavaScript that this goes to, it may come back to them,
    // and then its way is told as a whole.
    PyObject* traceback = python_waits() ? PyException_GetTraceback(exception) : nullptr;
    out->u32 = {reinterpret_cast<uintptr_t>(traceback), 0};
    JsVal value = slot_get(slot);
    Py_DECREF(exception);
    return value;
  }
  out->aux = 1;
  out->u32 = {reinterpret_cast<uintptr_t>(exception), 0};
  if (exception != nullptr) PySys_SetObject("last_exc", exception);
  return js_null();
}

int init_js_exception(PyObject* module) {
  static PyGetSetDef getset[] = {
      {"name", describe_getter, nullptr, "The error's name, such as TypeError.",
       closure(kDescribeErrorName)},
      {"message", describe_getter, nullptr, "The error's message.", closure(kDescribeErrorMessage)},
      {"stack", describe_getter, nullptr, "JavaScript's stack.", closure(kDescribeErrorStack)},
      {"__cause__", cause_get, cause_set, "The exception's cause.", nullptr},
      {"js_error", js_error_get, nullptr, "The error as a JsProxy: the exception itself.", nullptr},
      {},
  };
  PyType_Slot slots[] = {
      {Py_tp_doc, const_cast<char*>("A JavaScript error as a Python exception.")},
      {Py_tp_dealloc, reinterpret_cast<void*>(js_exception_dealloc)},
      {Py_tp_traverse, reinterpret_cast<void*>(js_exception_traverse)},
      {Py_tp_clear, reinterpret_cast<void*>(js_exception_clear)},
      {Py_tp_new, reinterpret_cast<void*>(js_exception_new)},
      {Py_tp_getattro, reinterpret_cast<void*>(js_exception_getattro)},
      {Py_tp_setattro, reinterpret_cast<void*>(js_exception_setattro)},
      {Py_tp_str, reinterpret_cast<void*>(js_exception_str)},
      {Py_tp_repr, reinterpret_cast<void*>(js_exception_str)},
      {Py_tp_richcompare, reinterpret_cast<void*>(js_proxy_richcompare)},
      {Py_tp_hash, reinterpret_cast<void*>(js_proxy_hash)},
      {Py_tp_getset, getset},
      {Py_tp_methods, methods},
      {},
  };
  PyType_Spec spec = {"pyodide.ffi.JsException", sizeof(JsExceptionObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};
  PyRef bases = PyRef::steal(PyTuple_Pack(2, js_proxy_type, PyExc_Exception));
  js_exception_type = reinterpret_cast<PyTypeObject*>(
      PyRef::steal(PyType_FromSpecWithBases(&spec, bases.get())).release());
  checked(
      PyModule_AddObjectRef(module, "JsException", reinterpret_cast<PyObject*>(js_exception_type)));
  return 0;
}

}  // namespace krait
