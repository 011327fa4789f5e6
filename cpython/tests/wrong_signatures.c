// An extension module whose functions have other C types than they are called with, as extensions in the wild do.
//
// Native machines forgive all of these; a wasm engine traps unless the interpreter adapts them (patches/0002). Each function's
// comment says what is wrong with it. call_wrong_signatures.py checks that each can be called.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

// METH_NOARGS without the unused second parameter.
static PyObject *noargs(PyObject *self) { return PyLong_FromLong(1); }
// METH_NOARGS with no parameter at all.
static PyObject *nothing(void) { return PyLong_FromLong(2); }
// METH_VARARGS | METH_KEYWORDS without the keywords.
static PyObject *keywords(PyObject *self, PyObject *args) { return PyLong_FromSsize_t(PyTuple_GET_SIZE(args)); }
// METH_NOARGS with keywords: one parameter too many, which arrives as NULL.
static PyObject *too_many(PyObject *self, PyObject *args, PyObject *kwargs) { return PyBool_FromLong(kwargs == NULL); }
// METH_O with the right type: must be left alone.
static PyObject *right(PyObject *self, PyObject *arg) { return Py_NewRef(arg); }

static PyMethodDef functions[] = {
    {"noargs", (PyCFunction)(void (*)(void))noargs, METH_NOARGS, NULL},
    {"nothing", (PyCFunction)(void (*)(void))nothing, METH_NOARGS, NULL},
    {"keywords", (PyCFunction)(void (*)(void))keywords, METH_VARARGS | METH_KEYWORDS, NULL},
    {"too_many", (PyCFunction)(void (*)(void))too_many, METH_NOARGS, NULL},
    {"right", right, METH_O, NULL},
    {NULL},
};

typedef struct { PyObject_HEAD long value; } Thing;

// A getter and a setter without the closure.
static PyObject *get_value(Thing *self) { return PyLong_FromLong(self->value); }
static int set_value(Thing *self, PyObject *value) { self->value = PyLong_AsLong(value); return 0; }
static PyGetSetDef getset[] = {{"value", (getter)(void (*)(void))get_value, (setter)(void (*)(void))set_value, NULL, NULL}, {NULL}};

// A method without the unused parameter.
static PyObject *thing_twice(Thing *self) { return PyLong_FromLong(self->value * 2); }
// A class method without the keywords.
static PyObject *thing_make(PyObject *type, PyObject *args) { return PyObject_CallNoArgs(type); }
static PyMethodDef methods[] = {
    {"twice", (PyCFunction)(void (*)(void))thing_twice, METH_NOARGS, NULL},
    {"make", (PyCFunction)(void (*)(void))thing_make, METH_VARARGS | METH_KEYWORDS | METH_CLASS, NULL},
    {NULL},
};

// tp_call without the keywords; tp_init with only the object; tp_repr with an extra parameter; nb_negative with two.
static PyObject *thing_call(Thing *self, PyObject *args) { return PyLong_FromSsize_t(self->value + PyTuple_GET_SIZE(args)); }
static int thing_init(Thing *self) { self->value = 20; return 0; }
static PyObject *thing_repr(Thing *self, void *extra) { return PyUnicode_FromFormat("Thing(%ld)", self->value); }
static PyObject *thing_negative(Thing *self, PyObject *other) { return PyLong_FromLong(-self->value); }

static PyType_Slot slots[] = {
    {Py_tp_getset, getset},
    {Py_tp_methods, methods},
    {Py_tp_call, (void *)thing_call},
    {Py_tp_init, (void *)thing_init},
    {Py_tp_repr, (void *)thing_repr},
    {Py_nb_negative, (void *)thing_negative},
    {Py_tp_new, (void *)PyType_GenericNew},
    {0, NULL},
};
static PyType_Spec spec = {"wrong_signatures.Thing", sizeof(Thing), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "wrong_signatures", NULL, -1, functions};

PyMODINIT_FUNC PyInit_wrong_signatures(void) {
    PyObject *module = PyModule_Create(&definition);
    PyObject *type = PyType_FromSpec(&spec);
    if (module == NULL || type == NULL || PyModule_AddObject(module, "Thing", type) < 0) return NULL;
    return module;
}
