// Starting CPython: configuration, search path, the builtin module of the border.
//
// JavaScript has set the environment and written the standard library before it calls krait_start.
// Python-side start-up (import hooks, event loop) is py/_pyodide/_startup.py, called by JavaScript
// afterwards.
#include <Python.h>

#include <cstring>
#include <vector>

#include "ffi/handle/entry.h"
#include "runtime/core_module.h"

namespace krait {
namespace {

[[noreturn]] void fail(PyConfig* config, PyStatus status) {
  // There is no interpreter yet to raise in: the message goes out as text.
  static char message[512];
  std::snprintf(message, sizeof message, "%s: %s", status.func == nullptr ? "start" : status.func,
                status.err_msg == nullptr ? "unknown error" : status.err_msg);
  PyConfig_Clear(config);
  throw static_cast<const char*>(message);
}

void check(PyConfig* config, PyStatus status) {
  if (PyStatus_Exception(status)) fail(config, status);
}

const wchar_t* const kSearchPath[] = {
    L"/lib/python313.zip",
    L"/lib/python3.13",
    L"/lib/python3.13/lib-dynload",
};

void initialize(char* executable, char** argv, Py_ssize_t argc) {
  PyPreConfig preconfig;
  PyPreConfig_InitPythonConfig(&preconfig);
  preconfig.utf8_mode = 1;
  preconfig.configure_locale = 0;
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  PyStatus status = Py_PreInitializeFromBytesArgs(&preconfig, argc, argv);
  check(&config, status);
  check(&config, PyConfig_SetBytesString(&config, &config.executable, executable));
  check(&config, PyConfig_SetBytesArgv(&config, argc, argv));
  config.parse_argv = 1;
  config.pathconfig_warnings = 0;
  config.module_search_paths_set = 1;
  for (const wchar_t* path : kSearchPath) {
    check(&config, PyWideStringList_Append(&config.module_search_paths, path));
  }
  for (wchar_t** field :
       {&config.prefix, &config.base_prefix, &config.exec_prefix, &config.base_exec_prefix}) {
    check(&config, PyConfig_SetString(&config, field, L"/"));
  }
  check(&config, PyConfig_SetString(&config, &config.platlibdir, L"lib"));
  check(&config, PyConfig_SetString(&config, &config.stdlib_dir, L"/lib/python3.13"));
  check(&config, Py_InitializeFromConfig(&config));
  PyConfig_Clear(&config);
}

}  // namespace

extern "C" {

void _Py_WarmEvalLoop(void);  // cpython/patches/0006

// Makes the engine compile the eval loop well, on another thread, while everything else starts.
// Needs neither CPython nor data that is relocated at run time, so it may be called as soon as the
// module is instantiated.
void krait_warm_up() { _Py_WarmEvalLoop(); }

// `config`: NUL-terminated UTF-8 strings, the executable and then argv, as a STR1 cell.
JsVal krait_start(Cell* config) {
  auto* text = reinterpret_cast<char*>(config->u32.lo);
  char* end = text + config->u32.hi;
  try {
    if (Py_IsInitialized()) throw "start: Python is running already";
    std::vector<char*> strings;
    for (char* at = text; at < end; at += std::strlen(at) + 1) strings.push_back(at);
    if (strings.size() < 2) throw "start: expected the executable and argv[0]";
    if (PyImport_AppendInittab("_pyodide_core", PyInit__pyodide_core) < 0) {
      throw "start: no memory";
    }
    initialize(strings[0], strings.data() + 1, static_cast<Py_ssize_t>(strings.size() - 1));
    Attached::main_thread = PyThreadState_Get();
    // The types of the border must exist before the first JS object crosses it.
    if (PyImport_ImportModule("_pyodide_core") == nullptr) {
      PyErr_Print();
      throw "start: the module _pyodide_core cannot be initialised";
    }
    config->tag = kTagUndefined;
  } catch (const char* message) {
    config->tag = kTagStr1;
    config->aux = 0;
    config->u32 = {reinterpret_cast<uintptr_t>(message),
                   static_cast<uint32_t>(std::strlen(message))};
  }
  return js_null();
}

}  // extern "C"

}  // namespace krait
