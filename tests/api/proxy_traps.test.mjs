// Reflection on PyProxies of every kind (J102): no answer of a proxy is one that the engine refuses, and what
// Object.defineProperty() makes is kept in JavaScript.
import { assert, isKrait, krait, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const { ffi } = pyodide;

const KINDS = {
  object: "class Some:\n  a = 1\nSome()",
  dict: "{'a': 1, 'length': 2, 'destroy': 3}",
  "dict with attributes": "class Named(dict): pass\nnamed = Named(a=1); named.other = 2; named",
  list: "[1, [2], 'x']",
  tuple: "(1, (2,))",
  callable: "lambda x: x",
  type: "int",
  generator: "(i for i in [1, 2])",
  iterator: "iter([1])",
  coroutine: "async def nothing(): pass\nnothing()",
  buffer: "bytearray(b'ab')",
  bytes: "b'ab'",
  module: "import math\nmath",
  range: "range(3)",
  set: "{1}",
};
const settled = [];

function kinds(fn, code = (source) => source) {
  for (const [kind, source] of Object.entries(KINDS)) {
    const proxy = pyodide.runPython(code(source));
    try {
      fn(proxy, kind);
    } finally {
      if (kind === "coroutine") settled.push(proxy.then(() => {}));
      proxy.destroy();
    }
  }
}

const accessor = { get: () => 7, configurable: true, enumerable: true };

test("an accessor is kept in JavaScript, and nothing of it reaches Python", () => {
  kinds((proxy, kind) => {
    let written;
    Object.defineProperty(proxy, "made", { ...accessor, set: (value) => (written = value) });
    assert.equal(proxy.made, 7, kind);
    proxy.made = 8;
    assert.deepEqual([written, proxy.made, "made" in proxy], [8, 7, true], kind);
    assert.ok(Object.keys(proxy).includes("made"), kind);
    assert.ok(Reflect.ownKeys(proxy).includes("made"), kind);
    assert.equal(typeof Object.getOwnPropertyDescriptor(proxy, "made").get, "function", kind);
    assert.equal(delete proxy.made, true, kind);
    assert.deepEqual([proxy.made, "made" in proxy], [undefined, false], kind);
  });
});

test("a defined value hides what Python has under that name, until it is deleted", () => {
  const dict = pyodide.runPython("{'a': 1}");
  Object.defineProperty(dict, "a", accessor);
  assert.deepEqual([dict.a, dict.get("a"), delete dict.a, dict.a], [7, 1, true, 1]);
  const object = pyodide.runPython("class Some: pass\nsome = Some(); some.a = 1; some");
  Object.defineProperty(object, "a", { value: 2, writable: true, enumerable: true, configurable: true });
  object.a = 3;
  assert.deepEqual([object.a, pyodide.runPython("some.a"), delete object.a, object.a], [3, 1, true, 1]);
  Object.defineProperty(object, "copy", { value: 4, configurable: true });
  assert.equal(object.copy, 4);
  const list = pyodide.runPython("[1]");
  const symbol = Symbol("s");
  Object.defineProperty(list, symbol, { value: 5 });
  Object.defineProperty(list, "named", { value: 6 });
  assert.deepEqual([list[symbol], list.named, list.length, list.toString()], [5, 6, 1, "[1]"]);
  assert.equal(Reflect.set(list, "named", 7), false); // not writable
  for (const proxy of [dict, object, list]) proxy.destroy();
});

krait("an item of a sequence is written by defineProperty, or refused", "the peer claims to have defined it", () => {
  const list = pyodide.runPython("[1, 2]");
  Object.defineProperty(list, "0", { value: 9, writable: true, enumerable: true, configurable: true });
  assert.equal(list.toString(), "[9, 2]");
  for (const descriptor of [accessor, { value: 1, writable: false }]) assert.equal(Reflect.defineProperty(list, "0", descriptor), false);
  assert.equal(Reflect.defineProperty(list, "5", { value: 1, writable: true }), false);
  list.destroy();
});

test("deleting what is not there", () => {
  const dict = pyodide.runPython("{'a': 1}");
  assert.equal(Reflect.deleteProperty(dict, "missing"), false);
  assert.throws(() => delete dict.missing, TypeError);
  assert.equal(delete dict.a, true);
  assert.equal(dict.length, 0);
  const list = pyodide.runPython("[1]");
  assert.equal(Reflect.deleteProperty(list, "9"), false);
  assert.equal(delete list[0], true);
  for (const [code, key] of [["object()", "missing"], ["[1]", "missing"], ["lambda: 1", "missing"], ["object()", "9"]]) {
    const proxy = pyodide.runPython(code);
    const error = thrown(() => delete proxy[key]);
    assert.equal(error.type, "AttributeError", `${code}: ${error.message}`);
    assert.equal(delete proxy.destroy, true); // a method is no property of the proxy itself
    assert.equal(delete proxy.toString, true);
    assert.equal(typeof proxy.destroy, "function");
    proxy.destroy();
  }
  const tuple = pyodide.runPython("(1,)");
  assert.equal(thrown(() => delete tuple[0]).type, "TypeError");
  for (const proxy of [dict, list, tuple]) proxy.destroy();
});

krait("a proxy cannot be frozen, and stays as it was", "the peer's proxies are broken by the attempt", () => {
  kinds((proxy, kind) => {
    const prototype = Object.getPrototypeOf(proxy);
    for (const [name, refused] of Object.entries({
      freeze: () => Object.freeze(proxy),
      seal: () => Object.seal(proxy),
      preventExtensions: () => Object.preventExtensions(proxy),
      "a property for good": () => Object.defineProperty(proxy, "final", { value: 1, configurable: false }),
      "another prototype": () => Object.setPrototypeOf(proxy, {}),
    }))
      assert.throws(refused, /TypeError: .*trap returned falsish/, `${kind}: ${name}`);
    assert.equal(Reflect.preventExtensions(proxy), false);
    assert.equal(Reflect.setPrototypeOf(proxy, null), false);
    assert.equal(Reflect.setPrototypeOf(proxy, prototype), true);
    assert.equal(Object.getPrototypeOf(proxy), prototype);
    assert.deepEqual([Object.isFrozen(proxy), Object.isSealed(proxy), Object.isExtensible(proxy)], [false, false, true]);
    assert.equal(proxy.final, undefined);
  });
});

/** Asks everything that has an invariant; what the engine refuses is a TypeError that names a trap. */
function askEverything(proxy, kind) {
  const keys = ["a", "0", "9", "made", "length", "name", "prototype", "arguments", "caller", "constructor", "toString", "destroy",
    "__proto__", "missing", Symbol.iterator, Symbol.toStringTag, Symbol("unknown")];
  const asked = {
    ownKeys: () => Reflect.ownKeys(proxy),
    keys: () => Object.keys(proxy),
    entries: () => Object.entries(proxy),
    descriptors: () => Object.getOwnPropertyDescriptors(proxy),
    assign: () => Object.assign({}, proxy),
    "for in": () => {
      for (const key in proxy) assert.ok(key in proxy, key);
    },
    isExtensible: () => Reflect.isExtensible(proxy),
    isFrozen: () => Object.isFrozen(proxy),
    isSealed: () => Object.isSealed(proxy),
    prototype: () => Reflect.getPrototypeOf(proxy),
    tag: () => Object.prototype.toString.call(proxy),
  };
  for (const key of keys) {
    asked[`get ${String(key)}`] = () => proxy[key];
    if (typeof key === "symbol" && !isKrait(pyodide)) continue; // the peer looks for it in a dict
    asked[`has ${String(key)}`] = () => key in proxy;
    asked[`hasOwn ${String(key)}`] = () => Object.hasOwn(proxy, key);
    asked[`descriptor ${String(key)}`] = () => Reflect.getOwnPropertyDescriptor(proxy, key);
  }
  for (const [name, ask] of Object.entries(asked)) {
    try {
      ask();
    } catch (error) {
      assert.fail(`${kind}: ${name}: ${error}`);
    }
  }
}

test("no answer breaks an invariant", () => {
  kinds(askEverything);
  kinds((proxy, kind) => {
    Object.defineProperty(proxy, "made", accessor);
    Object.defineProperty(proxy, Symbol("s"), { value: 1 });
    Reflect.deleteProperty(proxy, Symbol("s"));
    askEverything(proxy, `${kind} with properties of its own`);
  });
});

krait("no answer breaks an invariant after refusals, nor for views", "the peer's proxies are broken by freezing", () => {
  kinds((proxy, kind) => {
    for (const change of [Reflect.preventExtensions, (p) => Reflect.setPrototypeOf(p, {}), (p) => Reflect.defineProperty(p, "made", { value: 1, configurable: false })])
      change(proxy);
    askEverything(proxy, kind);
    if (typeof proxy.asJsJson === "function" && !proxy.type.startsWith("N")) askEverything(proxy.asJsJson(), `view of ${kind}`);
    if (proxy instanceof ffi.PyCallable) askEverything(proxy.bind(null), `bound ${kind}`);
  });
});

test("a callable's attributes are not hidden by what functions of JavaScript have", () => {
  const names = ["name", "length", "arguments", "caller", "prototype"];
  const object = pyodide.runPython("class Has:\n  name = length = arguments = caller = prototype = 5\n  def __call__(self): return 1\nHas()");
  const lambda = pyodide.runPython("lambda: 1");
  for (const name of names) {
    assert.deepEqual([object[name], name in object, lambda[name]], [5, true, undefined], name);
    if (name !== "prototype") assert.equal(name in lambda, false, name);
  }
  lambda.name = 6;
  assert.equal(lambda.name, 6);
  assert.equal(object(), 1);
  object.destroy();
  lambda.destroy();
});

test("properties of one proxy are not those of a copy, or of Python", () => {
  const list = pyodide.runPython("it = [1]; it");
  Object.defineProperty(list, "made", accessor);
  const copy = list.copy();
  assert.equal(copy.made, undefined);
  pyodide.globals.set("given", list);
  pythonError(pyodide, "given.made", "AttributeError");
  list.destroy();
  assert.throws(() => list.missing, /already been destroyed/);
  copy.destroy();
});

test("coroutines of the tables end", async () => {
  await Promise.allSettled(settled);
});
