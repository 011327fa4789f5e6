// Functions whose C signatures are not those that CPython calls them by, as many published extensions have them. On other
// machines a surplus or missing argument does no harm; WebAssembly checks every indirect call.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

// METH_NOARGS is called with two arguments, this takes one.
static PyObject* noargs_one(PyObject* self) { return PyLong_FromLong(1); }

// ... and this takes none.
static PyObject* noargs_none(void) { return PyLong_FromLong(2); }

// METH_VARARGS is called with two arguments, this takes three.
static PyObject* varargs_three(PyObject* self, PyObject* args, PyObject* kwargs) {
  return PyLong_FromLong(PyTuple_Size(args));
}

// METH_O with one argument too few.
static PyObject* o_one(PyObject* self) { return PyLong_FromLong(4); }

// METH_VARARGS | METH_KEYWORDS is called with three arguments, this takes two.
static PyObject* keywords_two(PyObject* self, PyObject* args) { return PyLong_FromLong(PyTuple_Size(args)); }

typedef struct {
  PyObject_HEAD
} Thing;

// A getter is called with the object and its closure, this takes one; a setter with three, this takes two.
static PyObject* get_one(PyObject* self) { return PyLong_FromLong(6); }
static int last_set = 0;
static int set_two(PyObject* self, PyObject* value) {
  last_set = PyLong_AsLong(value);
  return 0;
}
static PyObject* get_last(PyObject* self, void* closure) { return PyLong_FromLong(last_set); }

// tp_init and tp_call with one argument too few.
static int init_two(PyObject* self, PyObject* args) { return 0; }
static PyObject* call_two(PyObject* self, PyObject* args) { return PyLong_FromLong(8); }

static PyGetSetDef getset[] = {
    {"one", (getter)get_one, (setter)set_two, NULL, NULL},
    {"last", get_last, NULL, NULL, NULL},
    {NULL},
};

static PyTypeObject Thing_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "wrong_signatures.Thing",
    .tp_basicsize = sizeof(Thing),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)init_two,
    .tp_call = (ternaryfunc)call_two,
    .tp_getset = getset,
};

static PyMethodDef methods[] = {
    {"noargs_one", (PyCFunction)(void (*)(void))noargs_one, METH_NOARGS, NULL},
    {"noargs_none", (PyCFunction)(void (*)(void))noargs_none, METH_NOARGS, NULL},
    {"varargs_three", (PyCFunction)(void (*)(void))varargs_three, METH_VARARGS, NULL},
    {"o_one", (PyCFunction)(void (*)(void))o_one, METH_O, NULL},
    {"keywords_two", (PyCFunction)(void (*)(void))keywords_two, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL},
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, "wrong_signatures", NULL, 0, methods};

PyMODINIT_FUNC PyInit_wrong_signatures(void) {
  PyObject* m = PyModule_Create(&module);
  if (m == NULL || PyModule_AddType(m, &Thing_type) < 0) return NULL;
  return m;
}
