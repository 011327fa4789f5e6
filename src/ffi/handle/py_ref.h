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
