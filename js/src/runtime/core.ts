// Getting the core: pyodide.asm.wasm is compiled while it downloads, pyodide.asm.mjs (Emscripten's glue) is imported.
//
// Guarantees: every failure is an Error that names the file and the cause.

import { IN_NODE } from "../host/environment.js";
import { failure, readBytes, readSyncIfPossible, reason } from "../host/files.js";
import { importable, isURL } from "../host/location.js";
import { checkSize } from "../host/manifest.js";
import { type WasmChecks, compileFile } from "../host/wasm_file.js";
import type { CoreSymbols, ModuleFactory } from "./emscripten.js";

const CORE = "the WebAssembly core";
const GLUE = "the core's glue";
const SYMBOLS = "the list of the core's symbols";
const LIBRARY = "the JavaScript library for side modules";

export const CORE_FILE = "pyodide.asm.wasm";
export const GLUE_FILE = "pyodide.asm.mjs";
const SYMBOLS_FILE = "pyodide.symbols.json";
const LIBRARY_FILE = "pyodide.library.js";

/** Starts the download at once; the module is compiled when the promise resolves. */
export const compileCore = (location: string, checks: WasmChecks): Promise<WebAssembly.Module> =>
  compileFile({ what: CORE, name: CORE_FILE, location }, checks);

/** Emscripten's factory. `import()` caches the file, so a second instance of a page shares its code, not its state. */
export async function importGlue(location: string): Promise<ModuleFactory> {
  let glue: { default?: unknown };
  try {
    glue = await import(/* webpackIgnore: true */ /* @vite-ignore */ importable(location));
  } catch (error) {
    throw (await explainGlue(location, error)) ?? failure(GLUE, location, reason(error), error);
  }
  if (typeof glue.default !== "function") {
    throw failure(GLUE, location, `expected a module whose default export is a function, found ${typeof glue.default}`);
  }
  return glue.default as ModuleFactory;
}

/** Browsers say only "Failed to fetch dynamically imported module": ask the server for the status. */
async function explainGlue(location: string, error: unknown): Promise<Error | undefined> {
  if (IN_NODE && isURL(location)) return failure(GLUE, location, "this host imports modules from files only", error);
  try {
    const bytes = await readBytes(GLUE, location);
    checkSize(GLUE, location, GLUE_FILE, bytes.length);
  } catch (better) {
    return better as Error;
  }
  return undefined;
}

/** Where functions and data of the core are, for side modules. */
export const readSymbols = (folder: string): CoreSymbols => JSON.parse(readText(SYMBOLS, folder, SYMBOLS_FILE)) as CoreSymbols;

/** The JavaScript functions that only side modules call, as text to be evaluated in the glue's scope. */
export const readLibrary = (folder: string): string => readText(LIBRARY, folder, LIBRARY_FILE);

/** Reads without waiting, as Python's import statement cannot wait. Throws an Error that names the file. */
function readText(what: string, folder: string, file: string): string {
  const location = folder + file;
  const bytes = readSyncIfPossible(location);
  if (!bytes) throw failure(what, location, "a side module needs it now, and it could not be read");
  checkSize(what, location, file, bytes.length);
  return new TextDecoder().decode(bytes);
}

/** Instantiates the compiled core; a missing import means that loader and core are of different versions. */
export async function instantiateCore(
  location: string,
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  try {
    return await WebAssembly.instantiate(module, imports);
  } catch (error) {
    const why = error instanceof WebAssembly.LinkError ? "loader and core are of different versions: " : "";
    throw failure(CORE, location, why + reason(error), error);
  }
}
