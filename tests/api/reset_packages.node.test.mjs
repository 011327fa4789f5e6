// reset() of interpreters with packages and extension modules: they are forgotten, and can be loaded again at the same places.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../packages/wheelhouse.mjs";
import { load, packageTests, SITE } from "../packages/runtime.mjs";
import { assert, loadPyodide, rejection, test, thrown } from "./harness.mjs";
import { build } from "./side_modules/build.mjs";

const { start } = await packageTests(binary());
const modules = build();
const quiet = { stdout: () => {}, stderr: () => {} };

function copy(pyodide, from = modules, to = SITE) {
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    if (statSync(source).isDirectory()) {
      pyodide.FS.mkdirTree(`${to}/${name}`);
      copy(pyodide, source, `${to}/${name}`);
    } else if (name.endsWith(".so")) {
      pyodide.FS.writeFile(`${to}/${name}`, readFileSync(source));
    }
  }
}

const IMPORTS = `
import importlib; importlib.invalidate_caches()
import plain, ctypes, wrong_signatures, graphics, tls_and_weak
from cpp import cpp_exceptions
import pack.one, pack.two
clear = ctypes.CFUNCTYPE(None, ctypes.c_int)(ctypes.cast(ctypes.CDLL(None).emscripten_glClear, ctypes.c_void_p).value)
counter = plain.Counter(); next(counter); next(counter)
class Sub(plain.Counter): pass
sub = Sub()
pow_ = ctypes.CDLL(None).pow
pow_.argtypes = [ctypes.c_double] * 2; pow_.restype = ctypes.c_double`;
const USE = `str([plain.add(40, 2), next(counter), next(sub), pow_(2.0, 10.0), plain.from_libc(), plain.call_back(lambda n: n * 10, 4), cpp_exceptions.inside(), ctypes.CDLL(None).strlen(b'four'),
  cpp_exceptions.from_library(), cpp_exceptions.of_libcxx(), pack.one.next(), pack.two.next(), wrong_signatures.o_one(5), wrong_signatures.Thing()(), graphics.addresses(), graphics.javascript(),
  ctypes.cast(clear, ctypes.c_void_p).value == ctypes.cast(ctypes.CDLL(None).emscripten_glClear, ctypes.c_void_p).value, tls_and_weak.values()])`;

test("side modules are gone, and have the same places when they are loaded again: table and memory do not grow", async () => {
  const pyodide = await loadPyodide(quiet);
  const begin = pyodide._module.wasmTable.length;
  const round = () => {
    copy(pyodide);
    pyodide.runPython(IMPORTS);
    const { kraitLibraries, wasmTable, HEAPU8 } = pyodide._module;
    // JavaScript that was evaluated once stays, and is listed from then on.
    const libraries = kraitLibraries.save().filter(({ name }) => name);
    return { used: pyodide.runPython(USE), libraries: libraries.map(({ name, table }) => [name, table]), table: wasmTable.length, memory: HEAPU8.length };
  };
  const first = round();
  assert.ok(first.table > begin);
  for (let i = 0; i < 10; i++) {
    await pyodide.reset();
    assert.deepEqual(pyodide._module.kraitLibraries.save().filter(({ name }) => name), []);
    assert.equal(pyodide._module.wasmTable.length, begin);
    assert.match(thrown(() => pyodide.runPython("import plain")).message, /No module named 'plain'/);
    assert.deepEqual(round(), first);
  }
  // The table has held them all in the same part of it.
  const length = Object.getOwnPropertyDescriptor(WebAssembly.Table.prototype, "length").get.call(pyodide._module.wasmTable);
  assert.equal(length, first.table);
});

test("another module takes the place of one that is gone", async () => {
  const pyodide = await loadPyodide(quiet);
  copy(pyodide);
  pyodide.runPython("import plain; plain.add(1, 2)");
  const [{ table }] = pyodide._module.kraitLibraries.save();
  await pyodide.reset();
  copy(pyodide);
  assert.equal(pyodide.runPython("from cpp import cpp_exceptions; cpp_exceptions.inside()"), "inside 1");
  assert.equal(pyodide._module.kraitLibraries.save()[0].table, table);
  assert.equal(pyodide.runPython("import plain; plain.add(1, 2)"), 3);
});

test("side modules of an image stay, in the state that the image has; those beyond are gone", async () => {
  const maker = await loadPyodide(quiet);
  copy(maker);
  maker.runPython(IMPORTS.replace(", tls_and_weak", ""));
  const image = maker.makeMemorySnapshot();
  const use = USE.replace(", tls_and_weak.values()", "");
  const expected = maker.runPython(use);
  const pyodide = await loadPyodide({ ...quiet, _loadSnapshot: image });
  for (let i = 0; i < 4; i++) {
    assert.equal(pyodide.runPython(use), expected);
    assert.equal(pyodide.runPython("import tls_and_weak as t; str(t.values())"), "(41, 8, 5, 0, 0, 9, 1)");
    await pyodide.reset();
  }
});

test("a trap inside a side module", async () => {
  const pyodide = await loadPyodide(quiet);
  for (let i = 0; i < 2; i++) {
    copy(pyodide);
    assert.ok(thrown(() => pyodide.runPython("import plain, os; plain.call_back(lambda n: os.abort(), 4)")));
    await pyodide.reset();
  }
  copy(pyodide);
  assert.equal(pyodide.runPython("import plain; plain.call_back(lambda n: n * 10, 4)"), 50);
});

test("loaded packages are forgotten, and loaded again when they are asked for", async () => {
  const { pyodide } = await start();
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(pyodide.loadedPackages, {});
    const { data, errors } = await load(pyodide, ["plain", "pack"]);
    assert.deepEqual([data.map(({ name }) => name), errors], [["plain", "pack"], []]);
    assert.deepEqual(Object.keys(pyodide.loadedPackages).sort(), ["pack", "plain"]);
    assert.equal(pyodide.runPython("import plain\nfrom pack import one\nplain.add(40, 2)"), 42);
    await pyodide.reset();
    assert.match(thrown(() => pyodide.runPython("import plain")).message, /No module named 'plain'/);
  }
});

test("packages that are in an image are loaded packages after each reset", async () => {
  const { pyodide: maker } = await start();
  await load(maker, "plain");
  maker.runPython("import plain");
  const { pyodide } = await start({ _loadSnapshot: maker.makeMemorySnapshot() });
  const loaded = { ...pyodide.loadedPackages };
  assert.deepEqual(Object.keys(loaded), ["plain"]);
  await load(pyodide, "pack");
  await pyodide.reset();
  assert.deepEqual(pyodide.loadedPackages, loaded);
  assert.equal(pyodide.runPython("plain.add(1, 2)"), 3);
});

test("packages of the option are not loaded again by themselves", async () => {
  const { pyodide } = await start({ packages: ["plain"] });
  assert.equal(pyodide.runPython("import plain; plain.add(1, 2)"), 3);
  await pyodide.reset();
  assert.deepEqual(pyodide.loadedPackages, {});
  await pyodide.loadPackage("plain", { messageCallback() {} });
  assert.equal(pyodide.runPython("import plain; plain.add(1, 2)"), 3);
});

test("an installation that is under way when the interpreter goes is rejected, and leaves nothing in the next one", async () => {
  const { pyodide } = await start();
  const going = rejection(pyodide.loadPackage(["plain", "pack"], { messageCallback() {}, errorCallback() {} }));
  await pyodide.reset();
  assert.match((await going).message, /before reset\(\)/);
  assert.deepEqual(pyodide.loadedPackages, {});
  assert.deepEqual(readdirOf(pyodide, SITE), []);
  assert.deepEqual((await load(pyodide, "plain")).errors, []);
});

const readdirOf = (pyodide, path) => pyodide.FS.readdir(path).filter((name) => !name.startsWith("."));
