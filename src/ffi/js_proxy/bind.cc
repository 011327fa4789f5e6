// JsProxies with a signature: what they are called with, and what they answer, is converted as
// _pyodide.jsbind says.
#include <vector>

#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

PyFunction call_function("_pyodide.jsbind", "call");
PyFunction construct_function("_pyodide.jsbind", "construct");
PyFunction attribute_function("_pyodide.jsbind", "attribute");

// Calls the function with the proxy without its signature, the signature, and the arguments.
PyObject* call_helper(PyFunction& function, PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                      PyObject* kwnames) {
  return py_entry([&] {
    PyRef plain = with_signature(self, nullptr);
    Py_ssize_t kwargc = kwnames == nullptr ? 0 : PyTuple_GET_SIZE(kwnames);
    std::vector<PyObject*> all = {plain.get(), js_fields(self).signature};
    all.insert(all.end(), args, args + nargs + kwargc);
    return PyRef::steal(PyObject_Vectorcall(function.get(), all.data(), nargs + 2, kwnames))
        .release();
  });
}

}  // namespace

PyRef with_signature(PyObject* self, PyObject* signature) {
  const JsFields& js = js_fields(self);
  PyRef copy = wrap_js(JsRef(slot_get(js.slot)), js.flags);
  JsFields& fields = js_fields(copy.get());
  fields.bound = Py_XNewRef(js.bound);
  fields.signature = Py_XNewRef(signature);
  return copy;
}

PyObject* bound_call(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return call_helper(call_function, self, args, nargs, kwnames);
}

PyObject* bound_construct(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                          PyObject* kwnames) {
  return call_helper(construct_function, self, args, nargs, kwnames);
}

PyRef bound_attribute(PyObject* self, PyObject* name, PyRef value) {
  return PyRef::steal(PyObject_CallFunctionObjArgs(
      attribute_function.get(), js_fields(self).signature, name, value.get(), nullptr));
}

PyObject* js_bind_sig(PyObject* self, PyObject* signature) {
  return py_entry([&] { return with_signature(self, signature).release(); });
}

PyObject* js_bind_class(PyObject* self, PyObject* described) {
  return py_entry([&] {
    PyRef type =
        PyRef::steal(PyObject_GetItem(reinterpret_cast<PyObject*>(&PyType_Type), described));
    return with_signature(self, type.get()).release();
  });
}

}  // namespace krait
