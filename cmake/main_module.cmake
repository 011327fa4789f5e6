# `pyodide_asm`: the main module, pyodide.asm.mjs + pyodide.asm.wasm: src/ffi, src/runtime and CPython.
#
# It is a MAIN_MODULE=1 link: every symbol of libc, libm, libc++ and the C API stays exported, because binary wheels
# that others built may import any of them.

if(NOT EXISTS "${KRAIT_PYTHON_PREFIX}/link.txt")
  message(FATAL_ERROR "KRAIT_PYTHON_PREFIX=\"${KRAIT_PYTHON_PREFIX}\" has no link.txt: expected the prefix printed by cpython/build; use ./dev build wasm")
endif()

file(GLOB_RECURSE main_sources CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/src/ffi/*.cc" "${PROJECT_SOURCE_DIR}/src/runtime/*.cc"
  "${PROJECT_SOURCE_DIR}/src/ffi/*.c" "${PROJECT_SOURCE_DIR}/src/runtime/*.c")
list(FILTER main_sources EXCLUDE REGEX "_test\\.cc$")

file(READ "${KRAIT_PYTHON_PREFIX}/link.txt" python_link)
string(STRIP "${python_link}" python_link)
separate_arguments(python_link UNIX_COMMAND "${python_link}")
# Libraries are named relative to the prefix; flags and absolute paths are taken as they are.
set(python_libraries "")
foreach(item IN LISTS python_link)
  if(item MATCHES "^[^-/].*\\.(a|o)$")
    set(item "${KRAIT_PYTHON_PREFIX}/${item}")
  endif()
  list(APPEND python_libraries "${item}")
endforeach()
file(GLOB python_archives CONFIGURE_DEPENDS "${KRAIT_PYTHON_PREFIX}/lib/*.a")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${KRAIT_PYTHON_PREFIX}/link.txt")

# Emscripten's glue takes every imported field for a symbol that its own libraries must define, whichever module it is
# imported from. Ours come from the import module "krait", which js/src/ffi adds when it instantiates; these stand-ins
# only keep the link quiet and say so if one is ever called.
set(contract "${PROJECT_SOURCE_DIR}/src/ffi/wire/contract.gen.h")
set(stand_ins "${CMAKE_CURRENT_BINARY_DIR}/krait_imports.js")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${contract}")
file(STRINGS "${contract}" import_lines REGEX "import_name\\(\"")
set(stand_in_text "addToLibrary({\n")
foreach(line IN LISTS import_lines)
  string(REGEX REPLACE ".*import_name\\(\"([^\"]+)\"\\).*" "\\1" import_name "${line}")
  string(APPEND stand_in_text "  ${import_name}: () => abort('krait import'),\n")
endforeach()
file(CONFIGURE OUTPUT "${stand_ins}" CONTENT "${stand_in_text}});\n" @ONLY)

set(dynload "${PROJECT_SOURCE_DIR}/src/runtime/dynload.js")
set(reset "${PROJECT_SOURCE_DIR}/src/runtime/reset.js")

add_executable(pyodide_asm ${main_sources})
set_target_properties(pyodide_asm PROPERTIES OUTPUT_NAME pyodide.asm SUFFIX .mjs LINK_DEPENDS "${python_archives};${stand_ins};${dynload};${reset}")
target_include_directories(pyodide_asm SYSTEM PRIVATE "${KRAIT_PYTHON_PREFIX}/include/python3.13")
# The flag at the end: MAIN_MODULE=1 links everything as a whole, but CPython's --no-whole-archive has ended that, and
# libc++ and the tag of longjmp would be there only as far as we use them ourselves.
target_link_libraries(pyodide_asm PRIVATE krait_options krait_pkg krait_base ${python_libraries} -Wl,--whole-archive)

target_link_options(pyodide_asm PRIVATE
  -sMAIN_MODULE=1
  "SHELL:--js-library ${stand_ins}"
  # -Wno-js-compiler: it says that dynload.js wraps functions that are internal to the loader, which is its purpose.
  "SHELL:--js-library ${dynload}" -Wno-js-compiler
  "SHELL:--js-library ${reset}"
  -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=createKraitModule
  -sENVIRONMENT=web,worker,node
  # The limits that wheels of the platform were built for.
  -sSTACK_SIZE=10MB -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB -sINITIAL_MEMORY=32MB
  -sEXIT_RUNTIME=0 -sINVOKE_RUN=0 -sAUTOLOAD_DYLIBS=0 --no-entry
  -sFORCE_FILESYSTEM -lnodefs.js -lidbfs.js -lworkerfs.js -lproxyfs.js
  -sEXPORTED_RUNTIME_METHODS=FS,PATH,ERRNO_CODES,TTY,ENV,LDSO,loadDynamicLibrary,wasmMemory,wasmExports,wasmTable,stackSave,stackRestore,stackAlloc,HEAP8,HEAPU8,HEAP32,HEAPU32,HEAPF64,UTF8ToString,stringToNewUTF8,addRunDependency,removeRunDependency)
