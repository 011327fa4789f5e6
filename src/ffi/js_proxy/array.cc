// JS arrays as Python sequences: items, slices, and the methods of list. Typed arrays and objects
// that only look like arrays have the parts that do not change a length.
#include <cstdlib>
#include <vector>

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

[[noreturn]] void raise_index_error(PyObject* key) {
  PyErr_SetObject(PyExc_IndexError, key);
  throw PyError{};
}

// Python objects as an array of cells, which JavaScript may keep.
class ItemCells {
 public:
  // Borrows the items of a list or tuple.
  ItemCells(PyObject* const* items, Py_ssize_t count) : cells_(count) {
    for (Py_ssize_t i = 0; i < count; i++) {
      if (void* bytes = encode_argument(items[i], &cells_[i])) scratch_.push_back(bytes);
    }
  }
  ~ItemCells() {
    for (void* bytes : scratch_) std::free(bytes);
  }
  ItemCells(const ItemCells&) = delete;
  ItemCells& operator=(const ItemCells&) = delete;
  Cell* data() { return cells_.data(); }

 private:
  std::vector<Cell> cells_;
  std::vector<void*> scratch_;
};

PyRef splice(PyObject* self, Py_ssize_t start, Py_ssize_t count, PyObject* const* items,
             Py_ssize_t item_count) {
  ItemCells cells(items, item_count);
  Reply out;
  JsVal removed =
      imports::splice(own_value(self), static_cast<int32_t>(start), static_cast<int32_t>(count),
                      cells.data(), static_cast<uint32_t>(item_count), &out);
  return decode_result(removed, out.cell);
}

PyRef get_item(PyObject* self, Py_ssize_t index) {
  Reply out;
  JsVal value = imports::get_index(own_value(self), static_cast<int32_t>(index), &out);
  return inherit_view(self, decode_optional(value, out.cell));
}

void set_item(PyObject* self, Py_ssize_t index, PyObject* value) {
  ArgumentCell cell(value);
  checked(imports::set_index(own_value(self), static_cast<int32_t>(index), cell.get()),
          *cell.get());
}

// An index with negative numbers counted from the end; one that is still negative is out of range.
Py_ssize_t resolve_index(PyObject* self, PyObject* key) {
  if (!PyIndex_Check(key)) {
    raise(PyExc_TypeError, "list indices must be integers or slices, not %s",
          Py_TYPE(key)->tp_name);
  }
  Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (index == -1 && PyErr_Occurred()) throw PyError{};
  if (index < 0) index += js_length_of(self);
  if (index < 0) raise_index_error(key);
  return index;
}

struct Slice {
  Py_ssize_t start, stop, step, count;
};

Slice resolve_slice(PyObject* self, PyObject* key, const char* what) {
  if (own_fields(self).flags & kJsFlagsTypedArray) {
    raise(PyExc_NotImplementedError,
          "slice %s is not implemented for typed arrays: use subarray(), or to_memoryview()", what);
  }
  Slice slice = {};
  if (PySlice_Unpack(key, &slice.start, &slice.stop, &slice.step) < 0) throw PyError{};
  slice.count = PySlice_AdjustIndices(js_length_of(self), &slice.start, &slice.stop, slice.step);
  return slice;
}

PyRef get_slice(PyObject* self, Py_ssize_t start, Py_ssize_t count, Py_ssize_t step) {
  Reply out;
  JsVal part = imports::slice(own_value(self), static_cast<int32_t>(start),
                              static_cast<int32_t>(count), static_cast<int32_t>(step), &out);
  return inherit_view(self, decode_result(part, out.cell));
}

void delete_slice(PyObject* self, Slice slice) {
  if (slice.step == 1) {
    splice(self, slice.start, slice.count, nullptr, 0);
    return;
  }
  // From the end, so that no index moves before its turn.
  for (Py_ssize_t i = 0; i < slice.count; i++) {
    Py_ssize_t nth = slice.step > 0 ? slice.count - 1 - i : i;
    splice(self, slice.start + nth * slice.step, 1, nullptr, 0);
  }
}

void set_slice(PyObject* self, Slice slice, PyObject* value) {
  PyRef items = PyRef::steal(PySequence_Fast(value, "must assign iterable to extended slice"));
  Py_ssize_t count = PySequence_Fast_GET_SIZE(items.get());
  PyObject** at = PySequence_Fast_ITEMS(items.get());
  if (slice.step == 1) {
    splice(self, slice.start, slice.count, at, count);
    return;
  }
  if (count != slice.count) {
    raise(PyExc_ValueError, "attempt to assign sequence of size %zd to extended slice of size %zd",
          count, slice.count);
  }
  for (Py_ssize_t i = 0; i < count; i++) set_item(self, slice.start + i * slice.step, at[i]);
}

void require_array(PyObject* self, const char* what) {
  if ((own_fields(self).flags & kJsFlagsArray) == 0) {
    raise(PyExc_TypeError, "this JavaScript object is no Array: it has no %s", what);
  }
}

void extend(PyObject* self, PyObject* iterable) {
  // An Array into which it is added itself must not grow while it is read.
  PyRef items = PyRef::steal(PySequence_List(iterable));
  splice(self, js_length_of(self), 0, PySequence_Fast_ITEMS(items.get()),
         PyList_GET_SIZE(items.get()));
}

PyRef array_op(PyObject* self, uint32_t what, Py_ssize_t times) {
  if (times > INT32_MAX) PyErr_NoMemory(), throw PyError{};
  Reply out;
  JsVal result = imports::array_op(own_value(self), what, static_cast<int32_t>(times), &out);
  return decode_result(result, out.cell);
}

// Calls f(index, item) for each item until it answers true; the index then, else -1.
template <typename F>
Py_ssize_t find(PyObject* self, Py_ssize_t start, Py_ssize_t stop, F f) {
  for (Py_ssize_t i = start; i < stop; i++) {
    PyRef item = get_item(self, i);
    if (!item) break;
    if (f(item.get())) return i;
  }
  return -1;
}

bool equal(PyObject* a, PyObject* b) { return checked(PyObject_RichCompareBool(a, b, Py_EQ)); }

[[noreturn]] void raise_missing(PyObject* value) {
  raise(PyExc_ValueError, "%R is not in list", value);
}

PyObject* append(PyObject* self, PyObject* value) {
  return py_entry([&] {
    set_item(self, js_length_of(self), value);
    return Py_NewRef(Py_None);
  });
}

PyObject* extend_method(PyObject* self, PyObject* iterable) {
  return py_entry([&] {
    extend(self, iterable);
    return Py_NewRef(Py_None);
  });
}

PyObject* insert(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs != 2) {
      raise(PyExc_TypeError, "insert() takes exactly 2 arguments (%zd given)", nargs);
    }
    Py_ssize_t index = PyNumber_AsSsize_t(args[0], PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) throw PyError{};
    Py_ssize_t length = js_length_of(self);
    if (index < 0) index = index + length < 0 ? 0 : index + length;
    splice(self, index < length ? index : length, 0, args + 1, 1);
    return Py_NewRef(Py_None);
  });
}

PyObject* pop(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs > 1) raise(PyExc_TypeError, "pop() takes at most 1 argument (%zd given)", nargs);
    Py_ssize_t index = nargs == 0 ? -1 : PyNumber_AsSsize_t(args[0], PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) throw PyError{};
    Py_ssize_t length = js_length_of(self);
    if (length == 0) raise(PyExc_IndexError, "pop from empty list");
    if (index < 0) index += length;
    if (index < 0 || index >= length) raise(PyExc_IndexError, "pop index out of range");
    PyRef item = get_item(self, index);
    splice(self, index, 1, nullptr, 0);
    return item.release();
  });
}

PyObject* index_method(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs < 1 || nargs > 3) {
      raise(PyExc_TypeError, "index() takes 1 to 3 arguments (%zd given)", nargs);
    }
    Py_ssize_t start = 0;
    Py_ssize_t stop = PY_SSIZE_T_MAX;
    if (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start)) throw PyError{};
    if (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop)) throw PyError{};
    Py_ssize_t length = js_length_of(self);
    PySlice_AdjustIndices(length, &start, &stop, 1);
    Py_ssize_t found =
        find(self, start, stop, [&](PyObject* item) { return equal(item, args[0]); });
    if (found < 0) raise_missing(args[0]);
    return PyRef::steal(PyLong_FromSsize_t(found)).release();
  });
}

PyObject* count_method(PyObject* self, PyObject* value) {
  return py_entry([&] {
    Py_ssize_t count = 0;
    find(self, 0, PY_SSIZE_T_MAX, [&](PyObject* item) {
      count += equal(item, value);
      return false;
    });
    return PyRef::steal(PyLong_FromSsize_t(count)).release();
  });
}

PyObject* remove_method(PyObject* self, PyObject* value) {
  return py_entry([&] {
    Py_ssize_t found =
        find(self, 0, PY_SSIZE_T_MAX, [&](PyObject* item) { return equal(item, value); });
    if (found < 0) raise_missing(value);
    splice(self, found, 1, nullptr, 0);
    return Py_NewRef(Py_None);
  });
}

PyObject* reverse_method(PyObject* self, PyObject*) {
  return py_entry([&] {
    array_op(self, kArrayOpReverse, 0);
    return Py_NewRef(Py_None);
  });
}

PyObject* reversed_method(PyObject* self, PyObject*) {
  PyObject* args[] = {self};
  // object.__reversed__ does not exist; `reversed` itself would ask for this method again.
  return py_entry([&] {
    PyRef items = PyRef::steal(PySequence_List(args[0]));
    checked(PyList_Reverse(items.get()));
    return PyRef::steal(PyObject_GetIter(items.get())).release();
  });
}

}  // namespace

PyObject* js_array_item(PyObject* self, Py_ssize_t index) {
  return py_entry([&] {
    PyRef item = index < 0 ? PyRef() : get_item(self, index);
    if (!item) raise_index_error(PyRef::steal(PyLong_FromSsize_t(index)).get());
    return item.release();
  });
}

PyObject* js_array_subscript(PyObject* self, PyObject* key) {
  return py_entry([&] {
    if (PySlice_Check(key)) {
      Slice slice = resolve_slice(self, key, "subscripting");
      return get_slice(self, slice.start, slice.count, slice.step).release();
    }
    PyRef item = get_item(self, resolve_index(self, key));
    if (!item) raise_index_error(key);
    return item.release();
  });
}

int js_array_ass_subscript(PyObject* self, PyObject* key, PyObject* value) {
  return py_entry_status([&] {
    if (PySlice_Check(key)) {
      Slice slice = resolve_slice(self, key, value == nullptr ? "deletion" : "assignment");
      require_array(self, "slices that can be changed");
      if (value == nullptr) {
        delete_slice(self, slice);
      } else {
        set_slice(self, slice, value);
      }
      return 0;
    }
    Py_ssize_t index = resolve_index(self, key);
    if (value != nullptr) {
      set_item(self, index, value);
      return 0;
    }
    if ((own_fields(self).flags & kJsFlagsArray) == 0) {
      raise(PyExc_TypeError, "object doesn't support item deletion");
    }
    if (index >= js_length_of(self)) raise_index_error(key);
    splice(self, index, 1, nullptr, 0);
    return 0;
  });
}

// array + iterable: a new Array.
PyObject* js_array_concat(PyObject* self, PyObject* other) {
  return py_entry([&] {
    if (!PyObject_CheckBuffer(other) && Py_TYPE(other)->tp_iter == nullptr &&
        !PySequence_Check(other)) {
      raise(PyExc_TypeError, "can only concatenate an iterable (not \"%s\") to a JavaScript array",
            Py_TYPE(other)->tp_name);
    }
    PyRef sum = get_slice(self, 0, js_length_of(self), 1);
    extend(sum.get(), other);
    return sum.release();
  });
}

PyObject* js_array_repeat(PyObject* self, Py_ssize_t times) {
  return py_entry([&] { return array_op(self, kArrayOpRepeat, times < 0 ? 0 : times).release(); });
}

PyObject* js_array_inplace_concat(PyObject* self, PyObject* other) {
  return py_entry([&] {
    extend(self, other);
    return Py_NewRef(self);
  });
}

PyObject* js_array_inplace_repeat(PyObject* self, Py_ssize_t times) {
  return py_entry([&] {
    array_op(self, kArrayOpRepeatInPlace, times < 0 ? 0 : times);
    return Py_NewRef(self);
  });
}

PyMethodDef js_array_methods[] = {
    {"append", append, METH_O, "append(value, /)\n--\n\nAdds an item at the end."},
    {"extend", extend_method, METH_O,
     "extend(iterable, /)\n--\n\nAdds the items of an iterable at the end."},
    {"insert", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(insert)), METH_FASTCALL,
     "insert(index, value, /)\n--\n\nInserts an item before the index."},
    {"pop", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(pop)), METH_FASTCALL,
     "pop(index=-1, /)\n--\n\nRemoves the item at the index and returns it."},
    {"remove", remove_method, METH_O,
     "remove(value, /)\n--\n\nRemoves the first item that equals the value; ValueError if none."},
    {},
};

PyMethodDef js_sequence_methods[] = {
    {"index", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(index_method)), METH_FASTCALL,
     "index(value, start=0, stop=maxsize, /)\n--\n\n"
     "The index of the first item that equals the value, with Python's ==; ValueError if none."},
    {"count", count_method, METH_O,
     "count(value, /)\n--\n\nHow many items equal the value, with Python's ==."},
    {"reverse", reverse_method, METH_NOARGS, "Reverses the items in place."},
    {"__reversed__", reversed_method, METH_NOARGS, nullptr},
    {},
};

}  // namespace krait
