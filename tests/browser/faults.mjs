// Deployments that went wrong, served under /fault/NAME/: the same dist/ with one thing amiss. The loader comes from
// /dist/ and is pointed at such a folder by `indexURL`.
//
// Used by the browser tests; `describeFaults()` gives name, expected message, and the options to load with.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

const html = (response) => {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Not the file</title>");
};
const missing = (response) => {
  response.writeHead(404, { "content-type": "text/plain" });
  response.end("not found");
};
const bytes = (type, change) => (response, file) => {
  const body = change(file);
  response.writeHead(200, { "content-type": type, "content-length": body.length });
  response.end(body);
};
const VERSION = readFileSync(new URL("../../py/pyodide/__init__.py", import.meta.url), "utf8").match(/^__version__ = "(.{7})"$/m)[1];
const WASM = "application/wasm";
const ZIP = "application/zip";
const JSON_TYPE = "application/json";
const IMAGE = "application/octet-stream";
const flipped = (file) => {
  const copy = Buffer.from(file);
  // In the last tenth lie data and custom sections: the module stays valid, its contents are wrong.
  copy[Math.floor(copy.length * 0.97)] ^= 0xff;
  return copy;
};

/** name: [file, answer, pattern of the error or null when the start must work, options] */
export const FAULTS = {
  "wasm-404": ["pyodide.asm.wasm", missing, /pyodide\.asm\.wasm.*404/s],
  "wasm-html": ["pyodide.asm.wasm", html, /pyodide\.asm\.wasm.*HTML page/s],
  "wasm-truncated": ["pyodide.asm.wasm", bytes(WASM, (f) => f.subarray(0, f.length >> 1)), /pyodide\.asm\.wasm.*has \d+ bytes, expected \d+/s],
  "wasm-truncated-unchecked": [
    "pyodide.asm.wasm",
    bytes(WASM, (f) => f.subarray(0, f.length >> 1)),
    /pyodide\.asm\.wasm/s,
    { checkAPIVersion: false },
  ],
  "wasm-other-bytes": ["pyodide.asm.wasm", bytes(WASM, (f) => Buffer.alloc(f.length, 65)), /pyodide\.asm\.wasm.*(expected a WebAssembly module|damaged)/s],
  "wasm-wrong-hash": ["pyodide.asm.wasm", bytes(WASM, flipped), /pyodide\.asm\.wasm.*SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}/s, { checkIntegrity: true }],
  "wasm-plain-type": ["pyodide.asm.wasm", bytes("text/plain", (f) => f), null],
  "wasm-octet-type": ["pyodide.asm.wasm", bytes("application/octet-stream", (f) => f), null],
  "wasm-dropped": [
    "pyodide.asm.wasm",
    (response, file) => {
      response.writeHead(200, { "content-type": WASM, "content-length": file.length });
      response.write(file.subarray(0, 100_000), () => response.destroy());
    },
    /pyodide\.asm\.wasm/s,
  ],
  "glue-404": ["pyodide.asm.mjs", missing, /pyodide\.asm\.mjs.*404/s],
  "glue-html": ["pyodide.asm.mjs", html, /pyodide\.asm\.mjs/s],
  "glue-other": ["pyodide.asm.mjs", bytes("text/javascript", () => Buffer.from("export const a = 1;\n")), /pyodide\.asm\.mjs.*default export/s],
  "stdlib-404": ["python_stdlib.zip", missing, /python_stdlib\.zip.*404/s],
  "stdlib-html": ["python_stdlib.zip", html, /python_stdlib\.zip.*HTML page/s],
  "stdlib-truncated": ["python_stdlib.zip", bytes(ZIP, (f) => f.subarray(0, f.length - 5000)), /python_stdlib\.zip.*has \d+ bytes, expected \d+/s],
  "stdlib-truncated-unchecked": [
    "python_stdlib.zip",
    bytes(ZIP, (f) => f.subarray(0, f.length - 5000)),
    /python_stdlib\.zip.*breaks off/s,
    { checkAPIVersion: false },
  ],
  "stdlib-wrong-hash": ["python_stdlib.zip", bytes(ZIP, flipped), /python_stdlib\.zip.*SHA-256/s, { checkIntegrity: true }],
  "stdlib-empty-zip": [
    "python_stdlib.zip",
    bytes(ZIP, () => Buffer.from("UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYVBLAQIeAwoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAACkgQAAAABhUEsFBgAAAAABAAEALwAAAB8AAAAAAA==", "base64")),
    /did not start.*python_stdlib\.zip/s,
    { checkAPIVersion: false },
  ],
  // Another version of the Python part, of the same size: the standard library is stored, not compressed.
  "stdlib-other-version": [
    "python_stdlib.zip",
    bytes(ZIP, (f) => Buffer.from(f.toString("latin1").replaceAll(`\x07${VERSION}`, `\x07${"9".repeat(VERSION.length)}`), "latin1")),
    /loader and core are of different versions: the loader is [\d.]+, ".*python_stdlib\.zip" is 9+/s,
  ],
  "image-404": ["python.image", missing, null],
  "image-html": ["python.image", html, null],
  "image-truncated": ["python.image", bytes(IMAGE, (f) => f.subarray(0, f.length - 5000)), /python\.image.*has \d+ bytes, expected \d+/s],
  "image-truncated-unchecked": ["python.image", bytes(IMAGE, (f) => f.subarray(0, f.length - 5000)), /image.*breaks off/s, { checkAPIVersion: false }],
  "image-wrong-hash": ["python.image", bytes(IMAGE, flipped), /python\.image.*SHA-256/s, { checkIntegrity: true }],
  "image-other-bytes": ["python.image", bytes(IMAGE, (f) => Buffer.alloc(f.length, 65)), /not an image of krait.*begins with "AAAA/s],
  "image-other-build": [
    "python.image",
    bytes(IMAGE, (f) => Buffer.concat([f.subarray(0, 16), Buffer.alloc(32, "x"), f.subarray(48)])),
    /made by another build: it is for x+, this is [0-9a-f]+-/s,
  ],
  "lock-404": ["pyodide-lock.json", missing, /pyodide-lock\.json.*404/s],
  "lock-html": ["pyodide-lock.json", html, /pyodide-lock\.json.*HTML page/s],
  "lock-broken": ["pyodide-lock.json", bytes(JSON_TYPE, () => Buffer.from('{"info": {')), /pyodide-lock\.json.*expected JSON/s],
  "lock-list": ["pyodide-lock.json", bytes(JSON_TYPE, () => Buffer.from("[]")), /pyodide-lock\.json.*found an array/s],
  "lock-other-abi": [
    "pyodide-lock.json",
    bytes(JSON_TYPE, () => Buffer.from('{"info": {"abi_version": "2020_0", "arch": "wasm32"}, "packages": {}}')),
    /pyodide-lock\.json.*"2020_0", expected "2025_0"/s,
  ],
  complete: ["nothing", missing, null, { checkIntegrity: true }],
};

/** Is the file `name` left out of the deployment whose fault lies in `file`? */
export function hidden(file, name) {
  return name === "python.image" && file === "python_stdlib.zip";
}

/** An `intercept` for web/serve.mjs. */
export function faultServer(dist) {
  return async (request, response, url) => {
    const [, kind, name] = url.pathname.match(/^\/fault\/([^/]+)\/([^/]+)$/) ?? [];
    if (!kind || !FAULTS[kind]) return false;
    const [file, answer] = FAULTS[kind];
    // With an image the library is not needed to start, so its faults are those of a cold start.
    const content = hidden(file, name) ? undefined : await readFile(path.join(dist, name)).catch(() => undefined);
    if (name === file && content) {
      answer(response, content);
    } else if (content) {
      const type = { ".wasm": WASM, ".mjs": "text/javascript", ".json": JSON_TYPE }[path.extname(name)] ?? ZIP;
      response.writeHead(200, { "content-type": type, "content-length": content.length });
      response.end(content);
    } else {
      missing(response);
    }
    return true;
  };
}
