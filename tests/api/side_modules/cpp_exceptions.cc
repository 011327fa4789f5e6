// A C++ extension: exceptions inside it, across the border to another library in both directions, destructors on the
// way, rethrowing, and what of libc++ and libc++abi it needs.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <any>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>

#include "thrower.h"

namespace {

int destroyed = 0;
struct CountsDestruction {
  ~CountsDestruction() { ++destroyed; }
};

PyObject* text(const std::string& s) { return PyUnicode_FromStringAndSize(s.data(), s.size()); }

PyObject* inside(PyObject*, PyObject*) {
  try {
    CountsDestruction guard;
    throw std::out_of_range("inside");
  } catch (const std::logic_error& error) {
    return text(std::string(error.what()) + " " + std::to_string(destroyed));
  }
}

PyObject* from_library(PyObject*, PyObject*) {
  std::string seen;
  try {
    CountsDestruction guard;
    throw_across(7);
  } catch (const ThrownAcross& error) {
    seen += error.what();
  }
  try {
    throw_standard();
  } catch (const std::out_of_range&) {
    seen += ", standard";
  }
  try {
    throw_int();
  } catch (int n) {
    seen += ", " + std::to_string(n);
  }
  try {
    throw_across(1);
  } catch (...) {
    seen += ", any";
  }
  return text(seen);
}

PyObject* into_library(PyObject*, PyObject*) {
  int a = call_and_catch([](int n) { throw ThrownAcross("mine", n); }, 11);
  int b = call_and_catch([](int) { throw std::runtime_error("std"); }, 0);
  int c = call_and_catch([](int) {}, 0);
  return text(std::to_string(a) + " " + std::to_string(b) + " " + std::to_string(c));
}

PyObject* rethrow(PyObject*, PyObject*) {
  try {
    try {
      throw_across(3);
    } catch (const std::exception&) {
      throw;
    }
  } catch (const ThrownAcross& error) {
    std::exception_ptr kept = std::current_exception();
    try {
      std::rethrow_exception(kept);
    } catch (const ThrownAcross& again) {
      return PyLong_FromLong(again.code + error.code);
    }
  }
  return PyLong_FromLong(-1);
}

// A throw that passes frames of the interpreter would skip their clean-up; it must be caught before, as here.
PyObject* through_python(PyObject*, PyObject* callback) {
  try {
    PyObject* result = PyObject_CallNoArgs(callback);
    if (result == nullptr) throw std::runtime_error("Python failed");
    return result;
  } catch (const std::runtime_error& error) {
    PyErr_Clear();
    PyErr_SetString(PyExc_OverflowError, error.what());
    return nullptr;
  }
}

PyObject* of_libcxx(PyObject*, PyObject*) {
  std::map<std::string, std::shared_ptr<int>> numbers{{"b", std::make_shared<int>(2)}, {"a", std::make_shared<int>(1)}};
  std::ostringstream out;
  for (auto& [name, number] : numbers) out << name << *number << ' ';
  std::function<int(int)> twice = [](int n) { return n * 2; };
  std::any value = twice(21);
  out << std::any_cast<int>(value) << ' ' << std::regex_replace("x1y22", std::regex("[0-9]+"), "#");
  struct Base {
    virtual ~Base() = default;
  };
  struct Derived : Base {};
  std::unique_ptr<Base> object = std::make_unique<Derived>();
  out << ' ' << (dynamic_cast<Derived*>(object.get()) != nullptr);
  return text(out.str());
}

PyMethodDef methods[] = {
    {"inside", inside, METH_NOARGS, nullptr},
    {"from_library", from_library, METH_NOARGS, nullptr},
    {"into_library", into_library, METH_NOARGS, nullptr},
    {"rethrow", rethrow, METH_NOARGS, nullptr},
    {"through_python", through_python, METH_O, nullptr},
    {"of_libcxx", of_libcxx, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module = {PyModuleDef_HEAD_INIT, "cpp_exceptions", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_cpp_exceptions() { return PyModule_Create(&module); }
