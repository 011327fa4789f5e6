// micropip and loadPackage in a page: the index is of another origin, so that every request has to be allowed by it (CORS).
//
// Each test gets a fresh page of the server's origin, like those of pages.mjs. What does not need a browser is tested in
// tests/api/micropip.node.test.mjs and load_package*.test.mjs.

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

/**
 * Loads packages in new runtimes of the page, one after another: what each told and what is loaded afterwards. `words` are the
 * server's.
 */
function loading(page, url, server, { words = "-", times = 1, names, options = {} }) {
  return page.evaluate(
    async ([url, base, times, names, options]) => {
      const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
      const out = [];
      for (let i = 0; i < times; i++) {
        const pyodide = await loadPyodide({ stdout() {}, stderr() {}, lockFileURL: `${base}/pyodide-lock.json`, ...options });
        const errors = [];
        const progress = [];
        const data = await pyodide.loadPackage(names, {
          messageCallback() {},
          errorCallback: (text) => errors.push(text),
          progressCallback: (event) => progress.push(event),
        });
        const versions = data.map(({ name }) => `${name} ${pyodide.pyimport(name).version ?? pyodide.pyimport(name).x}`);
        out.push({ versions, errors, last: progress.at(-1), loaded: { ...pyodide.loadedPackages } });
        // What is kept is kept in the background.
        await new Promise((go) => setTimeout(go, 300));
      }
      return out;
    },
    [url, server.at(words), times, names, options],
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
        assert.match(error, /InstallError: .*apple cannot be looked up \(".*\/simple\/apple\/": the server answers, but does not let pages of \S+ read it \(CORS\): expected the header "Access-Control-Allow-Origin: /);
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
  [
    "loadPackage in a page: packages of another origin, with progress",
    async (page, url) => {
      await withIndex(async (server) => {
        const [{ versions, errors, last, loaded }] = await loading(page, url, server, { names: "apple" });
        assert.deepEqual([versions, errors], [["berry 1", "apple 1.0"], []]);
        const bytes = WHEELS[0].bytes.length + WHEELS[2].bytes.length;
        assert.deepEqual(last, { stage: "done", packages: 2, packagesDone: 2, bytes, bytesTotal: bytes });
        assert.deepEqual(loaded, { berry: "default channel", apple: "default channel" });
      });
    },
  ],
  [
    "loadPackage in a page: packages come during the start, and from the page's own cache when that is wanted",
    async (page, url) => {
      await withIndex(async (server) => {
        const asked = async (id) => (await (await fetch(`${server.url}/asked/${id}`)).json()).filter(({ path }) => path.endsWith(".whl")).length;
        const one = await loading(page, url, server, { names: [], options: { packages: ["apple"] } });
        assert.deepEqual(one.map(({ loaded }) => Object.keys(loaded).length), [2]);
        assert.deepEqual(await page.evaluate(() => caches.keys()), []);
        const two = await loading(page, url, server, { words: "id=kept", times: 2, names: ["apple"], options: { packageCache: true } });
        assert.deepEqual(two.map(({ versions }) => versions), [["berry 1", "apple 1.0"], ["berry 1", "apple 1.0"]]);
        assert.equal(await asked("kept"), 2);
        assert.deepEqual(await page.evaluate(() => caches.keys()), ["krait-wheels"]);
      });
    },
  ],
  [
    "the packaging library is fetched when it is first wanted, and once",
    async (page, url) => {
      await withIndex(async (server) => {
        const asked = [];
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        const fetched = () => asked.filter((path) => path.endsWith("/pyodide.packages.wasm")).length;
        await page.evaluate(
          async ([url, base]) => {
            const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
            globalThis.start = () => loadPyodide({ stdout() {}, stderr() {}, lockFileURL: `${base}/pyodide-lock.json` });
            globalThis.pyodide = await start();
            pyodide.runPython("1 + 1");
            await pyodide.loadPackage([]);
          },
          [url, server.at("-")],
        );
        assert.equal(fetched(), 0);
        await page.evaluate(async () => {
          await pyodide.loadPackage("berry");
          await pyodide.loadPackage("apple");
          await pyodide.reset();
          await pyodide.loadPackage("apple");
        });
        assert.equal(fetched(), 1);
        // Python cannot wait.
        assert.equal(await page.evaluate(async () => (globalThis.pyodide = await start()).runPython("import micropip; len(micropip.list())")), 0);
        assert.equal(await page.evaluate(async () => (await pyodide.loadPackage("berry")).length), 1);
        assert.equal(fetched(), 2);
      });
    },
  ],
  [
    "wheels come while the packaging library does; a signal ends the wait for it; what failed is tried anew",
    async (page, url) => {
      await withIndex(async (server) => {
        const wheels = async () => (await (await fetch(`${server.url}/asked/held`)).json()).filter(({ path }) => path.endsWith(".whl")).length;
        let answer;
        await page.route("**/pyodide.packages.wasm*", (route) => answer(route));
        await page.evaluate(
          async ([url, base]) => {
            const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
            globalThis.pyodide = await loadPyodide({ stdout() {}, stderr() {}, lockFileURL: `${base}/pyodide-lock.json` });
            globalThis.load = (options) => pyodide.loadPackage("apple", { messageCallback() {}, errorCallback() {}, ...options }).then(({ length }) => length, String);
          },
          [url, server.at("id=held")],
        );
        answer = (route) => route.fulfill({ status: 503, body: "busy" });
        assert.match(await page.evaluate(() => load()), /cannot load the packaging library from ".*pyodide\.packages\.wasm": the server answered 503/);
        assert.match(await page.evaluate(() => pyodide.runPythonAsync("import micropip; await micropip.install('berry')").catch(String)), /packaging library.*503/s);
        assert.match(await page.evaluate(() => pyodide.runPythonAsync("micropip.list()").catch(String)), /packaging library.*it is not there/s);
        let release;
        const held = new Promise((go) => (release = go));
        answer = (route) => held.then(() => route.continue());
        assert.match(
          await page.evaluate(() => {
            const control = new AbortController();
            setTimeout(() => control.abort(new Error("enough")), 100);
            return load({ signal: control.signal });
          }),
          /enough/,
        );
        const before = await wheels();
        const loaded = page.evaluate(() => load());
        for (let i = 0; i < 1000 && (await wheels()) < before + 2; i++) await new Promise((go) => setTimeout(go, 10));
        assert.equal(await wheels(), before + 2);
        release();
        assert.equal(await loaded, 2);
        // Not downloaded again.
        assert.equal(await wheels(), before + 2);
        assert.equal(await page.evaluate(() => pyodide.runPython("import apple; apple.version")), "1.0");
      });
    },
  ],
  ...[
    ["nocors", /: the server answers, but does not let pages of http:\S+ read it \(CORS\): expected the header "Access-Control-Allow-Origin: http:\S+" or "\*"; fetch it from/],
    ["404", /status 404, expected 200; the lock's files are looked for in "http/],
    ["loop", /it redirects in a circle, or to where it may not be fetched from( \(tried \d times\))?$/],
    ["drop", /no connection, or the browser refused to make one \(tried 3 times\)$/],
    ["truncated", /: the download broke off: .+ \(tried 3 times\)$/],
    ["hash", /has CRC [0-9a-f]{8}: expected|the wheel has sha256 [0-9a-f]{64}: expected|member /],
    ["stall", /: nothing came for 0\.5 s \(tried 2 times\)$/],
    ["type", /: it begins with "<!doctype html>.*: expected a zip archive$/],
  ].map(([fault, expected]) => [
    `loadPackage in a page: a wheel with the fault ${fault}`,
    async (page, url) => {
      await withIndex(async (server) => {
        const [{ versions, errors, loaded }] = await loading(page, url, server, { words: `${fault}@wheel:berry`, names: ["apple"], options: { packageTimeout: 500 } });
        // What needs it is not loaded either, and that is said.
        assert.deepEqual([versions, Object.keys(loaded)], [[], []]);
        assert.equal(errors[0], "The following error occurred while loading berry:");
        assert.match(errors[1], expected);
        assert.match(errors.slice(2).join("\n"), /apple.*berry/s);
      });
    },
  ]),
];
