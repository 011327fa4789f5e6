// One instance of the packaging library: its memory, and calls of it.
//
// Guarantees: one crossing a call, whatever its size. A call that does not return ends the instance, since nobody knows what it
// was in the middle of; later calls answer with its error.

import type { PackedFiles } from "../ffi/packed_files.js";
import { type PackagesImports, PkgCall, takeExports } from "./contract.gen.js";
import { type FileSystem, type LibraryMemory, operate } from "./files.js";

/** What it has to do with the rest of the runtime. */
export interface LibrarySurroundings {
  files: FileSystem;
  packed: PackedFiles;
  /** Throws when the runtime has become another one. */
  mustLive(): void;
}

/** Its libc has no host to ask: every function of that answers ENOSYS of WASI. */
const NO_HOST = new Proxy({}, { get: () => () => 52 });

export class LibraryInstance implements LibraryMemory {
  /** Sessions that are open. */
  sessions = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #x: ReturnType<typeof takeExports>;
  readonly #surroundings: LibrarySurroundings;
  #u8 = new Uint8Array(0);
  #u32 = new Uint32Array(0);
  #failed: Error | undefined;

  constructor(module: WebAssembly.Module, surroundings: LibrarySurroundings) {
    this.#surroundings = surroundings;
    const krait: PackagesImports = {
      krait_files: (records, count) => operate(this, surroundings.files, surroundings.packed, records >>> 0, count >>> 0),
    };
    const { exports } = new WebAssembly.Instance(module, { krait: krait as unknown as WebAssembly.ModuleImports, env: NO_HOST, wasi_snapshot_preview1: NO_HOST });
    this.#memory = exports.memory as WebAssembly.Memory;
    this.#x = takeExports((name) => exports[name]);
    (exports._initialize as () => void)();
  }

  get hasFailed(): boolean {
    return this.#failed !== undefined;
  }
  /** Bytes; memory of wasm never shrinks. */
  get size(): number {
    return this.#memory.buffer.byteLength;
  }
  get u8(): Uint8Array {
    this.#look();
    return this.#u8;
  }
  get u32(): Uint32Array {
    this.#look();
    return this.#u32;
  }
  alloc(size: number): number {
    return this.#x.alloc(size) >>> 0;
  }

  /** What the library answers, out of its JSON. */
  call(what: PkgCall, session: number, id: number, bytes: Uint8Array): any {
    if (this.#failed) throw this.#failed;
    this.#surroundings.mustLive();
    const at = this.alloc(bytes.length || 1);
    if (at === 0) throw new Error(`krait: no memory for ${bytes.length} bytes of a package`);
    this.u8.set(bytes, at);
    let answer: number;
    try {
      answer = this.#x.pkg(what, session, id, at, bytes.length) >>> 2;
    } catch (error) {
      this.#failed = new Error(error instanceof WebAssembly.Exception ? "krait: there is no memory left for the packages" : `krait: the packaging library failed: ${error}`, {
        cause: error,
      });
      throw this.#failed;
    }
    const start = this.u32[answer]!;
    const text = decoder.decode(this.u8.subarray(start, start + this.u32[answer + 1]!));
    this.#x.free(at);
    return JSON.parse(text);
  }

  #look(): void {
    if (this.#u8.buffer === this.#memory.buffer) return;
    this.#u8 = new Uint8Array(this.#memory.buffer);
    this.#u32 = new Uint32Array(this.#memory.buffer);
  }
}

const decoder = new TextDecoder();
