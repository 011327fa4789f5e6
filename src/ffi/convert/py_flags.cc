// What a Python object can do (PyFlags), found once per type.
//
// A small direct-mapped cache keyed by the type's address and version tag: CPython changes the tag
// when a type changes and gives tags out once, so a stale entry cannot match.
#include "ffi/convert/to_js.h"
#include "ffi/handle/entry.h"
#include "ffi/wire/contract.gen.h"

namespace krait {
namespace {

struct Entry {
  PyTypeObject* type;
  uint32_t version;
  uint32_t flags;
};
constexpr uint32_t kEntries = 256;
Entry cache[kEntries];

// True when the type itself (not its metaclass) has the attribute.
bool has_type_attr(PyTypeObject* type, const char* name) {
  PyObject* key = PyUnicode_InternFromString(name);
  if (key == nullptr) {
    PyErr_Clear();
    return false;
  }
  PyObject* found = _PyType_Lookup(type, key);
  Py_DECREF(key);
  return found != nullptr;
}

uint32_t find_flags(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  uint32_t flags = 0;
  const PySequenceMethods* sequence = type->tp_as_sequence;
  const PyMappingMethods* mapping = type->tp_as_mapping;
  const PyAsyncMethods* async = type->tp_as_async;
  auto add = [&flags](bool condition, uint32_t flag) {
    if (condition) flags |= flag;
  };
  add((sequence && sequence->sq_length) || (mapping && mapping->mp_length), kPyFlagsLength);
  add((sequence && sequence->sq_item) || (mapping && mapping->mp_subscript) || type == &PyType_Type,
      kPyFlagsGet);
  add((sequence && sequence->sq_ass_item) || (mapping && mapping->mp_ass_subscript), kPyFlagsSet);
  add(sequence && sequence->sq_contains, kPyFlagsContains);
  add(type->tp_iter || (sequence && sequence->sq_item), kPyFlagsIterable);
  add(PyIter_Check(object), kPyFlagsIterator);
  add(type->tp_call, kPyFlagsCallable);
  add(async && async->am_await, kPyFlagsAwaitable);
  add(type->tp_as_buffer && type->tp_as_buffer->bf_getbuffer, kPyFlagsBuffer);
  add(async && async->am_aiter, kPyFlagsAsyncIterable);
  add(async && async->am_anext, kPyFlagsAsyncIterator);
  if (PyType_IsSubtype(type, &PyGen_Type)) {
    flags |= kPyFlagsGenerator;
  } else if ((flags & kPyFlagsIterator) && has_type_attr(type, "send") &&
             has_type_attr(type, "throw")) {
    flags |= kPyFlagsGenerator;
  }
  if (flags & kPyFlagsAsyncIterator) {
    add(has_type_attr(type, "asend") && has_type_attr(type, "athrow"), kPyFlagsAsyncGenerator);
  }
  // CPython sets this flag on the types that collections.abc.Sequence knows (PEP 634).
  // str, bytes and bytearray are Sequences too, though no patterns.
  if ((type->tp_flags & Py_TPFLAGS_SEQUENCE) || PyBytes_Check(object) ||
      PyByteArray_Check(object)) {
    flags |= kPyFlagsSequence;
    add((flags & kPyFlagsSet) && has_type_attr(type, "insert"), kPyFlagsMutableSequence);
  }
  add(PyType_IsSubtype(type, &PyDict_Type), kPyFlagsDict);
  return flags;
}

}  // namespace

uint32_t py_flags(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  uint32_t version = type->tp_version_tag;
  Entry& entry = cache[(reinterpret_cast<uintptr_t>(type) >> 4) % kEntries];
  if (entry.type == type && entry.version == version && version != 0) [[likely]] {
    return entry.flags;
  }
  uint32_t flags = find_flags(object);
  entry = {type, type->tp_version_tag, flags};
  return flags;
}

}  // namespace krait
