// The standard library: one zip of compiled modules, which Python imports from as it lies in the file system. Its
// sources are a second zip that is read only when a traceback wants to show a line.

import { failure, fetchFile, isHTML, readBytes, readSyncIfPossible, reason, sizeOf } from "../host/files.js";
import { isURL } from "../host/location.js";
import { checkHash, checkSize, factsOf } from "../host/manifest.js";
import type { FS } from "./emscripten.js";

const WHAT = "the standard library";

export const STDLIB_FILE = "python_stdlib.zip";
export const STDLIB_SOURCE_FILE = "python_stdlib_source.zip";
export const STDLIB_PATH = "/lib/python313.zip";
export const PYTHON_FOLDER = "/lib/python3.13";
export const SITE_PACKAGES = `${PYTHON_FOLDER}/site-packages`;

export interface StdlibSettings {
  location: string;
  /** The file is the one of this build, not one that a user named by `stdLibURL`. */
  own: boolean;
}
export interface StdlibChecks {
  version: boolean;
  integrity: boolean;
}

/** The archive as bytes, checked. */
export async function readStdlib({ location, own }: StdlibSettings, checks: StdlibChecks): Promise<Uint8Array> {
  const bytes = await fetchStdlib(location);
  if (own && checks.integrity) await checkHash(WHAT, location, STDLIB_FILE, bytes);
  checkBytes(location, bytes, own && checks.version);
  return bytes;
}

async function fetchStdlib(location: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (!isURL(location)) return readBytes(WHAT, location);
  const response = await fetchFile(WHAT, location, signal);
  if (isHTML(response)) throw failure(WHAT, location, "the server answered with an HTML page instead of the file");
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(WHAT, location, `the download broke off: ${reason(error)}`, error);
  }
}

function checkBytes(location: string, bytes: Uint8Array, size: boolean): void {
  // Told apart from a damaged file by their own messages.
  if (size) checkSize(WHAT, location, STDLIB_FILE, bytes.length);
  checkZip(location, bytes);
}

/**
 * Puts the archive into the file system without having it: a restored interpreter has the modules that most programs need.
 * In Node the file is read when Python first does; in a page its download starts now and is waited for, synchronously, only if
 * Python needs it before it is there. What goes wrong is told by `say`, and Python sees an OSError (EIO). The answer does it again
 * in a file system that has been emptied, without loading anything twice.
 */
export function writeStdlibLater(fs: FS, errnos: Record<string, number>, { location }: StdlibSettings, checks: StdlibChecks, say: (message: string) => void): () => void {
  const size = factsOf(STDLIB_FILE)!.size;
  // Whether the file is there, and of this build, is known at once where asking costs nothing.
  if (checks.version && !isURL(location)) checkSize(WHAT, location, STDLIB_FILE, sizeOf(WHAT, location));
  let bytes: Uint8Array | undefined;
  const download = new AbortController();
  if (isURL(location)) {
    fetchStdlib(location, download.signal).then(
      (found) => (bytes ??= found),
      // Asked again, synchronously, when it is needed; the reason is told then.
      () => {},
    );
  }
  let checked: Uint8Array | undefined;
  const contents = (): Uint8Array => {
    if (checked) return checked;
    try {
      if (!bytes) {
        download.abort();
        bytes = readSyncIfPossible(location, true);
      }
      if (!bytes) throw failure(WHAT, location, "it is needed now, and could not be read");
      checkBytes(location, bytes, checks.version);
      return (checked = bytes);
    } catch (error) {
      say(reason(error));
      throw new fs.ErrnoError(errnos.EIO!);
    }
  };
  const write = () => {
    fs.writeFile(STDLIB_PATH, "");
    const { node } = fs.lookupPath(STDLIB_PATH);
    let replaced: Uint8Array | undefined;
    Object.defineProperty(node, "contents", { configurable: true, enumerable: true, get: () => replaced ?? contents(), set: (value) => void (replaced = value) });
    Object.defineProperty(node, "usedBytes", { configurable: true, enumerable: true, writable: true, value: size });
  };
  write();
  return write;
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

/** As writeStdlibLater(), with what is there already. */
export function writeStdlib(fs: FS, bytes: Uint8Array): () => void {
  // The file system takes the array over instead of copying 2 MB.
  const write = () => fs.writeFile(STDLIB_PATH, bytes, { canOwn: true });
  write();
  return write;
}

/** The zip of sources, or nothing: tracebacks then show no lines of the standard library. */
export function readStdlibSource(folder: string): Uint8Array | undefined {
  return readSyncIfPossible(folder + STDLIB_SOURCE_FILE);
}
