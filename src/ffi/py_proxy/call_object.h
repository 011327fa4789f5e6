// A call of a Python object with cells: what the ordinary and the promising entry have in common.
#pragma once

#include "ffi/handle/entry.h"

namespace krait {

// Calls the object with the arguments behind the first cell, which becomes the result. Throws when
// the call fails. The cells of the arguments are not looked at again once Python code runs.
JsVal call_object(PyObject* object, Cell* cells, uint32_t argc, uint32_t kwargc);

}  // namespace krait
