// Length and membership of JS objects, and items of maps. Arrays: array.cc.
#include "ffi/js_proxy/keyed.h"

namespace krait {

Py_ssize_t js_length_of(PyObject* self) {
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

Py_ssize_t js_proxy_length(PyObject* self) {
  return py_entry_status([&]() -> Py_ssize_t { return js_length_of(self); });
}

PyObject* js_map_subscript(PyObject* self, PyObject* key) {
  return py_entry([&] { return get_keyed<imports::get_item>(self, key).release(); });
}

int js_map_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  return py_entry_status([&] {
    set_keyed<imports::set_item, imports::del_item>(self, key, value);
    return 0;
  });
}

int js_proxy_contains(PyObject* self, PyObject* key) {
  return py_entry_status([&] { return has_keyed<imports::contains>(self, key); });
}

}  // namespace krait
