// Calls a function that nobody defines, but not while it is loaded: published modules contain such calls and never make
// them, so this one must load, and the call must fail with the function's name.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

int function_that_nobody_defines(int);

static PyObject* call(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  return PyLong_FromLong(function_that_nobody_defines(1));
}

static PyObject* fine(PyObject* self, PyObject* Py_UNUSED(ignored)) { return PyLong_FromLong(5); }

static PyMethodDef methods[] = {{"call", call, METH_NOARGS, NULL}, {"fine", fine, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "missing_function", NULL, 0, methods};
PyMODINIT_FUNC PyInit_missing_function(void) { return PyModule_Create(&module); }
