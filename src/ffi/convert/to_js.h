// Python values as cells: the implicit conversions T01 to T08.
//
// Immutable data goes by value (int, float, str, bool, None, jsnull, JsBigInt), a JsProxy becomes
// what it stands for, everything else is handed over as a Python object for which JavaScript makes
// a PyProxy.
#pragma once

#include <Python.h>

#include "ffi/handle/js_ref.h"
#include "ffi/wire/cell.h"

namespace krait {

// Writes the result of an export. Text and JS values come back as the val (tag JS).
JsVal encode_result(PyObject* object, Cell* out);

// Writes an argument for an import. Strings are borrowed: the object must outlive the crossing.
// Returns memory to free after the crossing (the limbs of a big int), or null.
[[nodiscard]] void* encode_argument(PyObject* object, Cell* out);

// One argument with its scratch memory.
class ArgumentCell {
 public:
  explicit ArgumentCell(PyObject* object) : scratch_(encode_argument(object, &cell_)) {}
  ~ArgumentCell();
  ArgumentCell(const ArgumentCell&) = delete;
  ArgumentCell& operator=(const ArgumentCell&) = delete;
  Cell* get() { return &cell_; }

 private:
  Cell cell_;
  void* scratch_;
};

// A str as a JS string.
JsVal text_to_js(PyObject* text);

// What proxies can do with this object (PyFlags), found once per type.
uint32_t py_flags(PyObject* object);

// Declared here, implemented by js_proxy/: the slot of a JsProxy, or 0 if it is something else.
uint32_t find_slot(PyObject* object);

// The singletons and types that stand for JS's own primitives; made by init_special_types().
extern PyObject* js_null_object;
extern PyTypeObject* js_bigint_type;
int init_special_types(PyObject* module);

}  // namespace krait
