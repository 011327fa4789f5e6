// The builtin module _pyodide_core: types and functions of the border for pyodide.ffi to re-export.
//
// Everything a user sees of it is documented here; py/pyodide/ffi only names it.
#include "runtime/core_module.h"

#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/js_proxy/js_proxy.h"
#include "runtime/compile_text.h"
#include "runtime/stack_switch.h"
#include "runtime/thread_part.h"

namespace krait {
namespace {

// One keyword of a call with METH_FASTCALL | METH_KEYWORDS.
struct Keyword {
  const char* name;
  PyObject* value;
};

// Fills the keywords' values (borrowed); raises TypeError for one that is not among them.
void parse_keywords(const char* function, PyObject* const* values, PyObject* kwnames,
                    Keyword* keywords, size_t count) {
  Py_ssize_t given = kwnames == nullptr ? 0 : PyTuple_GET_SIZE(kwnames);
  for (Py_ssize_t i = 0; i < given; i++) {
    PyObject* name = PyTuple_GET_ITEM(kwnames, i);
    size_t k = 0;
    while (k < count && !PyUnicode_EqualToUTF8(name, keywords[k].name)) k++;
    if (k == count) {
      raise(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", function, name);
    }
    keywords[k].value = values[i];
  }
}

int to_int(PyObject* object) {
  long value = PyLong_AsLong(object);
  if (value == -1 && PyErr_Occurred()) throw PyError{};
  return static_cast<int>(value);
}

void check_one_argument(const char* function, Py_ssize_t nargs) {
  if (nargs != 1) {
    raise(PyExc_TypeError, "%s() takes exactly 1 positional argument (%zd given)", function, nargs);
  }
}

// The hooks of a conversion as cells. A Python callable's cell owns a reference until JavaScript
// has taken it over, which it says by clearing the cell.
class Hooks {
 public:
  Hooks() = default;
  ~Hooks() {
    for (Cell& cell : cells_) {
      if (cell.tag == kTagPy) Py_DECREF(reinterpret_cast<PyObject*>(cell.u32.lo));
    }
  }
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

  // A JsProxy travels as its slot, a Python callable becomes a function.
  void add(Hook which, const char* name, PyObject* hook) {
    if (hook == nullptr || hook == Py_None) return;
    if (!PyCallable_Check(hook)) {
      raise(PyExc_TypeError, "to_js: %s must be callable, not %s", name, Py_TYPE(hook)->tp_name);
    }
    (void)encode_argument(hook, &cells_[which]);
  }
  void add_array(Hook which, const char* name, PyObject* array) {
    if (array == nullptr || array == Py_None) return;
    JsFields* js = find_js_fields(array);
    if (js == nullptr || (js->flags & kJsFlagsArray) == 0) {
      raise(PyExc_TypeError, "to_js: %s must be a JavaScript array, not %s", name,
            Py_TYPE(array)->tp_name);
    }
    cells_[which].tag = kTagJs;
    cells_[which].u32 = {js->slot, 0};
  }
  Cell* cells() { return cells_; }

 private:
  Cell cells_[kHookCount];
};

PyObject* to_js(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  return py_entry([&] {
    check_one_argument("to_js", nargs);
    enum { kDepth, kPyproxies, kCreate, kDict, kDefault, kEager, kKeywords };
    Keyword keywords[kKeywords] = {
        {"depth", nullptr},          {"pyproxies", nullptr},         {"create_pyproxies", nullptr},
        {"dict_converter", nullptr}, {"default_converter", nullptr}, {"eager_converter", nullptr}};
    parse_keywords("to_js", args + nargs, kwnames, keywords, kKeywords);
    int depth = keywords[kDepth].value == nullptr ? -1 : to_int(keywords[kDepth].value);
    uint32_t flags = 0;
    bool has_default = keywords[kDefault].value != nullptr && keywords[kDefault].value != Py_None;
    if (has_default || keywords[kCreate].value == nullptr ||
        checked(PyObject_IsTrue(keywords[kCreate].value))) {
      flags |= kConvertFlagsPyproxies;
    }
    bool has_eager = keywords[kEager].value != nullptr && keywords[kEager].value != Py_None;
    if (has_default || has_eager) flags |= kConvertFlagsInPieces;
    Hooks hooks;
    hooks.add(kHookDictConverter, "dict_converter", keywords[kDict].value);
    hooks.add(kHookDefaultConverter, "default_converter", keywords[kDefault].value);
    hooks.add(kHookEagerConverter, "eager_converter", keywords[kEager].value);
    hooks.add_array(kHookPyproxies, "pyproxies", keywords[kPyproxies].value);
    // Immutable values need no crossing: they are the same on this side.
    PyObject* object = args[0];
    if (PyUnicode_Check(object) || PyLong_Check(object) || PyFloat_Check(object) ||
        object == Py_None || find_slot(object) != 0) {
      return Py_NewRef(object);
    }
    Cell out;
    JsVal value = deep_to_js(object, depth, flags, hooks.cells(), &out);
    return decode_built(value, out).release();
  });
}

PyObject* destroy_proxies(PyObject*, PyObject* array) {
  return py_entry([&] {
    JsFields* js = find_js_fields(array);
    if (js == nullptr || (js->flags & kJsFlagsArray) == 0) {
      raise(PyExc_TypeError, "destroy_proxies() expects a JavaScript array of proxies, not %s",
            Py_TYPE(array)->tp_name);
    }
    Reply out;
    checked(imports::destroy_proxies(slot_get(js->slot), &out), out.cell);
    return Py_NewRef(Py_None);
  });
}

PyObject* make_proxy(PyObject* object, uint32_t kind) {
  return py_entry([&] {
    Cell out;
    JsVal proxy = imports::make_proxy(object, py_flags(object), kind, &out);
    return decode_result(proxy, out).release();
  });
}

PyObject* create_proxy(PyObject*, PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames) {
  uint32_t kind = kProxyKindPlain;
  PyObject* status = py_entry([&] {
    check_one_argument("create_proxy", nargs);
    Keyword keywords[] = {{"capture_this", nullptr}, {"roundtrip", nullptr}};
    parse_keywords("create_proxy", args + nargs, kwnames, keywords, 2);
    if (keywords[0].value != nullptr && checked(PyObject_IsTrue(keywords[0].value))) {
      kind |= kProxyKindCaptureThis;
    }
    if (keywords[1].value == nullptr || checked(PyObject_IsTrue(keywords[1].value))) {
      kind |= kProxyKindRoundtrip;
    }
    return Py_None;
  });
  return status == nullptr ? nullptr : make_proxy(args[0], kind);
}

PyObject* create_once_callable(PyObject*, PyObject* const* args, Py_ssize_t nargs,
                               PyObject* kwnames) {
  uint32_t kind = kProxyKindOnce;
  PyObject* status = py_entry([&] {
    check_one_argument("create_once_callable", nargs);
    if (!PyCallable_Check(args[0])) {
      raise(PyExc_TypeError, "create_once_callable() expects a callable, not %s",
            Py_TYPE(args[0])->tp_name);
    }
    Keyword keywords[] = {{"_may_syncify", nullptr}};
    parse_keywords("create_once_callable", args + nargs, kwnames, keywords, 1);
    if (keywords[0].value != nullptr && checked(PyObject_IsTrue(keywords[0].value))) {
      kind |= kProxyKindPromising;
    }
    return Py_None;
  });
  return status == nullptr ? nullptr : make_proxy(args[0], kind);
}

PyObject* run_js(PyObject*, PyObject* source) {
  return py_entry([&] {
    if (!PyUnicode_Check(source)) {
      raise(PyExc_TypeError, "run_js() expects a str, not %s", Py_TYPE(source)->tp_name);
    }
    ArgumentCell text(source);
    Reply out;
    JsVal value = imports::run_js(text.get(), &out);
    return decode_result(value, out.cell).release();
  });
}

PyObject* compile_source(PyObject*, PyObject* const* args, Py_ssize_t nargs) {
  return py_entry([&] {
    if (nargs != 4) {
      raise(PyExc_TypeError, "_compile_text() takes exactly 4 arguments (%zd given)", nargs);
    }
    CompiledText codes = compile_text(args[0], args[1], to_int(args[2]), to_int(args[3]));
    auto or_none = [](const PyRef& code) { return code ? code.get() : Py_None; };
    return PyRef::steal(PyTuple_Pack(2, or_none(codes.body), or_none(codes.value))).release();
  });
}

PyMethodDef methods[] = {
    {"to_js", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(to_js)),
     METH_FASTCALL | METH_KEYWORDS,
     "to_js(obj, /, *, depth=-1, pyproxies=None, create_pyproxies=True, dict_converter=None, "
     "default_converter=None, eager_converter=None)\n--\n\n"
     "Converts Python data to JavaScript: list and tuple to Array, dict to Object, set to Set,\n"
     "buffers to typed arrays; `depth` levels deep, all of them if negative. What has no\n"
     "counterpart becomes a PyProxy, which is added to the Array `pyproxies`; with\n"
     "create_pyproxies=False it raises ConversionError instead. dict_converter receives an\n"
     "Array of [key, value] pairs. default_converter(value, convert, cache) is asked for what has\n"
     "no counterpart, eager_converter for all but str, int, float, bool, None and JsProxy."},
    {"destroy_proxies", destroy_proxies, METH_O,
     "destroy_proxies(pyproxies, /)\n--\n\n"
     "Destroys all PyProxies in a JavaScript array, such as the `pyproxies` of to_js. Python "
     "itself\n"
     "cannot reach them: an item of the array comes out as the object that the proxy stands for."},
    {"create_proxy", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(create_proxy)),
     METH_FASTCALL | METH_KEYWORDS,
     "create_proxy(obj, /, *, capture_this=False, roundtrip=True)\n--\n\n"
     "Makes a PyProxy that lives until its destroy() is called. capture_this: JavaScript's `this`\n"
     "becomes the first argument. roundtrip: passed back to Python it stays a JsDoubleProxy."},
    {"create_once_callable",
     reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(create_once_callable)),
     METH_FASTCALL | METH_KEYWORDS,
     "create_once_callable(obj, /, *, _may_syncify=False)\n--\n\nA function for JavaScript that "
     "calls obj once and is\ndestroyed by that. _may_syncify: it answers with a promise, and obj "
     "can "
     "run_sync()."},
    {"_compile_text", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(compile_source)),
     METH_FASTCALL,
     "_compile_text(source, filename, flags, optimize, /)\n--\n\n"
     "The code objects (statements, trailing expression) of a text; None for one that is missing."},
    {"_then", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(js_promise_then)),
     METH_FASTCALL,
     "_then(promise, resolve, reject, /)\n--\n\n"
     "Calls one of the two when the promise is settled, with what it brings."},
    {"can_run_sync", can_run_sync, METH_NOARGS,
     "can_run_sync()\n--\n\n"
     "Whether run_sync() can wait here: the JavaScript engine can switch stacks, Python was "
     "entered\n"
     "by a call that answers with a promise, and no call from JavaScript lies in between."},
    {"_wait", wait_for_promise, METH_O,
     "_wait(promise, /)\n--\n\nSuspends this stack until the promise is settled."},
    {"_share_current_tasks", share_current_tasks, METH_O,
     "_share_current_tasks(tasks, /)\n--\n\n"
     "Tells where asyncio keeps {loop: current task}, which each stack has its own version of."},
    {"run_js", run_js, METH_O,
     "run_js(code, /)\n--\n\nEvaluates JavaScript in the global scope and returns its value."},
    {},
};

int fill(PyObject* module) {
  return py_entry_status([&] {
    init_special_types(module);
    init_js_proxy(module);
    init_js_exception(module);
    init_js_iterators(module);
    init_deep(module);
    init_stack_switch(module);
    PyRef internal = PyRef::steal(PyErr_NewExceptionWithDoc(
        "pyodide.ffi.InternalError", "A bug in the border between Python and JavaScript.", nullptr,
        nullptr));
    return checked(PyModule_AddObjectRef(module, "InternalError", internal.get()));
  });
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(fill)},
    {},
};
PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                          "_pyodide_core",
                          "The border between Python and JavaScript.",
                          0,
                          methods,
                          slots,
                          nullptr,
                          nullptr,
                          nullptr};

}  // namespace
}  // namespace krait

PyMODINIT_FUNC PyInit__pyodide_core() { return PyModuleDef_Init(&krait::definition); }
