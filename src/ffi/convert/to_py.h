// Cells from JavaScript as Python values: the implicit conversions T10 to T15.
#pragma once

#include "ffi/handle/js_ref.h"
#include "ffi/handle/py_ref.h"
#include "ffi/wire/cell.h"

namespace krait {

// The result of an import: the val belongs to the cell. Throws JsError or PyError when the cell is
// THROWN.
PyRef decode_result(JsVal value, Cell& cell);

// As decode_result; a null PyRef when the cell is ABSENT.
PyRef decode_optional(JsVal value, Cell& cell);

// An argument from JavaScript; takes over what the cell owns (a slot, an owned reference).
PyRef decode_argument(Cell& cell);

// Frees what an argument owns, when it will not be decoded.
void discard_argument(Cell& cell) noexcept;

// Text from UTF-16: surrogate pairs join, lone surrogates stay as they are.
PyRef text_from_utf16(const char16_t* units, uint32_t length);

// Declared here, implemented by js_proxy/: a JsProxy for a JS object whose JsFlags are known.
PyRef wrap_js(JsRef value, uint32_t flags);

}  // namespace krait
