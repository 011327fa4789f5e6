// A JS object's own properties as a Python mapping: as_py_json() and as_object_map().
//
// A view is another JsProxy of the same object, whose flags say that it is one: OBJECT_MAP for the
// mapping itself, HEREDITARY when the plain objects and arrays inside are to be seen so too.
#include "ffi/js_proxy/keyed.h"

namespace krait {
namespace {

PyRef view(PyObject* object, uint32_t how) {
  JsFields& js = js_fields(object);
  if (js.flags & kJsFlagsArray) {
    return wrap_js(JsRef(slot_get(js.slot)), js.flags | (how & kJsFlagsHereditary));
  }
  // The mapping's abilities are the view's own, whatever the object's properties look like.
  return wrap_js(JsRef(slot_get(js.slot)), kJsFlagsPlain | kJsFlagsHasGet | kJsFlagsHasSet |
                                               kJsFlagsHasHas | kJsFlagsHasLength |
                                               kJsFlagsIterable | kJsFlagsObjectMap | how);
}

bool is_data(uint32_t flags) { return flags & (kJsFlagsArray | kJsFlagsPlain); }

PyRef own_keys(PyObject* self) {
  Reply out;
  JsVal keys = imports::keys(own_value(self), kKeysOwn, &out);
  return decode_result(keys, out.cell);
}

}  // namespace

PyRef inherit_view(PyObject* container, PyRef item) {
  if ((own_fields(container).flags & kJsFlagsHereditary) == 0 || !item) return item;
  JsFields* js = find_js_fields(item.get());
  if (js == nullptr || !is_data(js->flags)) return item;
  return view(item.get(), kJsFlagsHereditary);
}

PyObject* js_object_subscript(PyObject* self, PyObject* key) {
  return py_entry([&] {
    if (!PyUnicode_Check(key)) raise_key_error(key);
    return inherit_view(self, get_keyed<imports::get_property>(self, key)).release();
  });
}

int js_object_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  return py_entry_status([&] {
    if (!PyUnicode_Check(key)) {
      raise(PyExc_TypeError, "a property of a JavaScript object is named by a str, not %s",
            Py_TYPE(key)->tp_name);
    }
    set_keyed<imports::set_property, imports::del_property>(self, key, value);
    return 0;
  });
}

int js_object_contains(PyObject* self, PyObject* key) {
  return py_entry_status(
      [&] { return PyUnicode_Check(key) ? has_keyed<imports::has_property>(self, key) : 0; });
}

Py_ssize_t js_object_length(PyObject* self) {
  return py_entry_status([&]() -> Py_ssize_t { return js_length_of(own_keys(self).get()); });
}

PyObject* js_object_iter(PyObject* self) {
  return py_entry([&] { return PyRef::steal(PyObject_GetIter(own_keys(self).get())).release(); });
}

PyObject* js_as_py_json(PyObject* self, PyObject*) {
  return py_entry([&] {
    if (!is_data(js_fields(self).flags)) return Py_NewRef(self);
    return view(self, kJsFlagsHereditary).release();
  });
}

PyObject* js_as_object_map(PyObject* self, PyObject* args, PyObject* kwargs) {
  static const char* names[] = {"hereditary", nullptr};
  int hereditary = 0;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$p:as_object_map", const_cast<char**>(names),
                                   &hereditary)) {
    return nullptr;
  }
  return py_entry([&] { return view(self, hereditary ? kJsFlagsHereditary : 0).release(); });
}

}  // namespace krait
