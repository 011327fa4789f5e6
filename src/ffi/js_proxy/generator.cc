// Generators of JavaScript as Python's: send, throw, close. Async ones are finished in Python
// (_pyodide/_js_async.py), over `_resume`.
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

// Goes on with the generator; null and the error StopIteration when it has returned.
PyObject* resume(PyObject* self, uint32_t how, PyObject* value) {
  return py_entry([&]() -> PyObject* {
    ArgumentCell cell(value);
    Reply out;
    JsVal answer = imports::resume(own_value(self), how, cell.get(), &out);
    return step_result(answer, out.cell);
  });
}

// The exception that throw(type, value, traceback) stands for, as the generators of CPython take
// it.
PyRef thrown_exception(PyObject* const* args, Py_ssize_t nargs) {
  if (nargs < 1 || nargs > 3) {
    raise(PyExc_TypeError, "throw() takes 1 to 3 arguments (%zd given)", nargs);
  }
  PyObject* type = args[0];
  PyObject* value = nargs > 1 && args[1] != Py_None ? args[1] : nullptr;
  PyRef exception;
  if (PyExceptionInstance_Check(type)) {
    if (value != nullptr) {
      raise(PyExc_TypeError, "instance exception may not have a separate value");
    }
    exception = PyRef::borrow(type);
  } else if (PyExceptionClass_Check(type)) {
    if (value != nullptr && PyExceptionInstance_Check(value)) {
      exception = PyRef::borrow(value);
    } else {
      exception = PyRef::steal(value == nullptr ? PyObject_CallNoArgs(type)
                                                : PyObject_CallOneArg(type, value));
    }
  } else {
    raise(PyExc_TypeError,
          "exceptions must be classes or instances deriving from BaseException, not %s",
          Py_TYPE(type)->tp_name);
  }
  if (nargs > 2 && args[2] != Py_None) {
    checked(PyException_SetTraceback(exception.get(), args[2]));
  }
  return exception;
}

PyObject* send(PyObject* self, PyObject* value) { return resume(self, kResumeSend, value); }

PyObject* throw_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  PyObject* exception = py_entry([&] { return thrown_exception(args, nargs).release(); });
  if (exception == nullptr) return nullptr;
  PyObject* result = resume(self, kResumeThrow, exception);
  Py_DECREF(exception);
  return result;
}

PyObject* close(PyObject* self, PyObject*) {
  PyObject* yielded = resume(self, kResumeReturn, Py_None);
  if (yielded != nullptr) {
    Py_DECREF(yielded);
    PyErr_SetString(PyExc_RuntimeError, "JavaScript generator ignored return()");
    return nullptr;
  }
  if (!PyErr_Occurred()) Py_RETURN_NONE;
  if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return nullptr;
  PyRef stop = PyRef::steal(PyErr_GetRaisedException());
  return PyObject_GetAttrString(stop.get(), "value");
}

// resume(how, value): the promise of an async generator's next(), throw() or return().
PyObject* resume_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs != 2)
      raise(PyExc_TypeError, "_resume() takes exactly 2 arguments (%zd given)", nargs);
    long how = PyLong_AsLong(args[0]);
    if (how == -1 && PyErr_Occurred()) throw PyError{};
    ArgumentCell cell(args[1]);
    Reply out;
    JsVal promise = imports::resume(own_value(self), static_cast<uint32_t>(how) | kResumeAsync,
                                    cell.get(), &out);
    return decode_result(promise, out.cell).release();
  });
}

PyObject* dispose(PyObject* self, uint32_t asynchronously) {
  return py_entry([&] {
    Reply out;
    JsVal result = imports::dispose(js_value(self), asynchronously, &out);
    return decode_result(result, out.cell).release();
  });
}

PyObject* enter(PyObject* self, PyObject*) { return Py_NewRef(self); }

PyObject* exit_method(PyObject* self, PyObject*) {
  PyObject* result = dispose(self, 0);
  if (result == nullptr) return nullptr;
  Py_DECREF(result);
  Py_RETURN_NONE;
}

PyObject* dispose_async(PyObject* self, PyObject*) { return dispose(self, 1); }

}  // namespace

PyObject* step_result(JsVal answer, Cell& cell) {
  if (cell.tag == kTagAbsent) {
    PyErr_SetNone(PyExc_StopIteration);
    return nullptr;
  }
  bool returned = cell.tag != kTagThrown && (cell.aux & kStepReturned);
  cell.aux &= ~uint32_t{kStepReturned};
  PyRef item = decode_result(answer, cell);
  if (!returned) return item.release();
  PyRef stop = PyRef::steal(PyObject_CallOneArg(PyExc_StopIteration, item.get()));
  PyErr_SetObject(PyExc_StopIteration, stop.get());
  return nullptr;
}

PyMethodDef js_iterator_methods[] = {
    {"send", send, METH_O,
     "send(value, /)\n--\n\nGoes on with next(value); the next item, or StopIteration with the\n"
     "return value."},
    {},
};

PyMethodDef js_generator_methods[] = {
    {"throw", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(throw_method)), METH_FASTCALL,
     "throw(exception, /)\n--\n\nRaises the exception inside the generator, where it is a\n"
     "PythonError; the next item."},
    {"close", close, METH_NOARGS,
     "Calls the generator's return(): its finally blocks run. The value it returns."},
    {},
};

PyMethodDef js_async_iterator_methods[] = {
    {"_resume", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(resume_method)),
     METH_FASTCALL, nullptr},
    {},
};

PyMethodDef js_disposable_methods[] = {
    {"__enter__", enter, METH_NOARGS, nullptr},
    {"__exit__", exit_method, METH_VARARGS, "Calls the object's [Symbol.dispose]()."},
    {},
};

PyMethodDef js_async_disposable_methods[] = {
    {"_dispose_async", dispose_async, METH_NOARGS, nullptr},
    {},
};

}  // namespace krait
