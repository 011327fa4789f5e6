// Compiles a text whose trailing expression is its value; what pyodide.code.eval_code does most of
// the time.
#pragma once

#include <Python.h>

#include "ffi/handle/py_ref.h"

namespace krait {

// The code objects of the statements of `source` and of its trailing expression; either may be
// missing. `flags` are compile()'s (PyCF_...). Throws PyError: SyntaxError and the other errors of
// compile().
struct CompiledText {
  PyRef body;
  PyRef value;
};
CompiledText compile_text(PyObject* source, PyObject* filename, int flags, int optimize);

}  // namespace krait
