// Input that is out to break the border: objects that throw, lie, are revoked or destroyed, and values at the edges.
// Each case must end in an ordinary error or result, and the runtime must go on working.
import { afterEach } from "node:test";
import { assert, expectNoLeaks, krait, loadForTest, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const { ffi } = pyodide;

afterEach(() => assert.equal(pyodide.runPython("1 + 1"), 2, "the runtime must go on"));

function raise(text = "hostile") {
  throw new Error(text);
}

/** What Python can do with an object; each of it may fail, but only with an exception. */
const OPERATIONS = [
  "str(x)", "repr(x)", "bool(x)", "len(x)", "list(x)", "dir(x)", "iter(x)", "next(x)", "x.a", "x.a = 1", "del x.a", "x[0]",
  "x['a']", "x[0] = 1", "del x[0]", "'a' in x", "x()", "x.new()", "x(1, a=2)", "x == x", "x == 1", "hash(x)", "x.js_id", "x.typeof",
  "x.to_py()", "x.object_keys()", "x.object_entries()", "hasattr(x, 'b')", "isinstance(x, int)", "x.a.b", "x.a()", "reversed(x)",
  "x + x", "type(x)", "x.then", "x.length", "import copy; copy.copy(x)", "from pyodide.ffi import to_js; to_js([x, {'k': x}])",
];

function tryEverything(x) {
  const globals = pyodide.runPython("{}");
  try {
    globals.set("x", x);
    for (const operation of OPERATIONS) {
      const error = run(
        pyodide,
        `
        import traceback
        try:
            exec(operation, ns)
            r = None
        except Exception as e:
            traceback.format_exception(e)
            r = type(e).__name__
        r
      `,
        { ns: globals, operation },
      );
      assert.ok(error === undefined || /^[A-Z]\w+$/.test(error), `${operation}: ${error}`);
    }
  } finally {
    globals.destroy();
  }
}

krait("objects whose every trap throws", "the peer dies of them", () => {
  const trap = new Proxy({}, { get: () => () => raise("trap") });
  for (const target of [{}, [], function () {}, class {}]) {
    const hostile = new Proxy(target, { ...Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, trap[name]])) });
    try {
      tryEverything(hostile);
    } catch (error) {
      // Such an object may also be refused at the border, as long as it is with an error.
      assert.match(String(error), /trap/);
    }
  }
});

krait("revoked proxies", "the peer refuses them at the border", () => {
  for (const target of [{}, function () {}, []]) {
    const { proxy, revoke } = Proxy.revocable(target, {});
    pyodide.globals.set("revoked", proxy);
    revoke();
    tryEverything(proxy);
    assert.match(thrown(() => pyodide.runPython("revoked.a")).message, /revoked/);
    pyodide.runPython("del revoked");
  }
});

test("toString, valueOf and Symbol.toPrimitive that throw or lie", () => {
  tryEverything({ toString: raise, valueOf: raise, [Symbol.toPrimitive]: raise });
  tryEverything({ toString: () => ({}) });
  tryEverything({ toString: () => 5 });
  tryEverything({ toString: 5 });
  tryEverything({ [Symbol.toStringTag]: 5 });
  tryEverything({
    get [Symbol.toStringTag]() {
      return raise();
    },
  });
});

krait("lengths, iterators and thenables that lie", "the peer dies of a length that is a BigInt", () => {
  for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40, "3", {}, null, 10n]) {
    tryEverything({ length });
    tryEverything({ size: length });
    tryEverything({ length, [Symbol.iterator]: () => [][Symbol.iterator]() });
  }
  tryEverything({ [Symbol.iterator]: 5 });
  tryEverything({ [Symbol.iterator]: () => 5 });
  tryEverything({ [Symbol.iterator]: () => ({}) });
  tryEverything({ [Symbol.iterator]: () => ({ next: () => 5 }) });
  tryEverything({ [Symbol.iterator]: () => ({ next: () => ({ done: raise() }) }) });
  tryEverything({ next: () => undefined });
  tryEverything({ then: 5 });
  tryEverything({ then: raise });
  tryEverything({
    get then() {
      return raise();
    },
  });
});

krait("objects without a prototype, frozen ones, and ones with strange prototypes", "the peer dies of an heir of a typed array's prototype", () => {
  tryEverything(Object.create(null));
  tryEverything(Object.create(Object.create(null), { a: { value: 1 } }));
  tryEverything(Object.freeze({ a: 1 }));
  tryEverything(Object.create(Array.prototype));
  tryEverything(Object.create(Promise.prototype));
  tryEverything(Object.create(Map.prototype));
  tryEverything(Object.create(Uint8Array.prototype));
  tryEverything(Object.create(Error.prototype));
  tryEverything(Object.create(Function.prototype));
  tryEverything({ __proto__: null, constructor: null });
  tryEverything({ constructor: { name: { evil: true } } });
});

krait("errors that are not what they seem", "the peer dies of a name that cannot be read", () => {
  class Liar extends Error {
    get message() {
      return raise("message");
    }
    get stack() {
      return raise("stack");
    }
    get name() {
      return raise("name");
    }
  }
  tryEverything(new Liar());
  const symbolMessage = new Error("x");
  Object.defineProperty(symbolMessage, "message", { value: Symbol("m") });
  tryEverything(symbolMessage);
  const noStack = new Error("x");
  Object.defineProperty(noStack, "stack", { value: { not: "a string" } });
  for (const error of [new Liar(), symbolMessage, noStack]) {
    const result = run(pyodide, "try:\n  f()\nexcept BaseException as e:\n  r = type(e).__name__\nr", {
      f: () => {
        throw error;
      },
    });
    assert.equal(result, "JsException");
  }
});

test("Symbols, as values, keys and functions' names", () => {
  tryEverything(Symbol("s"));
  tryEverything(Symbol());
  tryEverything({ [Symbol("k")]: 1 });
  const f = () => 1;
  Object.defineProperty(f, "name", { value: Symbol("name") });
  tryEverything(f);
  const proxy = pyodide.runPython("lambda x: x");
  const symbol = Symbol("round");
  assert.equal(proxy(symbol), symbol);
  proxy.destroy();
});

test("strings at the edges as names and keys", () => {
  for (const name of ["\0", "a\0b", "\ud800", "\udc00x", "ü", "🐍", "__proto__", "constructor", "then", " ", "1", "x".repeat(10000)]) {
    const object = {};
    Object.defineProperty(object, name, { value: 7, writable: true, enumerable: true, configurable: true });
    assert.equal(run(pyodide, "getattr(x, name)", { x: object, name }), 7, JSON.stringify(name));
    run(pyodide, "setattr(x, name, 8)", { x: object, name });
    assert.equal(object[name], 8, JSON.stringify(name));
    if (name === "__proto__") continue; // toPy of it is the next test's
    const dict = pyodide.toPy(object);
    assert.equal(dict.get(name), 8, JSON.stringify(name));
    const back = dict.toJs();
    assert.equal(Object.getOwnPropertyDescriptor(back, name)?.value, 8, JSON.stringify(name));
    dict.destroy();
  }
});

krait("the empty string is a name like any other", "the peer finds no attribute of that name", () => {
  assert.equal(run(pyodide, "getattr(x, '')", { x: { "": 7 } }), 7);
});

test("__proto__ as a key does not reach the prototype", () => {
  const dict = pyodide.runPython("{'__proto__': {'polluted': 1}}");
  try {
    const object = dict.toJs();
    assert.equal(object.polluted === undefined || Object.hasOwn(object, "__proto__"), true);
  } catch (error) {
    assert.equal(error.type, "ConversionError");
  }
  dict.destroy();
  assert.equal({}.polluted, undefined);
  const parsed = JSON.parse('{"__proto__": {"polluted": 1}}');
  const py = pyodide.toPy(parsed);
  assert.equal(run(pyodide, "list(x)[0]", { x: py }), "__proto__");
  py.destroy();
});

test("a dict with a key from hell", () => {
  const dict = pyodide.runPython(`
    class Evil:
        def __hash__(self): return 1
        def __eq__(self, other): raise ValueError("eq")
        def __str__(self): raise ValueError("str")
    {Evil(): 1, "a": 2}
  `);
  assert.equal(dict.get("a"), 2);
  assert.throws(() => dict.toJs(), (error) => ["ConversionError", "ValueError"].includes(error.type));
  dict.destroy();
});

test("Python objects whose every method raises", () => {
  const proxy = pyodide.runPython(`
    class Hostile:
        def _raise(self, *args): raise ValueError("hostile")
        __len__ = __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = __next__ = __call__ = _raise
        __str__ = __repr__ = __dir__ = __getattr__ = __bool__ = __hash__ = __eq__ = _raise
    Hostile()
  `);
  for (const use of [
    (p) => p.length,
    (p) => p.get(0),
    (p) => p.set(0, 1),
    (p) => p.delete(0),
    (p) => p.has(0),
    (p) => [...p],
    (p) => p.next(),
    (p) => p(),
    (p) => p.toString(),
    (p) => p.missing,
    (p) => Reflect.ownKeys(p),
  ]) {
    const error = thrown(() => use(proxy));
    assert.equal(error.type, "ValueError", `${use}: ${error}`);
  }
  assert.equal(proxy.type, "Hostile");
  proxy.destroy();
});

test("__getattr__ that answers everything does not make a thenable of it", async () => {
  const proxy = pyodide.runPython("class Yes:\n  def __getattr__(self, name): return 5\nYes()");
  assert.equal(proxy.anything, 5);
  const awaited = await proxy;
  assert.equal(awaited, proxy);
  proxy.destroy();
});

test("numbers at the edges", () => {
  const f = pyodide.runPython("lambda x: x");
  for (const value of [-0, Number.NaN, Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON, 2 ** 53 + 2, -(2 ** 63), 1e21, 1e-7]) {
    const result = f(value);
    // Integral values become ints, and there is no int that is minus zero.
    assert.ok(Object.is(result, value) || (value === 0 && result === 0), String(value));
  }
  assert.equal(pyodide.runPython("10 ** 4000"), 10n ** 4000n);
  assert.equal(f(-(10n ** 4000n)), -(10n ** 4000n));
  f.destroy();
});

test("arguments that are too many or too odd", () => {
  const f = pyodide.runPython("lambda *args: len(args)");
  assert.equal(f(...Array(10000).fill(0)), 10000);
  assert.equal(f(...Array(50).fill({})), 50);
  assert.equal(run(pyodide, "f(*range(10000))", { f: (...args) => args.length }), 10000);
  f.destroy();
});

test("destroyed proxies in arguments, in the midst of others", () => {
  const f = pyodide.runPython("lambda *args: 1");
  const dead = pyodide.runPython("[1]");
  dead.destroy();
  assert.throws(() => f({}, [1], dead, {}), /destroyed/);
  assert.throws(() => pyodide.toPy([1, dead]), /destroyed/);
  assert.throws(() => pyodide.globals.set("dead", dead), /destroyed/);
  assert.throws(() => run(pyodide, "f()", { f: () => dead }), /destroyed/);
  f.destroy();
});

test("a JavaScript function that destroys its own arguments", () => {
  assert.equal(run(pyodide, "f([1, 2])", { f: (list) => (list.destroy(), 5) }), 5);
});

test("a Python function that deletes what it is called through", () => {
  pyodide.runPython("def suicide():\n  global suicide\n  del suicide\n  return 7");
  const f = pyodide.globals.get("suicide");
  assert.equal(f(), 7);
  f.destroy();
});

test("a container that changes while it is walked", () => {
  const array = [1, 2, 3];
  assert.equal(
    run(pyodide, "seen = []\nfor v in x:\n  seen.append(v)\n  if len(seen) < 10: x.push(v)\nlen(seen)", { x: array }) >= 10,
    true,
  );
  const list = pyodide.runPython("grow = [1, 2, 3]\ngrow");
  let n = 0;
  for (const value of list) {
    if (n++ < 10) list.append(value);
  }
  assert.ok(n >= 10);
  list.destroy();
  const shrinking = {
    get first() {
      delete this.second;
      return 1;
    },
    second: 2,
  };
  const dict = pyodide.toPy(shrinking);
  assert.equal(dict.get("first"), 1);
  dict.destroy();
});

test("a conversion that calls back and changes its source", () => {
  pyodide.runPython(`
    source = [1, [2], {"a": [3]}]
    def converter(obj, convert, cache):
        source.clear()
        return 1
    source.append(object())
  `);
  try {
    pyodide.runPython("from pyodide.ffi import to_js\nto_js(source, default_converter=converter)");
  } catch (error) {
    assert.equal(error.name, "PythonError");
  }
});

test("hostile input leaves no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    tryEverything({ toString: raise, valueOf: raise });
    tryEverything({ length: -1, [Symbol.iterator]: () => ({ next: raise }) });
    tryEverything(Object.create(null));
    tryEverything(Symbol("s"));
    pyodide.runPython("import sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  });
});
