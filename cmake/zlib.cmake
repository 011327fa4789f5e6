# krait_zlib: zlib for src/base/inflate.cc. krait_zlib_code: what a program of ours links besides to have the code in wasm.
#
# One zlib everywhere, from the tarball that toolchain/pins names: in wasm the archive that cpython/libs built, natively
# compiled here, with our sanitizers. The main module takes its zlib with CPython (cpython/build's link.txt), whole, so in
# wasm krait_zlib is the headers alone and must not bring the code along a second time.

add_library(krait_zlib INTERFACE)
add_library(krait_zlib_code INTERFACE)

if(EMSCRIPTEN)
  target_include_directories(krait_zlib SYSTEM INTERFACE "${KRAIT_PYTHON_PREFIX}/include")
  target_link_libraries(krait_zlib_code INTERFACE "${KRAIT_PYTHON_PREFIX}/lib/libz.a")
else()
  # As toolchain/common.sh finds it.
  if(DEFINED ENV{KRAIT_CACHE})
    set(krait_cache "$ENV{KRAIT_CACHE}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(krait_cache "$ENV{XDG_CACHE_HOME}/krait")
  else()
    set(krait_cache "$ENV{HOME}/.cache/krait")
  endif()
  set(zlib_tar "${krait_cache}/sources/zlib.tar")
  if(NOT EXISTS "${zlib_tar}")
    message(FATAL_ERROR "no ${zlib_tar}: expected the source tarball of zlib; run ./dev setup")
  endif()
  file(SHA256 "${zlib_tar}" zlib_key)
  string(SUBSTRING "${zlib_key}" 0 12 zlib_key)
  set(zlib_dir "${CMAKE_BINARY_DIR}/zlib-${zlib_key}")
  if(NOT EXISTS "${zlib_dir}")
    # Unpacked beside and renamed, so that an interrupted run leaves nothing half done.
    file(REMOVE_RECURSE "${zlib_dir}.part")
    file(ARCHIVE_EXTRACT INPUT "${zlib_tar}" DESTINATION "${zlib_dir}.part")
    file(RENAME "${zlib_dir}.part" "${zlib_dir}")
  endif()
  file(GLOB zlib_header "${zlib_dir}/*/zlib.h")
  if(NOT zlib_header)
    message(FATAL_ERROR "${zlib_tar} holds no */zlib.h: expected the sources of zlib")
  endif()
  cmake_path(GET zlib_header PARENT_PATH zlib_source)
  set(zlib_files "")
  foreach(part adler32 crc32 deflate inffast inflate inftrees trees zutil)
    list(APPEND zlib_files "${zlib_source}/${part}.c")
  endforeach()
  add_library(krait_zlib_native STATIC EXCLUDE_FROM_ALL ${zlib_files})
  target_compile_options(krait_zlib_native PRIVATE -w)
  target_include_directories(krait_zlib SYSTEM INTERFACE "${zlib_source}")
  target_link_libraries(krait_zlib INTERFACE krait_zlib_native)
endif()
