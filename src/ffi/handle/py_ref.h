// PyRef: the owner of one reference to a Python object. Moves, never copies; clone() adds a
// reference.
#pragma once

#include <Python.h>

#include <utility>

namespace krait {

// Thrown when the Python error indicator is set. Carries nothing: the indicator is the error.
struct PyError {};

class PyRef {
 public:
  PyRef() = default;
  // Takes over a new reference; null means that the error indicator is set.
  static PyRef steal(PyObject* object) {
    if (object == nullptr) throw PyError{};
    return PyRef(object);
  }
  // As steal, where null is an ordinary answer and the indicator is clear.
  static PyRef steal_or_null(PyObject* object) { return PyRef(object); }
  static PyRef borrow(PyObject* object) { return PyRef(Py_XNewRef(object)); }

  PyRef(PyRef&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  PyRef& operator=(PyRef&& other) noexcept {
    PyObject* old = std::exchange(object_, std::exchange(other.object_, nullptr));
    Py_XDECREF(old);
    return *this;
  }
  PyRef(const PyRef&) = delete;
  PyRef& operator=(const PyRef&) = delete;
  ~PyRef() { Py_XDECREF(object_); }

  PyObject* get() const { return object_; }
  PyObject* release() { return std::exchange(object_, nullptr); }
  PyRef clone() const { return borrow(object_); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  explicit PyRef(PyObject* object) : object_(object) {}
  PyObject* object_ = nullptr;
};

// Turns a C API status (negative: the indicator is set) into a PyError.
inline int checked(int status) {
  if (status < 0) throw PyError{};
  return status;
}

// A function of one of our Python modules: imported when it is first needed, and kept.
class PyFunction {
 public:
  constexpr PyFunction(const char* module, const char* name) : module_(module), name_(name) {}
  // Borrowed; null with the indicator set when it cannot be had.
  PyObject* find() {
    if (function_ == nullptr) {
      PyRef module = PyRef::steal_or_null(PyImport_ImportModule(module_));
      if (module) function_ = PyObject_GetAttrString(module.get(), name_);
    }
    return function_;
  }
  // As find(); throws instead.
  PyObject* get() {
    if (find() == nullptr) throw PyError{};
    return function_;
  }

 private:
  const char* module_;
  const char* name_;
  PyObject* function_ = nullptr;
};

// Counts a level of C recursion for as long as it lives; throws PyError (RecursionError) at
// CPython's limit.
class RecursionGuard {
 public:
  // `where` completes the message, such as " while converting".
  explicit RecursionGuard(const char* where) {
    if (Py_EnterRecursiveCall(where)) throw PyError{};
  }
  ~RecursionGuard() { Py_LeaveRecursiveCall(); }
  RecursionGuard(const RecursionGuard&) = delete;
  RecursionGuard& operator=(const RecursionGuard&) = delete;
};

[[noreturn]] void raise(PyObject* type, const char* format, ...);

}  // namespace krait
