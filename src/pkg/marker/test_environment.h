// For tests: an environment as the runtime has it.

#pragma once

#include "pkg/marker/environment.h"

namespace krait::pkg {

inline Environment test_environment() {
  return {.os_name = "posix",
          .sys_platform = "emscripten",
          .platform_machine = "wasm32",
          .platform_python_implementation = "CPython",
          .platform_release = "4.0.9",
          .platform_system = "Emscripten",
          .platform_version = "#1",
          .python_version = "3.13",
          .python_full_version = "3.13.2",
          .implementation_name = "cpython",
          .implementation_version = "3.13.2"};
}

}  // namespace krait::pkg
