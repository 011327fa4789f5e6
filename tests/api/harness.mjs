// What every test of the public object uses: a runtime per test file, leak checks, and differences from the peer.
//
// The files run under node's test runner and, through import maps, in a page: nothing but `node:test` and
// `node:assert/strict` is imported here, and a test file that needs more of node is called `*.node.test.mjs`.
// The dist folder comes from KRAIT_DIST, or `?dist=` of the page, so that the same files can be run on npm's pyodide
// ("the peer"): what it does not pass must be marked as a deliberate difference with `krait()`.
import test, { after } from "node:test";
import assert from "node:assert/strict";

export { test, assert, after };

export const IN_NODE = typeof process === "object" && !!process.versions?.node;

const here = new URL(".", import.meta.url);

async function distUrl() {
  const given = IN_NODE ? process.env.KRAIT_DIST : new URLSearchParams(globalThis.location?.search ?? "").get("dist");
  if (!given) return new URL("../../dist/", here);
  if (!IN_NODE) return new URL(given.replace(/\/*$/, "/"), here);
  const { pathToFileURL } = await import("node:url");
  return new URL(`${pathToFileURL(given).href.replace(/\/*$/, "/")}`);
}

export const dist = await distUrl();
const loader = await import(new URL("pyodide.mjs", dist).href);
// KRAIT_COLD=1 runs the same tests on runtimes that start CPython instead of restoring the build's image.
export const cold = IN_NODE && process.env.KRAIT_COLD === "1";
export const loadPyodide = cold ? (options) => loader.loadPyodide({ _loadSnapshot: false, ...options }) : loader.loadPyodide;
export const loaderVersion = loader.version;

/** The dist folder as `indexURL` wants it: a path in node, a URL in a page. */
export async function indexURL() {
  if (!IN_NODE) return dist.href;
  const { fileURLToPath } = await import("node:url");
  return fileURLToPath(dist);
}

let shared;

/** A runtime. Without options it is one for the whole file, since starting takes most of a test's time. */
export function loadForTest(options) {
  if (options !== undefined) return loadPyodide(options);
  shared ??= loadPyodide({ stdout: () => {}, stderr: () => {} });
  return shared;
}

/** Is this krait? Found by the leak counters, which only krait has. */
export function isKrait(pyodide) {
  return typeof pyodide._api?.stats === "function";
}

/**
 * A test of something krait does on purpose in another way than the peer, or that the peer cannot do. `why` says which
 * way; on the peer the test is skipped.
 */
export function krait(name, why, fn) {
  if (typeof why !== "string" || why.length < 10) throw new Error(`krait(${name}): say why it differs from the peer`);
  test(name, async (t) => {
    const pyodide = await loadForTest();
    if (!isKrait(pyodide)) return t.skip(why);
    await fn(t);
  });
}

function collect(pyodide) {
  pyodide.runPython("import gc\ngc.collect()\nNone");
}

/**
 * Runs `fn` a few times and demands that it leaves no slots and no proxies behind. The first runs may fill caches, so
 * what counts is that further runs change nothing. Skipped on the peer, which has no counters.
 */
export async function expectNoLeaks(pyodide, fn) {
  await fn();
  if (!isKrait(pyodide)) return;
  await fn();
  collect(pyodide);
  const before = pyodide._api.stats();
  for (let i = 0; i < 3; i++) await fn();
  collect(pyodide);
  const after = pyodide._api.stats();
  assert.deepEqual(
    { slots: after.slots, proxies: after.proxies },
    { slots: before.slots, proxies: before.proxies },
    "three more runs left slots or proxies behind",
  );
}

/** Runs `fn` and returns what it throws; fails when it throws nothing. */
export function thrown(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  assert.fail(`expected an error from ${fn}`);
}

/** What a promise is rejected with; fails when it is fulfilled. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("expected a rejection");
}

/** The PythonError that `code` raises, checked to be of `type`. */
export function pythonError(pyodide, code, type, options) {
  const error = thrown(() => pyodide.runPython(code, options));
  assert.equal(error.name, "PythonError", `expected a PythonError, got ${error}`);
  if (type !== undefined) assert.equal(error.type, type, error.message);
  return error;
}

/** The last line of a PythonError's message: `Type: text`. */
export function lastLine(error) {
  return error.message.trimEnd().split("\n").at(-1);
}

/**
 * What is left of a JavaScript error that went through Python, as Python's last line would have it. In krait it is the
 * same error again, for the peer a PythonError of type JsException.
 */
export function jsFailure(error) {
  if (error.name === "PythonError") {
    assert.equal(error.type, "JsException", error.message);
    return lastLine(error);
  }
  return `pyodide.ffi.JsException: ${error.name}: ${error.message}`;
}

/** Runs `code` in a namespace of its own that holds `names`, and gives the result. */
export function run(pyodide, code, names = {}) {
  const globals = pyodide.runPython("{}");
  try {
    for (const [name, value] of Object.entries(names)) globals.set(name, value);
    return pyodide.runPython(code, { globals });
  } finally {
    globals.destroy();
  }
}

/** run() of code that awaits. */
export async function runAsync(pyodide, code, names = {}) {
  const globals = pyodide.runPython("{}");
  try {
    for (const [name, value] of Object.entries(names)) globals.set(name, value);
    return await pyodide.runPythonAsync(code, { globals });
  } finally {
    globals.destroy();
  }
}
