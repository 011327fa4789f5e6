// What tests of packages on Node share: runtimes with the lock file of a server on loopback, and what was asked of that.
//
// Guarantees: nothing is kept outside a temporary folder, which goes when the tests end.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, assert, loadPyodide } from "../api/harness.mjs";
import { startPackageServer } from "./server.mjs";

export const SITE = "/lib/python3.13/site-packages";
export const byName = (items) => [...items].sort((a, b) => (a.name < b.name ? -1 : 1));

/** loadPackage with what it tells. */
export async function load(pyodide, names, options = {}) {
  const messages = [];
  const errors = [];
  const data = await pyodide.loadPackage(names, { messageCallback: (text) => messages.push(text), errorCallback: (text) => errors.push(text), ...options });
  return { data, messages, errors };
}

/** All files below Python's folders for packages. */
export function filesOf(pyodide) {
  return pyodide
    .runPython(
      `import os\n[os.path.join(folder, file) for top in ("${SITE}", "/usr/lib", "/tmp") for folder, _, files in os.walk(top) for file in files if not folder.endswith("__pycache__")]`,
    )
    .toJs()
    .sort();
}

/** A server of `wheels` for the tests of this file, and runtimes that know it. */
export async function packageTests(wheels) {
  const server = await startPackageServer(wheels);
  const folder = mkdtempSync(join(tmpdir(), "krait-packages-"));
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  let ids = 0;

  /** A runtime with the server's lock. `words` are the server's; `said` is what it prints. */
  async function start({ words, ...options } = {}) {
    const id = `n${ids++}`;
    const base = server.at([...(words ? [words] : []), `id=${id}`].join("+"));
    const said = [];
    const pyodide = await loadPyodide({
      lockFileURL: `${base}/pyodide-lock.json`,
      packageCacheDir: mkdtempSync(join(folder, "cache-")),
      stdout: (line) => said.push(line),
      stderr: (line) => said.push(`! ${line}`),
      ...options,
    });
    /** Requests for wheels and their metadata. */
    const asked = async () => (await (await fetch(`${server.url}/asked/${id}`)).json()).filter(({ path }) => path.startsWith("/files/"));
    const files = async () => (await asked()).map(({ path }) => path.slice("/files/".length)).sort();
    /** Waits for what goes on in the background. */
    const settled = async (condition) => {
      for (let i = 0; i < 500 && !condition(); i++) await new Promise((go) => setTimeout(go, 10));
      assert.ok(condition(), String(condition));
    };
    return { pyodide, base, said, asked, files, settled };
  }
  return { server, start, folder };
}
