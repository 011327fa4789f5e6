// What a page downloads before it can run 1+1: bytes of each file as they are, gzipped, and as brotli at its best.
// Guarantees: with Chromium the list of files is what a page really asked for; otherwise it is filesOf(), and a dist
// that lacks one of them gets an error in that row.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kFiles = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"];

/** A dist with an image of the started interpreter needs its standard library only later. */
function filesOf(dist) {
  const image = "python.image";
  return [...kFiles, existsSync(path.join(dist.root, image)) ? image : "python_stdlib.zip"];
}

function sizes(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

async function drive(engine, dist) {
  const files = engine.kind === "chromium" ? await engine.filesRequested(dist) : filesOf(dist);
  const rows = {};
  const total = { raw: 0, gzip: 0, brotli: 0 };
  let missing = "";
  for (const file of files) {
    let size;
    try {
      size = sizes(readFileSync(path.join(dist.root, file)));
    } catch (error) {
      missing = `${file}: ${error.code ?? error.message}`;
    }
    for (const kind of Object.keys(total)) {
      rows[`${file}, ${kind}`] = size ? { value: size[kind] } : { error: missing };
      if (size) total[kind] += size[kind];
    }
  }
  for (const kind of Object.keys(total)) rows[`total, ${kind}`] = missing ? { error: missing } : { value: total[kind] };
  return rows;
}

// The same bytes every time: one measurement is enough.
export const size = { name: "size", title: "Download before 1+1", unit: "bytes", parts: ["all"], drive, repeat: 1 };
