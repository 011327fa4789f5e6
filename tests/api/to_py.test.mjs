// Conversion of JavaScript data to Python: toPy (J33) and JsProxy.to_py (Y22) of arrays, objects, strings and numbers.
import { assert, expectNoLeaks, loadForTest, run, test, thrown } from "./harness.mjs";

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
