// What graphics programs need of the runtime beyond C: JavaScript functions of Emscripten's libraries, their addresses, JavaScript
// text of their own. None of it is in the main module before somebody asks.
#include <Python.h>

#include <EGL/egl.h>
#include <emscripten.h>
#include <emscripten/console.h>
#include <emscripten/html5.h>
#include <emscripten/html5_webgl.h>
#include <dlfcn.h>

// As libraries for GL declare it that look functions up by name.
extern void emscripten_glClear(unsigned);
// Of the main module, and in none of its own tables.
extern PyObject* PyImport_AddModule(const char*);

EM_JS(int, of_em_js, (int n), { return typeof GL === "object" && GL.counter > 0 ? n + 1 : -1; });

static PyObject* context(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  return PyLong_FromSize_t((size_t)emscripten_webgl_get_current_context());
}

// One address for one function, however it is got.
static PyObject* addresses(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  void* clear = (void*)eglGetProcAddress("glClear");
  return Py_BuildValue("(NNNNN)", PyBool_FromLong(clear && clear == (void*)emscripten_glClear),
                       PyBool_FromLong(!eglGetProcAddress("glNoSuchFunction")),
                       PyBool_FromLong((void*)PyObject_GenericGetAttr == (void*)PyLong_Type.tp_getattro),
                       PyBool_FromLong(dlsym(RTLD_DEFAULT, "PyImport_AddModule") == (void*)PyImport_AddModule),
                       PyBool_FromLong(dlsym(RTLD_DEFAULT, "PyExc_ValueError") == (void*)&PyExc_ValueError));
}

static PyObject* javascript(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  int kinds = EM_ASM_INT({ return typeof JSEvents === "object" && typeof Browser === "object" && typeof _malloc === "function" ? $0 : -1; }, 7);
  return Py_BuildValue("(ii)", of_em_js(4), kinds);
}

// -4: there is no such element.
static PyObject* no_canvas(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  return PyLong_FromLong(emscripten_set_canvas_element_size("#no-such-canvas", 1, 1));
}

// The main module calls a JavaScript function by its address.
static PyObject* say(PyObject* self, PyObject* Py_UNUSED(ignored)) {
  emscripten_outf("%d from C", 6);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"context", context, METH_NOARGS, NULL},
                                {"addresses", addresses, METH_NOARGS, NULL},
                                {"javascript", javascript, METH_NOARGS, NULL},
                                {"say", say, METH_NOARGS, NULL},
                                {"no_canvas", no_canvas, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "graphics", .m_methods = methods};
PyMODINIT_FUNC PyInit_graphics(void) { return PyModule_Create(&definition); }
