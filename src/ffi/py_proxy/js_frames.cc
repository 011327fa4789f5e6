// Frames of JavaScript in Python tracebacks: what JavaScript tells of its stack becomes entries
// that Python's own tools show between those of Python functions.
//
// Such a frame has a name, a file and a line, and nothing else: no variables, no caller. A failure
// in here never replaces the error that is reported: the frame is left out.
#include <Python.h>
#include <frameobject.h>

#include "ffi/handle/entry.h"

namespace krait {
namespace {

// All of them share one namespace, whose name tells them from Python's.
PyObject* frame_globals() {
  static PyObject* globals = nullptr;
  if (globals == nullptr) globals = Py_BuildValue("{s:s}", "__name__", "<javascript>");
  return globals;
}

// Sets aside an error that is under way, and drops those of its lifetime.
class Aside {
 public:
  Aside() : entry_(kErrorRoom), pending_(PyErr_GetRaisedException()) {}
  ~Aside() { PyErr_SetRaisedException(pending_); }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

 private:
  BareEntry entry_;
  PyObject* pending_;
};

// New reference; null if it cannot be made.
PyObject* new_entry(PyObject* next, PyObject* code) {
  PyObject* globals = frame_globals();
  if (globals == nullptr) return nullptr;
  PyRef frame = PyRef::steal_or_null(reinterpret_cast<PyObject*>(
      PyFrame_New(PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code), globals, nullptr)));
  if (!frame) return nullptr;
  int line = reinterpret_cast<PyCodeObject*>(code)->co_firstlineno;
  return PyObject_CallFunction(reinterpret_cast<PyObject*>(&PyTraceBack_Type), "OOii", next,
                               frame.get(), 0, line);
}

}  // namespace

extern "C" {

// The code object that stands for a place in JavaScript; null when the texts cannot be had.
PyObject* krait_js_code(PyObject* name, PyObject* file, uint32_t line) {
  Aside aside;
  const char* function_name = name == nullptr ? nullptr : PyUnicode_AsUTF8(name);
  const char* file_name = file == nullptr ? nullptr : PyUnicode_AsUTF8(file);
  if (function_name == nullptr || file_name == nullptr) return nullptr;
  return reinterpret_cast<PyObject*>(
      PyCode_NewEmpty(file_name, function_name, static_cast<int>(line)));
}

// Takes a traceback (or null) and answers one with the place around it: both owned.
PyObject* krait_js_frame(PyObject* traceback, PyObject* code) {
  Aside aside;
  PyObject* entry = new_entry(traceback == nullptr ? Py_None : traceback, code);
  if (entry == nullptr) return traceback;
  Py_XDECREF(traceback);
  return entry;
}

void krait_js_frame_of(PyObject* exception, PyObject* code) {
  Aside aside;
  PyRef traceback = PyRef::steal_or_null(PyException_GetTraceback(exception));
  PyRef entry = PyRef::steal_or_null(new_entry(traceback ? traceback.get() : Py_None, code));
  if (entry) PyException_SetTraceback(exception, entry.get());
}

}  // extern "C"

}  // namespace krait
