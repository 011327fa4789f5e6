// JsProxy: a JS object seen from Python.
//
// One concrete type per combination of JsFlags, made when it is first needed, all of them printed
// as pyodide.ffi.JsProxy. Their bases are JsProxy and the marker classes of pyodide.ffi (JsArray,
// JsMap, ...), so that isinstance works and a proxy has only the slots that its object can serve:
// what is not callable has no tp_call. A JS Error is a JsException: a JsProxy and an Exception at
// once. JsProxy itself therefore has no fields of its own; they are found by js_fields().
#pragma once

#include <Python.h>

#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/contract.gen.h"

namespace krait {

struct JsFields {
  vectorcallfunc vectorcall;
  uint32_t slot;
  uint32_t flags;
  PyObject* bound;  // what is `this` when a method is called, a JsProxy mostly; null for functions
  PyObject* signature;  // what bind_sig() was given; mostly null
  PyObject* weak_references;
  PyObject* import_attributes;  // dict of what the import system sets on a module; mostly null
};

struct JsProxyObject {
  PyObject_HEAD JsFields js;
};

extern PyTypeObject* js_proxy_type;      // the abstract base
extern PyTypeObject* js_exception_type;  // js_exception.cc

// Null when the object is no proxy of ours.
JsFields* find_js_fields(PyObject* object);

inline JsFields& js_fields(PyObject* self) { return *find_js_fields(self); }
inline JsVal js_value(PyObject* self) { return slot_get(js_fields(self).slot); }

// For slots of the concrete types, which are never exceptions.
inline JsFields& own_fields(PyObject* self) { return reinterpret_cast<JsProxyObject*>(self)->js; }
inline JsVal own_value(PyObject* self) { return slot_get(own_fields(self).slot); }

// --- the parts a type is put together from ---
PyObject* js_proxy_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf,
                              PyObject* kwnames);  // call.cc
PyObject* js_proxy_construct(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                             PyObject* kwnames);                         // call.cc
PyObject* js_proxy_getattro(PyObject* self, PyObject* name);             // attr.cc
int js_proxy_setattro(PyObject* self, PyObject* name, PyObject* value);  // attr.cc
PyObject* js_proxy_dir(PyObject* self, PyObject*);                       // attr.cc
PyObject* js_proxy_richcompare(PyObject* a, PyObject* b, int op);        // type.cc
Py_hash_t js_proxy_hash(PyObject* self);                                 // type.cc
PyObject* js_proxy_repr(PyObject* self);                                 // type.cc
int js_proxy_bool(PyObject* self);                                       // type.cc
Py_ssize_t js_proxy_length(PyObject* self);                              // container.cc
Py_ssize_t js_length_of(PyObject* self);                                 // container.cc; throws
PyObject* js_array_item(PyObject* self, Py_ssize_t index);               // array.cc
PyObject* js_array_subscript(PyObject* self, PyObject* key);
int js_array_ass_subscript(PyObject* self, PyObject* key, PyObject* value);
PyObject* js_array_concat(PyObject* self, PyObject* other);
PyObject* js_array_repeat(PyObject* self, Py_ssize_t times);
PyObject* js_array_inplace_concat(PyObject* self, PyObject* other);
PyObject* js_array_inplace_repeat(PyObject* self, Py_ssize_t times);
PyObject* js_object_subscript(PyObject* self, PyObject* key);  // object_map.cc
int js_object_ass_subscript(PyObject* self, PyObject* key, PyObject* value);
int js_object_contains(PyObject* self, PyObject* key);
Py_ssize_t js_object_length(PyObject* self);
PyObject* js_object_iter(PyObject* self);
PyObject* js_as_py_json(PyObject* self, PyObject*);
PyObject* js_as_object_map(PyObject* self, PyObject* args, PyObject* kwargs);
// An item of a view that hands its way of looking on becomes a view as well.
PyRef inherit_view(PyObject* container, PyRef item);
// The answer of a generator's step: the item, or null with StopIteration set (generator.cc).
PyObject* step_result(JsVal answer, Cell& cell);
PyObject* js_map_subscript(PyObject* self, PyObject* key);  // container.cc
int js_map_ass_subscript(PyObject* self, PyObject* key, PyObject* value);
int js_proxy_contains(PyObject* self, PyObject* key);  // container.cc
PyObject* js_array_iter(PyObject* self);               // iter.cc
PyObject* js_proxy_iter(PyObject* self);               // iter.cc
PyObject* js_proxy_aiter(PyObject* self);              // iter.cc
PyObject* js_proxy_iternext(PyObject* self);           // iter.cc
PyObject* js_promise_await(PyObject* self);            // await.cc
PyObject* js_promise_then(PyObject*, PyObject* const* args, Py_ssize_t nargs);

// A copy of the proxy; `signature` may be null (bind.cc).
PyRef with_signature(PyObject* self, PyObject* signature);
PyObject* bound_call(PyObject* self, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames);
PyObject* bound_construct(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                          PyObject* kwnames);
PyRef bound_attribute(PyObject* self, PyObject* name, PyRef value);
PyObject* js_bind_sig(PyObject* self, PyObject* signature);
PyObject* js_bind_class(PyObject* self, PyObject* described);

// The methods that every proxy has (methods.cc).
extern PyMethodDef js_proxy_methods[];
extern PyGetSetDef js_proxy_getset[];
extern PyMethodDef js_callable_methods[];
extern PyMethodDef js_double_proxy_methods[];
extern PyMethodDef js_buffer_methods[];            // buffer.cc
extern PyMethodDef js_array_methods[];             // array.cc
extern PyMethodDef js_sequence_methods[];          // array.cc
extern PyMethodDef js_iterator_methods[];          // generator.cc
extern PyMethodDef js_generator_methods[];         // generator.cc
extern PyMethodDef js_async_iterator_methods[];    // generator.cc
extern PyMethodDef js_disposable_methods[];        // generator.cc
extern PyMethodDef js_async_disposable_methods[];  // generator.cc

int init_js_proxy(PyObject* module);
int init_js_exception(PyObject* module);
int init_js_iterators(PyObject* module);

// A JsException for an error that was thrown, or that crosses as a value.
PyRef wrap_js_error(JsRef value, uint32_t flags);

// The text that `describe` gives.
PyRef describe_js(JsVal value, uint32_t what);

}  // namespace krait
