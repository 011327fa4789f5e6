// Needs a function that nobody defines: must fail to load with its name.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

int function_that_nobody_defines(int);

static PyObject* call(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  return PyLong_FromLong(function_that_nobody_defines(1));
}

static PyMethodDef methods[] = {{"call", call, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "missing_symbol", NULL, 0, methods};
PyMODINIT_FUNC PyInit_missing_symbol(void) { return PyModule_Create(&module); }
