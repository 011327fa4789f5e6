// Generated from contract.def by tools/contract/generate.mjs. Do not edit.
// The C++ face of the border: constants, what JavaScript implements, the names of what wasm exports.
#pragma once

#include <cstdint>

// clang-format off
namespace krait {

// What a record of `files` asks for.
enum FileOp : uint32_t {
  kFileOpKind = 0u,  // DATA: 0 nothing, 1 a file, 2 a folder
  kFileOpRead = 1u,  // DATA, DATA_LENGTH: the content, which the receiver frees; STATUS 0 when it is no file
  kFileOpList = 2u,  // the same with the names in a folder, each followed by a NUL
  kFileOpMakeFolder = 3u,
  kFileOpWrite = 4u,  // a new file of DATA with MODE
  kFileOpRename = 5u,  // to the path at DATA
  kFileOpRemove = 6u,
  kFileOpRemoveFolder = 7u,
  kFileOpWritePacked = 8u,  // as WRITE; DATA is packed (src/pkg/wheel/packed_file.h): the core's `unpack` gives the content
};

// Its u32 words. STATUS: 0 not done, 1 done, else -errno.
enum FileRecord : uint32_t {
  kFileRecordOp = 0u,
  kFileRecordPath = 1u,  // UTF-8
  kFileRecordPathLength = 2u,
  kFileRecordData = 3u,
  kFileRecordDataLength = 4u,
  kFileRecordMode = 5u,
  kFileRecordStatus = 6u,
  kFileRecordSize = 7u,
};

// What `pkg` does. The first ones are the protocol of src/pkg/install/session.h.
enum PkgCall : uint32_t {
  kPkgCallOpen = 0u,  // a request -> {"session": N} or {"error": "..."}
  kPkgCallAdvance = 1u,  // -> a step; the plan is carried out before {"done": ...}
  kPkgCallResponse = 2u,  // -> true or false
  kPkgCallBytes = 3u,  // the same
  kPkgCallEnd = 4u,
  kPkgCallFailure = 5u,
  kPkgCallClose = 6u,
  kPkgCallSite = 7u,  // -> {"packages": [...]}
  kPkgCallUninstall = 8u,  // ["name", ...] -> {"removed": [...], "missing": [...]} or {"error": "..."}
  kPkgCallTree = 9u,  // -> {"text": "..."}
  kPkgCallCheck = 10u,  // -> {"problems": [...]}
  kPkgCallFreeze = 11u,  // {"format": "pyodide" | "pylock", "lock": ...} -> {"text": "..."} or {"error": "..."}
};

namespace imports {

[[clang::import_module("krait"), clang::import_name("krait_files")]] uint32_t files(const void* records, uint32_t count);

}  // namespace imports

extern "C" {

[[gnu::used, gnu::visibility("default")]] void* krait_alloc(uint32_t size);
[[gnu::used, gnu::visibility("default")]] void krait_free(void* bytes);
[[gnu::used, gnu::visibility("default")]] void* krait_pkg(uint32_t what, uint32_t session, uint32_t id, void* text, uint32_t length);

}  // extern "C"

}  // namespace krait
// clang-format on
