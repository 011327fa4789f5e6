# What all targets share: warnings, sanitizers, unwinding, and `krait_library`, which turns a folder of src/ into
# a library and a test program.

add_library(krait_options INTERFACE)
target_include_directories(krait_options INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(krait_options INTERFACE -Wall -Wextra -Wshadow)

if(EMSCRIPTEN)
  # The unwinding of the wheel platform: side modules throw and catch across our border with it.
  add_compile_options(-fwasm-exceptions -sSUPPORT_LONGJMP=wasm)
  add_link_options(-fwasm-exceptions -sSUPPORT_LONGJMP=wasm)
elseif(KRAIT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# krait_library(NAME [DEPENDS...]): library krait_NAME of src/NAME/**.cc, and krait_NAME_test of src/NAME/**_test.cc.
function(krait_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cc")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(krait_${name} STATIC ${sources})
  # Start-up state must be restorable from an image, so no library of ours has global constructors or destructors.
  target_compile_options(krait_${name} PRIVATE -Wconversion -Wno-sign-conversion
    $<$<CXX_COMPILER_ID:Clang>:-Wglobal-constructors -Wexit-time-destructors>)
  target_link_libraries(krait_${name} PUBLIC krait_options)
  foreach(dependency IN LISTS ARGN)
    target_link_libraries(krait_${name} PUBLIC krait_${dependency})
  endforeach()

  if(tests)
    add_executable(krait_${name}_test ${tests})
    target_link_libraries(krait_${name}_test PRIVATE krait_${name} krait_gtest krait_zlib_code)
    if(EMSCRIPTEN)
      target_link_options(krait_${name}_test PRIVATE -sENVIRONMENT=node -sNODERAWFS -sALLOW_MEMORY_GROWTH -sEXIT_RUNTIME -sSTACK_SIZE=1MB)
      set_target_properties(krait_${name}_test PROPERTIES SUFFIX .cjs)
    endif()
  endif()
endfunction()
