// Compiles tests/types/*.ts against the declarations that we publish, as a user's project would.
//
//   node tests/types/run.mjs [FOLDER]     the folder with pyodide.d.ts and ffi.d.ts: js/types by default

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const folder = path.resolve(process.argv[2] ?? path.join(root, "js/types"));
const scratch = mkdtempSync(path.join(tmpdir(), "krait-types-"));
let passed = 0;
let failed = 0;
try {
  for (const name of readdirSync(here).filter((file) => file.endsWith(".ts"))) {
    const project = path.join(scratch, "tsconfig.json");
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
      types: [],
      // The declarations themselves are checked too.
      skipLibCheck: false,
      allowUnreachableCode: true,
      paths: { pyodide: [path.join(folder, "pyodide.d.ts")], "pyodide/ffi": [path.join(folder, "ffi.d.ts")] },
    };
    writeFileSync(project, JSON.stringify({ compilerOptions, files: [path.join(here, name)] }));
    const tsc = spawnSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", project], { encoding: "utf8" });
    if (tsc.status === 0) {
      passed++;
      console.log(`ok ${name}`);
    } else {
      failed++;
      console.log(`not ok ${name}\n${tsc.stdout}${tsc.stderr}${tsc.error ?? ""}`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
