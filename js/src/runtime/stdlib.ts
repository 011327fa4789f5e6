// The standard library: one zip of compiled modules, which Python imports from as it lies in the file system. Its
// sources are a second zip that is read only when a traceback wants to show a line.

import { failure, isHTML, fetchFile, readBytes, readSyncIfPossible, reason } from "../host/files.js";
import { isURL } from "../host/location.js";
import type { FS } from "./emscripten.js";
import { checkHash, checkSize } from "./manifest.js";

const WHAT = "the standard library";

export const STDLIB_FILE = "python_stdlib.zip";
export const STDLIB_SOURCE_FILE = "python_stdlib_source.zip";
export const STDLIB_PATH = "/lib/python313.zip";
export const PYTHON_FOLDER = "/lib/python3.13";
export const SITE_PACKAGES = `${PYTHON_FOLDER}/site-packages`;

/** `own`: the file is the one of this build, not one that a user named by `stdLibURL`. */
export async function readStdlib(
  location: string,
  own: boolean,
  checks: { version: boolean; integrity: boolean },
): Promise<Uint8Array> {
  let bytes: Uint8Array<ArrayBuffer>;
  if (isURL(location)) {
    const response = await fetchFile(WHAT, location);
    if (isHTML(response)) throw failure(WHAT, location, "the server answered with an HTML page instead of the file");
    try {
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw failure(WHAT, location, `the download broke off: ${reason(error)}`, error);
    }
  } else {
    bytes = await readBytes(WHAT, location);
  }
  if (own && checks.version) checkSize(WHAT, location, STDLIB_FILE, bytes.length);
  if (own && checks.integrity) await checkHash(WHAT, location, STDLIB_FILE, bytes);
  checkZip(location, bytes);
  return bytes;
}

// A zip begins with a local header and ends with the end-of-central-directory record, which a truncated file has lost.
function checkZip(location: string, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 22 || view.getUint32(0, true) !== 0x04034b50) {
    throw failure(WHAT, location, `expected a zip file, found ${bytes.length} bytes without a zip's header`);
  }
  // The record is 22 bytes long and may be followed by a comment of at most 64 kB.
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return;
  }
  throw failure(WHAT, location, `the zip file breaks off after ${bytes.length} bytes: its directory is missing`);
}

export function writeStdlib(fs: FS, bytes: Uint8Array): void {
  // The file system takes the array over instead of copying 2 MB.
  fs.writeFile(STDLIB_PATH, bytes, { canOwn: true });
}

/** The zip of sources, or nothing: tracebacks then show no lines of the standard library. */
export function readStdlibSource(folder: string): Uint8Array | undefined {
  return readSyncIfPossible(folder + STDLIB_SOURCE_FILE);
}
