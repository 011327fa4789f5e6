// Bundles js/src into the two loaders: pyodide.mjs (an ES module) and pyodide.js (a classic script and CommonJS module).
//
//   node js/build.mjs [--outdir build/js] [--dist dist]
//
// The loader knows size and SHA-256 of the files beside it. They are read from `--dist` (default: dist/) when it holds
// them; so whoever assembles dist/ calls `build({outdir: "dist", dist: "dist"})` as the last step. The version is the
// one line in py/pyodide/__init__.py.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const LISTED = ["pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.packages.wasm", "pyodide.symbols.json", "pyodide.library.js", "python_stdlib.zip"];

export function readVersion() {
  const file = path.join(root, "py/pyodide/__init__.py");
  const found = readFileSync(file, "utf8").match(/^__version__ = "([^"]+)"$/m);
  if (!found) throw new Error(`${file}: expected a line __version__ = "..."`);
  return found[1];
}

/** Size and hash of the runtime's files in `folder`; empty when they are not all there. */
export function readManifest(folder) {
  const files = LISTED.map((name) => path.join(folder, name));
  if (!files.every((file) => existsSync(file))) return {};
  // Without it every start is a cold one.
  const image = path.join(folder, "python.image");
  if (existsSync(image)) files.push(image);
  return Object.fromEntries(
    files.map((file) => {
      const bytes = readFileSync(file);
      return [path.basename(file), { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
    }),
  );
}

export async function build({ outdir = "build/js", dist = "dist", minify = true } = {}) {
  const common = {
    bundle: true,
    minify,
    lineLimit: 160, // an uncaught error prints the line it was thrown on
    sourcemap: true,
    // The newest syntax that every engine with the core's WebAssembly features knows.
    target: "es2022",
    platform: "neutral",
    external: ["node:*"],
    define: {
      KRAIT_VERSION: JSON.stringify(readVersion()),
      KRAIT_FILES: JSON.stringify(readManifest(path.resolve(root, dist))),
    },
    logLevel: "warning",
  };
  outdir = path.resolve(root, outdir);
  await Promise.all([
    esbuild.build({
      ...common,
      entryPoints: [path.join(root, "js/src/api/module_entry.ts")],
      outfile: path.join(outdir, "pyodide.mjs"),
      format: "esm",
    }),
    esbuild.build({
      ...common,
      entryPoints: [path.join(root, "js/src/api/script_entry.ts")],
      outfile: path.join(outdir, "pyodide.js"),
      format: "iife",
      // `module` is looked at on purpose: the bundle is a CommonJS module as well.
      logOverride: { "commonjs-variable-in-esm": "silent" },
    }),
  ]);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { outdir: { type: "string" }, dist: { type: "string" } } });
  await build(values);
}
