# `pyodide_packages`: pyodide.packages.wasm, the packaging library as a wasm module of its own, with a memory of its own.
#
# Pages that install nothing never fetch it. It has no glue: js/src/packages/library_instance.ts instantiates it.

file(GLOB packages_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/pkg_module/*.cc")
add_executable(pyodide_packages ${packages_sources})
set_target_properties(pyodide_packages PROPERTIES OUTPUT_NAME pyodide.packages SUFFIX .wasm)
# Of CPython it takes patchlevel.h alone.
target_include_directories(pyodide_packages SYSTEM PRIVATE "${KRAIT_PYTHON_PREFIX}/include/python3.13")
target_compile_options(pyodide_packages PRIVATE "$<$<CONFIG:Release>:-Oz>")
target_link_libraries(pyodide_packages PRIVATE krait_options krait_pkg krait_base krait_zlib_code)
target_link_options(pyodide_packages PRIVATE
  -sSTANDALONE_WASM --no-entry
  -sERROR_ON_UNDEFINED_SYMBOLS=0 -Wno-undefined
  -sSTACK_SIZE=1MB -sINITIAL_HEAP=1MB -sALLOW_MEMORY_GROWTH -sMAXIMUM_MEMORY=4GB)
