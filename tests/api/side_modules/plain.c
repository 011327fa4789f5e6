// A C extension of the plainest kind: arguments, results, exceptions, a type, state, and what of libc and libm it needs.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static PyObject* add(PyObject* self, PyObject* args) {
  long a, b;
  if (!PyArg_ParseTuple(args, "ll", &a, &b)) return NULL;
  return PyLong_FromLong(a + b);
}

static PyObject* fail(PyObject* self, PyObject* message) {
  PyErr_SetObject(PyExc_LookupError, message);
  return NULL;
}

static PyObject* call_back(PyObject* self, PyObject* args) {
  PyObject* callback;
  int n;
  if (!PyArg_ParseTuple(args, "Oi", &callback, &n)) return NULL;
  return PyObject_CallFunction(callback, "i", n + 1);
}

// 64-bit arguments and results cross as BigInts between modules where the linker did not do its work.
static PyObject* wide(PyObject* self, PyObject* value) {
  long long n = PyLong_AsLongLong(value);
  if (n == -1 && PyErr_Occurred()) return NULL;
  return PyLong_FromLongLong(n * 2 + 1);
}

static int compare_ints(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }

static PyObject* from_libc(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  int numbers[] = {3, 1, 2};
  qsort(numbers, 3, sizeof(int), compare_ints);
  char text[64];
  snprintf(text, sizeof(text), "%d%d%d %.3f %s", numbers[0], numbers[1], numbers[2], sqrt(2.0),
           strstr("haystack needle", "needle"));
  struct tm when = {.tm_year = 70, .tm_mday = 1};
  char date[16];
  strftime(date, sizeof(date), " %Y", &when);
  strcat(text, date);
  return PyUnicode_FromString(text);
}

typedef struct {
  PyObject_HEAD
  long value;
} Counter;

static PyObject* Counter_next(PyObject* self) { return PyLong_FromLong(((Counter*)self)->value++); }

static PyTypeObject Counter_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "plain.Counter",
    .tp_basicsize = sizeof(Counter),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = Counter_next,
};

static PyMethodDef methods[] = {
    {"add", add, METH_VARARGS, NULL},
    {"fail", fail, METH_O, NULL},
    {"call_back", call_back, METH_VARARGS, NULL},
    {"wide", wide, METH_O, NULL},
    {"from_libc", from_libc, METH_NOARGS, NULL},
    {NULL},
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, "plain", NULL, 0, methods};

PyMODINIT_FUNC PyInit_plain(void) {
  PyObject* m = PyModule_Create(&module);
  if (m == NULL || PyModule_AddType(m, &Counter_type) < 0) return NULL;
  return m;
}
