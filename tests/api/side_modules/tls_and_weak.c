// thread_local variables, weak symbols (defined and not), constructors, and data shared with another module.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <errno.h>

static _Thread_local int counter = 40;
_Thread_local int exported_counter = 7;

__attribute__((weak)) int weak_defined(void) { return 5; }
__attribute__((weak)) extern int weak_missing_function(void);
__attribute__((weak)) extern int weak_missing_data;

static int constructed = 0;
__attribute__((constructor)) static void construct(void) { constructed = 9; }

static PyObject* values(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  errno = 0;
  (void)strtol("99999999999999999999", NULL, 10);
  return Py_BuildValue("(iiiiiii)", ++counter, ++exported_counter, weak_defined(), weak_missing_function != NULL,
                       &weak_missing_data != NULL, constructed, errno == ERANGE);
}

static PyMethodDef methods[] = {{"values", values, METH_NOARGS, NULL}, {NULL}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "tls_and_weak", NULL, 0, methods};
PyMODINIT_FUNC PyInit_tls_and_weak(void) { return PyModule_Create(&module); }
