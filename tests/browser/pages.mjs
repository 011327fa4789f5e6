// What only a browser can show: the ways to load krait into a page or a worker, and starts that fail.
//
// Each test gets a fresh page of the server's origin. Inside `page.evaluate` runs the browser.

import assert from "node:assert/strict";
import { FAULTS } from "./faults.mjs";

/** @type {[name: string, run: (page: import("playwright-core").Page, url: string) => Promise<void>][]} */
export const tests = [
  [
    "a classic script defines loadPyodide and finds its files",
    async (page, url) => {
      await page.setContent(`<script src="${url}dist/pyodide.js"></script>`);
      const result = await page.evaluate(async () => {
        const pyodide = await globalThis.loadPyodide();
        return [pyodide.runPython("1 + 1"), pyodide.runPython("import sys; sys.platform"), pyodide.version];
      });
      assert.equal(result[0], 2);
      assert.equal(result[1], "emscripten");
      assert.match(result[2], /^\d+\.\d+/);
    },
  ],
  [
    "an ES module",
    async (page, url) => {
      const result = await page.evaluate(async (url) => {
        const { loadPyodide, version } = await import(`${url}dist/pyodide.mjs`);
        const pyodide = await loadPyodide();
        return [pyodide.runPython("sum(range(10))"), pyodide.version === version, pyodide.lockfileBaseUrl];
      }, url);
      assert.deepEqual(result, [45, true, `${url}dist/`]);
    },
  ],
  [
    "a script element of type module in the page itself",
    async (page, url) => {
      await page.setContent(`<script type="module">
        import { loadPyodide } from "${url}dist/pyodide.mjs";
        globalThis.answer = loadPyodide().then((pyodide) => pyodide.runPython("6 * 7"));
        dispatchEvent(new Event("asked"));
      </script>`);
      await page.waitForFunction(() => globalThis.answer !== undefined);
      assert.equal(await page.evaluate(() => globalThis.answer), 42);
    },
  ],
  [
    "a module worker",
    async (page, url) => {
      const result = await page.evaluate(async (url) => {
        const source = `
          import { loadPyodide } from "${url}dist/pyodide.mjs";
          try {
            const lines = [];
            const pyodide = await loadPyodide({ stdout: (line) => lines.push(line) });
            pyodide.runPython("print('from a worker')");
            const value = await pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.01); 3 + 4");
            postMessage([value, lines]);
          } catch (error) {
            postMessage(String(error));
          }`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
        return new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = (event) => reject(new Error(event.message));
        });
      }, url);
      assert.deepEqual(result, [7, ["from a worker"]]);
    },
  ],
  [
    "two instances in one page do not disturb each other",
    async (page, url) => {
      const result = await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        const lines = { a: [], b: [] };
        // At once, so that their starts overlap.
        const [a, b] = await Promise.all([
          loadPyodide({ stdout: (line) => lines.a.push(line), env: { NAME: "a" } }),
          loadPyodide({ stdout: (line) => lines.b.push(line), env: { NAME: "b" } }),
        ]);
        a.runPython("import os, sys; x = 1; sys.mark = 'a'; print(os.environ['NAME'])");
        b.runPython("import os, sys; x = 2; print(os.environ['NAME'], hasattr(sys, 'mark'))");
        a.FS.writeFile("/tmp/only-in-a", "a");
        const shared = { list: [] };
        a.globals.set("shared", shared);
        b.globals.set("shared", shared);
        a.runPython("shared.list.push(x)");
        b.runPython("shared.list.push(x)");
        // A proxy of one instance is a plain object to the other.
        const f = a.runPython("lambda v: v + 1");
        b.globals.set("f", f);
        const through = b.runPython("f(41)");
        return [
          a.runPython("x"),
          b.runPython("x"),
          lines,
          b.FS.analyzePath("/tmp/only-in-a").exists,
          shared.list,
          through,
          f instanceof a.ffi.PyProxy,
        ];
      }, url);
      assert.deepEqual(result, [1, 2, { a: ["a"], b: ["b False"] }, false, [1, 2], 42, true]);
    },
  ],
  [
    "standard output and error go to the console by default",
    async (page, url) => {
      const seen = [];
      page.on("console", (message) => seen.push([message.type(), message.text()]));
      await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        const pyodide = await loadPyodide();
        pyodide.runPython("import sys; print('out'); print('err', file=sys.stderr)");
      }, url);
      assert.deepEqual(seen.slice(-2), [["log", "out"], ["warning", "err"]]);
    },
  ],
  [
    "standard input asks prompt() by default",
    async (page, url) => {
      const answers = ["Ada", "36"];
      page.on("dialog", (dialog) => dialog.accept(answers.shift()));
      const result = await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        const pyodide = await loadPyodide({ stdout: () => {} });
        return pyodide.runPython("f'{input()} {int(input()) + 1}'");
      }, url);
      assert.equal(result, "Ada 37");
    },
  ],
  [
    "a traceback shows lines of the standard library, read on demand",
    async (page, url) => {
      const requests = [];
      page.on("request", (request) => requests.push(new URL(request.url()).pathname));
      const [before, message] = await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        const pyodide = await loadPyodide();
        globalThis.loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
        try {
          pyodide.runPython("import json; json.loads('{')");
        } catch (error) {
          return [globalThis.loaded, error.message];
        }
        return [];
      }, url);
      assert.ok(!before.some((name) => name.includes("python_stdlib_source")), "the sources were fetched at start");
      assert.match(message, /json\/decoder\.py.*\n\s+raise JSONDecodeError|obj, end = self\.raw_decode/);
      assert.ok(requests.some((name) => name.endsWith("python_stdlib_source.zip")));
    },
  ],
  [
    "objects of an iframe, and what becomes of them when it is taken out of the page",
    async (page, url) => {
      const result = await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        const pyodide = await loadPyodide();
        const frame = document.createElement("iframe");
        document.body.append(frame);
        const far = frame.contentWindow.eval(`({
          list: [1, [2]], map: new Map([["a", 1]]), bytes: new Uint8Array([1, 2]), object: { k: "v" }, error: new TypeError("far"),
          promise: Promise.resolve(3), add: (a, b) => a + b, fail() { throw new RangeError("thrown there"); },
        })`);
        pyodide.globals.set("far", far);
        pyodide.globals.set("frame", frame);
        const facts = await pyodide.runPythonAsync(`
          from pyodide.ffi import JsArray, JsException, JsMap, JsTypedArray, to_js
          try:
              far.fail()
          except JsException as e:
              thrown = f"{e.name}: {e.message}"
          kinds = [isinstance(far.list, JsArray), isinstance(far.map, JsMap), isinstance(far.error, JsException)]
          inside = [far.list.to_py(), far.map.to_py(), far.bytes.to_bytes(), far.object.to_py(), await far.promise, far.add(1, 2), thrown]
          document = frame.contentDocument
          frame.remove()
          after = [far.list.to_py(), far.add(3, 4), far.object.k, document.title]
          repr([kinds, inside, after])`);
        return [facts, far.list === pyodide.runPython("far.list")];
      }, url);
      assert.deepEqual(result, [
        "[[True, True, True], [[1, [2]], {'a': 1}, b'\\x01\\x02', {'k': 'v'}, 3, 3, 'RangeError: thrown there'], [[1, [2]], 7, 'v', '']]",
        true,
      ]);
    },
  ],
  [
    "an old engine is told what it lacks",
    async (page, url) => {
      const message = await page.evaluate(async (url) => {
        const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
        WebAssembly.validate = () => false;
        return loadPyodide().then(
          () => "it started",
          (error) => error.message,
        );
      }, url);
      assert.match(message, /this JavaScript engine lacks WebAssembly exception handling, .*expected Node\.js >= 20/);
    },
  ],
  ...Object.entries(FAULTS).map(([name, [, , pattern, options]]) => [
    pattern ? `a failing start is explained: ${name}` : `a start that must work: ${name}`,
    async (page, url) => {
      const message = await page.evaluate(
        async ([url, name, options]) => {
          const { loadPyodide } = await import(`${url}dist/pyodide.mjs`);
          const stray = [];
          addEventListener("unhandledrejection", (event) => stray.push(String(event.reason)));
          const result = await loadPyodide({ indexURL: `${url}fault/${name}`, stderr: () => {}, ...options }).then(
            (pyodide) => `started ${pyodide.runPython("40 + 2")}`,
            (error) => (error instanceof Error ? error.message : `not an Error: ${error}`),
          );
          // A promise that nobody handles would be reported after a turn of the event loop.
          await new Promise((resolve) => setTimeout(resolve, 50));
          return stray.length ? `unhandled: ${stray}` : result;
        },
        [url, name, options ?? {}],
      );
      if (pattern) assert.match(message, pattern);
      else assert.equal(message, "started 42");
    },
  ]),
];
