// await on a JS promise: a future of the running loop that the promise settles.
//
// The future's side is Python (_pyodide/_promise.py): it is asyncio's business, and only the
// crossing is ours.
#include "ffi/js_proxy/js_proxy.h"

namespace krait {

PyObject* js_promise_await(PyObject* self) {
  return py_entry([&] {
    PyRef module = PyRef::steal(PyImport_ImportModule("_pyodide._promise"));
    PyRef future = PyRef::steal(PyObject_CallMethod(module.get(), "future_of_promise", "O", self));
    return PyRef::steal(PyObject_CallMethod(future.get(), "__await__", nullptr)).release();
  });
}

}  // namespace krait
