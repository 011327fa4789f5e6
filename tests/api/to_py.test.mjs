// Conversion of JavaScript data to Python: toPy (J33) and JsProxy.to_py (Y22) of arrays, objects, strings and numbers.
import { assert, expectNoLeaks, krait, loadForTest, pythonError, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();

/** repr of what toPy makes of a value. */
function repr(value, options) {
  const proxy = pyodide.toPy(value, options);
  try {
    return run(pyodide, "repr(x)", { x: proxy });
  } finally {
    proxy?.destroy?.();
  }
}

const table = [
  [[], "[]"],
  [[1, 2.5, "a", true, 5n], "[1, 2.5, 'a', True, 5]"],
  [[undefined, null], "[None, jsnull]"],
  [[[1], [[2]]], "[[1], [[2]]]"],
  [[1, , 3], "[1, None, 3]"],
  [{}, "{}"],
  [{ a: 1, b: { c: [1, { d: "x" }] } }, "{'a': 1, 'b': {'c': [1, {'d': 'x'}]}}"],
  [{ 2: "two", 1: "one" }, "{'1': 'one', '2': 'two'}"],
  [{ "ü €": 1, "🐍": 2, "": 3 }, "{'ü €': 1, '🐍': 2, '': 3}"],
  [Object.assign(Object.create(null), { a: 1 }), "{'a': 1}"],
  [{ [Symbol("s")]: 1, a: 2 }, "{'a': 2}"],
  [
    new Map([
      ["a", { b: 1 }],
      [1, 2],
    ]),
    "{'a': {'b': 1}, 1: 2}",
  ],
  [new Set([1, "a"]), "{1, 'a'}"],
  [["", "a", "é", "€", "🐍", "\ud800", "\0"], "['', 'a', 'é', '€', '🐍', '\\ud800', '\\x00']"],
  [[2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, Number.NaN], "[2147483647, 2147483648, -2147483649, 9007199254740992.0, nan]"],
  [[-0], "[0]"],
  ["text", "'text'"],
  [5, "5"],
];

test("values", () => {
  for (const [value, expected] of table) {
    const actual = repr(value);
    if (expected === "{1, 'a'}") assert.ok([expected, "{'a', 1}"].includes(actual));
    else assert.equal(actual, expected);
  }
});

test("what has no counterpart stays what it is", () => {
  class K {
    a = 1;
  }
  for (const value of [new Date(0), new K(), () => 1, new Error("e"), new Number(3), Symbol("s"), /x/, Promise.resolve()]) {
    assert.equal(pyodide.toPy(value), value);
    const [same] = pyodide.toPy([value]);
    assert.equal(same, value);
  }
  assert.equal(pyodide.toPy("s"), "s");
  assert.equal(pyodide.toPy(undefined), undefined);
  assert.equal(pyodide.toPy(null), null);
});

test("a PyProxy inside becomes the object itself", () => {
  const list = pyodide.runPython("original = [1]\noriginal");
  const holder = pyodide.toPy({ list, deep: [list] });
  pyodide.globals.set("holder", holder);
  assert.equal(pyodide.runPython("holder['list'] is original and holder['deep'][0] is original"), true);
  holder.destroy();
  list.destroy();
  pyodide.runPython("del holder, original");
});

test("shared parts stay shared and cycles stay cycles", () => {
  const part = [1];
  const cyclic = { part, again: part, map: new Map() };
  cyclic.self = cyclic;
  cyclic.list = [cyclic];
  cyclic.map.set("up", cyclic);
  const proxy = pyodide.toPy(cyclic);
  pyodide.globals.set("c", proxy);
  assert.equal(
    pyodide.runPython("c['part'] is c['again'] and c['self'] is c and c['list'][0] is c and c['map']['up'] is c"),
    true,
  );
  proxy.destroy();
  pyodide.runPython("c.clear()\ndel c");
});

test("depth", () => {
  assert.equal(repr([[1]], { depth: 2 }), "[[1]]");
  const shallow = pyodide.toPy([{ a: 1 }], { depth: 1 });
  assert.equal(run(pyodide, "type(x[0]).__name__", { x: shallow }), "JsProxy");
  shallow.destroy();
  const array = [1];
  assert.equal(pyodide.toPy(array, { depth: 0 }), array);
});

test("keys that Python cannot keep apart or hash", () => {
  const both = new Map([
    [1, 1],
    [true, 2],
  ]);
  assert.match(String(thrown(() => pyodide.toPy(both))), /both 1 and true/);
  assert.match(String(thrown(() => pyodide.toPy(new Map([[{}, 1]])))), /key of type Object/);
  assert.match(String(thrown(() => pyodide.toPy(new Set([[1]])))), /key of type Array/);
});

test("to_py from Python", () => {
  assert.equal(run(pyodide, "repr(x.to_py())", { x: { a: [1, { b: 2 }] } }), "{'a': [1, {'b': 2}]}");
  assert.equal(run(pyodide, "type(x.to_py(depth=1)[0]).__name__", { x: [[1]] }), "JsProxy");
  assert.equal(run(pyodide, "x.to_py() == x", { x: new Date(0) }), true);
});

test("buffers become memoryviews with a copy", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const view = pyodide.toPy(bytes);
  bytes[0] = 9;
  assert.equal(run(pyodide, "bytes(x).hex() + type(x).__name__", { x: view }), "010203memoryview");
  view.destroy();
  assert.equal(run(pyodide, "x.to_py().tolist()[0]", { x: new Float32Array([1.5]) }), 1.5);
});

test("an error in a getter comes through", () => {
  const bad = {
    a: 1,
    get b() {
      throw new RangeError("getter");
    },
  };
  assert.match(String(thrown(() => pyodide.toPy(bad))), /getter/);
  assert.equal(pyodide.runPython("1 + 1"), 2);
});

test("deep nesting is converted or refused, but does not crash", () => {
  let deep = [];
  for (let i = 0; i < 100000; i++) deep = [deep];
  try {
    const list = pyodide.toPy(deep);
    pyodide.globals.set("deep", list);
    list.destroy();
    assert.equal(pyodide.runPython("n = 0\nwhile deep:\n  deep = deep.pop()\n  n += 1\ndel deep\nn"), 100000);
  } catch (error) {
    assert.match(String(error), /recursion|stack|depth/i);
  }
  assert.equal(pyodide.runPython("1 + 1"), 2);
});

test("conversions leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    for (const [value] of table) pyodide.toPy(value)?.destroy?.();
    pyodide.toPy([new Date(0), { f: () => 1 }]).destroy();
    try {
      pyodide.toPy([1, [2, { a: new Map([[{}, 1]]) }]]);
    } catch {}
  });
});

// --- default_converter ---

class Thing {
  constructor(part) {
    this.part = part;
  }
}

test("defaultConverter is asked for what has no counterpart", () => {
  const seen = [];
  const values = [new Thing(1), () => 1, Symbol("s"), new Date(0), /x/, new Error("e"), 5, "s", null, [new Thing(2)], new Map([["m", new Thing(3)]]), Math];
  assert.equal(
    repr(values, { defaultConverter: (v) => (seen.push(Object.prototype.toString.call(v)), 0) }),
    "[0, 0, 0, 0, 0, 0, 5, 's', jsnull, [0], {'m': 0}, 0]",
  );
  assert.equal(seen.join(), "[object Object],[object Function],[object Symbol],[object Date],[object RegExp],[object Error],[object Object],[object Object],[object Math]");
  for (const value of [new Thing(1), () => 1, Symbol("q")]) assert.equal(pyodide.toPy(value, { defaultConverter: () => "root" }), "root");
  assert.equal(pyodide.toPy(5, { defaultConverter: () => "root" }), 5);
});

test("defaultConverter: convert, the cache, sharing and cycles", () => {
  assert.equal(repr([new Thing([1, { b: 2 }])], { defaultConverter: (v, convert) => convert(v.part) }), "[[1, {'b': 2}]]");
  const thing = new Thing(null);
  thing.part = [thing];
  const part = [5];
  const first = pyodide.toPy([new Thing(part), part], { defaultConverter: (v, convert) => convert(v.part) });
  assert.equal(run(pyodide, "x[0] is x[1]", { x: first }), true);
  first.destroy();
  let calls = 0;
  const cyclic = pyodide.toPy([thing, thing], {
    defaultConverter(v, convert, cache) {
      calls++;
      const result = pyodide.runPython("[]");
      cache(v, result);
      const inner = convert(v.part);
      result.append(inner);
      return result;
    },
  });
  assert.equal(calls, 1);
  assert.equal(run(pyodide, "x[0] is x[1] and x[0][0][0] is x[0]", { x: cyclic }), true);
  run(pyodide, "x[0].clear()", { x: cyclic });
  cyclic.destroy();
});

test("default_converter from Python", () => {
  const names = { x: [new Thing([7]), [2]] };
  assert.equal(run(pyodide, "repr(x.to_py(default_converter=lambda v, convert, cache: convert(v.part)))", names), "[[7], [2]]");
  assert.equal(run(pyodide, "repr(x.to_py(default_converter=lambda v, c, k: [c(5), c('s'), c(None)]))", names), "[[5, 's', None], [2]]");
  const error = thrown(() => run(pyodide, "def fail(*args): raise KeyError('hook')\nx.to_py(default_converter=fail)", names));
  assert.equal(error.type, "KeyError");
  assert.match(String(thrown(() => pyodide.toPy(names.x, { defaultConverter: () => { throw new RangeError("js hook"); } }))), /js hook/);
});

test("depth counts for defaultConverter", () => {
  assert.equal(repr([[1], {}], { depth: 1, defaultConverter: () => "hook" }), "[1, [object Object]]");
  const value = pyodide.toPy([new Thing([[1]])], { depth: 3, defaultConverter: (v, convert) => convert(v.part) });
  assert.equal(run(pyodide, "type(x[0]).__name__ + type(x[0][0]).__name__", { x: value }), "listJsProxy");
  value.destroy();
});

krait("defaultConverter must be a function, and is no use afterwards", "the peer says it in other words", () => {
  assert.throws(() => pyodide.toPy([1], { defaultConverter: 5 }), /defaultConverter must be a function, not number/);
  const error = pythonError(pyodide, "import js\njs.Array.new().to_py(default_converter=5)", "TypeError");
  assert.match(error.message, /default_converter must be callable, not int/);
  const late = run(
    pyodide,
    `
kept = []
x.to_py(default_converter=lambda v, c, k: kept.append((c, k)))
try:
  kept[0][0](x)
except RuntimeError as error:
  late = str(error)
late`,
    { x: [new Thing(1)] },
  );
  assert.match(late, /ended/);
});

krait("a hook that changes what is under construction", "the peer dies of some of it", () => {
  const list = [new Thing(1), 2, new Thing(3), 4];
  const hook = `
def hook(value, convert, cache):
  part = convert(whole)
  part.clear()
  part.extend(range(100)) if isinstance(part, list) else None
  return "x"
repr(whole.to_py(default_converter=hook))[-30:]`;
  assert.match(run(pyodide, hook, { whole: list }), /4\]$/);
  assert.match(run(pyodide, hook, { whole: { a: new Thing(1), b: 2, c: new Thing(3) } }), /'c': 'x'\}$/);
});

test("keys that are equal in Python, or cannot be hashed", () => {
  for (const [value, message] of [
    [new Map([[1, 1], [true, 2]]), /Map .*both 1 and true/],
    [new Set([0, false]), /Set .*both 0 and false/],
    [[{ a: new Set([1, true]) }], /both 1 and true/],
    [new Map([[[1], 2]]), /key of type Array as a key to a Python dict/],
    [new Set([new Thing(1)]), /key of type Thing as a key to a Python set/],
    [new Map([[() => 1, 2]]), /key of type Function/],
  ])
    assert.match(String(thrown(() => pyodide.toPy(value))), message);
});

krait("colliding keys are ConversionErrors", "the peer throws an Error, and loses one of 1 and 1n", () => {
  for (const value of [new Map([[1, 1], [true, 2]]), new Map([[1, 2], [1n, 3]]), new Set([0n, false]), new Set([[]])])
    assert.equal(thrown(() => pyodide.toPy(value)).type, "ConversionError");
});

test("objects of one shape, and of nearly the same", () => {
  for (const [value, expected] of [
    [[{ a: 1, b: 2 }, { a: 3, b: 4 }, { b: 5, a: 6 }, { a: 7 }, { a: 8, b: 9, c: 10 }, { a: 11, b: 12 }],
      "[{'a': 1, 'b': 2}, {'a': 3, 'b': 4}, {'b': 5, 'a': 6}, {'a': 7}, {'a': 8, 'b': 9, 'c': 10}, {'a': 11, 'b': 12}]"],
    [[{}, {}, { a: {} }, { a: { a: {} } }], "[{}, {}, {'a': {}}, {'a': {'a': {}}}]"],
    [{ a: 1, next: { a: 2, next: { a: 3, next: null } } }, "{'a': 1, 'next': {'a': 2, 'next': {'a': 3, 'next': jsnull}}}"],
    [[{ __proto__: null, a: 1 }, { a: 2 }, { ["__proto__"]: 3 }, { a: 4 }], "[{'a': 1}, {'a': 2}, {'__proto__': 3}, {'a': 4}]"],
    [["word", "word", "other", "word", { word: "other" }], "['word', 'word', 'other', 'word', {'word': 'other'}]"],
  ])
    assert.equal(repr(value), expected);
  const wide = Array.from({ length: 3 }, (_, k) => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i * k])));
  const proxy = pyodide.toPy(wide);
  assert.deepEqual(proxy.toJs(), wide);
  proxy.destroy();
});

krait("an object that a getter changes is what its keys were at first", "the peer leaves out what is gone", () => {
  let changes = 0;
  const changing = () => ({
    get a() {
      changes++;
      delete this.c;
      this.d = 4;
      return 1;
    },
    b: 2,
    c: 3,
  });
  assert.equal(
    repr([{ a: 1, b: 2, c: 3 }, changing(), changing(), { a: 1, b: 2, c: 3 }]),
    "[{'a': 1, 'b': 2, 'c': 3}, {'a': 1, 'b': 2, 'c': None}, {'a': 1, 'b': 2, 'c': None}, {'a': 1, 'b': 2, 'c': 3}]",
  );
  assert.equal(changes, 2);
});

test("dicts of one shape are apart and known to the collector", () => {
  const rows = pyodide.toPy([{ a: 1, b: [] }, { a: 2, b: [] }, { a: 3, b: [] }]);
  const told = run(
    pyodide,
    `
import gc
rows[1]["c"] = 1
del rows[2]["a"]
rows[0]["b"].append(rows[0])
str([list(map(sorted, rows)), [row["b"] is rows[0]["b"] for row in rows], all(map(gc.is_tracked, rows))])`,
    { rows },
  );
  assert.equal(told, "[[['a', 'b'], ['a', 'b', 'c'], ['b']], [True, False, False], True]");
  run(pyodide, "rows[0]['b'].clear()", { rows });
  rows.destroy();
});

krait("what cannot be asked stays what it is", "the peer throws what asking throws", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const liar = new Proxy({}, { getPrototypeOf: () => { throw new Error("liar"); } });
  for (const value of [revoked, liar, Math, JSON]) {
    const list = pyodide.toPy([value]);
    assert.equal(list.get(0), value);
    list.destroy();
  }
});

test("hooks leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    pyodide.toPy([new Thing([1]), new Date(0)], { defaultConverter: (v, convert, cache) => convert(v.part) }).destroy();
    pyodide.toPy([new Thing({ a: [1] }), { b: new Thing([]) }], { defaultConverter: (v, convert) => convert(v.part) }).destroy();
    run(pyodide, "x.to_py(default_converter=lambda v, c, k: k(v, c(v.part)))\nNone", { x: [new Thing([1]), { a: new Thing([2]) }] });
    pyodide.toPy([{ a: 1, f: () => 1 }, { a: 2, f: () => 2 }, { a: 3, f: () => 3 }]).destroy();
  });
});
