// Environment: the values that markers compare with, as PEP 508 ("Environment Markers") names them.
//
// They are the caller's: nothing here knows the machine or the interpreter that it runs on.

#pragma once

#include <string>

namespace krait::pkg {

struct Environment {
  std::string os_name = {};                         // os.name: "posix"
  std::string sys_platform = {};                    // sys.platform: "emscripten"
  std::string platform_machine = {};                // platform.machine(): "wasm32"
  std::string platform_python_implementation = {};  // "CPython"
  std::string platform_release = {};                // platform.release()
  std::string platform_system = {};                 // platform.system(): "Emscripten"
  std::string platform_version = {};                // platform.version()
  std::string python_version = {};                  // "3.13"
  std::string python_full_version = {};             // "3.13.2"
  std::string implementation_name = {};             // sys.implementation.name: "cpython"
  std::string implementation_version = {};          // as python_full_version, for CPython

  bool operator==(const Environment&) const = default;
};

}  // namespace krait::pkg
