// PyProxy: what JavaScript can do with a Python object (J70-J84, J89-J91, J94, J101, J102).
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const { ffi } = pyodide;
const py = (code) => pyodide.runPython(code);

/** Runs `fn` on the proxy of `code` and destroys it. */
function using(code, fn) {
  const proxy = py(code);
  try {
    return fn(proxy);
  } finally {
    proxy.destroy();
  }
}

const CLASS = `
class A:
    x = 1
    def __init__(self): self.own = 2
    def m(self, *args, **kwargs): return str((args, kwargs))
    @property
    def bad(self): raise ValueError('bad')
    @property
    def absent(self): raise AttributeError('absent')
    def __str__(self): return 'STR ü'
    def __repr__(self): return 'REPR'
A()`;

test("attributes: get, set, delete, in", () => {
  using(CLASS, (a) => {
    assert.equal(a.x, 1);
    assert.equal(a.own, 2);
    assert.equal(a.missing, undefined);
    assert.equal("x" in a, true);
    assert.equal("missing" in a, false);
    a.q = 7;
    assert.equal(a.q, 7);
    delete a.q;
    assert.equal(a.q, undefined);
    assert.equal(thrown(() => delete a.q).type, "AttributeError");
    assert.equal(a.ключ, undefined);
    a.ключ = "é";
    assert.equal(a.ключ, "é");
  });
});

test("attributes: errors come through, except AttributeError, which means undefined", () => {
  using(CLASS, (a) => {
    const error = thrown(() => a.bad);
    assert.equal(error.type, "ValueError");
    assert.match(error.message, /in bad\n/);
    assert.equal(a.absent, undefined);
  });
  using("class R:\n  def __setattr__(self, k, v): raise TypeError('read only')\nR()", (r) => {
    assert.equal(
      thrown(() => {
        r.x = 1;
      }).type,
      "TypeError",
    );
    assert.equal(thrown(() => Reflect.set(r, "x", 1)).type, "TypeError");
  });
});

test("attributes: methods of the proxy hide Python's; $name reaches them", () => {
  using("class B:\n  copy = 1\n  type = 2\n  destroy = 3\n  length = 4\n  get = 5\n  name = 6\nB()", (b) => {
    assert.equal(typeof b.copy, "function");
    assert.equal(b.type, "B");
    assert.equal(b.$copy, 1);
    assert.equal(b.$type, 2);
    assert.equal(b.$destroy, 3);
    assert.equal(b.length, 4);
    assert.equal(b.get, 5);
    assert.equal(b.name, 6);
  });
});

test("attributes: own keys are those of dir", () => {
  using(CLASS, (a) => {
    const keys = Reflect.ownKeys(a).filter((key) => typeof key === "string");
    for (const name of ["x", "own", "m", "__class__"]) assert.ok(keys.includes(name), name);
  });
  using("lambda x: 1", (f) => {
    const keys = Reflect.ownKeys(f);
    assert.ok(keys.includes("__name__"));
  });
});

test("toString, type and tags", () => {
  using(CLASS, (a) => {
    assert.equal(a.toString(), "STR ü");
    assert.equal(`${a}`, "STR ü");
    assert.equal(a + "", "STR ü");
    assert.equal(a.type, "A");
    assert.equal(Object.prototype.toString.call(a), "[object PyProxy]");
    assert.equal(a[Symbol.toStringTag], "PyProxy");
  });
  using("import decimal\ndecimal.Decimal('1.5')", (d) => {
    assert.equal(d.type, "decimal.Decimal");
    assert.equal(String(d), "1.5");
  });
  using("int", (t) => assert.equal(t.type, "type"));
  using("class S:\n  def __str__(self): raise ValueError('no str')\nS()", (s) => {
    assert.equal(thrown(() => s.toString()).type, "ValueError");
  });
});

// For the peer every sequence is a PyMutableSequence: the test after next.
const isImmutable = (code) => code === "(1,)" || code === "b'x'";

test("instanceof says what the object can do", () => {
  const all = Object.keys(ffi).filter((name) => name.startsWith("Py") && name !== "PyBufferView" && name !== "PythonError");
  const table = [
    ["object()", ["PyProxy"]],
    ["[1]", ["PyProxy", "PyProxyWithLength", "PyProxyWithGet", "PyProxyWithSet", "PyProxyWithHas", "PyIterable", "PySequence", "PyMutableSequence"]],
    ["(1,)", ["PyProxy", "PyProxyWithLength", "PyProxyWithGet", "PyProxyWithHas", "PyIterable", "PySequence"]],
    ["{}", ["PyProxy", "PyProxyWithLength", "PyProxyWithGet", "PyProxyWithSet", "PyProxyWithHas", "PyIterable", "PyDict"]],
    ["{1}", ["PyProxy", "PyProxyWithLength", "PyProxyWithHas", "PyIterable"]],
    ["lambda: 1", ["PyProxy", "PyCallable"]],
    ["iter([1])", ["PyProxy", "PyIterable", "PyIterator"]],
    ["(x for x in ())", ["PyProxy", "PyIterable", "PyIterator", "PyGenerator"]],
    ["b'x'", ["PyProxy", "PyProxyWithLength", "PyProxyWithGet", "PyProxyWithHas", "PyIterable", "PySequence", "PyBuffer"]],
  ];
  for (const [code, expected] of table) {
    using(code, (proxy) => {
      assert.deepEqual(
        all.filter((name) => proxy instanceof ffi[name] && !(isImmutable(code) && name === "PyMutableSequence")),
        all.filter((name) => expected.includes(name)),
        code,
      );
    });
  }
  for (const value of [{}, [], null, 1, () => 1]) assert.equal(value instanceof ffi.PyProxy, false);
});

krait("a tuple and bytes are no PyMutableSequence", "for the peer they are", () => {
  for (const code of ["(1,)", "b'x'"]) {
    using(code, (proxy) => assert.equal(proxy instanceof ffi.PyMutableSequence, false));
  }
});

test("typeof is function for callables and object for the rest", () => {
  for (const [code, expected] of [
    ["lambda: 1", "function"],
    ["int", "function"],
    ["[1]", "object"],
    ["{}", "object"],
    ["object()", "object"],
  ]) {
    using(code, (proxy) => assert.equal(typeof proxy, expected, code));
  }
});

const FUNCTION = "def f(a, b=2, *c, d=4, **k): return str((a, b, c, d, k))\nf";

test("calls", () => {
  using(FUNCTION, (f) => {
    assert.equal(f(1), "(1, 2, (), 4, {})");
    assert.equal(f(1, 2, 3, "vier"), "(1, 2, (3, 'vier'), 4, {})");
    assert.equal(f(undefined, null), "(None, jsnull, (), 4, {})");
    assert.equal(f.call({}, 1), "(1, 2, (), 4, {})");
    assert.equal(f.apply(null, [1, 5]), "(1, 5, (), 4, {})");
    assert.equal(f.bind(null, 7)(8), "(7, 8, (), 4, {})");
    assert.ok(f instanceof Function);
    assert.equal(f.__name__, "f");
    const error = thrown(() => f());
    assert.equal(error.type, "TypeError");
    assert.equal(error.message, "TypeError: f() missing 1 required positional argument: 'a'\n");
  });
  using("int", (int) => assert.equal(int("15"), 15));
  using("lambda *a: len(a)", (f) => {
    assert.equal(f(...Array(300).keys()), 300);
    assert.deepEqual([1, 2].map((x) => f(x)), [1, 1]);
  });
});

test("callKwargs takes keyword arguments from its last argument", () => {
  using(FUNCTION, (f) => {
    assert.equal(f.callKwargs(1, { d: 5, z: 1 }), "(1, 2, (), 5, {'z': 1})");
    assert.equal(f.callKwargs({ a: 1 }), "(1, 2, (), 4, {})");
    assert.equal(thrown(() => f.callKwargs(1, { a: 1 })).type, "TypeError");
    assert.match(thrown(() => f.callKwargs()).message, /requires at least one argument/);
    assert.match(thrown(() => f.callKwargs(1)).message, /not an object/);
  });
});

test("callRelaxed drops surplus arguments", () => {
  using("lambda a: a", (f) => {
    assert.equal(f.callRelaxed(1, 2, 3), 1);
    assert.equal(thrown(() => f(1, 2)).type, "TypeError");
    assert.equal(f.callKwargsRelaxed(1, { x: 5 }), 1);
  });
});

test("captureThis passes `this` first", () => {
  using("lambda self, n=0: self.v + n", (f) => {
    const object = { v: 3, f: f.captureThis() };
    assert.equal(object.f(), 3);
    assert.equal(object.f(4), 7);
  });
});

test("dict: get, set, delete, has, length, iteration", () => {
  using("{'a': 1, 'b': [1, 2], 1: 'one', None: 'none', True: 'yes'}", (d) => {
    assert.equal(d.get("a"), 1);
    assert.equal(d.get(1), "yes");
    assert.equal(d.get(undefined), "none");
    assert.equal(d.get("missing"), undefined);
    assert.equal(d.has("a"), true);
    assert.equal(d.has("missing"), false);
    assert.equal(d.length, 4);
    d.set("new", 5);
    assert.equal(d.get("new"), 5);
    d.delete("new");
    assert.equal(d.has("new"), false);
    const error = thrown(() => d.delete("new"));
    assert.equal(error.type, "KeyError");
    assert.equal(error.message, "KeyError: 'new'\n");
    assert.deepEqual([...d], ["a", "b", 1, undefined]);
    const unhashable = py("[]");
    assert.equal(thrown(() => d.get(unhashable)).type, "TypeError");
    assert.equal(thrown(() => d.has(unhashable)).type, "TypeError");
    unhashable.destroy();
    const inner = d.get("b");
    assert.equal(inner.length, 2);
    inner.destroy();
  });
});

test("dict: string keys are properties where nothing else has the name", () => {
  using("{'a': 1, 'length': 9, 'keys': 5, 'x y': 2}", (d) => {
    assert.equal(d.a, 1);
    assert.equal(d["x y"], 2);
    assert.equal(d.length, 4);
    assert.equal(typeof d.keys, "function");
    assert.equal(d.missing, undefined);
    assert.equal("a" in d, true);
    assert.equal("missing" in d, false);
    d.fresh = 3;
    assert.equal(d.get("fresh"), 3);
    delete d.fresh;
    assert.equal(d.has("fresh"), false);
    assert.ok(Reflect.ownKeys(d).includes("a"));
    assert.deepEqual(Object.getOwnPropertyDescriptor(d, "a"), {
      value: 1,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    assert.equal(JSON.parse(JSON.stringify(d)).a, 1);
  });
});

test("list: get and set items, by method and by index", () => {
  using("[1, 2, 3]", (l) => {
    assert.equal(l.get(0), 1);
    assert.equal(l.get(-1), 3);
    assert.equal(l.get(9), undefined);
    assert.equal(thrown(() => l.get("a")).type, "TypeError");
    assert.equal(l[0], 1);
    assert.equal(l[9], undefined);
    assert.equal(l[-1], undefined);
    assert.equal(l.length, 3);
    l.set(0, 7);
    l[1] = 8;
    assert.equal(String(l), "[7, 8, 3]");
    assert.throws(() => {
      "use strict";
      l[9] = 1;
    });
    l.delete(0);
    assert.equal(String(l), "[8, 3]");
    assert.equal("0" in l, true);
    assert.equal(7 in l, false);
    assert.equal("append" in l, true);
    l.append(4);
    assert.deepEqual([...l], [8, 3, 4]);
    assert.equal(JSON.stringify(l), "[8,3,4]");
    assert.equal(l.has(3), true);
  });
});

test("list: methods of arrays", () => {
  using("[3, 1, 2]", (l) => {
    assert.deepEqual(l.map((x) => x * 2), [6, 2, 4]);
    assert.deepEqual(l.filter((x) => x > 1), [3, 2]);
    assert.deepEqual(l.slice(1), [1, 2]);
    assert.equal(l.indexOf(2), 2);
    assert.equal(l.includes(9), false);
    assert.equal(l.join("-"), "3-1-2");
    assert.equal(l.reduce((a, b) => a + b, 0), 6);
    l.push(5);
    assert.equal(l.pop(), 5);
    assert.equal(String(l), "[3, 1, 2]");
  });
});

test("has: errors of __contains__ come through", () => {
  using("class C:\n  def __contains__(self, key): raise KeyError('no')\nC()", (c) => {
    assert.equal(thrown(() => c.has(1)).type, "KeyError");
  });
});

test("iteration: iterables, iterators, errors", () => {
  using("range(3)", (r) => {
    assert.deepEqual([...r], [0, 1, 2]);
    assert.deepEqual([...r], [0, 1, 2], "a second time");
  });
  using("iter([1, 2])", (it) => {
    assert.equal(it[Symbol.iterator](), it);
    assert.deepEqual({ ...it.next() }, { done: false, value: 1 });
    assert.deepEqual({ ...it.next() }, { done: false, value: 2 });
    assert.deepEqual({ ...it.next() }, { done: true, value: undefined });
  });
  using("(1 / x for x in (1, 0))", (g) => {
    const seen = [];
    const error = thrown(() => {
      for (const value of g) seen.push(value);
    });
    assert.deepEqual(seen, [1]);
    assert.equal(error.type, "ZeroDivisionError");
  });
  using("{'k': 1}.items()", (items) => {
    for (const pair of items) {
      assert.equal(pair.get(0), "k");
      pair.destroy();
    }
  });
  using("object()", (o) => assert.throws(() => [...o], /not iterable/));
});

test("generators: send, return, throw", () => {
  py("def g():\n  try:\n    x = yield 1\n    yield x\n    return 9\n  except KeyError:\n    yield 'caught'");
  using("g()", (g) => {
    assert.deepEqual({ ...g.next() }, { done: false, value: 1 });
    assert.deepEqual({ ...g.next(7) }, { done: false, value: 7 });
    assert.deepEqual({ ...g.next() }, { done: true, value: 9 });
    assert.equal(g.next().done, true);
  });
  using("g()", (g) => {
    g.next();
    assert.deepEqual({ ...g.return(5) }, { done: true, value: 5 });
    assert.equal(g.next().done, true);
  });
  using("g()", (g) => {
    g.next();
    const error = thrown(() => g.throw(new Error("thrown in")));
    assert.match(error.message, /thrown in/);
  });
});

const DESTROYED = /^Object has already been destroyed/;

test("destroy: everything fails afterwards, a second destroy does not", () => {
  const uses = [
    (p) => p.length,
    (p) => p.foo,
    (p) => {
      p.foo = 1;
    },
    (p) => delete p.foo,
    (p) => "foo" in p,
    (p) => p.type,
    (p) => p.toString(),
    (p) => p.copy(),
    (p) => p.get(0),
    (p) => p[0],
    (p) => [...p],
    (p) => Reflect.ownKeys(p),
  ];
  for (const use of uses) {
    const list = py("[1]");
    list.destroy();
    assert.match(thrown(() => use(list)).message, DESTROYED, String(use));
    list.destroy();
    assert.ok(list instanceof ffi.PyProxy);
  }
  const f = py("lambda: 1");
  f.destroy();
  assert.match(thrown(() => f()).message, DESTROYED);
});

test("destroy: with a message of one's own", () => {
  const list = py("[1]");
  list.destroy({ message: "closed by the test" });
  assert.match(thrown(() => list.length).message, /^closed by the test/);
});

test("destroy: a destroyed proxy cannot be given to Python", () => {
  const list = py("[1]");
  const f = py("lambda x: x");
  list.destroy();
  assert.match(thrown(() => f(list)).message, /already been destroyed/);
  f.destroy();
});

test("copy has a life of its own", () => {
  const list = py("[1]");
  const copy = list.copy();
  assert.notEqual(copy, list);
  list.destroy();
  assert.equal(copy.length, 1);
  copy.destroy();
});

test("Symbol.dispose destroys", () => {
  if (Symbol.dispose === undefined) return; // older engines have no such symbol
  const list = py("[1]");
  list[Symbol.dispose]();
  assert.match(thrown(() => list.length).message, DESTROYED);
});

test("destroy releases the Python object", () => {
  py("class D:\n  gone = 0\n  def __del__(self): D.gone += 1");
  const d = py("D()");
  const copy = d.copy();
  d.destroy();
  assert.equal(py("D.gone"), 0);
  copy.destroy();
  assert.equal(py("D.gone"), 1);
});

test("arguments of a JavaScript function live as long as the call", () => {
  let kept;
  let length;
  pyodide.globals.set("callback", (list) => {
    kept = list;
    length = list.length;
  });
  py("callback([1, 2])");
  assert.equal(length, 2);
  assert.match(thrown(() => kept.length).message, /^This borrowed proxy was automatically destroyed/);
  pyodide.globals.set("callback", (list) => void (kept = list.copy()));
  py("callback([1, 2, 3])");
  assert.equal(kept.length, 3);
  kept.destroy();
  pyodide.globals.set("callback", (f) => void (kept = f));
  py("callback(lambda: 1)");
  assert.match(thrown(() => kept()).message, /^This borrowed proxy was automatically destroyed/);
  py("del callback");
});

test("an argument that JavaScript returns comes back as the same object", () => {
  pyodide.globals.set("callback", (x) => x);
  assert.equal(py("a = [1]\ncallback(a) is a"), true);
  py("del callback, a");
});

test("create_proxy lives until it is destroyed", () => {
  let kept;
  pyodide.globals.set("keep", (f) => void (kept = f));
  py("from pyodide.ffi import create_proxy\nproxy = create_proxy(lambda x: x + 1)\nkeep(proxy)");
  assert.equal(kept(1), 2);
  assert.equal(kept(2), 3);
  py("proxy.destroy()");
  assert.match(thrown(() => kept(1)).message, DESTROYED);
  py("del keep, proxy");
});

test("create_once_callable lives for one call", () => {
  let kept;
  pyodide.globals.set("keep", (f) => void (kept = f));
  py("from pyodide.ffi import create_once_callable\nkeep(create_once_callable(lambda x: x + 1))");
  assert.equal(kept(1), 2);
  assert.throws(() => kept(1), /once|destroyed/i);
  py("del keep");
});

test("the invariants of JavaScript's proxies hold", () => {
  using("lambda: 1", (f) => {
    Reflect.ownKeys(f);
    assert.equal(Object.isExtensible(f), true);
    for (const key of Reflect.ownKeys(f)) Reflect.getOwnPropertyDescriptor(f, key);
  });
  using("[1, 2]", (l) => {
    for (const key of Reflect.ownKeys(l)) Reflect.getOwnPropertyDescriptor(l, key);
    for (const key in l) assert.equal(typeof key, "string");
    assert.equal(Array.isArray(Object.keys(l)), true);
  });
});

test("Symbols as keys never reach Python", () => {
  using("[1]", (l) => {
    const symbol = Symbol("s");
    assert.equal(l[symbol], undefined);
    assert.equal(symbol in l, false);
    l[symbol] = 1;
    assert.equal(l[symbol], 1);
  });
});

test("proxies leave no slots and no proxies", async () => {
  py(CLASS.replace(/A\(\)$/, ""));
  py(FUNCTION);
  await expectNoLeaks(pyodide, () => {
    using("A()", (a) => {
      a.x;
      a.missing;
      a.q = {};
      delete a.q;
      a.m.destroy();
      a.toString();
      a.type;
      a.copy().destroy();
      Reflect.ownKeys(a);
    });
    using("{'a': [1], 'f': f}", (d) => {
      d.get("a").destroy();
      d.set("o", { some: "object" });
      d.has("zz");
      [...d];
      d.get("f").destroy();
    });
    using("[1, 2, 3]", (l) => {
      l.map((x) => x);
      JSON.stringify(l);
    });
    using("f", (f) => {
      f(1, {}, []);
      f.callKwargs(1, { z: {} });
      try {
        f();
      } catch {}
    });
    using("iter(range(5))", (it) => [...it]);
    pyodide.globals.set("callback", (list) => list.length);
    py("for i in range(5): callback([1]); callback(lambda: 1) if False else None\ndel callback");
  });
});

test("iteration of lists and tuples: every kind of item, in order", () => {
  const list = pyodide.runPython(
    "[0, -1, 2**29, 2**30, 2**53 - 1, 2**60, 1.5, float('inf'), True, None, '', 'abc', 'é', 'Ā', '😀', 'x' * 5000, b'ab', [1], {'a': 1}] * 5 + list(range(100))",
  );
  const plain = (value) => (value instanceof pyodide.ffi.PyProxy ? value.toString() : value);
  const byIndex = Array.from({ length: list.length }, (_, i) => plain(list.get(i)));
  assert.deepEqual(Array.from(list, plain), byIndex);
  assert.deepEqual(Array.from(pyodide.runPython("tuple")(list), plain), byIndex);
  list.destroy();
});

test("iteration of lists: a loop sees what it changes itself", () => {
  const list = pyodide.runPython("list(range(100))");
  let seen = [];
  for (const x of list) {
    seen.push(x);
    if (x === 50) list.set(60, "new");
  }
  assert.equal(seen[60], "new");
  seen = [];
  for (const x of list) {
    seen.push(x);
    if (x === 10) list.splice(20, 70);
  }
  assert.equal(seen.length, 30);
  let n = 0;
  for (const x of list) if (n++ < 20) list.push(x);
  assert.equal(n, 50);
  list.destroy();
});

krait("iteration of lists: left and taken up again, ended, destroyed", "the peer was not asked", () => {
  const list = pyodide.runPython("shared = list(range(64)); shared");
  const iterator = list[Symbol.iterator]();
  assert.equal(iterator[Symbol.iterator](), iterator);
  for (let i = 0; i < 20; i++) iterator.next();
  pyodide.runPython("shared[:] = ['changed'] * 22");
  assert.deepEqual([...iterator], ["changed", "changed"]);
  assert.deepEqual(iterator.next(), { done: true, value: undefined });
  pyodide.runPython("shared.append(5)");
  assert.equal(iterator.next().done, true);
  const other = list[Symbol.iterator]();
  other.next();
  assert.deepEqual(other.return(4), { done: true, value: 4 });
  assert.equal(other.next().done, true);
  const last = list[Symbol.iterator]();
  last.next();
  list.destroy();
  assert.throws(() => [...last], /already been destroyed/);
});

krait("a loop over a list crosses the border once for many items", "only krait counts its crossings", () => {
  const list = pyodide.runPython("list(range(3200))");
  const before = pyodide._api.stats().crossings;
  let sum = 0;
  for (const x of list) sum += x;
  assert.equal(sum, (3200 * 3199) / 2);
  assert.ok(pyodide._api.stats().crossings - before < 120);
  list.destroy();
});
