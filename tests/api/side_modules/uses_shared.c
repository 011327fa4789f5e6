// The module of a package that needs libshared.so. Two copies of it, under different names, share one library.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

extern int shared_state;
int shared_next(void);

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

static PyObject* next(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  int value = shared_next();
  return Py_BuildValue("(ii)", value, shared_state);
}

static PyMethodDef methods[] = {{"next", next, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, TEXT(MODULE), NULL, 0, methods};
PyMODINIT_FUNC CONCAT(PyInit_, MODULE)(void) { return PyModule_Create(&module); }
