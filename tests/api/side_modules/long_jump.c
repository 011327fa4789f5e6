// setjmp and longjmp within a module, through several frames and in a loop.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <setjmp.h>

static jmp_buf target;

static void deeper(int n) {
  if (n == 0) longjmp(target, 17);
  deeper(n - 1);
}

static PyObject* jump(PyObject* self, PyObject* depth) {
  int n = (int)PyLong_AsLong(depth);
  volatile int tries = 0;
  int value = setjmp(target);
  tries++;
  if (value == 0) deeper(n);
  if (tries < 5) longjmp(target, value + 1);
  return Py_BuildValue("(ii)", value, tries);
}

static PyMethodDef methods[] = {{"jump", jump, METH_O, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "long_jump", NULL, 0, methods};
PyMODINIT_FUNC PyInit_long_jump(void) { return PyModule_Create(&module); }
