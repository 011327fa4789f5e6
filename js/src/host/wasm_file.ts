// Getting a WebAssembly file of the build: compiled while it downloads, or read and compiled at once.
//
// Guarantees: every failure is an Error that names the file and the cause. The happy path never reads a byte twice;
// a failure may, in order to tell a truncated file from an HTML page from a foreign build.

import { failure, fetchFile, isHTML, readBytes, readSyncIfPossible, reason } from "./files.js";
import { isURL } from "./location.js";
import { checkHash, checkSize } from "./manifest.js";

export interface WasmChecks {
  /** Compare sizes with the manifest. */
  version: boolean;
  /** Compare hashes with the manifest. */
  integrity: boolean;
}

export interface WasmFile {
  /** What it is, for messages: "the WebAssembly core". */
  what: string;
  /** Its name in the build. */
  name: string;
  /** Path or URL. */
  location: string;
}

/** Starts the download at once; the module is compiled when the promise resolves. */
export async function compileFile(file: WasmFile, checks: WasmChecks): Promise<WebAssembly.Module> {
  const { what, name, location } = file;
  if (!isURL(location) || checks.integrity) return compileBytes(file, await readBytes(what, location), checks);
  const response = await fetchFile(what, location);
  if (isHTML(response)) throw failure(what, location, "the server answered with an HTML page instead of the file");
  const announced = announcedSize(response);
  if (checks.version && announced !== undefined) checkSize(what, location, name, announced);
  // Only with this type may an engine compile while streaming. Static servers that do not know .wasm send another one.
  const streamable = /^application\/wasm$/i.test(response.headers.get("content-type") ?? "");
  if (streamable && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      throw await explain(file, error);
    }
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(what, location, `the download broke off: ${reason(error)}`, error);
  }
  return compileBytes(file, bytes, checks);
}

/**
 * Without waiting, for Python code that cannot; undefined when this host cannot read the file that way, or it is not there. The hash
 * is not compared. `again`: it is being downloaded already.
 */
export function compileFileNow(file: WasmFile, checks: Pick<WasmChecks, "version">, again: boolean): WebAssembly.Module | undefined {
  const bytes = readSyncIfPossible(file.location, again) as Uint8Array<ArrayBuffer> | undefined;
  if (!bytes) return undefined;
  checkMagic(file, bytes);
  if (checks.version) checkSize(file.what, file.location, file.name, bytes.length);
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw damaged(file, error);
  }
}

async function compileBytes(file: WasmFile, bytes: Uint8Array<ArrayBuffer>, checks: WasmChecks): Promise<WebAssembly.Module> {
  const { what, name, location } = file;
  checkMagic(file, bytes);
  if (checks.version) checkSize(what, location, name, bytes.length);
  if (checks.integrity) await checkHash(what, location, name, bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged({ what, location }: WasmFile, error: unknown): Error {
  return failure(what, location, `the file is damaged: ${reason(error)}`, error);
}

/** The size of the file when the server states it and it is the file's own, not that of a compressed transfer. */
function announcedSize(response: Response): number | undefined {
  // Content-Encoding can be read on same-origin answers only, so elsewhere the length may be that of the encoding.
  if (response.type !== "basic" || response.headers.has("content-encoding")) return undefined;
  const length = Number.parseInt(response.headers.get("content-length") ?? "", 10);
  return Number.isNaN(length) ? undefined : length;
}

function checkMagic({ what, location }: WasmFile, bytes: Uint8Array): void {
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d) return;
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 40));
  const why = /^\s*</.test(start)
    ? "the server answered with an HTML page instead of the file"
    : `expected a WebAssembly module, found ${bytes.length} bytes that begin with ${JSON.stringify(start)}`;
  throw failure(what, location, why);
}

/** A streaming compile failed: read the file again as bytes and find out why. */
async function explain(file: WasmFile, error: unknown): Promise<Error> {
  const { what, name, location } = file;
  try {
    const bytes = await readBytes(what, location);
    checkMagic(file, bytes);
    checkSize(what, location, name, bytes.length);
  } catch (better) {
    return better as Error;
  }
  return failure(what, location, `the file is damaged, or its download broke off: ${reason(error)}`, error);
}
