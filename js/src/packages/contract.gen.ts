// Generated from src/pkg_module/contract.def by tools/contract/generate.mjs. Do not edit.
// The TypeScript face of the border. `val` is a JavaScript value, everything else a number (addresses are unsigned).

// What a record of `files` asks for.
export const enum FileOp {
  KIND = 0, // DATA: 0 nothing, 1 a file, 2 a folder
  READ = 1, // DATA, DATA_LENGTH: the content, which the receiver frees; STATUS 0 when it is no file
  LIST = 2, // the same with the names in a folder, each followed by a NUL
  MAKE_FOLDER = 3,
  WRITE = 4, // a new file of DATA with MODE
  RENAME = 5, // to the path at DATA
  REMOVE = 6,
  REMOVE_FOLDER = 7,
  WRITE_PACKED = 8, // as WRITE; DATA is packed (src/pkg/wheel/packed_file.h): the core's `unpack` gives the content
}

// Its u32 words. STATUS: 0 not done, 1 done, else -errno.
export const enum FileRecord {
  OP = 0,
  PATH = 1, // UTF-8
  PATH_LENGTH = 2,
  DATA = 3,
  DATA_LENGTH = 4,
  MODE = 5,
  STATUS = 6,
  SIZE = 7,
}

// What `pkg` does. The first ones are the protocol of src/pkg/install/session.h.
export const enum PkgCall {
  OPEN = 0, // a request -> {"session": N} or {"error": "..."}
  ADVANCE = 1, // -> a step; the plan is carried out before {"done": ...}
  RESPONSE = 2, // -> true or false
  BYTES = 3, // the same
  END = 4,
  FAILURE = 5,
  CLOSE = 6,
  SITE = 7, // -> {"packages": [...]}
  UNINSTALL = 8, // ["name", ...] -> {"removed": [...], "missing": [...]} or {"error": "..."}
  TREE = 9, // -> {"text": "..."}
  CHECK = 10, // -> {"problems": [...]}
  FREEZE = 11, // {"format": "pyodide" | "pylock", "lock": ...} -> {"text": "..."} or {"error": "..."}
}

/** The import module `krait`: what JavaScript does for wasm. */
export interface PackagesImports {
  krait_files(records: number, count: number): number;
}

/** What wasm exports, there under the prefix `krait_`. */
export interface PackagesExports {
  alloc(size: number): number;
  free(bytes: number): void;
  pkg(what: number, session: number, id: number, text: number, length: number): number;
}

/** All exports, as `take` finds them under their names in wasm. */
export function takeExports(take: (name: string) => any): PackagesExports {
  return {
    alloc: take("krait_alloc"),
    free: take("krait_free"),
    pkg: take("krait_pkg"),
  };
}
