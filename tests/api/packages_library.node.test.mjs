// The packaging library's own file: read when it is first wanted, without waiting if Python wants it; what is wrong with it is told,
// and a library that fails harms nobody else. How a page fetches it is in tests/browser/packages.mjs.
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, packageTests } from "../packages/runtime.mjs";
import { wheel } from "../packages/wheels.mjs";
import { after, assert, indexURL, loadPyodide, rejection, test, thrown } from "./harness.mjs";

const FILE = "pyodide.packages.wasm";
const noise = (size) => Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
const { start } = await packageTests([
  wheel({ name: "small", version: "1.0" }),
  wheel({ name: "large", version: "1.0", files: { "large.py": "x = 1\n", ...Object.fromEntries([...Array(200)].map((_, i) => [`large_${i}.bin`, noise(1 << 16)])) } }),
]);
const bytes = readFileSync(join(await indexURL(), FILE));
const quiet = { stdout: () => {}, stderr: () => {} };

/** The dist folder with another packaging library, or with none. */
async function dist(content) {
  const folder = mkdtempSync(join(tmpdir(), "krait-test-"));
  after(() => rmSync(folder, { recursive: true }));
  for (const name of readdirSync(await indexURL())) if (name !== FILE) symlinkSync(join(await indexURL(), name), join(folder, name));
  if (content) writeFileSync(join(folder, FILE), content);
  return folder;
}

/** What every way to the library says of it; the runtime goes on, and finds a file that is put in its place. */
async function faulty(content, pattern) {
  const folder = await dist(content);
  const { pyodide } = await start({ indexURL: folder });
  for (let i = 0; i < 2; i++) {
    assert.match((await rejection(pyodide.loadPackage("small", quiet))).message, pattern);
    assert.match(thrown(() => pyodide.runPython("import micropip; micropip.list()")).message, pattern);
    assert.match((await rejection(pyodide.runPythonAsync("await micropip.install('small')"))).message, pattern);
  }
  assert.equal(pyodide.runPython("6 * 7"), 42);
  rmSync(join(folder, FILE), { force: true });
  copyFileSync(join(await indexURL(), FILE), join(folder, FILE));
  assert.equal(pyodide.runPython("len(micropip.list())"), 0);
  assert.equal((await load(pyodide, "small")).data.length, 1);
}

const named = (why) => new RegExp(`cannot load the packaging library from ".*pyodide\\.packages\\.wasm": ${why}`);

test("the library is not there", () => faulty(undefined, named("there is no such file \\(")));
test("the library is of another build", () => faulty(Buffer.concat([bytes, Buffer.alloc(8)]), named(`it has ${bytes.length + 8} bytes, expected ${bytes.length}: a file of another version`)));
test("the library is no wasm", () => faulty(Buffer.from("<!doctype html>"), named("the server answered with an HTML page")));
test("the library is damaged", () => faulty(Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(bytes.length - 8, 255)]), named("the file is damaged: ")));

test("checkIntegrity: a library of the right size and another content ends the start", async () => {
  const other = Buffer.from(bytes);
  other[other.length - 100] ^= 1;
  const error = await rejection(loadPyodide({ ...quiet, indexURL: await dist(other), checkIntegrity: true }));
  assert.match(error.message, named("its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}"));
  const whole = await loadPyodide({ ...quiet, checkIntegrity: true });
  assert.equal(whole.runPython("import micropip; len(micropip.list())"), 0);
});

test("Python may be the first who wants it, and then it is read at once", async () => {
  const { pyodide } = await start();
  assert.equal(pyodide.runPython("import micropip\nmicropip.uninstall('none', verbose=False)\nlen(micropip.list())"), 0);
  assert.match(pyodide.runPython("micropip.freeze()"), /"packages"/);
  await pyodide.reset();
  assert.equal(pyodide.runPython("import micropip; micropip.tree()"), "");
});

test("a library that stops is replaced: its sessions end, and nothing else", async () => {
  const { pyodide } = await start();
  const { packages } = pyodide._api;
  const request = { mode: "resolve", requirements: ["small"], index_urls: ["https://127.0.0.1:1/simple"] };
  const session = packages.openPackageSession(request);
  const other = packages.openPackageSession(request);
  assert.ok(session.advance().fetch);
  // A programming error of ours: nobody asked for this.
  const first = thrown(() => session.end(12345));
  assert.match(first.message, /^krait: the packaging library failed: RuntimeError: unreachable/);
  for (const use of [() => session.advance(), () => other.advance()]) assert.equal(thrown(use), first);
  session.close();
  assert.deepEqual(packages.site(), []);
  assert.equal((await load(pyodide, "small")).data.length, 1);
  other.close();
  assert.equal(packages.site().length, 1);
});

test("memory that an installation took is given back when no other one follows", async () => {
  const { pyodide } = await start();
  const { setTimeout } = globalThis;
  const resting = new Set();
  globalThis.setTimeout = (action, time, ...args) => {
    if (time === 10_000) resting.add(action);
    return setTimeout(action, time, ...args);
  };
  const { Instance } = WebAssembly;
  const sizes = [];
  let made = 0;
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args);
      made++;
      sizes.push(() => this.exports.memory.buffer.byteLength);
    }
  };
  try {
    pyodide._api.packages.site();
    await load(pyodide, "small");
    pyodide._api.packages.site();
    assert.equal(made, 1);
    await load(pyodide, "large");
    assert.ok(sizes[0]() > 8 << 20, String(sizes[0]()));
    pyodide._api.packages.site();
    assert.equal(made, 1);
    for (const action of resting) action();
    assert.equal(pyodide._api.packages.site().length, 2);
    assert.equal(made, 2);
    assert.ok(sizes[1]() < 4 << 20, String(sizes[1]()));
  } finally {
    WebAssembly.Instance = Instance;
    globalThis.setTimeout = setTimeout;
  }
  assert.equal(pyodide.runPython("import large; large.x"), 1);
  // Lies in the file system as it came.
  assert.equal(pyodide.runPython("import pathlib; len(pathlib.Path(large.__file__).with_name('large_7.bin').read_bytes())"), 1 << 16);
});

test("a session that was open at a reset() refuses to go on", async () => {
  const { pyodide } = await start();
  const session = pyodide._api.packages.openPackageSession({ mode: "resolve", requirements: ["small"], index_urls: ["https://127.0.0.1:1/simple"] });
  await pyodide.reset();
  assert.match(thrown(() => session.advance()).message, /reset/);
  assert.deepEqual(pyodide._api.packages.site(), []);
});
