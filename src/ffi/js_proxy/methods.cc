// The methods and properties that every JsProxy has, and those of callables.
#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

PyObject* typeof_get(PyObject* self, void*) {
  return py_entry([&] { return describe_js(js_value(self), kDescribeTypeof).release(); });
}

PyObject* js_id_get(PyObject* self, void*) {
  return PyLong_FromLong(imports::identity(js_value(self)));
}

PyObject* signature_get(PyObject* self, void*) {
  PyObject* signature = js_fields(self).signature;
  return Py_NewRef(signature == nullptr ? Py_None : signature);
}

PyObject* flags_get(PyObject* self, void*) {
  return PyLong_FromUnsignedLong(js_fields(self).flags);
}

PyObject* list_keys(PyObject* self, uint32_t what) {
  return py_entry([&] {
    Reply out;
    JsVal found = imports::keys(js_value(self), what, &out);
    return decode_result(found, out.cell).release();
  });
}

PyObject* object_keys(PyObject* self, PyObject*) { return list_keys(self, kKeysOwn); }
PyObject* object_values(PyObject* self, PyObject*) { return list_keys(self, kKeysValues); }
PyObject* object_entries(PyObject* self, PyObject*) { return list_keys(self, kKeysEntries); }

PyObject* to_py(PyObject* self, PyObject* args, PyObject* kwargs) {
  static const char* names[] = {"depth", "default_converter", nullptr};
  int depth = -1;
  PyObject* converter = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|i$O:to_py", const_cast<char**>(names), &depth,
                                   &converter)) {
    return nullptr;
  }
  return py_entry([&] { return deep_to_py(js_value(self), self, depth, converter).release(); });
}

PyObject* construct(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return js_proxy_construct(self, args, nargs, kwnames);
}

PyObject* to_weakref(PyObject* self, PyObject*) {
  return py_entry([&] {
    Reply out;
    JsVal reference = imports::weak_ref(js_value(self), &out);
    return decode_result(reference, out.cell).release();
  });
}

PyObject* destroy(PyObject* self, PyObject*) {
  return py_entry([&] {
    Cell out;
    checked(imports::destroy_proxy(js_value(self), &out), out);
    return Py_NewRef(Py_None);
  });
}

PyObject* unwrap(PyObject* self, PyObject*) {
  return py_entry([&] {
    PyObject* object = imports::unwrap_proxy(js_value(self));
    if (object == nullptr) raise(PyExc_ValueError, "the proxy has been destroyed");
    return Py_NewRef(object);
  });
}

}  // namespace

PyMethodDef js_proxy_methods[] = {
    {"object_keys", object_keys, METH_NOARGS, "Object.keys() of the JavaScript object."},
    {"object_values", object_values, METH_NOARGS, "Object.values() of the JavaScript object."},
    {"object_entries", object_entries, METH_NOARGS, "Object.entries() of the JavaScript object."},
    {"to_py", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(to_py)),
     METH_VARARGS | METH_KEYWORDS,
     "to_py($self, /, *, depth=-1, default_converter=None)\n--\n\n"
     "Converts arrays, plain objects, maps, sets and buffers to Python values, `depth` levels\n"
     "deep (-1: all). What has no counterpart stays a JsProxy."},
    {"to_weakref", to_weakref, METH_NOARGS,
     "A WeakRef of the JavaScript object: it does not keep it alive."},
    {"bind_sig", js_bind_sig, METH_O,
     "bind_sig(signature, /)\n--\n\n"
     "A copy of the proxy that converts by the annotations of a Python function, or of a class\n"
     "(see _pyodide.jsbind). Experimental."},
    {"bind_class", js_bind_class, METH_O,
     "bind_class(cls, /)\n--\n\n"
     "A copy of the proxy of a JavaScript class, whose objects are bound to the Python class.\n"
     "Experimental."},
    {"as_py_json", js_as_py_json, METH_NOARGS,
     "A live view of plain data: objects as mappings of their own properties, arrays as\n"
     "sequences, and so on inside. Anything else is returned as it is."},
    {"as_object_map", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(js_as_object_map)),
     METH_VARARGS | METH_KEYWORDS,
     "as_object_map($self, /, *, hereditary=False)\n--\n\n"
     "A live view of the object's own properties as a mapping; with hereditary=True its plain\n"
     "objects are seen so as well. Deprecated: use as_py_json()."},
    {"__dir__", js_proxy_dir, METH_NOARGS, nullptr},
    {},
};

PyGetSetDef js_proxy_getset[] = {
    {"typeof", typeof_get, nullptr, "JavaScript's typeof of the object.", nullptr},
    {"js_id", js_id_get, nullptr, "A number that is the same for the same JavaScript object.",
     nullptr},
    {"_sig", signature_get, nullptr, "What bind_sig() was given, or None.", nullptr},
    {"_js_type_flags", flags_get, nullptr, nullptr, nullptr},
    {},
};

PyMethodDef js_double_proxy_methods[] = {
    {"destroy", destroy, METH_NOARGS, "Destroys the PyProxy; JavaScript cannot use it any more."},
    {"unwrap", unwrap, METH_NOARGS, "The Python object that the PyProxy stands for."},
    {},
};

PyMethodDef js_callable_methods[] = {
    {"new", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(construct)),
     METH_FASTCALL | METH_KEYWORDS, "Calls the function as a constructor, with JavaScript's new."},
    {},
};

}  // namespace krait
