# Fuzz programs of src/pkg/fuzz: krait_fuzz_NAME for each folder of its corpus, when KRAIT_FUZZ is on.
#
#   cmake --preset native-asan -B build/fuzz -DKRAIT_FUZZ=ON && ninja -C build/fuzz krait_fuzz_marker
#   build/fuzz/krait_fuzz_marker -max_total_time=60 build/fuzz/new_inputs src/pkg/fuzz/corpus/marker
#
# The corpus is replayed by krait_pkg_test in any case.

set(fuzz_folder "${PROJECT_SOURCE_DIR}/src/pkg/fuzz")
target_compile_definitions(krait_pkg_test PRIVATE KRAIT_FUZZ_CORPUS="${fuzz_folder}/corpus")

if(KRAIT_FUZZ AND NOT EMSCRIPTEN)
  # The library too is compiled with coverage, or the fuzzer would see nothing of it.
  foreach(library base pkg)
    target_compile_options(krait_${library} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(krait_${library} INTERFACE -fsanitize=fuzzer-no-link)
  endforeach()
  file(GLOB fuzz_targets CONFIGURE_DEPENDS RELATIVE "${fuzz_folder}/corpus" "${fuzz_folder}/corpus/*")
  foreach(name IN LISTS fuzz_targets)
    add_executable(krait_fuzz_${name} "${fuzz_folder}/entry_fuzz.cc")
    target_compile_definitions(krait_fuzz_${name} PRIVATE KRAIT_FUZZ_TARGET="${name}")
    target_link_libraries(krait_fuzz_${name} PRIVATE krait_pkg krait_zlib_code)
    target_link_options(krait_fuzz_${name} PRIVATE -fsanitize=fuzzer)
  endforeach()
endif()
