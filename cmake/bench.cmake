# Native programs of bench/: not part of `all`, nor of the tests.
#
#   cmake --preset native && ninja -C build/native krait_resolve_bench

if(NOT EMSCRIPTEN)
  add_executable(krait_resolve_bench EXCLUDE_FROM_ALL "${PROJECT_SOURCE_DIR}/bench/resolve/resolve_bench.cc")
  target_link_libraries(krait_resolve_bench PRIVATE krait_pkg)
endif()
