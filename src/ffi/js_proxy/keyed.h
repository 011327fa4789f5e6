// What a Python mapping does with a key, whatever JavaScript's way of looking one up is: the
// imports are the parameters.
#pragma once

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {

[[noreturn]] inline void raise_key_error(PyObject* key) {
  PyErr_SetObject(PyExc_KeyError, key);
  throw PyError{};
}

// Get(object, key as a Reply) answers in the Reply; KeyError when that is ABSENT.
template <auto Get>
PyRef get_keyed(PyObject* self, PyObject* key) {
  Reply reply;
  ArgumentCell cell(key);
  reply.cell = *cell.get();
  JsVal value = Get(own_value(self), &reply);
  PyRef item = decode_optional(value, reply.cell);
  if (!item) raise_key_error(key);
  return item;
}

// Set(object, key, value) and Del(object, key) answer in the key's cell; a null `value` deletes.
template <auto Set, auto Del>
void set_keyed(PyObject* self, PyObject* key, PyObject* value) {
  ArgumentCell cell(key);
  if (value != nullptr) {
    ArgumentCell item(value);
    checked(Set(own_value(self), cell.get(), item.get()), *cell.get());
    return;
  }
  checked(Del(own_value(self), cell.get()), *cell.get());
  if (cell.get()->tag == kTagAbsent) raise_key_error(key);
}

// Has(object, key) answers with a BOOL in the key's cell.
template <auto Has>
int has_keyed(PyObject* self, PyObject* key) {
  ArgumentCell cell(key);
  checked(Has(own_value(self), cell.get()), *cell.get());
  return static_cast<int>(cell.get()->aux);
}

}  // namespace krait
