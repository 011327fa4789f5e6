// Attribute names: each crosses the border once in its life.
//
// js_name() maps an interned Python string to a small number that JavaScript knows as a string
// (reserved-word escapes already undone there). The table holds a reference to each string. It is
// bounded: find_js_name answers kNoName for text that is not interned and for what comes after the
// table is full, and the caller sends the text instead.
#pragma once

#include <Python.h>

#include <cstdint>

namespace krait {

inline constexpr uint32_t kNoName = 0;

uint32_t find_js_name(PyObject* name);

}  // namespace krait
