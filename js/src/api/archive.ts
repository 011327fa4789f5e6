// unpackArchive: bytes from JavaScript, unpacked by Python's shutil, which knows the formats.

import type { FS } from "../runtime/emscripten.js";
import type { Ffi } from "../ffi/index.js";

// Every spelling that is accepted, and shutil's name for the format. Wheels are zip files.
const FORMATS: Record<string, string> = {
  tar: "tar",
  zip: "zip",
  whl: "zip",
  wheel: "zip",
  gztar: "gztar",
  "tar.gz": "gztar",
  tgz: "gztar",
  bztar: "bztar",
  "tar.bz2": "bztar",
  tbz2: "bztar",
  xztar: "xztar",
  "tar.xz": "xztar",
  txz: "xztar",
};

let counter = 0;

export function unpackArchive(
  ffi: Ffi,
  fs: FS,
  buffer: ArrayBuffer | ArrayBufferView,
  format: string,
  options: { extractDir?: string } = {},
): void {
  const bytes = bytesOf(buffer);
  if (typeof format !== "string") {
    throw new TypeError(`unpackArchive: 'format' must be a string, not ${typeof format}`);
  }
  const known = FORMATS[format.replace(/^\./, "")] ?? format;
  const file = `/tmp/.unpack-${Date.now().toString(36)}-${counter++}`;
  try {
    fs.writeFile(file, bytes);
    // data filter: members of a tar that would leave the folder are refused.
    const filter = known === "zip" ? {} : { filter: "data" };
    const kwargs = { format: known, extract_dir: options.extractDir ?? fs.cwd(), ...filter };
    ffi.withFunction("shutil", "unpack_archive", (unpack) => unpack.callKwargs(file, kwargs));
  } finally {
    if (fs.analyzePath(file).exists) fs.unlink(file);
  }
}

function bytesOf(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer || Object.prototype.toString.call(buffer) === "[object ArrayBuffer]") {
    return new Uint8Array(buffer as ArrayBuffer);
  }
  throw new TypeError(
    `unpackArchive: 'buffer' must be an ArrayBuffer or a view of one, not ${Object.prototype.toString.call(buffer)}`,
  );
}
