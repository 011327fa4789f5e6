// The builtin module _pyodide_core: what pyodide.ffi is made of.
#pragma once

#include <Python.h>

PyMODINIT_FUNC PyInit__pyodide_core();
