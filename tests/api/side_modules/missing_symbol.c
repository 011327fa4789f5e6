// Needs data and the address of a function that nobody defines: must fail to load with their names.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

extern int data_that_nobody_defines;
int function_that_nobody_defines(int);

static PyObject* call(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  int (*volatile function)(int) = function_that_nobody_defines;
  return PyLong_FromLong(function(data_that_nobody_defines));
}

static PyMethodDef methods[] = {{"call", call, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "missing_symbol", NULL, 0, methods};
PyMODINIT_FUNC PyInit_missing_symbol(void) { return PyModule_Create(&module); }
