// Getting the core: pyodide.asm.wasm is compiled while it downloads, pyodide.asm.mjs (Emscripten's glue) is imported.
//
// Guarantees: every failure is an Error that names the file and the cause. The happy path never reads a byte twice;
// a failure may, in order to tell a truncated file from an HTML page from a foreign build.

import { failure, fetchFile, isHTML, readBytes, readSyncIfPossible, reason } from "../host/files.js";
import { IN_NODE } from "../host/environment.js";
import { importable, isURL } from "../host/location.js";
import type { CoreSymbols, ModuleFactory } from "./emscripten.js";
import { checkHash, checkSize } from "./manifest.js";

const CORE = "the WebAssembly core";
const GLUE = "the core's glue";
const SYMBOLS = "the list of the core's symbols";
const LIBRARY = "the JavaScript library for side modules";

export const CORE_FILE = "pyodide.asm.wasm";
export const GLUE_FILE = "pyodide.asm.mjs";
const SYMBOLS_FILE = "pyodide.symbols.json";
const LIBRARY_FILE = "pyodide.library.js";

export interface CoreChecks {
  /** Compare sizes with the manifest. */
  version: boolean;
  /** Compare hashes with the manifest. */
  integrity: boolean;
}

/** Starts the download at once; the module is compiled when the promise resolves. */
export async function compileCore(location: string, checks: CoreChecks): Promise<WebAssembly.Module> {
  if (!isURL(location) || checks.integrity) return compileBytes(location, await readBytes(CORE, location), checks);
  const response = await fetchFile(CORE, location);
  if (isHTML(response)) throw failure(CORE, location, "the server answered with an HTML page instead of the file");
  const announced = announcedSize(response);
  if (checks.version && announced !== undefined) checkSize(CORE, location, CORE_FILE, announced);
  // Only with this type may an engine compile while streaming. Static servers that do not know .wasm send another one.
  const streamable = /^application\/wasm$/i.test(response.headers.get("content-type") ?? "");
  if (streamable && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      throw await explain(location, error);
    }
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(CORE, location, `the download broke off: ${reason(error)}`, error);
  }
  return compileBytes(location, bytes, checks);
}

async function compileBytes(location: string, bytes: Uint8Array<ArrayBuffer>, checks: CoreChecks): Promise<WebAssembly.Module> {
  checkMagic(location, bytes);
  if (checks.version) checkSize(CORE, location, CORE_FILE, bytes.length);
  if (checks.integrity) await checkHash(CORE, location, CORE_FILE, bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw failure(CORE, location, `the file is damaged: ${reason(error)}`, error);
  }
}

/** The size of the file when the server states it and it is the file's own, not that of a compressed transfer. */
function announcedSize(response: Response): number | undefined {
  // Content-Encoding can be read on same-origin answers only, so elsewhere the length may be that of the encoding.
  if (response.type !== "basic" || response.headers.has("content-encoding")) return undefined;
  const length = Number.parseInt(response.headers.get("content-length") ?? "", 10);
  return Number.isNaN(length) ? undefined : length;
}

function checkMagic(location: string, bytes: Uint8Array): void {
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d) return;
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 40));
  const why = /^\s*</.test(start)
    ? "the server answered with an HTML page instead of the file"
    : `expected a WebAssembly module, found ${bytes.length} bytes that begin with ${JSON.stringify(start)}`;
  throw failure(CORE, location, why);
}

/** A streaming compile failed: read the file again as bytes and find out why. */
async function explain(location: string, error: unknown): Promise<Error> {
  try {
    const bytes = await readBytes(CORE, location);
    checkMagic(location, bytes);
    checkSize(CORE, location, CORE_FILE, bytes.length);
  } catch (better) {
    return better as Error;
  }
  return failure(CORE, location, `the file is damaged, or its download broke off: ${reason(error)}`, error);
}

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
