// Images of a running interpreter: made from one instance, restored into another instead of starting CPython.
//
// An image is linear memory as far as it differs from that of a fresh instance (see image_file.ts), plus what lies outside:
// the border's tables and where the JS values in its slots come from, the files of the program, and where its side modules lie. The stack is empty
// whenever JavaScript runs, so there is no other state: the function table and all addresses are the same in every instance
// of one build, which the build id stands for.
//
// Guarantees: makeImage() changes nothing that a program can see, and names what cannot be put into an image;
// restoreImage() checks the image before it changes anything.

import type { Ffi, FfiState, Roots, Serializer } from "../ffi/index.js";
import { factsOf } from "../host/manifest.js";
import type { EmscriptenModule } from "./emscripten.js";
import { type SavedFile, collectFiles, restoreFiles } from "./image_files.js";
import { type Image, encodeImage } from "./image_file.js";
import { CORE_FILE, GLUE_FILE } from "./core.js";
import { STDLIB_FILE } from "./stdlib.js";

interface ImageState {
  ffi: FfiState;
  cwd: string;
  files: SavedFile[];
  /** Side modules, as src/runtime/dynload.js describes them. */
  libraries: unknown[];
  /** What the caller keeps in it. */
  extra: unknown;
}

/** What an image must have been made with. Empty for a loader that was bundled without a manifest. */
export function buildId(): string {
  const parts = [CORE_FILE, GLUE_FILE, STDLIB_FILE].map((name) => factsOf(name)?.sha256.slice(0, 10));
  return parts.every((part) => part !== undefined) ? parts.join("-").slice(0, 32) : "";
}

export interface SnapshotContext {
  core: WebAssembly.Module;
  module: EmscriptenModule;
  ffi: Ffi;
  roots: Roots;
}

export function makeImage({ core, module, ffi, roots }: SnapshotContext, extra: unknown, serializer?: Serializer): Uint8Array {
  const id = buildId();
  if (id === "") throw new Error("makeMemorySnapshot: this loader was bundled without a manifest, so an image could not be told from a foreign one");
  const { stacks } = ffi.stats();
  if (stacks > 0) throw new Error(`cannot make an image while Python waits: ${stacks} call(s) of run_sync() are not done yet`);
  ffi.withFunction("_pyodide._snapshot", "prepare", (prepare) => prepare());
  const files = collectFiles(module.FS);
  const state: ImageState = {
    ffi: ffi.saveState(roots, serializer),
    cwd: module.FS.cwd(),
    files: files.map(({ facts }) => facts),
    libraries: module.kraitLibraries.save(),
    extra,
  };
  const memory = new Uint8Array(module.wasmMemory.buffer);
  return encodeImage(id, memory, freshMemory(core, memory, state.ffi.dataEnd), state, files.flatMap(({ bytes }) => (bytes ? [bytes] : [])));
}

/**
 * Linear memory as instantiation leaves it, before any code has run. A page of Chromium may not instantiate without waiting;
 * there the answer has static data that differs from `memory` in every byte, so that all of it goes into the image.
 */
function freshMemory(core: WebAssembly.Module, memory: Uint8Array, dataEnd: number): Uint8Array {
  try {
    return instantiatedMemory(core);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return memory.slice(0, (dataEnd + 3) & ~3).map((byte) => ~byte); // whole words are compared
  }
}

function instantiatedMemory(core: WebAssembly.Module): Uint8Array {
  const imports: WebAssembly.Imports = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(core)) {
    imports[module] ??= {};
    imports[module][name] =
      kind === "global" ? new WebAssembly.Global({ value: "i32", mutable: true }, 0) : () => {
        throw new Error(`krait: ${name} was called by an instance that only shows its memory`);
      };
  }
  const { memory } = new WebAssembly.Instance(core, imports).exports;
  return new Uint8Array((memory as WebAssembly.Memory).buffer);
}

/** Where the static data of the core ends. */
export const dataEnd = (image: Image): number => (image.state as ImageState).ffi.dataEnd;

/** Makes an instance, which has not started Python yet, ready for an image: memory, and side modules at their places. */
export function prepareForImage({ memorySize, state }: Image, module: EmscriptenModule, grow: (size: number) => boolean): void {
  if (memorySize > module.wasmMemory.buffer.byteLength && !grow(memorySize)) {
    throw new Error(`the image needs ${memorySize} bytes of memory, which this host does not give`);
  }
  module.kraitLibraries.restore((state as ImageState).libraries);
}

/** Answers what completes the restoring when all roots exist, and what the image's maker kept in it. May be called again after a reset. */
export function restoreImage(
  image: Image,
  { module, ffi, roots }: Omit<SnapshotContext, "core">,
  prepare: () => void,
  deserializer?: Serializer,
): { complete: (roots: Roots) => void; extra: unknown } {
  const { runs, source } = image;
  const state = image.state as ImageState;
  let at = image.start;
  const filesAt = runs.reduce((sum, length, i) => (i % 2 === 1 ? sum + length : sum), at);
  restoreFiles(module.FS, state.files, source, filesAt);
  prepare();
  // Loading side modules may have made memory grow.
  const memory = new Uint8Array(module.wasmMemory.buffer);
  for (let i = 0; i < runs.length; i += 2) {
    source.read(at, memory.subarray(runs[i], runs[i]! + runs[i + 1]!));
    at += runs[i + 1]!;
  }
  module.FS.chdir(state.cwd);
  (module.wasmExports._PyEM_RestoreAdapters as () => void)();
  return { complete: ffi.restoreState(state.ffi, roots, deserializer), extra: state.extra };
}
