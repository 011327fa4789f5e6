// Attributes of JS objects: get, set, delete, dir.
//
// What the proxy's type defines (to_py, typeof, the methods of a sequence) comes first, then the JS
// property. A function that is read from an object remembers it as `this`.
#include "ffi/convert/to_js.h"
#include "ffi/handle/names.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

// A promise is a future, too, as far as JavaScript has no property of the name.
PyFunction future_attribute("_pyodide._promise", "future_attribute");

// What the import system sets on a module: kept on Python's side, so that no JS object is touched
// by being imported.
bool is_import_attribute(PyObject* name) {
  Py_ssize_t length = PyUnicode_GET_LENGTH(name);
  if (length < 7 || length > 11 || PyUnicode_READ_CHAR(name, 0) != '_') return false;
  for (const char* known :
       {"__name__", "__spec__", "__path__", "__loader__", "__package__", "__all__", "__file__"}) {
    if (PyUnicode_EqualToUTF8(name, known)) return true;
  }
  return false;
}

PyObject* get_import_attribute(PyObject* self, PyObject* name) {
  PyObject* dict = js_fields(self).import_attributes;
  PyObject* value = dict == nullptr ? nullptr : PyDict_GetItemWithError(dict, name);
  if (value != nullptr) return Py_NewRef(value);
  if (!PyErr_Occurred()) PyErr_SetObject(PyExc_AttributeError, name);
  return nullptr;
}

int set_import_attribute(PyObject* self, PyObject* name, PyObject* value) {
  PyObject*& dict = js_fields(self).import_attributes;
  if (dict == nullptr) {
    dict = PyDict_New();
    if (dict == nullptr) return -1;
    if (!PyObject_GC_IsTracked(self)) PyObject_GC_Track(self);
  }
  return value == nullptr ? PyDict_DelItem(dict, name) : PyDict_SetItem(dict, name, value);
}

}  // namespace

PyObject* js_proxy_getattro(PyObject* self, PyObject* name) {
  if (_PyType_Lookup(Py_TYPE(self), name) != nullptr) return PyObject_GenericGetAttr(self, name);
  if (is_import_attribute(name)) return get_import_attribute(self, name);
  return py_entry([&]() -> PyObject* {
    Reply out;
    JsVal object = js_value(self);
    uint32_t number = find_js_name(name);
    PyRef value;
    if (number != kNoName) [[likely]] {
      JsVal found = imports::get_attr(object, number, &out);
      value = decode_optional(found, out.cell);
    } else {
      ArgumentCell text(name);
      JsVal found = imports::get_attr_text(object, text.get(), &out);
      value = decode_optional(found, out.cell);
    }
    if (!value) {
      if (js_fields(self).flags & kJsFlagsPromise) {
        return PyRef::steal(
                   PyObject_CallFunctionObjArgs(future_attribute.get(), self, name, nullptr))
            .release();
      }
      PyErr_SetObject(PyExc_AttributeError, name);
      throw PyError{};
    }
    if (out.cell.tag == kTagJs && (out.cell.aux & kJsFlagsCallable)) {
      js_fields(value.get()).bound = Py_NewRef(self);
    }
    if (js_fields(self).signature != nullptr) [[unlikely]] {
      value = bound_attribute(self, name, std::move(value));
    }
    return value.release();
  });
}

int js_proxy_setattro(PyObject* self, PyObject* name, PyObject* value) {
  PyObject* descriptor = _PyType_Lookup(Py_TYPE(self), name);
  if (descriptor != nullptr && Py_TYPE(descriptor)->tp_descr_set != nullptr) {
    return PyObject_GenericSetAttr(self, name, value);
  }
  if (is_import_attribute(name)) return set_import_attribute(self, name, value);
  return py_entry_status([&] {
    ArgumentCell text(name);
    if (value == nullptr) {
      checked(imports::del_attr(js_value(self), text.get()), *text.get());
    } else {
      ArgumentCell cell(value);
      checked(imports::set_attr(js_value(self), text.get(), cell.get()), *text.get());
    }
    return 0;
  });
}

PyObject* js_proxy_dir(PyObject* self, PyObject*) {
  return py_entry([&] {
    PyRef names = PyRef::steal(
        PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyBaseObject_Type), "__dir__", "O", self));
    PyRef all = PyRef::steal(PySet_New(names.get()));
    Reply out;
    JsVal found = imports::keys(js_value(self), kKeysDir, &out);
    PyRef keys = decode_result(found, out.cell);
    PyRef updated = PyRef::steal(PyObject_CallMethod(all.get(), "update", "O", keys.get()));
    PyRef list = PyRef::steal(PySequence_List(all.get()));
    checked(PyList_Sort(list.get()));
    return list.release();
  });
}

}  // namespace krait
