// Deep conversions: whole nested values at once, over a tape (wire/tape.h).
#pragma once

#include <Python.h>

#include "ffi/handle/js_ref.h"
#include "ffi/handle/py_ref.h"
#include "ffi/wire/cell.h"

namespace krait {

// to_js: lists and tuples become Arrays, dicts Objects, sets Sets, buffers typed arrays; `depth`
// levels deep (negative: all). `flags` are ConvertFlags, `hooks` an array of kHookCount cells. The
// val belongs to `out`, as for any import.
// A string or BigInt is the val as well, beside a cell that says STR1 or BIGINT.
JsVal deep_to_js(PyObject* object, int depth, uint32_t flags, Cell* hooks, Cell* out);

// What deep_to_js answered, for Python: usually a JsProxy.
PyRef decode_built(JsVal value, Cell& cell);

// to_py: Arrays become lists, plain Objects and Maps dicts, Sets sets, buffers memoryviews. `same`
// is what to answer when the value has no counterpart (the JsProxy it came from; null: make one).
PyRef deep_to_py(JsVal value, PyObject* same, int depth, PyObject* default_converter);

// ConversionError, made by init_deep().
extern PyObject* conversion_error;
int init_deep(PyObject* module);

}  // namespace krait
