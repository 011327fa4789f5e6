# CMake toolchain file: Emscripten, wherever the tool root (or KRAIT_EMCC) keeps it.

if(NOT DEFINED KRAIT_EMSCRIPTEN_ROOT)
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "cannot run em-config: expected Emscripten on the PATH; use ./dev build, which enters the tool root")
  endif()
  set(KRAIT_EMSCRIPTEN_ROOT "${root}" CACHE PATH "Emscripten's folder")
endif()
include("${KRAIT_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
