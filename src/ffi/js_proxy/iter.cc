// Iteration of JS objects.
//
// An Array is walked by index, as its own iterator would (the length is looked at anew), which
// spares the result objects of the iterator protocol. As long as no JavaScript runs in between
// (js_epoch), nothing can change the array: so numbers and short texts are fetched in batches,
// whose size grows while that is so. Everything else is asked for Symbol.iterator once and for
// next() per item.
#include <cstdlib>

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

struct Items {
  Cell cells[kBatchMost];
  char text[kBatchText];
};

struct ArrayIterator {
  PyObject_HEAD PyObject* array;  // null when exhausted
  Items* batch;                   // null until a batch is worth its memory
  int32_t index;
  uint32_t epoch;  // of JavaScript when the batch was fetched
  uint16_t at;     // the next item of the batch
  uint16_t count;  // items of the batch
  uint16_t wanted;
};

PyTypeObject* array_iterator_type = nullptr;

void array_iterator_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  auto* iterator = reinterpret_cast<ArrayIterator*>(self);
  Py_XDECREF(iterator->array);
  std::free(iterator->batch);
  type->tp_free(self);
  Py_DECREF(type);
}

// The next item of a batch; fetches one when that pays. A null PyRef: ask for a single item.
PyRef next_of_batch(ArrayIterator* iterator) {
  bool undisturbed = iterator->epoch == js_epoch;
  if (iterator->at == iterator->count || !undisturbed) {
    // A loop that calls JavaScript for each item would read all but one of them in vain.
    uint32_t wanted = undisturbed ? iterator->wanted * 2 : 1;
    iterator->wanted = static_cast<uint16_t>(wanted > kBatchMost ? kBatchMost : wanted);
    iterator->epoch = js_epoch;
    iterator->at = iterator->count = 0;
    if (iterator->wanted < 4) return {};
    if (iterator->batch == nullptr) {
      iterator->batch = static_cast<Items*>(std::aligned_alloc(16, sizeof(Items)));
      if (iterator->batch == nullptr) throw std::bad_alloc();
    }
    iterator->count = static_cast<uint16_t>(imports::get_items(
        own_value(iterator->array), iterator->index, iterator->batch, iterator->wanted));
    if (iterator->count == 0) {
      iterator->wanted = 1;
      return {};
    }
  }
  iterator->index++;
  return decode_result(js_null(), iterator->batch->cells[iterator->at++]);
}

PyObject* array_iterator_next(PyObject* self) {
  return py_entry([&]() -> PyObject* {
    auto* iterator = reinterpret_cast<ArrayIterator*>(self);
    if (iterator->array == nullptr) return nullptr;
    if ((own_fields(iterator->array).flags & kJsFlagsHereditary) == 0) {
      if (PyRef item = next_of_batch(iterator)) return item.release();
    }
    Reply out;
    JsVal value = imports::get_index(own_value(iterator->array), iterator->index, &out);
    // This look at the array was ours: it says nothing about what the loop does.
    if (iterator->epoch == js_epoch - 1) iterator->epoch = js_epoch;
    PyRef item = inherit_view(iterator->array, decode_optional(value, out.cell));
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
  auto* fields = reinterpret_cast<ArrayIterator*>(iterator);
  fields->array = Py_NewRef(self);
  fields->epoch = js_epoch;
  fields->wanted = 1;
  return iterator;
}

PyObject* js_proxy_iter(PyObject* self) {
  return py_entry([&] {
    // A map-like object is walked over its keys, as Python walks a mapping.
    constexpr uint32_t kMap = kJsFlagsHasGet | kJsFlagsHasLength;
    uint32_t flags = own_fields(self).flags;
    bool keys = (flags & kMap) == kMap && (flags & kJsFlagsArrayLike) == 0;
    Cell out;
    JsVal iterator =
        imports::get_iterator(own_value(self), keys ? kIterateKeys : kIterateItems, &out);
    return decode_result(iterator, out).release();
  });
}

PyObject* js_proxy_aiter(PyObject* self) {
  return py_entry([&] {
    Cell out;
    JsVal iterator = imports::get_iterator(own_value(self), kIterateAsync, &out);
    return decode_result(iterator, out).release();
  });
}

PyObject* js_proxy_iternext(PyObject* self) {
  return py_entry([&]() -> PyObject* {
    Reply out;
    JsVal value = imports::next(own_value(self), &out);
    if (out.cell.tag == kTagAbsent) return nullptr;
    return step_result(value, out.cell);
  });
}

int init_js_iterators(PyObject*) {
  array_iterator_type = reinterpret_cast<PyTypeObject*>(
      PyRef::steal(PyType_FromSpec(&array_iterator_spec)).release());
  return 0;
}

}  // namespace krait
