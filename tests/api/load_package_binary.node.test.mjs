// Packages with side modules: loaded when they are imported and not before, with the libraries beside them and those that are
// packages of their own.
import { assert, lastLine, pythonError, test } from "./harness.mjs";
import { binary } from "../packages/wheelhouse.mjs";
import { filesOf, load, packageTests, SITE } from "../packages/runtime.mjs";

const WHEELS = binary();
const { start } = await packageTests(WHEELS);
const librariesOf = (pyodide) => pyodide._module.kraitLibraries.save().map(({ name }) => name).filter(Boolean);

test("side modules are loaded at their first import, with the libraries that their RPATH leads to", async () => {
  const { pyodide } = await start();
  const { data, errors } = await load(pyodide, ["plain", "pack"]);
  assert.deepEqual([data.map(({ name }) => name), errors], [["plain", "pack"], []]);
  assert.deepEqual(librariesOf(pyodide), []);
  assert.equal(pyodide.runPython("import plain\nplain.add(40, 2)"), 42);
  assert.deepEqual(librariesOf(pyodide), [`${SITE}/plain.so`]);
  pyodide.runPython("from pack import one");
  assert.deepEqual(librariesOf(pyodide).slice(1), [`${SITE}/pack/../pack.libs/libshared.so`, `${SITE}/pack/one.so`]);
  pyodide.runPython("from pack import two");
  assert.equal(librariesOf(pyodide).length, 4);
});

test("side modules are compiled while they are installed, and only instantiated by their import", async () => {
  const { pyodide } = await start();
  const { Module } = WebAssembly;
  const compiled = [];
  WebAssembly.Module = class extends Module {
    constructor(bytes) {
      super(bytes);
      compiled.push(bytes.length);
    }
    static [Symbol.hasInstance](value) {
      return value instanceof Module;
    }
  };
  try {
    await load(pyodide, ["plain", "pack"]);
    assert.equal(pyodide.runPython("import plain\nplain.add(40, 2)"), 42);
    pyodide.runPython("from pack import one, two");
    assert.equal(librariesOf(pyodide).length, 4);
    assert.deepEqual(compiled, []);
  } finally {
    WebAssembly.Module = Module;
  }
});

test("a side module that was written anew is not the one that was compiled", async () => {
  const { pyodide } = await start();
  await load(pyodide, ["plain"]);
  pyodide.FS.writeFile(`${SITE}/plain.so`, "something else");
  assert.match(lastLine(pythonError(pyodide, "import plain", "ImportError")), /it begins with the bytes 73 6f 6d 65/);
});

test("a shared library that is a package of its own is found by those that need it", async () => {
  const { pyodide } = await start();
  const { data, errors } = await load(pyodide, "lonely_ext");
  assert.deepEqual(errors, []);
  assert.deepEqual(data.map(({ name, fileName, packageType }) => [name, fileName, packageType]), [
    ["libshared", "files/libshared-1.0.zip", "shared_library"],
    ["lonely_ext", `files/${WHEELS.find(({ name }) => name === "lonely_ext").filename}`, "package"],
  ]);
  assert.ok(filesOf(pyodide).includes("/usr/lib/libshared.so"));
  assert.equal(pyodide.runPython("import lonely\nlonely.__name__"), "lonely");
  assert.deepEqual(librariesOf(pyodide), ["/usr/lib/libshared.so", `${SITE}/lonely.so`]);
  // It is here, though no tool of Python's knows it.
  assert.deepEqual((await load(pyodide, "libshared")).messages, ["libshared already loaded from default channel", "No new packages to load"]);
});

test("without its library a side module says which one it wants; with it, it loads after all", async () => {
  const { pyodide } = await start();
  await load(pyodide, "lonely_ext");
  pyodide.FS.rename("/usr/lib/libshared.so", "/tmp/libshared.so");
  assert.match(pythonError(pyodide, "import lonely", "ImportError").message, /library not found: libshared\.so \(needed by .*lonely\.so/);
  pyodide.FS.rename("/tmp/libshared.so", "/usr/lib/libshared.so");
  assert.equal(pyodide.runPython("import lonely\nlonely.__name__"), "lonely");
});

test("a file that is no side module spoils its own import alone", async () => {
  const { pyodide } = await start();
  assert.equal((await load(pyodide, ["broken_ext", "plain"])).data.length, 2);
  const error = pythonError(pyodide, "import broken_ext", "ImportError");
  assert.match(lastLine(error), /the file is no WebAssembly module: it begins with the bytes 74 68 69 73, expected 00 61 73 6d$/);
  assert.equal(pyodide.runPython("import plain\nplain.add(1, 1)"), 2);
});

test("an image of a runtime with packages has them, and knows what is loaded", async () => {
  const { pyodide } = await start();
  await load(pyodide, ["plain", "lonely_ext"]);
  pyodide.runPython("import plain");
  const again = await start({ _loadSnapshot: pyodide.makeMemorySnapshot() });
  assert.deepEqual(again.pyodide.loadedPackages, { ...pyodide.loadedPackages });
  assert.equal(again.pyodide.runPython("import lonely\nplain.add(20, 3)"), 23);
  assert.deepEqual((await load(again.pyodide, "libshared")).data, []);
});
