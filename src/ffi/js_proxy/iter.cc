// Iteration of JS objects.
//
// An Array is walked by index, as its own iterator would (the length is looked at anew at every
// step), which spares the result objects of the iterator protocol. Everything else is asked for
// Symbol.iterator once and for next() per item.
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

struct ArrayIterator {
  PyObject_HEAD PyObject* array;  // null when exhausted
  int32_t index;
};

PyTypeObject* array_iterator_type = nullptr;

void array_iterator_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  Py_XDECREF(reinterpret_cast<ArrayIterator*>(self)->array);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* array_iterator_next(PyObject* self) {
  return py_entry([&]() -> PyObject* {
    auto* iterator = reinterpret_cast<ArrayIterator*>(self);
    if (iterator->array == nullptr) return nullptr;
    Reply out;
    JsVal value = imports::get_index(own_value(iterator->array), iterator->index, &out);
    PyRef item = decode_optional(value, out.cell);
    if (!item) {
      Py_CLEAR(iterator->array);
      return nullptr;
    }
    iterator->index++;
    return item.release();
  });
}

PyType_Slot array_iterator_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(array_iterator_dealloc)},
    {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(array_iterator_next)},
    {},
};
PyType_Spec array_iterator_spec = {"pyodide.ffi.JsArrayIterator", sizeof(ArrayIterator), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                   array_iterator_slots};

}  // namespace

PyObject* js_array_iter(PyObject* self) {
  PyObject* iterator = array_iterator_type->tp_alloc(array_iterator_type, 0);
  if (iterator == nullptr) return nullptr;
  reinterpret_cast<ArrayIterator*>(iterator)->array = Py_NewRef(self);
  return iterator;
}

PyObject* js_proxy_iter(PyObject* self) {
  return py_entry([&] {
    // A map-like object is walked over its keys, as Python walks a mapping.
    constexpr uint32_t kMap = kJsFlagsHasGet | kJsFlagsHasLength;
    uint32_t flags = own_fields(self).flags;
    uint32_t keys = (flags & kMap) == kMap && (flags & kJsFlagsArrayLike) == 0;
    Cell out;
    JsVal iterator = imports::get_iterator(own_value(self), keys, &out);
    return decode_result(iterator, out).release();
  });
}

PyObject* js_proxy_iternext(PyObject* self) {
  return py_entry([&]() -> PyObject* {
    Reply out;
    JsVal value = imports::next(own_value(self), &out);
    if (out.cell.tag == kTagAbsent) return nullptr;
    bool returned = out.cell.tag != kTagThrown && (out.cell.aux & kStepReturned);
    out.cell.aux &= ~uint32_t{kStepReturned};
    PyRef item = decode_result(value, out.cell);
    if (!returned) return item.release();
    PyRef stop = PyRef::steal(PyObject_CallOneArg(PyExc_StopIteration, item.get()));
    PyErr_SetObject(PyExc_StopIteration, stop.get());
    return nullptr;
  });
}

int init_js_iterators(PyObject*) {
  array_iterator_type = reinterpret_cast<PyTypeObject*>(
      PyRef::steal(PyType_FromSpec(&array_iterator_spec)).release());
  return 0;
}

}  // namespace krait
