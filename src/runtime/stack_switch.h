// Python that waits: a promising entry runs Python on a wasm stack of its own, which can be put
// aside until a promise is settled while everything else goes on.
//
// pyodide.ffi.run_sync and time.sleep stand on this (py/_pyodide/_run_sync.py). How it works is
// told in stack_switch.cc. Where the engine has no JS Promise Integration, no stack is ever
// suspendable.
#pragma once

#include <Python.h>

namespace krait {

// can_run_sync(): whether _wait() can suspend here.
PyObject* can_run_sync(PyObject*, PyObject*);
// _wait(promise): suspends until the promise is settled; its value, or its error raised.
PyObject* wait_for_promise(PyObject*, PyObject* promise);
// Exchanges time.sleep for one that lets the event loop run where it can; the module keeps
// CPython's as `_plain_sleep`.
void init_stack_switch(PyObject* module);

}  // namespace krait
