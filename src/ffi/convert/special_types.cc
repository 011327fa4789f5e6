// JsNull and its one value jsnull (T06), and JsBigInt (T07): the JS primitives that Python has no
// type for.
#include "ffi/convert/to_js.h"
#include "ffi/handle/entry.h"

// Of CPython's patch 0007: what json encodes as it does None.
extern "C" PyObject* _Py_JsonNull;

namespace krait {

PyObject* js_null_object = nullptr;
PyTypeObject* js_bigint_type = nullptr;

namespace {

PyObject* null_repr(PyObject*) { return PyUnicode_InternFromString("jsnull"); }
int null_bool(PyObject*) { return 0; }

PyObject* null_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  if (PyTuple_GET_SIZE(args) != 0 || (kwargs != nullptr && PyDict_GET_SIZE(kwargs) != 0)) {
    PyErr_SetString(PyExc_TypeError, "JsNull takes no arguments");
    return nullptr;
  }
  if (js_null_object == nullptr) return type->tp_alloc(type, 0);
  return Py_NewRef(js_null_object);
}

PyObject* null_reduce(PyObject*, PyObject*) { return PyUnicode_InternFromString("jsnull"); }

PyMethodDef null_methods[] = {
    {"__reduce__", null_reduce, METH_NOARGS, nullptr},
    {},
};

PyType_Slot null_slots[] = {
    {Py_tp_doc, const_cast<char*>("The type of jsnull, which stands for JavaScript's null.")},
    {Py_tp_new, reinterpret_cast<void*>(null_new)},
    {Py_tp_repr, reinterpret_cast<void*>(null_repr)},
    {Py_nb_bool, reinterpret_cast<void*>(null_bool)},
    {Py_tp_methods, null_methods},
    {},
};
PyType_Spec null_spec = {"pyodide.ffi.JsNull", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                         null_slots};

// Arithmetic between a JsBigInt and an int stays a JsBigInt, as BigInt arithmetic stays BigInt.
template <binaryfunc PyNumberMethods::* Operation>
PyObject* bigint_binary(PyObject* a, PyObject* b) {
  PyObject* result = (PyLong_Type.tp_as_number->*Operation)(a, b);
  if (result == nullptr || result == Py_NotImplemented || !PyLong_CheckExact(result)) return result;
  PyObject* wrapped = PyObject_CallOneArg(reinterpret_cast<PyObject*>(js_bigint_type), result);
  Py_DECREF(result);
  return wrapped;
}

PyObject* bigint_power(PyObject* a, PyObject* b, PyObject* modulus) {
  PyObject* result = PyLong_Type.tp_as_number->nb_power(a, b, modulus);
  if (result == nullptr || !PyLong_CheckExact(result)) return result;
  PyObject* wrapped = PyObject_CallOneArg(reinterpret_cast<PyObject*>(js_bigint_type), result);
  Py_DECREF(result);
  return wrapped;
}

template <unaryfunc PyNumberMethods::* Operation>
PyObject* bigint_unary(PyObject* a) {
  PyObject* result = (PyLong_Type.tp_as_number->*Operation)(a);
  if (result == nullptr) return nullptr;
  PyObject* wrapped = PyObject_CallOneArg(reinterpret_cast<PyObject*>(js_bigint_type), result);
  Py_DECREF(result);
  return wrapped;
}

template <auto Function>
void* slot() {
  return reinterpret_cast<void*>(Function);
}

PyType_Slot bigint_slots[] = {
    {Py_tp_doc, const_cast<char*>("JsBigInt(x)\n--\n\nAn int that becomes a JavaScript BigInt "
                                  "whatever its size. Arithmetic with ints keeps the type.")},
    {Py_nb_add, slot<bigint_binary<&PyNumberMethods::nb_add>>()},
    {Py_nb_subtract, slot<bigint_binary<&PyNumberMethods::nb_subtract>>()},
    {Py_nb_multiply, slot<bigint_binary<&PyNumberMethods::nb_multiply>>()},
    {Py_nb_floor_divide, slot<bigint_binary<&PyNumberMethods::nb_floor_divide>>()},
    {Py_nb_remainder, slot<bigint_binary<&PyNumberMethods::nb_remainder>>()},
    {Py_nb_lshift, slot<bigint_binary<&PyNumberMethods::nb_lshift>>()},
    {Py_nb_rshift, slot<bigint_binary<&PyNumberMethods::nb_rshift>>()},
    {Py_nb_and, slot<bigint_binary<&PyNumberMethods::nb_and>>()},
    {Py_nb_or, slot<bigint_binary<&PyNumberMethods::nb_or>>()},
    {Py_nb_xor, slot<bigint_binary<&PyNumberMethods::nb_xor>>()},
    {Py_nb_power, slot<bigint_power>()},
    {Py_nb_negative, slot<bigint_unary<&PyNumberMethods::nb_negative>>()},
    {Py_nb_absolute, slot<bigint_unary<&PyNumberMethods::nb_absolute>>()},
    {Py_nb_invert, slot<bigint_unary<&PyNumberMethods::nb_invert>>()},
    {},
};
PyType_Spec bigint_spec = {"pyodide.ffi.JsBigInt", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                           bigint_slots};

}  // namespace

int init_special_types(PyObject* module) {
  PyRef null_type = PyRef::steal(PyType_FromSpec(&null_spec));
  js_null_object = PyObject_CallNoArgs(null_type.get());
  if (js_null_object == nullptr) throw PyError{};
  _Py_JsonNull = js_null_object;
  PyRef bases = PyRef::steal(PyTuple_Pack(1, &PyLong_Type));
  js_bigint_type = reinterpret_cast<PyTypeObject*>(
      PyRef::steal(PyType_FromSpecWithBases(&bigint_spec, bases.get())).release());
  checked(PyModule_AddObjectRef(module, "JsNull", null_type.get()));
  checked(PyModule_AddObjectRef(module, "jsnull", js_null_object));
  return checked(
      PyModule_AddObjectRef(module, "JsBigInt", reinterpret_cast<PyObject*>(js_bigint_type)));
}

}  // namespace krait
