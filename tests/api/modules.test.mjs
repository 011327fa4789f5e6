// Modules: pyimport (J32), registerJsModule (J41, J42, Y59), js (Y02), pyodide_js (Y03), hints for missing ones (Y112).
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

test("pyimport: modules, submodules, attributes", () => {
  const sys = pyodide.pyimport("sys");
  assert.equal(sys.platform, "emscripten");
  assert.equal(sys.type, "module");
  sys.destroy();
  assert.equal(pyodide.pyimport("math.comb")(4, 2), 6);
  const path = pyodide.pyimport("os.path");
  assert.equal(path.join("a", "b"), "a/b");
  path.destroy();
  const decoder = pyodide.pyimport("json.decoder");
  assert.equal(decoder.__name__, "json.decoder");
  decoder.destroy();
  assert.equal(pyodide.globals.get("sys_was_not_bound"), undefined);
});

test("pyimport: what is not there", () => {
  assert.equal(lastLine(thrown(() => pyodide.pyimport("nope_mod"))), "ModuleNotFoundError: No module named 'nope_mod'");
  assert.match(thrown(() => pyodide.pyimport("math.nope")).message, /nope/);
});

test("registerJsModule: import forms", () => {
  pyodide.registerJsModule("jm", { a: 1, f: (x) => x + 1, sub: { b: 2, deeper: { c: 3 } }, list: [1, 2] });
  assert.equal(py("import jm\njm.a"), 1);
  assert.equal(py("from jm import a, f\nf(a)"), 2);
  assert.equal(py("import jm.sub\njm.sub.b"), 2);
  assert.equal(py("import jm.sub as s\ns.b"), 2);
  assert.equal(py("from jm.sub import b\nb"), 2);
  assert.equal(py("from jm.sub.deeper import c\nc"), 3);
  assert.equal(py("from jm import sub\nsub.b"), 2);
  assert.equal(py("from jm import list as l\nlen(l)"), 2);
  assert.equal(py("ns = {}\nexec('from jm import *', ns)\nns['a']"), 1);
  assert.equal(py("import importlib\nimportlib.import_module('jm').a"), 1);
  assert.equal(py("jm.__name__"), "jm");
  assert.equal(lastLine(pythonError(pyodide, "from jm import nope")), "ImportError: cannot import name 'nope' from 'jm' (unknown location)");
  assert.equal(lastLine(pythonError(pyodide, "import jm.nope")), "ModuleNotFoundError: No module named 'jm.nope'");
  pythonError(pyodide, "import jm.a", "ModuleNotFoundError");
  pyodide.unregisterJsModule("jm");
  py("import sys\nfor name in [n for n in sys.modules if n.split('.')[0] == 'jm']: del sys.modules[name]");
  assert.equal(lastLine(pythonError(pyodide, "import jm")), "ModuleNotFoundError: No module named 'jm'");
});

test("registerJsModule: the object gets no attributes of the import system", () => {
  const object = { a: 1, sub: { b: 1 } };
  pyodide.registerJsModule("clean", object);
  py("import clean.sub");
  assert.deepEqual(Object.getOwnPropertyNames(object), ["a", "sub"]);
  assert.deepEqual(Object.getOwnPropertyNames(object.sub), ["b"]);
  pyodide.unregisterJsModule("clean");
  py("import sys\ndel sys.modules['clean'], sys.modules['clean.sub']");
});

test("registerJsModule: Python's own modules come first", () => {
  pyodide.registerJsModule("colorsys", { zz: 1 });
  assert.equal(py("import colorsys\nhasattr(colorsys, 'rgb_to_hsv')"), true);
  pyodide.unregisterJsModule("colorsys");
});

test("registerJsModule: a function can be a module", () => {
  pyodide.registerJsModule("jsfunction", () => 5);
  assert.equal(py("import jsfunction\njsfunction()"), 5);
  pyodide.unregisterJsModule("jsfunction");
  py("import sys\ndel sys.modules['jsfunction']");
});

test("registerJsModule: wrong arguments", () => {
  assert.equal(thrown(() => pyodide.registerJsModule("x", 5)).type, "TypeError");
  assert.equal(thrown(() => pyodide.registerJsModule("x", null)).type, "TypeError");
  assert.equal(thrown(() => pyodide.registerJsModule(5, {})).type, "TypeError");
  const error = thrown(() => pyodide.unregisterJsModule("never_was"));
  assert.equal(error.type, "ValueError");
  assert.match(lastLine(error), /'never_was'/);
});

test("register_js_module from Python", () => {
  assert.equal(
    py(`
    from pyodide.ffi import register_js_module, unregister_js_module
    import js, sys
    register_js_module("pm", js.JSON)
    import pm
    unregister_js_module("pm")
    del sys.modules["pm"]
    pm.stringify([1]) if False else pm.stringify(1)
  `),
    "1",
  );
});

test("js is a mirror of the global object", () => {
  assert.equal(py("import js\njs.parseInt('12')"), 12);
  assert.equal(py("from js import Math, Object as O\nMath.max(1, 5)"), 5);
  assert.equal(py("from js.Math import min\nmin(1, 5)"), 1);
  assert.equal(py("from js.JSON import parse\nparse('7')"), 7);
  py("js.setFromPython = 'here'");
  assert.equal(globalThis.setFromPython, "here");
  globalThis.setFromPython = "changed";
  assert.equal(py("js.setFromPython"), "changed");
  py("del js.setFromPython");
  assert.equal("setFromPython" in globalThis, false);
  assert.equal(lastLine(pythonError(pyodide, "from js import nopeXX")), "ImportError: cannot import name 'nopeXX' from 'js' (unknown location)");
  pythonError(pyodide, "js.nopeXX", "AttributeError");
  assert.equal(pyodide.runPython("js.globalThis"), globalThis);
});

test("pyodide_js is the public object", () => {
  assert.equal(py("import pyodide_js\npyodide_js.version"), pyodide.version);
  assert.equal(py("pyodide_js.runPython('1 + 1')"), 2);
  assert.equal(py("from pyodide_js import globals as g\ng is not None"), true);
  assert.equal(py("from pyodide_js.FS import mkdirTree\nmkdirTree.name") !== undefined, true);
});

test("pyodide_py is the Python package", () => {
  assert.equal(pyodide.pyodide_py.type, "module");
  assert.equal(pyodide.pyodide_py.__name__, "pyodide");
});

test("modules on sys.path are found, also such as were written just now", () => {
  pyodide.FS.mkdirTree("/home/pyodide/pack/inner");
  pyodide.FS.writeFile("/home/pyodide/pack/__init__.py", "from .inner import value");
  pyodide.FS.writeFile("/home/pyodide/pack/inner/__init__.py", "value = 11");
  assert.equal(py("import sys, importlib\nimportlib.invalidate_caches()\nimport pack\npack.value"), 11);
});

test("a missing module is a ModuleNotFoundError with its name", () => {
  const error = pythonError(pyodide, "import nopexyz", "ModuleNotFoundError");
  assert.equal(lastLine(error), "ModuleNotFoundError: No module named 'nopexyz'");
  assert.equal(py("try:\n  import nopexyz\nexcept ModuleNotFoundError as e:\n  r = e.name\nr"), "nopexyz");
});

test("modules of the standard library that cannot work here are missing with a reason", () => {
  for (const name of ["tkinter", "curses", "dbm", "grp", "pwd", "msvcrt", "idlelib", "ensurepip", "venv", "turtle"]) {
    const error = pythonError(pyodide, `import ${name}`, "ModuleNotFoundError");
    assert.match(error.message, new RegExp(`No module named '${name}'\n[^]*standard library`), name);
    assert.equal(py(`import importlib.util\nimportlib.util.find_spec('${name}') is None`), true);
  }
});

krait("the frames of the import hook are not shown", "the peer has another mechanism", () => {
  const { message } = pythonError(pyodide, "import tkinter");
  assert.doesNotMatch(message, /find_spec|_importhook/);
});

test("modules leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    pyodide.registerJsModule("leaky", { a: { b: 1 } });
    py("import leaky.a, sys\nleaky.a.b\ndel leaky, sys.modules['leaky'], sys.modules['leaky.a']");
    pyodide.unregisterJsModule("leaky");
    pyodide.pyimport("json").destroy();
    try {
      py("from js import nopeXX");
    } catch {}
    py("import js\njs.Math.max(1, 2)\ndel js");
    py("import sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  });
});
