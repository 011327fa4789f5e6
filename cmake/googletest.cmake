# GoogleTest, compiled from the sources that Debian's package ships, so that it has our sanitizers and exists for wasm too.

find_path(KRAIT_GOOGLETEST_DIR src/gtest-all.cc PATHS /usr/src/googletest/googletest NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
if(NOT KRAIT_GOOGLETEST_DIR)
  message(FATAL_ERROR "no /usr/src/googletest/googletest/src/gtest-all.cc: expected the package libgtest-dev in the tool root; run ./dev setup")
endif()

add_library(krait_gtest STATIC EXCLUDE_FROM_ALL
  "${KRAIT_GOOGLETEST_DIR}/src/gtest-all.cc" "${KRAIT_GOOGLETEST_DIR}/src/gtest_main.cc")
target_include_directories(krait_gtest SYSTEM PUBLIC "${KRAIT_GOOGLETEST_DIR}/include")
target_include_directories(krait_gtest PRIVATE "${KRAIT_GOOGLETEST_DIR}")
if(EMSCRIPTEN)
  target_compile_definitions(krait_gtest PUBLIC GTEST_HAS_PTHREAD=0)
endif()
