# Programs of bench/: not part of `all`, nor of the tests.
#
#   cmake --preset native && ninja -C build/native krait_resolve_bench
#   cmake --preset wasm-release && ninja -C build/wasm-release krait_resolve_bench

add_executable(krait_resolve_bench EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/bench/resolve/resolve_bench.cc")
target_link_libraries(krait_resolve_bench PRIVATE krait_pkg krait_zlib_code)
if(EMSCRIPTEN)
  target_link_options(krait_resolve_bench PRIVATE -sENVIRONMENT=node -sNODERAWFS -sALLOW_MEMORY_GROWTH -sEXIT_RUNTIME -sSTACK_SIZE=1MB)
  set_target_properties(krait_resolve_bench PROPERTIES SUFFIX .cjs)
endif()
