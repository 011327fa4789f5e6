// The packaging library's file, pyodide.packages.wasm: compiled once for a runtime and all that it becomes by reset().
//
// Guarantees: nothing is fetched before somebody wants to know of packages; an attempt that failed is made anew the next time.
// Errors name the file.

import { failure, sizeOf } from "../host/files.js";
import { isURL } from "../host/location.js";
import { type WasmChecks, compileFile, compileFileNow } from "../host/wasm_file.js";

const WHAT = "the packaging library";
export const PACKAGES_FILE = "pyodide.packages.wasm";

export class LibraryModule {
  #module: WebAssembly.Module | undefined;
  #coming: Promise<void> | undefined;
  readonly #file;
  readonly #checks: WasmChecks;

  /** `folder`: of the runtime. */
  constructor(folder: string, checks: WasmChecks) {
    this.#file = { what: WHAT, name: PACKAGES_FILE, location: folder + PACKAGES_FILE };
    this.#checks = checks;
  }

  get isReady(): boolean {
    return this.#module !== undefined;
  }

  /** Resolves when now() need not wait. */
  prepare(): Promise<void> {
    if (this.#module) return Promise.resolve();
    return (this.#coming ??= compileFile(this.#file, this.#checks)
      .then((module) => void (this.#module ??= module))
      .finally(() => (this.#coming = undefined)));
  }

  /** Without waiting, since Python may have asked. */
  now(): WebAssembly.Module {
    this.#module ??= compileFileNow(this.#file, this.#checks, this.#coming !== undefined);
    if (this.#module) return this.#module;
    const { location } = this.#file;
    if (!isURL(location)) sizeOf(WHAT, location); // says what is wrong with it
    const why = "it is not there, or this host must wait for it, as `await pyodide.loadPackage(...)` and `await micropip.install(...)` do";
    throw failure(WHAT, location, why);
  }
}
