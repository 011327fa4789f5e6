// Python objects whose special methods fail, endless recursion across the border, and objects of other realms.
import { assert, expectNoLeaks, krait, loadForTest, pythonError, test, thrown, IN_NODE } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
py(`
class Bad:
    def _raise(self, *args): raise ValueError("hostile")
    __getattr__ = __len__ = __eq__ = __hash__ = __repr__ = __str__ = __getitem__ = __setitem__ = __contains__ = _raise
    __iter__ = __next__ = __call__ = __dir__ = __bool__ = __setattr__ = __delattr__ = __delitem__ = __float__ = __index__ = _raise
class BadDel:
    def __del__(self): raise ValueError("hostile")
`);

const OPERATIONS = {
  "a missing attribute": (o) => o.nosuch,
  "setting an attribute": (o) => { o.x = 1; },
  "deleting an attribute": (o) => { delete o.x; },
  length: (o) => o.length,
  toString: (o) => o.toString(),
  "String()": (o) => String(o),
  get: (o) => o.get(1),
  set: (o) => o.set(1, 2),
  delete: (o) => o.delete(1),
  has: (o) => o.has(1),
  iteration: (o) => [...o],
  next: (o) => o.next(),
  call: (o) => o(),
  callKwargs: (o) => o.callKwargs(1, {}),
  callRelaxed: (o) => o.callRelaxed(1),
  "Object.keys": (o) => Object.keys(o),
  "Reflect.ownKeys": (o) => Reflect.ownKeys(o),
};

test("special methods that raise: the error arrives as it is", () => {
  const bad = py("Bad()");
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const error = thrown(() => operation(bad));
    assert.equal(error.name, "PythonError", `${name}: ${error}`);
    assert.equal(error.type, "ValueError", `${name}: ${error.message}`);
  }
  assert.equal(bad.type, "Bad");
  assert.equal(Array.isArray(bad), false);
  assert.equal(bad instanceof pyodide.ffi.PyCallable, true);
  const copy = bad.copy();
  copy.destroy();
  bad.destroy();
  assert.equal(py("1 + 1"), 2);
});

test("__del__ that raises does not reach the one who destroys", () => {
  const bad = py("BadDel()");
  bad.destroy();
  assert.equal(py("1 + 1"), 2);
});

test("hostile objects leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    const bad = py("Bad()");
    for (const operation of Object.values(OPERATIONS)) assert.throws(() => operation(bad));
    bad.destroy();
    py("import sys\nsys.last_exc = None");
  });
});

// Each is called until a stack ends: by Python calling JavaScript calling Python, with something else in between.
const RECURSIONS = {
  "JavaScript first": () => {
    const f = py("lambda g: g()");
    const g = () => f(g);
    return g;
  },
  "in __getattr__": () => {
    const o = py("class Deep:\n  def __getattr__(self, name): return step()\nDeep()");
    pyodide.globals.set("step", () => o.again);
    return () => o.again;
  },
  "in a JavaScript getter": () => {
    const read = py("lambda o: o.x");
    const o = { get x() { return read(o); } };
    return () => read(o);
  },
  "in a conversion": () => {
    const f = py("def convert(value):\n  from pyodide.ffi import to_js\n  return to_js([value], default_converter=lambda *a: convert(value))\nconvert");
    const object = py("object()");
    return () => f(object);
  },
  "in iteration": () => {
    const f = py("lambda it: [x for x in it]");
    const it = { [Symbol.iterator]: () => ({ next: () => f(it) }) };
    return () => f(it);
  },
  "in a key's __hash__ and __eq__": () => {
    py("class Key:\n  def __hash__(self): return step()\n");
    const o = py("{}");
    const key = py("Key()");
    pyodide.globals.set("step", () => o.get(key));
    return () => o.get(key);
  },
  "in __str__": () => {
    const o = py("class Text:\n  def __str__(self): return step()\nText()");
    pyodide.globals.set("step", () => String(o));
    return () => String(o);
  },
};

for (const [name, make] of Object.entries(RECURSIONS)) {
  krait(`endless recursion ends with an error: ${name}`, "the peer may die of it", () => {
    const recurse = make();
    for (let i = 0; i < 2; i++) {
      const error = thrown(recurse);
      assert.match(`${error.type ?? error.name}: ${error.message}`, /RecursionError|RangeError|call stack|stack overflow/i);
      assert.equal(py("1 + 1"), 2);
      assert.equal(pythonError(pyodide, "1 / 0").type, "ZeroDivisionError");
    }
  });
}

if (IN_NODE) {
  const vm = await import(["node", "vm"].join(":"));

  test("objects of another realm are what they are", () => {
    const make = (code) => vm.runInNewContext(code);
    const f = py("lambda x: x");
    const kind = py("from pyodide.ffi import JsProxy, JsArray, JsException\nlambda x: type(x).__name__ if not isinstance(x, JsException) else 'JsException'");
    assert.equal(py("from pyodide.ffi import JsArray\nlambda x: isinstance(x, JsArray) and x.to_py()")(make("[1, 2]")).toString(), "[1, 2]");
    assert.equal(py("lambda x: x.to_py()['a']")(make("({a: 5})")), 5);
    assert.equal(py("lambda x: x.to_py()[1]")(make("new Map([[1, 6]])")), 6);
    assert.equal(py("lambda x: bytes(x.to_py()).hex()")(make("new Uint8Array([1, 255])")), "01ff");
    assert.equal(kind(make("new TypeError('x')")), "JsException");
    assert.equal(py("lambda f: f(3)")(make("(x) => x * 2")), 6);
    const object = make("({})");
    assert.equal(f(object), object);
  });

  test("errors thrown in another realm are JsExceptions, and come back the same", () => {
    const error = vm.runInNewContext("new RangeError('far')");
    const caught = py("from pyodide.ffi import JsException\ndef caught(f):\n  try: f()\n  except JsException as e: return f'{e.name}: {e.message}'\ncaught");
    assert.equal(caught(() => { throw error; }), "RangeError: far");
  });

  krait("keyword arguments may come from another realm", "the peer asks for its own Object", () => {
    assert.equal(py("dict").callKwargs(vm.runInNewContext("({ a: 1 })")).toString(), "{'a': 1}");
  });
}
