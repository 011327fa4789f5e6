// Length, indexing and membership of JS arrays, maps and sets.
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

Py_ssize_t length_of(PyObject* self) {
  int32_t length = imports::quick_length(own_value(self));
  if (length >= 0) return length;
  Reply reply;
  Cell& out = reply.cell;
  checked(imports::length(own_value(self), &reply), out);
  if (out.tag == kTagInt && out.i32 >= 0) return out.i32;
  if (out.tag == kTagInt || (out.tag == kTagDouble && out.f64 < 0)) {
    raise(PyExc_ValueError, "the length of a JavaScript object is negative: %d",
          static_cast<int>(out.tag == kTagInt ? out.i32 : out.f64));
  }
  if (out.tag == kTagDouble && out.f64 > 0x7FFFFFFF) {
    raise(PyExc_OverflowError, "the length of a JavaScript object does not fit into an index");
  }
  raise(PyExc_TypeError, "a JavaScript object has no valid length: expected a whole number");
}

// An index with negative numbers counted from the end; -1 (no item) stays out of range.
Py_ssize_t resolve_index(PyObject* self, PyObject* key) {
  if (PySlice_Check(key)) {
    raise(PyExc_NotImplementedError,
          "slices of JavaScript arrays are not there yet: use .slice(start, stop) or to_py()");
  }
  if (!PyIndex_Check(key)) {
    raise(PyExc_TypeError, "list indices must be integers or slices, not %s",
          Py_TYPE(key)->tp_name);
  }
  Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (index == -1 && PyErr_Occurred()) throw PyError{};
  if (index < 0) index += length_of(self);
  return index;
}

[[noreturn]] void raise_index_error(PyObject* key) {
  PyErr_SetObject(PyExc_IndexError, key);
  throw PyError{};
}

}  // namespace

Py_ssize_t js_proxy_length(PyObject* self) {
  return py_entry_status([&]() -> Py_ssize_t { return length_of(self); });
}

PyObject* js_array_item(PyObject* self, Py_ssize_t index) {
  return py_entry([&] {
    PyRef key = PyRef::steal(PyLong_FromSsize_t(index));
    Reply out;
    if (index < 0) raise_index_error(key.get());
    JsVal value = imports::get_index(own_value(self), static_cast<int32_t>(index), &out);
    PyRef item = decode_optional(value, out.cell);
    if (!item) raise_index_error(key.get());
    return item.release();
  });
}

PyObject* js_array_subscript(PyObject* self, PyObject* key) {
  return py_entry([&] {
    Py_ssize_t index = resolve_index(self, key);
    Reply out;
    if (index < 0) raise_index_error(key);
    JsVal value = imports::get_index(own_value(self), static_cast<int32_t>(index), &out);
    PyRef item = decode_optional(value, out.cell);
    if (!item) raise_index_error(key);
    return item.release();
  });
}

int js_array_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  return py_entry_status([&] {
    Py_ssize_t index = resolve_index(self, key);
    if (index < 0) raise_index_error(key);
    if (value != nullptr) {
      ArgumentCell cell(value);
      checked(imports::set_index(own_value(self), static_cast<int32_t>(index), cell.get()),
              *cell.get());
      return 0;
    }
    if ((own_fields(self).flags & kJsFlagsArray) == 0) {
      raise(PyExc_TypeError, "object doesn't support item deletion");
    }
    if (index >= length_of(self)) raise_index_error(key);
    Reply out;
    checked(imports::splice(own_value(self), static_cast<int32_t>(index), 1, nullptr, 0, &out),
            out.cell);
    return 0;
  });
}

PyObject* js_map_subscript(PyObject* self, PyObject* key) {
  return py_entry([&] {
    Reply reply;
    ArgumentCell cell(key);
    reply.cell = *cell.get();
    JsVal value = imports::get_item(own_value(self), &reply);
    PyRef item = decode_optional(value, reply.cell);
    if (!item) {
      PyErr_SetObject(PyExc_KeyError, key);
      throw PyError{};
    }
    return item.release();
  });
}

int js_map_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  return py_entry_status([&] {
    ArgumentCell cell(key);
    if (value != nullptr) {
      ArgumentCell item(value);
      checked(imports::set_item(own_value(self), cell.get(), item.get()), *cell.get());
      return 0;
    }
    checked(imports::del_item(own_value(self), cell.get()), *cell.get());
    if (cell.get()->tag == kTagAbsent) {
      PyErr_SetObject(PyExc_KeyError, key);
      throw PyError{};
    }
    return 0;
  });
}

int js_proxy_contains(PyObject* self, PyObject* key) {
  return py_entry_status([&] {
    ArgumentCell cell(key);
    checked(imports::contains(own_value(self), cell.get()), *cell.get());
    return static_cast<int>(cell.get()->aux);
  });
}

}  // namespace krait
