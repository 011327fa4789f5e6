// micropip in a page: the index is of another origin, so that every request has to be allowed by it (CORS).
//
// Each test gets a fresh page of the server's origin, like those of pages.mjs. What does not need a browser is tested in
// tests/api/micropip.node.test.mjs.

import assert from "node:assert/strict";
import { startPackageServer } from "../packages/server.mjs";
import { wheel } from "../packages/wheels.mjs";

const WHEELS = [
  wheel({ name: "apple", version: "1.0", requires: ["berry>=1"] }),
  wheel({ name: "berry", version: "1.5" }),
  wheel({ name: "berry", version: "1.6", files: { "berry.py": "x = 1\n".repeat(200_000) } }),
];

/** Runs `code` in a new runtime of the page; gives its value, or the text of the error that it raises. */
function inPage(page, url, code) {
  return page.evaluate(
    async ([url, code]) => {
      const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
      const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {} });
      try {
        return { value: await pyodide.runPythonAsync(code) };
      } catch (error) {
        return { error: error.message.trimEnd().split("\n").at(-1) };
      }
    },
    [url, code],
  );
}

async function withIndex(run) {
  const server = await startPackageServer(WHEELS);
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

const installing = (index, requirement) => `
import micropip
await micropip.install(${JSON.stringify(requirement)}, index_urls=${JSON.stringify(index)})
' '.join(sorted(f'{p.name}=={p.version}' for p in micropip.list().values()))`;

/** @type {[name: string, run: (page: import("playwright-core").Page, url: string) => Promise<void>][]} */
export const tests = [
  [
    "micropip installs from an index of another origin and uninstalls",
    async (page, url) => {
      await withIndex(async (server) => {
        const indexes = [`${server.at("html")}/simple`, `${server.at("json")}/simple`];
        const code = `
import importlib, micropip, os
site = '/lib/python3.13/site-packages'
before = os.listdir(site)
out = []
for index in ${JSON.stringify(indexes)}:
    await micropip.install('apple', index_urls=index)
    importlib.invalidate_caches()
    import apple, berry
    out.append([apple.version, berry.x, ' '.join(sorted(f'{p.name}=={p.version}' for p in micropip.list().values()))])
    micropip.uninstall(['apple', 'berry'])
    out.append(os.listdir(site) == before)
repr(out)`;
        const round = "['1.0', 1, 'apple==1.0 berry==1.6'], True";
        assert.deepEqual(await inPage(page, url, code), { value: `[${round}, ${round}]` });
      });
    },
  ],
  [
    "micropip cannot ask an index that does not allow the page to read it",
    async (page, url) => {
      await withIndex(async (server) => {
        const { error } = await inPage(page, url, installing(`${server.at("nocors@any")}/simple`, "apple"));
        assert.match(error, /InstallError: .*apple cannot be looked up \(".*\/simple\/apple\/": .*fetch/);
      });
    },
  ],
  [
    "micropip in a page: a file that breaks off",
    async (page, url) => {
      await withIndex(async (server) => {
        const { bytes, filename } = WHEELS.at(-1);
        server.faults[`/files/${filename}`] = (_, response) => {
          response.writeHead(200, { "content-length": bytes.length, "access-control-allow-origin": "*" });
          response.write(bytes.subarray(0, bytes.length >> 1), () => setTimeout(() => response.destroy(), 20));
        };
        const { error } = await inPage(page, url, installing(server.index, "berry"));
        assert.match(error, /InstallError: berry 1\.6 could not be downloaded: .*berry-1\.6/);
      });
    },
  ],
];
