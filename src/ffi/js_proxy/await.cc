// await on a JS promise: a future of the running loop that the promise settles.
//
// The future's side is Python (_pyodide/_promise.py): it is asyncio's business, and only the
// crossing is ours.
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

PyFunction future_of_promise("_pyodide._promise", "future_of_promise");

}  // namespace

PyObject* js_promise_await(PyObject* self) {
  return py_entry([&] {
    PyRef future = PyRef::steal(PyObject_CallOneArg(future_of_promise.get(), self));
    unaryfunc await = Py_TYPE(future.get())->tp_as_async->am_await;
    return PyRef::steal(await(future.get())).release();
  });
}

// _then(promise, resolve, reject): the promise calls one of the two, once.
PyObject* js_promise_then(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs != 3) raise(PyExc_TypeError, "_then() takes exactly 3 arguments (%zd given)", nargs);
    if (find_slot(args[0]) == 0) {
      raise(PyExc_TypeError, "_then() expects a JsProxy, not %s", Py_TYPE(args[0])->tp_name);
    }
    Cell out;
    checked(imports::then(js_value(args[0]), args[1], args[2], &out), out);
    return Py_NewRef(Py_None);
  });
}

}  // namespace krait
