// JsProxy: what Python can do with a JavaScript object (Y20, Y21, Y23, Y28, Y33-Y35, Y40; T40-T45, T47).
import { assert, expectNoLeaks, jsFailure, krait, lastLine, loadForTest, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code, x, more) => run(pyodide, code, { x, ...more });
const pyText = (code, x, more) => {
  const result = py(`str(${code})`, x, more);
  return result;
};

function raises(type, code, x, more) {
  const error = thrown(() => run(pyodide, code, { x, ...more }));
  if (type === "JsException") return jsFailure(error);
  assert.equal(error.type, type, `${code}: ${error.message}`);
  return lastLine(error);
}

test("attributes: get, set, delete", () => {
  const x = { a: 1, nested: { deep: { er: "yes" } }, nothing: undefined, null: null };
  assert.equal(py("x.a", x), 1);
  assert.equal(py("x.nested.deep.er", x), "yes");
  assert.equal(py("x.b = 5\nx.b", x), 5);
  assert.equal(x.b, 5);
  assert.equal(py("del x.b\nhasattr(x, 'b')", x), false);
  assert.equal("b" in x, false);
  assert.equal(py("x.nothing is None", x), true);
  assert.equal(py("str(x.null)", x), "jsnull");
  assert.equal(py("setattr(x, 'with space', 3)\ngetattr(x, 'with space')", x), 3);
  assert.equal(x["with space"], 3);
  assert.equal(py("x.ключ = 'é'\nx.ключ", x), "é");
});

test("attributes: a missing one is an AttributeError that names it", () => {
  assert.equal(raises("AttributeError", "x.missing", {}), "AttributeError: missing");
  assert.equal(py("hasattr(x, 'missing')", {}), false);
  assert.equal(py("getattr(x, 'missing', 3)", {}), 3);
  py("del x.missing", {});
});

test("attributes: reserved words are written with an underscore", () => {
  const x = { if: 1, class: 2, from: 3, print: 4, def_: 5, None: 6 };
  assert.equal(py("x.if_", x), 1);
  assert.equal(py("x.class_", x), 2);
  assert.equal(py("x.from_", x), 3);
  assert.equal(py("x.print", x), 4);
  py("x.lambda_ = 9", x);
  assert.equal(x.lambda, 9);
  py("del x.lambda_", x);
  assert.equal("lambda" in x, false);
  assert.equal(py("'if_' in dir(x) and 'class_' in dir(x)", x), true);
});

test("attributes: getters run, and inherited ones count", () => {
  class Base {
    get doubled() {
      return this.v * 2;
    }
    set doubled(value) {
      this.v = value / 2;
    }
  }
  const x = Object.assign(new (class extends Base {})(), { v: 21 });
  assert.equal(py("x.doubled", x), 42);
  py("x.doubled = 10", x);
  assert.equal(x.v, 5);
  assert.equal(py("x.constructor.name", { a: 1 }), "Object");
});

test("dir lists what is there and what is inherited", () => {
  const names = py("','.join(dir(x))", { a: 1, ü: 2 }).split(",");
  for (const name of ["a", "ü", "toString", "hasOwnProperty", "to_py", "js_id", "typeof"]) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(names, [...names].sort((a, b) => (a < b ? -1 : 1)));
});

test("calls: arguments, this, results", () => {
  const x = {
    base: 40,
    add(n) {
      return this.base + n;
    },
    all: (...args) => args.length,
  };
  assert.equal(py("x.add(2)", x), 42);
  assert.equal(py("f = x.add\nf(2)", x), 42);
  assert.equal(py("x.all()", x), 0);
  assert.equal(py("x.all(1, 2, 3)", x), 3);
  assert.equal(py("x.all(*range(100))", x), 100);
  assert.equal(py("x(1, 2)", (a, b) => `${a},${b}`), "1,2");
  assert.equal(py("x.call(y, 1)", x.add, { y: { base: 1 } }), 2);
  assert.equal(py("x.bind(None, 5)(1)", (a, b) => a * 10 + b), 51);
  assert.equal(py("x() is None", () => undefined), true);
});

test("calls: keyword arguments become one object at the end", () => {
  const show = (...args) => JSON.stringify(args);
  assert.equal(py("x(1, b=2)", show), '[1,{"b":2}]');
  assert.equal(py("x(**{'a b': 1, 'c': None})", show), '[{"a b":1}]');
  assert.equal(py("x(1, y=x)", (a, { y }) => typeof y), "function");
});

test("calls: what is no function cannot be called", () => {
  raises("TypeError", "x()", {});
  raises("TypeError", "x.a()", { a: 1 });
  raises("TypeError", "x()", [1]);
});

test("calls: an error in JavaScript is a JsException", () => {
  const message = raises("JsException", "x()", () => {
    throw new RangeError("too far");
  });
  assert.equal(message, "pyodide.ffi.JsException: RangeError: too far");
});

test("new", () => {
  class Point {
    constructor(x, y, options) {
      Object.assign(this, { x, y, options });
    }
    static make() {
      return new this(1, 2);
    }
    sum() {
      return this.x + this.y;
    }
  }
  assert.equal(py("x.new(3, 4).sum()", Point), 7);
  assert.equal(py("x.new(1, y=2).y.y", Point), 2);
  assert.equal(py("x.make().sum()", Point), 3);
  assert.equal(py("x.new(0).getTime()", Date), 0);
  assert.ok(py("x.new(1, 2)", Point) instanceof Point);
  assert.match(raises("JsException", "x()", Point), /cannot be invoked without 'new'|class constructor/i);
  assert.match(raises("JsException", "x.new()", () => 1), /not a constructor/);
  raises("AttributeError", "x.new", {});
});

test("identity: == compares JavaScript objects, js_id numbers them", () => {
  const x = {};
  const names = { same: x, other: {} };
  assert.equal(py("x == same and not (x != same)", x, names), true);
  assert.equal(py("x == other", x, names), false);
  assert.equal(py("x.js_id == same.js_id and x.js_id != other.js_id", x, names), true);
  assert.equal(py("x == 1 or x == None or x == 'a'", x), false);
  raises("TypeError", "x < 1", x);
  raises("TypeError", "x + 1", x);
});

krait("proxies of one object hash alike, so they can be keys", "the peer's proxies are unhashable", () => {
  const x = {};
  const names = { same: x, other: {} };
  assert.equal(py("hash(x) == hash(same) and len({x, same, other}) == 2", x, names), true);
});

test("typeof, repr and str", () => {
  assert.equal(py("x.typeof", {}), "object");
  assert.equal(py("x.typeof", () => 1), "function");
  assert.equal(py("x.typeof", Symbol("s")), "symbol");
  for (const [value, expected] of [
    [{ a: 1 }, "[object Object]"],
    [[1, [2, 3]], "1,2,3"],
    [new Map(), "[object Map]"],
    [/a+/g, "/a+/g"],
    [Symbol("s"), "Symbol(s)"],
    [Object.create(null), "[object Object]"],
    [Math, "[object Math]"],
    [{ toString: () => "own ü" }, "own ü"],
    [new Number(3), "3"],
  ]) {
    assert.equal(py("repr(x)", value), expected);
    assert.equal(py("str(x)", value), expected);
    assert.equal(py("f'{x}'", value), expected);
  }
  const named = function named(a, b) {
    return a + b;
  };
  assert.equal(py("str(x)", named), String(named));
});

test("truth", () => {
  for (const value of [{}, () => 1, [0], new Map([[1, 2]]), new Set([1]), Symbol("s"), new Uint8Array(1)]) {
    assert.equal(py("bool(x)", value), true, String(value));
  }
  for (const value of [[], new Map(), new Set(), 0n, null]) assert.equal(py("bool(x)", value), false, String(value));
});

test("length", () => {
  for (const [value, expected] of [
    [[1, 2, 3], 3],
    [new Map([[1, 2]]), 1],
    [new Set([1, 2]), 2],
    [new Uint8Array(5), 5],
    [{ length: 7 }, 7],
    [{ size: 4 }, 4],
  ]) {
    assert.equal(py("len(x)", value), expected);
  }
  raises("TypeError", "len(x)", {});
  raises("ValueError", "len(x)", { length: -1, [Symbol.iterator]: 1 });
  raises("TypeError", "len(x)", { length: "abc" });
  assert.equal(py("x.length", [1, 2]), 2);
});

test("arrays: indexing", () => {
  const x = () => [1, 2, 3];
  assert.equal(py("x[0]", x()), 1);
  assert.equal(py("x[-1]", x()), 3);
  assert.equal(py("x[True]", x()), 2);
  raises("IndexError", "x[3]", x());
  raises("IndexError", "x[-4]", x());
  raises("IndexError", "x[10 ** 20]", x());
  raises("TypeError", "x['a']", x());
  raises("TypeError", "x[1.0]", x());
  const array = x();
  py("x[0] = 9\nx[-1] = 7", array);
  assert.deepEqual(array, [9, 2, 7]);
  py("del x[1]", array);
  assert.deepEqual(array, [9, 7]);
  raises("IndexError", "del x[9]", array);
});

test("arrays: iteration, membership, unpacking", () => {
  assert.equal(py("[v * 2 for v in x]", [1, 2, 3]).toString(), "[2, 4, 6]");
  assert.equal(py("a, b, *c = x\nf'{a}{b}{c}'", [1, 2, 3, 4]), "12[3, 4]");
  assert.equal(py("2 in x", [1, 2]), true);
  assert.equal(py("'2' in x", [1, 2]), false);
  assert.equal(py("sum(x)", [1, 2, 3]), 6);
  assert.equal(py("sorted(x, reverse=True)[0]", [1, 3, 2]), 3);
  assert.equal(py("str(list(reversed(x)))", [1, 2, 3]), "[3, 2, 1]");
  assert.equal(py("str(list(enumerate(x)))", ["a"]), "[(0, 'a')]");
  assert.equal(py("str(list(zip(x, x)))", [1]), "[(1, 1)]");
  assert.equal(py("str([v for v in x])", [1, , undefined, null]), "[1, None, None, jsnull]");
});

test("iteration: whatever has Symbol.iterator, and only that", () => {
  assert.equal(pyText("list(x)", new Set([1, "a"])), "[1, 'a']");
  assert.equal(pyText("list(x)", "abc"), "['a', 'b', 'c']");
  assert.equal(
    pyText(
      "list(x())",
      function* () {
        yield 1;
        yield 2;
      },
    ),
    "[1, 2]",
  );
  assert.equal(pyText("list(x)", { [Symbol.iterator]: () => [7, 8][Symbol.iterator]() }), "[7, 8]");
  assert.match(raises("TypeError", "iter(x)", {}), /not iterable/);
  assert.match(raises("TypeError", "for v in x: pass", { a: 1 }), /not iterable/);
});

test("iterators: next, exhaustion, identity, errors", () => {
  const generator = (function* () {
    yield 1;
    yield 2;
    return 5;
  })();
  assert.equal(py("iter(x) is x", generator), true);
  assert.equal(py("next(x)", generator), 1);
  assert.equal(py("next(x)", generator), 2);
  assert.equal(py("try:\n  next(x)\nexcept StopIteration as e:\n  r = e.value\nr", generator), 5);
  assert.equal(py("next(x, 'none')", generator), "none");
  const failing = {
    [Symbol.iterator]: () => ({
      next() {
        throw new TypeError("in next");
      },
    }),
  };
  assert.match(raises("JsException", "list(x)", failing), /TypeError: in next/);
  assert.match(
    raises("JsException", "list(x)", {
      [Symbol.iterator]() {
        throw new TypeError("in iterator");
      },
    }),
    /in iterator/,
  );
});

test("maps", () => {
  const x = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  assert.equal(py("x['a']", x), 1);
  assert.equal(raises("KeyError", "x['zz']", x), "KeyError: 'zz'");
  assert.equal(py("'a' in x", x), true);
  assert.equal(py("'zz' in x", x), false);
  py("x['c'] = 3\ndel x['a']", x);
  assert.deepEqual([...x], [
    ["b", 2],
    ["c", 3],
  ]);
  assert.equal(pyText("list(x)", x), "['b', 'c']");
  raises("KeyError", "del x['a']", x);
  raises("AttributeError", "x.b", x);
  assert.equal(py("x.size", x), 2);
});

test("objects with get, has, set and delete can be subscripted", () => {
  const store = { k: "v" };
  const x = {
    get: (key) => store[key],
    has: (key) => key in store,
    set: (key, value) => void (store[key] = value),
    delete: (key) => delete store[key],
  };
  assert.equal(py("x['k']", x), "v");
  assert.equal(py("'k' in x", x), true);
  raises("KeyError", "x['zz']", x);
  py("x['n'] = 1\ndel x['k']", x);
  assert.deepEqual(store, { n: 1 });
});

test("plain objects cannot be subscripted, but have keys, values and entries", () => {
  raises("TypeError", "x['a']", { a: 1 });
  raises("TypeError", "x['a'] = 1", { a: 1 });
  raises("TypeError", "'a' in x", { a: 1 });
  const x = { a: 1, b: "two" };
  assert.deepEqual(py("x.object_keys()", x), ["a", "b"]);
  assert.deepEqual(py("x.object_values()", x), [1, "two"]);
  assert.deepEqual(py("x.object_entries()", x), [
    ["a", 1],
    ["b", "two"],
  ]);
});

test("typed arrays", () => {
  const x = new Uint8Array([1, 2, 3]);
  assert.equal(py("x[0] + x[-1]", x), 4);
  py("x[0] = 300", x);
  assert.equal(x[0], 44);
  raises("IndexError", "x[3]", x);
  raises("TypeError", "del x[0]", x);
  assert.equal(pyText("list(x)", x), "[44, 2, 3]");
  assert.equal(py("x[1]", new Float32Array([0, 1.5])), 1.5);
  assert.equal(py("x[0]", new BigInt64Array([-(2n ** 40n)])), -(2n ** 40n));
});

test("subclasses of Array and Map behave as such", () => {
  class MyArray extends Array {}
  class MyMap extends Map {}
  assert.equal(py("x[1] + len(x)", MyArray.from([1, 2])), 4);
  assert.equal(py("x['k']", new MyMap([["k", 1]])), 1);
});

test("isinstance with the classes of pyodide.ffi", () => {
  for (const [value, ...classes] of [
    [[1], "JsArray", "JsIterable"],
    [new Map(), "JsMap", "JsMutableMap", "JsIterable"],
    [() => 1, "JsCallable"],
    [Promise.resolve(), "JsPromise"],
    [new Uint8Array(1), "JsTypedArray", "JsBuffer"],
    [new ArrayBuffer(1), "JsBuffer"],
    [[][Symbol.iterator](), "JsIterator", "JsIterable"],
    [new Error("e"), "JsException"],
  ]) {
    for (const name of ["JsProxy", ...classes]) {
      assert.equal(py(`import pyodide.ffi as ffi\nisinstance(x, ffi.${name})`, value), true, `${value} ${name}`);
    }
    assert.equal(py("import pyodide.ffi as ffi\nisinstance(x, ffi.JsGenerator)", value), false);
  }
});

test("a property that changes its kind is seen as what it is now", () => {
  const x = { v: 1 };
  assert.equal(py("x.v", x), 1);
  x.v = "text";
  assert.equal(py("x.v", x), "text");
  x.v = () => 5;
  assert.equal(py("x.v()", x), 5);
  x[Symbol.iterator] = function* () {
    yield 1;
  };
  assert.equal(pyText("list(x)", x), "[1]");
});

test("a proxy cannot be made, copied or pickled by hand", () => {
  raises("TypeError", "type(x)()", {});
  raises("TypeError", "import pickle\npickle.dumps(x)", {});
});

test("errors of a getter, a setter and deletion come through", () => {
  const x = Object.freeze({
    a: 1,
    get bad() {
      throw new SyntaxError("getter");
    },
  });
  assert.match(raises("JsException", "x.bad", x), /SyntaxError: getter/);
  assert.match(raises("JsException", "hasattr(x, 'bad')", x), /getter/);
  raises("JsException", "x.a = 2", x);
  raises("JsException", "del x.a", x);
  raises("JsException", "x.new_one = 2", x);
  assert.equal(x.a, 1);
});

test("proxies leave no slots", async () => {
  const object = { a: { b: [1, 2, { c: 3 }] }, f: (x) => x, m: new Map([["k", {}]]) };
  await expectNoLeaks(pyodide, () => {
    pyodide.globals.set("o", object);
    pyodide.runPython(`
      for i in range(10):
          o.a.b[2].c
          o.f(o.a) == o.a
          list(o.a.b)
          str(o.f), repr(o), dir(o), bool(o), o.js_id
          list(o.m), o.m['k']
          o.n = o.a
          del o.n
          try:
              o.missing
          except AttributeError:
              pass
          try:
              o.f.new()
          except Exception:
              pass
      del o, i
    `);
  });
});
