// Reading files: a path or URL becomes bytes, text or a Response, and every failure becomes an Error that names the file
// and the cause.
//
// Must not know what the files mean: manifest.ts and those who read them do.

import { baseURI, IN_NODE } from "./environment.js";
import { isURL } from "./location.js";
import { node } from "./node.js";

export function failure(what: string, location: string, why: string, cause?: unknown): Error {
  const message = `cannot load ${what} from "${location}": ${why}`;
  return cause === undefined ? new Error(message) : new Error(message, { cause });
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A successful Response; anything else rejects. */
export async function fetchFile(what: string, location: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    // Same-origin credentials are fetch's default: pages behind a login work.
    response = await fetch(location, signal ? { signal } : undefined);
  } catch (error) {
    // The engine says only "Failed to fetch"; a blocked cross-origin request looks the same as a missing server.
    throw failure(what, location, `${reason(error)} (no connection, or the server does not allow requests from this origin)`, error);
  }
  if (!response.ok) {
    throw failure(what, location, `the server answered ${response.status} ${response.statusText}`.trimEnd());
  }
  return response;
}

/** True for a server's "not found" page that came with status 200, as single-page sites answer. */
export function isHTML(response: Response): boolean {
  return /^\s*text\/html\b/i.test(response.headers.get("content-type") ?? "");
}

export async function readBytes(what: string, location: string): Promise<Uint8Array<ArrayBuffer>> {
  if (isURL(location)) {
    const response = await fetchFile(what, location);
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw failure(what, location, `the download broke off: ${reason(error)}`, error);
    }
  }
  try {
    return await readWhole(location);
  } catch (error) {
    throw failure(what, location, missing(error), error);
  }
}

/** As fs.promises.readFile, which however reads in pieces of 512 kB and comes back to the event loop for each. */
async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await node().fs.promises.open(path);
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at);
      // The file became shorter meanwhile.
      if (bytesRead === 0) return bytes.slice(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

export async function readText(what: string, location: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(what, location));
}

function missing(error: unknown): string {
  const { code, path } = error as { code?: string; path?: string };
  return code === "ENOENT" ? `there is no such file (${path ?? reason(error)})` : reason(error);
}

/** Bytes of a file, which must not be a URL. */
export function sizeOf(what: string, path: string): number {
  try {
    return node().fs.statSync(path).size;
  } catch (error) {
    throw failure(what, path, missing(error), error);
  }
}

/** Bytes that can be read piece by piece into memory of the caller's. */
export interface ByteSource {
  readonly size: number;
  /** Fills `target` with the bytes from `offset` on; throws if there are not enough. */
  read(offset: number, target: Uint8Array): void;
  close(): void;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  const size = bytes.length;
  return {
    size,
    read(offset, target) {
      if (bytes.length !== size) throw new Error(`the ${size} bytes that were given have been transferred or resized since`);
      target.set(bytes.subarray(offset, offset + target.length));
    },
    close: () => {},
  };
}

/** A file of the host, read without a copy in between: fresh memory is what costs when much is read. */
export function fileSource(what: string, path: string): ByteSource {
  const { fs } = node();
  try {
    const file = fs.openSync(path, "r");
    return {
      size: fs.fstatSync(file).size,
      read(offset, target) {
        for (let at = 0; at < target.length; ) {
          const count = fs.readSync(file, target, at, target.length - at, offset + at);
          if (count === 0) throw failure(what, path, `it became shorter while it was read: it ends after ${offset + at} bytes`);
          at += count;
        }
      },
      close: () => fs.closeSync(file),
    };
  } catch (error) {
    throw failure(what, path, missing(error), error);
  }
}

/**
 * Reads a file without waiting, for Python code that cannot await. Absence, or a host that cannot, is `undefined`. `again`: it is
 * being downloaded already. Then a browser's cache would keep a second reader of the same URL waiting (Chromium's for 20 s), since
 * a page that waits takes no data of the first.
 */
export function readSyncIfPossible(location: string, again = false): Uint8Array | undefined {
  try {
    if (!isURL(location)) return new Uint8Array(node().fs.readFileSync(location));
    if (typeof XMLHttpRequest === "undefined") return undefined;
    const request = new XMLHttpRequest();
    const url = new URL(location, baseURI() || undefined);
    if (again && /^https?:$/.test(url.protocol)) url.searchParams.append("again", "");
    request.open("GET", url.href, false);
    // A page may not set responseType on a synchronous request; this charset hands every byte over as a code unit.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status !== 200 || /^text\/html/i.test(request.getResponseHeader("content-type") ?? "")) return undefined;
    const text = request.responseText;
    // A loop: Uint8Array.from() would walk over the 10 MB of the standard library as code points, which takes seconds.
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (IN_NODE) return node().crypto.createHash("sha256").update(bytes).digest("hex");
  // Pages that are not served securely have no crypto.subtle.
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

