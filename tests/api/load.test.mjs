// loadPyodide: its options (J01-J07, J10-J15, J18), several instances, errors of a failed start.
import { assert, IN_NODE, indexURL, isKrait, krait, loadForTest, loaderVersion, loadPyodide, test } from "./harness.mjs";

const quiet = { stdout: () => {}, stderr: () => {} };

test("the loader exports its version, and it is the version of the runtime", async () => {
  const pyodide = await loadForTest();
  assert.match(loaderVersion, /^314\.\d+\.\d+/);
  assert.equal(pyodide.version, loaderVersion);
  assert.equal(pyodide.runPython("import pyodide; pyodide.__version__"), loaderVersion);
  assert.equal(pyodide.pyodide_py.__version__, loaderVersion);
});

test("two instances do not disturb each other", async () => {
  const a = await loadForTest();
  const b = await loadPyodide(quiet);
  assert.notEqual(a, b);
  a.runPython("shared_name = 'a'");
  assert.equal(b.globals.get("shared_name"), undefined);
  b.runPython("shared_name = 'b'");
  a.FS.writeFile("/tmp/only_in_a", "x");
  assert.equal(a.runPython("shared_name"), "a");
  assert.equal(b.runPython("import os; os.path.exists('/tmp/only_in_a')"), false);
  a.registerJsModule("only_a", { value: 1 });
  assert.throws(() => b.runPython("import only_a"), /No module named 'only_a'/);
  a.unregisterJsModule("only_a");
  const list = b.runPython("[1, 2]");
  assert.equal(list.length, 2);
  list.destroy();
});

test("a proxy of one instance is an ordinary JS object to another", async () => {
  const a = await loadForTest();
  const b = await loadPyodide(quiet);
  const list = a.runPython("[1, 2, 3]");
  b.globals.set("foreign", list);
  assert.equal(b.runPython("foreign.length"), 3);
  assert.match(b.runPython("str(type(foreign))"), /JsProxy/);
  list.destroy();
});

test("indexURL says where the files are, with and without a slash at the end", async () => {
  const index = await indexURL();
  for (const indexURL of [index, index.replace(/[\\/]+$/, "")]) {
    const pyodide = await loadPyodide({ indexURL, ...quiet });
    assert.equal(pyodide.runPython("1 + 1"), 2);
  }
});

test("stdout and stderr get lines, from the start on", async () => {
  const out = [];
  const err = [];
  const pyodide = await loadPyodide({ stdout: (line) => out.push(line), stderr: (line) => err.push(line) });
  out.length = err.length = 0;
  pyodide.runPython("import sys\nprint('one')\nprint('two\\nthree')\nprint('error', file=sys.stderr)");
  assert.deepEqual(out, ["one", "two", "three"]);
  assert.deepEqual(err, ["error"]);
});

test("stdin is asked for a line at a time", async () => {
  const lines = ["first", "zweite ü"];
  const pyodide = await loadPyodide({ ...quiet, stdin: () => lines.shift() ?? null });
  assert.equal(pyodide.runPython("input()"), "first");
  assert.equal(pyodide.runPython("input()"), "zweite ü");
  assert.throws(() => pyodide.runPython("input()"), /EOFError/);
});

test("jsglobals is what `import js` sees", async () => {
  const jsglobals = { answer: 42, nested: { x: 1 }, Object };
  const pyodide = await loadPyodide({ ...quiet, jsglobals });
  assert.equal(pyodide.runPython("import js; js.answer"), 42);
  assert.equal(pyodide.runPython("from js.nested import x; x"), 1);
  assert.equal(pyodide.runPython("hasattr(js, 'parseInt')"), false);
  pyodide.runPython("js.written = 5");
  assert.equal(jsglobals.written, 5);
  assert.equal("answer" in globalThis, false);
});

test("args are the interpreter's command line", async () => {
  const pyodide = await loadPyodide({ ...quiet, args: ["-O", "-W", "error::UserWarning"] });
  assert.equal(pyodide.runPython("__debug__"), false);
  assert.equal(pyodide.runPython("import sys; str(sys.warnoptions)"), "['error::UserWarning']");
  assert.throws(() => pyodide.runPython("import warnings; warnings.warn('w')"), /UserWarning: w/);
});

test("env is the environment, and HOME has a default", async () => {
  const pyodide = await loadPyodide({ ...quiet, env: { FOO: "bär", PYTHONHASHSEED: "1" } });
  assert.equal(pyodide.runPython("import os; os.environ['FOO']"), "bär");
  assert.equal(pyodide.runPython("os.environ['HOME']"), "/home/pyodide");
  assert.equal(pyodide.runPython("os.getcwd()"), "/home/pyodide");
  assert.equal(pyodide.runPython("import sys; sys.flags.hash_randomization"), 1);
  const other = await loadPyodide({ ...quiet, env: { HOME: "/home/me", PYTHONHASHSEED: "1" } });
  assert.equal(other.runPython("import os; os.path.expanduser('~')"), "/home/me");
  assert.equal(other.runPython("os.getcwd()"), "/home/me");
  assert.equal(pyodide.runPython("hash('krait')"), other.runPython("hash('krait')"));
});

test("SystemExit does not end the runtime", async () => {
  const pyodide = await loadForTest();
  assert.throws(() => pyodide.runPython("import sys; sys.exit(3)"), (error) => error.type === "SystemExit");
  assert.equal(pyodide.runPython("1 + 1"), 2);
});

test("lockFileContents may be an object, a string or a promise", async () => {
  const lock = {
    info: { abi_version: "2025_0", arch: "wasm32", platform: "emscripten_4_0_9", version: "1", python: "3.13.0" },
    packages: {},
  };
  const probe = await loadForTest();
  const base = structuredClone(probe.lockfile);
  const contents = { ...lock, info: base.info };
  for (const lockFileContents of [contents, JSON.stringify(contents), Promise.resolve(contents)]) {
    const pyodide = await loadPyodide({ ...quiet, lockFileContents, packageBaseUrl: "https://example.org/p/" });
    assert.deepEqual(Object.keys(pyodide.lockfile.packages), []);
    assert.equal(pyodide.lockfileBaseUrl, "https://example.org/p/");
  }
});

test("a folder without the runtime's files is named in the error", async () => {
  const index = (await indexURL()).replace(/[\\/]+$/, "");
  await assert.rejects(loadPyodide({ ...quiet, indexURL: `${index}/no_such_folder` }), /no_such_folder/);
});

krait(
  "a missing standard library is named in the error",
  "the peer goes on without it and fails inside Python's start, without naming the file",
  async () => {
    const index = (await indexURL()).replace(/[\\/]+$/, "");
    await assert.rejects(loadPyodide({ ...quiet, stdLibURL: `${index}/no_such_stdlib.zip` }), /no_such_stdlib\.zip/);
  },
);

test("checkAPIVersion can be turned off and is on by default", async () => {
  const pyodide = await loadPyodide({ ...quiet, checkAPIVersion: false });
  assert.equal(pyodide.runPython("1"), 1);
});

krait(
  "a lockFileContents that is no JSON is refused",
  "the peer's error is an unhandled rejection beside the promise of loadPyodide",
  async () => {
    await assert.rejects(loadPyodide({ ...quiet, lockFileContents: "{ not json" }), /lockFileContents/);
  },
);

test("Python is the one of this platform", async () => {
  const pyodide = await loadForTest();
  assert.equal(pyodide.runPython("import sys; sys.platform"), "emscripten");
  assert.equal(pyodide.runPython("import platform; platform.machine()"), "wasm32");
  const version = pyodide.runPython("'.'.join(map(str, sys.version_info[:2]))");
  assert.equal(version, isKrait(pyodide) ? "3.13" : "3.14");
  assert.equal(pyodide.runPython("sys.maxsize"), 2 ** 31 - 1);
});

if (IN_NODE) {
  test("packageCacheDir is accepted", async () => {
    const pyodide = await loadPyodide({ ...quiet, packageCacheDir: await indexURL() });
    assert.equal(pyodide.runPython("1"), 1);
  });
}
