// The types of JsProxy objects: made from flags, kept for ever.
#include <string>

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {

PyTypeObject* js_proxy_type = nullptr;

namespace {

// A marker class of pyodide.ffi, or one of our own (with an underscore) that only brings methods,
// and the flags that make a proxy an instance of it.
struct Marker {
  const char* name;
  const char* doc;
  uint32_t all;       // every one of these flags
  uint32_t any = 0;   // and one of these, if there are any
  uint32_t none = 0;  // and none of these
  PyMethodDef* methods = nullptr;
  bool mixin = false;  // more methods come from the class of this name in _pyodide._js_mixins
  PyObject* type = nullptr;
};

constexpr uint32_t kMapping = kJsFlagsHasGet | kJsFlagsHasLength | kJsFlagsIterable;

// A marker that another one extends must come after it.
Marker markers[] = {
    {.name = "JsArray",
     .doc = "A JsProxy of an Array: a mutable sequence.",
     .all = kJsFlagsArray,
     .methods = js_array_methods,
     .mixin = true},
    {.name = "JsTypedArray", .doc = "A JsProxy of a typed array.", .all = kJsFlagsTypedArray},
    {.name = "_JsSequence",
     .doc = "The methods of Arrays and typed arrays that leave the length as it is.",
     .any = kJsFlagsArray | kJsFlagsTypedArray,
     .methods = js_sequence_methods},
    {.name = "JsBuffer",
     .doc = "A JsProxy of an ArrayBuffer or a view of one.",
     .all = kJsFlagsBuffer,
     .methods = js_buffer_methods},
    {.name = "JsMutableMap",
     .doc = "A JsMap that can be changed: a mutable mapping.",
     .all = kMapping | kJsFlagsHasSet,
     .none = kJsFlagsArray | kJsFlagsTypedArray,
     .mixin = true},
    {.name = "JsMap",
     .doc = "A JsProxy of something with get, has, size and keys: a mapping.",
     .all = kMapping,
     .none = kJsFlagsArray | kJsFlagsTypedArray,
     .mixin = true},
    {.name = "JsAsyncGenerator",
     .doc = "A JsProxy of an async generator.",
     .all = kJsFlagsAsyncGenerator,
     .mixin = true},
    {.name = "JsGenerator",
     .doc = "A JsProxy of a generator.",
     .all = kJsFlagsGenerator,
     .methods = js_generator_methods},
    {.name = "JsIterator",
     .doc = "A JsProxy of an iterator.",
     .all = kJsFlagsIterator,
     .methods = js_iterator_methods},
    {.name = "JsIterable",
     .doc = "A JsProxy of something with Symbol.iterator.",
     .all = kJsFlagsIterable},
    {.name = "JsAsyncIterator",
     .doc = "A JsProxy of an async iterator.",
     .all = kJsFlagsAsyncIterator,
     .methods = js_async_iterator_methods,
     .mixin = true},
    {.name = "JsAsyncIterable",
     .doc = "A JsProxy of something with Symbol.asyncIterator.",
     .all = kJsFlagsAsyncIterable},
    {.name = "JsPromise",
     .doc = "A JsProxy of a thenable: it can be awaited.",
     .all = kJsFlagsPromise,
     .mixin = true},
    {.name = "JsOnceCallable",
     .doc = "What create_once_callable() makes: a function for one call.",
     .all = kJsFlagsOnce},
    {.name = "JsCallableDoubleProxy",
     .doc = "A JsProxy of a PyProxy that can be called.",
     .all = kJsFlagsDoubleProxy | kJsFlagsCallable},
    {.name = "JsDoubleProxy",
     .doc = "A JsProxy of a PyProxy.",
     .all = kJsFlagsDoubleProxy,
     .methods = js_double_proxy_methods},
    {.name = "JsCallable",
     .doc = "A JsProxy of a function.",
     .all = kJsFlagsCallable,
     .methods = js_callable_methods},
    {.name = "JsWeakRef",
     .doc = "A JsProxy of a WeakRef: deref() answers its target, or None when that is gone.",
     .all = kJsFlagsWeakRef},
    {.name = "JsDomElement",
     .doc = "A JsProxy of an element of a page.",
     .all = kJsFlagsDomElement},
    {.name = "JsFetchResponse",
     .doc = "A JsProxy of a Response of fetch().",
     .all = kJsFlagsResponse},
    {.name = "_JsDisposable",
     .doc = "A JsProxy of something with Symbol.dispose.",
     .all = kJsFlagsDisposable,
     .methods = js_disposable_methods},
    {.name = "_JsAsyncDisposable",
     .doc = "A JsProxy of something with Symbol.asyncDispose.",
     .all = kJsFlagsAsyncDisposable,
     .methods = js_async_disposable_methods,
     .mixin = true},
};

// Concrete types by flags: a small open-addressing table; a program meets some dozens of
// combinations.
struct Concrete {
  uint32_t flags;
  PyTypeObject* type;
};
constexpr uint32_t kMostTypes = 1024;
Concrete concrete[kMostTypes];
uint32_t concrete_count = 0;

template <auto Function>
void* slot() {
  return reinterpret_cast<void*>(Function);
}

void js_proxy_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  JsFields& js = own_fields(self);
  if (js.weak_references != nullptr) PyObject_ClearWeakRefs(self);
  PyObject_GC_UnTrack(self);
  slot_free(js.slot);
  Py_XDECREF(js.bound);
  Py_XDECREF(js.signature);
  Py_XDECREF(js.import_attributes);
  PyObject_GC_Del(self);
  Py_DECREF(type);
}

// Only a proxy that was imported as a module can be part of a cycle (by its __spec__); only such a
// one is tracked.
int js_proxy_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(own_fields(self).bound);
  Py_VISIT(own_fields(self).signature);
  Py_VISIT(own_fields(self).import_attributes);
  return 0;
}

int js_proxy_clear(PyObject* self) {
  Py_CLEAR(own_fields(self).import_attributes);
  return 0;
}

PyObject* refuse_new(PyTypeObject* type, PyObject*, PyObject*) {
  PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", type->tp_name);
  return nullptr;
}

PyMemberDef member_offsets[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(JsProxyObject, js.vectorcall), Py_READONLY,
     nullptr},
    {"__weaklistoffset__", Py_T_PYSSIZET, offsetof(JsProxyObject, js.weak_references), Py_READONLY,
     nullptr},
    {},
};

bool matches(const Marker& marker, uint32_t flags) {
  return (flags & marker.all) == marker.all && (flags & marker.none) == 0 &&
         (marker.any == 0 || (flags & marker.any) != 0);
}

// Brings the methods that are written in Python, when the first proxy that has them is made.
void add_mixin(Marker& marker) {
  marker.mixin = false;
  static PyFunction install("_pyodide._js_mixins", "install");
  PyRef::steal(PyObject_CallFunction(install.get(), "Os", marker.type, marker.name));
  reinterpret_cast<PyTypeObject*>(marker.type)->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
}

// A function of JavaScript that is an attribute of a Python class becomes a method of its objects,
// which are `this` to it.
PyObject* js_proxy_descr_get(PyObject* self, PyObject* object, PyObject*) {
  if (object == nullptr || object == Py_None || own_fields(self).bound != nullptr) {
    return Py_NewRef(self);
  }
  return py_entry([&] {
    PyRef method = wrap_js(JsRef(own_value(self)), own_fields(self).flags);
    own_fields(method.get()).bound = Py_NewRef(object);
    return method.release();
  });
}

PyTypeObject* make_type(const uint32_t all_flags) {
  uint32_t flags = all_flags;
  PyType_Slot slots[48];
  int n = 0;
  auto add = [&](int id, void* value) { slots[n++] = {id, value}; };
  add(Py_tp_dealloc, slot<js_proxy_dealloc>());
  add(Py_tp_traverse, slot<js_proxy_traverse>());
  add(Py_tp_clear, slot<js_proxy_clear>());
  add(Py_tp_members, member_offsets);
  add(Py_tp_getattro, slot<js_proxy_getattro>());
  add(Py_tp_setattro, slot<js_proxy_setattro>());
  add(Py_tp_richcompare, slot<js_proxy_richcompare>());
  add(Py_tp_hash, slot<js_proxy_hash>());
  add(Py_tp_repr, slot<js_proxy_repr>());
  add(Py_tp_str, slot<js_proxy_repr>());
  add(Py_nb_bool, slot<js_proxy_bool>());
  unsigned type_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC;
  if (flags & kJsFlagsCallable) {
    add(Py_tp_call, slot<PyVectorcall_Call>());
    add(Py_tp_descr_get, slot<js_proxy_descr_get>());
    type_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
  }
  bool indexed = flags & (kJsFlagsArray | kJsFlagsTypedArray | kJsFlagsArrayLike);
  if (indexed) type_flags |= Py_TPFLAGS_SEQUENCE;
  if (flags & kJsFlagsObjectMap) {
    add(Py_mp_length, slot<js_object_length>());
    add(Py_mp_subscript, slot<js_object_subscript>());
    add(Py_mp_ass_subscript, slot<js_object_ass_subscript>());
    add(Py_sq_contains, slot<js_object_contains>());
    add(Py_tp_iter, slot<js_object_iter>());
    flags &= ~uint32_t{kJsFlagsHasGet | kJsFlagsHasSet | kJsFlagsHasHas | kJsFlagsHasIncludes};
  } else if (flags & kJsFlagsHasLength) {
    add(Py_mp_length, slot<js_proxy_length>());
  }
  if (indexed) {
    add(Py_sq_length, slot<js_proxy_length>());
    add(Py_sq_item, slot<js_array_item>());  // reversed() asks for it
    add(Py_mp_subscript, slot<js_array_subscript>());
    add(Py_mp_ass_subscript, slot<js_array_ass_subscript>());
    if ((flags & kJsFlagsTypedArray) == 0) {
      add(Py_sq_concat, slot<js_array_concat>());
      add(Py_sq_repeat, slot<js_array_repeat>());
    }
    if (flags & kJsFlagsArray) {
      add(Py_sq_inplace_concat, slot<js_array_inplace_concat>());
      add(Py_sq_inplace_repeat, slot<js_array_inplace_repeat>());
    }
  } else {
    if (flags & kJsFlagsHasGet) add(Py_mp_subscript, slot<js_map_subscript>());
    if (flags & kJsFlagsHasSet) add(Py_mp_ass_subscript, slot<js_map_ass_subscript>());
  }
  if (flags & (kJsFlagsHasHas | kJsFlagsHasIncludes)) {
    add(Py_sq_contains, slot<js_proxy_contains>());
  }
  if (flags & kJsFlagsArray) {
    add(Py_tp_iter, slot<js_array_iter>());
  } else if (flags & kJsFlagsIterator) {
    add(Py_tp_iter, slot<PyObject_SelfIter>());
  } else if ((flags & kJsFlagsIterable) && (flags & kJsFlagsObjectMap) == 0) {
    add(Py_tp_iter, slot<js_proxy_iter>());
  }
  if (flags & kJsFlagsAsyncIterator) {
    add(Py_am_aiter, slot<PyObject_SelfIter>());
  } else if (flags & kJsFlagsAsyncIterable) {
    add(Py_am_aiter, slot<js_proxy_aiter>());
  }
  if (flags & kJsFlagsIterator) add(Py_tp_iternext, slot<js_proxy_iternext>());
  if (flags & kJsFlagsPromise) add(Py_am_await, slot<js_promise_await>());
  slots[n] = {};

  PyType_Spec spec = {"pyodide.ffi.JsProxy", sizeof(JsProxyObject), 0, type_flags, slots};
  PyRef bases = PyRef::steal(PyList_New(0));
  for (Marker& marker : markers) {
    if (!matches(marker, all_flags)) continue;
    if (marker.mixin) add_mixin(marker);
    checked(PyList_Append(bases.get(), marker.type));
  }
  checked(PyList_Append(bases.get(), reinterpret_cast<PyObject*>(js_proxy_type)));
  PyRef tuple = PyRef::steal(PyList_AsTuple(bases.get()));
  return reinterpret_cast<PyTypeObject*>(
      PyRef::steal(PyType_FromSpecWithBases(&spec, tuple.get())).release());
}

PyTypeObject* type_for(uint32_t flags) {
  uint32_t i = (flags * 2654435761u) % kMostTypes;
  while (concrete[i].type != nullptr) {
    if (concrete[i].flags == flags) return concrete[i].type;
    i = (i + 1) % kMostTypes;
  }
  if (concrete_count == kMostTypes - 1) {
    raise(PyExc_SystemError, "krait: more than %u kinds of JavaScript objects", kMostTypes);
  }
  PyTypeObject* type = make_type(flags);
  concrete[i] = {flags, type};
  concrete_count++;
  return type;
}

}  // namespace

JsFields* find_js_fields(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type->tp_dealloc == js_proxy_dealloc) [[likely]] {
    return &reinterpret_cast<JsProxyObject*>(object)->js;
  }
  if (PyType_IsSubtype(type, js_exception_type)) {
    // The fields lie behind Exception's own.
    return reinterpret_cast<JsFields*>(reinterpret_cast<char*>(object) +
                                       sizeof(PyBaseExceptionObject));
  }
  return nullptr;
}

uint32_t find_slot(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type->tp_dealloc == js_proxy_dealloc) [[likely]] {
    return reinterpret_cast<JsProxyObject*>(object)->js.slot;
  }
  if ((type->tp_flags & Py_TPFLAGS_BASE_EXC_SUBCLASS) == 0) return 0;
  JsFields* js = find_js_fields(object);
  return js == nullptr ? 0 : js->slot;
}

PyRef wrap_js(JsRef value, uint32_t flags) {
  if (flags & kJsFlagsError) return wrap_js_error(std::move(value), flags);
  PyTypeObject* type = type_for(flags);
  PyRef self = PyRef::steal(reinterpret_cast<PyObject*>(PyObject_GC_New(JsProxyObject, type)));
  own_fields(self.get()) = {.vectorcall = js_proxy_vectorcall,
                            .slot = value.release(),
                            .flags = flags,
                            .bound = nullptr,
                            .signature = nullptr,
                            .weak_references = nullptr,
                            .import_attributes = nullptr};
  return self;
}

PyRef describe_js(JsVal value, uint32_t what) {
  Reply out;
  JsVal text = imports::describe(value, what, &out);
  return decode_result(text, out.cell);
}

PyObject* js_proxy_richcompare(PyObject* a, PyObject* b, int op) {
  if (op != Py_EQ && op != Py_NE) Py_RETURN_NOTIMPLEMENTED;
  uint32_t left = find_slot(a);
  uint32_t right = find_slot(b);
  if (left == 0 || right == 0) Py_RETURN_NOTIMPLEMENTED;
  bool same = imports::equal(slot_get(left), slot_get(right)) != 0;
  return PyBool_FromLong(same == (op == Py_EQ));
}

Py_hash_t js_proxy_hash(PyObject* self) { return imports::identity(js_value(self)); }

PyObject* js_proxy_repr(PyObject* self) {
  return py_entry([&] {
    PyRef text = describe_js(js_value(self), kDescribeToString);
    if (!PyUnicode_Check(text.get())) {
      raise(PyExc_TypeError, "toString() of a JavaScript object returned %s, expected a string",
            Py_TYPE(text.get())->tp_name);
    }
    return text.release();
  });
}

int js_proxy_bool(PyObject* self) { return imports::truth(js_value(self)); }

int init_js_proxy(PyObject* module) {
  PyType_Slot base_slots[] = {
      {Py_tp_doc, const_cast<char*>("A JavaScript object seen from Python.")},
      {Py_tp_new, slot<refuse_new>()},
      {Py_tp_methods, js_proxy_methods},
      {Py_tp_getset, js_proxy_getset},
      {},
  };
  PyType_Spec base_spec = {"pyodide.ffi.JsProxy", 0, 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
                           base_slots};
  js_proxy_type =
      reinterpret_cast<PyTypeObject*>(PyRef::steal(PyType_FromSpec(&base_spec)).release());
  checked(PyModule_AddObjectRef(module, "JsProxy", reinterpret_cast<PyObject*>(js_proxy_type)));
  PyRef bases = PyRef::steal(PyTuple_Pack(1, js_proxy_type));
  for (Marker& marker : markers) {
    PyType_Slot slots[3] = {{Py_tp_doc, const_cast<char*>(marker.doc)}, {}, {}};
    if (marker.methods != nullptr) slots[1] = {Py_tp_methods, marker.methods};
    std::string qualified_name = std::string("pyodide.ffi.") + marker.name;
    unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    if (!marker.mixin) flags |= Py_TPFLAGS_IMMUTABLETYPE;
    PyType_Spec spec = {qualified_name.c_str(), 0, 0, flags, slots};
    marker.type = PyRef::steal(PyType_FromSpecWithBases(&spec, bases.get())).release();
    if (marker.name[0] != '_') checked(PyModule_AddObjectRef(module, marker.name, marker.type));
  }
  return 0;
}

}  // namespace krait
