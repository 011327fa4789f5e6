// Raising: from C++ into Python's error indicator, and from a THROWN cell into C++.
#include "ffi/handle/entry.h"

#include <cstdarg>

namespace krait {

uint32_t js_epoch = 0;

Stack* suspendable_stack = nullptr;

PyThreadState* Attached::main_thread = nullptr;

void raise(PyObject* type, const char* format, ...) {
  va_list args;
  va_start(args, format);
  PyErr_FormatV(type, format, args);
  va_end(args);
  throw PyError{};
}

void throw_from_cell(JsVal value, const Cell& cell) {
  if (cell.aux == 1) {  // a Python exception that went out and came back
    PyErr_SetRaisedException(reinterpret_cast<PyObject*>(cell.u32.lo));
    throw PyError{};
  }
  throw JsError{JsRef(value), PyRef::steal_or_null(reinterpret_cast<PyObject*>(cell.u32.lo))};
}

}  // namespace krait
