// What the build says about its own files: size and SHA-256. A loader knows exactly the files it was built with, so a
// half-written, half-deployed or mixed installation is named as such instead of failing somewhere inside the core.
//
// The size is compared always: it costs nothing. The hash is compared when `checkIntegrity: true` is given to
// loadPyodide: it costs about 20 ms and, for the core, compiling while downloading. A loader that was bundled without
// a manifest (development) checks nothing.

import { failure, sha256 } from "./files.js";

export interface FileFacts {
  size: number;
  sha256: string;
}

// esbuild's `define`, from js/build.mjs. Unit tests of single files are bundled without it.
declare const KRAIT_FILES: Record<string, FileFacts> | undefined;
declare const KRAIT_VERSION: string | undefined;

export const version: string = typeof KRAIT_VERSION === "string" ? KRAIT_VERSION : "0+unbundled";
const files: Record<string, FileFacts> = typeof KRAIT_FILES === "object" ? KRAIT_FILES : {};

export function factsOf(name: string): FileFacts | undefined {
  return files[name];
}

const MIXED = "a file of another version, or one that did not arrive whole; deploy all files of one version together";

export function checkSize(what: string, location: string, name: string, size: number): void {
  const facts = factsOf(name);
  if (facts && facts.size !== size) {
    throw failure(what, location, `it has ${size} bytes, expected ${facts.size}: ${MIXED}`);
  }
}

export async function checkHash(what: string, location: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const facts = factsOf(name);
  if (!facts) return;
  const found = await sha256(bytes);
  if (found === undefined) {
    throw failure(what, location, "checkIntegrity needs crypto.subtle, which this page lacks: it is not served securely");
  }
  if (found !== facts.sha256) {
    throw failure(what, location, `its SHA-256 is ${found}, expected ${facts.sha256}: ${MIXED}`);
  }
}
