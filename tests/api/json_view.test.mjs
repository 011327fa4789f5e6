// asJsJson(): dicts and lists that look like the objects and arrays of JSON.parse, but live (J78).
import { assert, expectNoLeaks, krait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const { ffi } = pyodide;

const origins = [];

/** The view of what `code` gives, which Python knows as `it`. */
function view(code) {
  const proxy = pyodide.runPython(`it = ${code}; it`);
  origins.push(proxy); // for the peer the view lives as long as the proxy
  return proxy.asJsJson();
}
const it = () => pyodide.runPython("repr(it)");

test("a view is written by JSON.stringify as the data it shows", () => {
  for (const json of ['{"a":1,"b":[1,{"c":2}]}', "[1,[2],{\"x\":[null,true]}]", "{}", "[]", '{"":{"length":3,"type":"t","keys":[1]}}']) {
    const v = view(json.replace("null", "None").replace("true", "True"));
    assert.equal(JSON.stringify(v).replace("undefined", "null"), json);
  }
});

test("properties are items, nested ones too", () => {
  const v = view("{'a': 1, 'b': [1, {'c': 2}], 'toJs': 5, 'length': 6}");
  assert.deepEqual([v.a, v.b[1].c, v.toJs, v.length, v.nosuch, v.b.length, v.b[9]], [1, 2, 5, 6, undefined, 2, undefined]);
  assert.deepEqual(Object.keys(v), ["a", "b", "toJs", "length"]);
  assert.deepEqual(["a" in v, "z" in v], [true, false]);
  assert.ok(v instanceof ffi.PyProxy);
});

test("writing changes the Python object", () => {
  const v = view("{'a': {'n': 1}, 'l': [1, 2]}");
  v.a.n = 2;
  v.z = 3;
  delete v.l[0];
  v.l.push(4);
  v.l[0] = 9;
  assert.equal(it(), "{'a': {'n': 2}, 'l': [9, 4], 'z': 3}");
  delete v.a;
  assert.equal(it(), "{'l': [9, 4], 'z': 3}");
  const same = pyodide.globals.get("it");
  assert.equal(pyodide.runPython("lambda x: x is it")(v), true);
  same.destroy();
});

test("lists have Array's methods, whose callbacks get views", () => {
  const v = view("[{'n': 1}, {'n': 2}]");
  assert.deepEqual(v.map((x) => x.n), [1, 2]);
  assert.deepEqual([...v].map((x) => x.n), [1, 2]);
  assert.equal(v.find((x) => x.n === 2).n, 2);
});

krait("indices are keys of a list's view, and integers of a dict's", "the peer shows the first to nobody", () => {
  assert.deepEqual(Object.keys(view("[5, 6]")), ["0", "1"]);
  assert.deepEqual(Object.entries(view("{1: 'one', '2': 'two'}")), [["1", "one"], ["2", "two"]]);
});

krait("hostile keys and items", "the peer was not asked", () => {
  const v = view("{(1, 2): 3, 'destroy': 4, 'copy': 5, '__proto__': 6, 'constructor': 7}");
  assert.equal(typeof v.destroy, "function");
  assert.equal(typeof v.copy, "function");
  assert.deepEqual([v.constructor, v["__proto__"]], [7, 6]);
  assert.deepEqual(Object.keys(v), ["destroy", "copy", "__proto__", "constructor"]);
  v.destroy();
  assert.throws(() => v.a, /already been destroyed/);
  assert.throws(() => Object.keys(v), /already been destroyed/);
  const cyclic = view("[1]");
  pyodide.runPython("it.append(it)");
  assert.equal(cyclic[1][1][1][0], 1);
  assert.throws(() => JSON.stringify(cyclic), RangeError);
  cyclic.destroy();
});

test("a copy of a view has its own life", async () => {
  const v = view("{'a': [1]}");
  const copy = v.copy();
  v.destroy();
  assert.equal(copy.a[0], 1);
  copy.destroy();
  assert.throws(() => copy.a, /already been destroyed/);
});

test("views leave no proxies when they are destroyed", async () => {
  await expectNoLeaks(pyodide, () => {
    const v = view("{'a': {'b': 1}, (1,): 2}");
    const inner = v.a;
    assert.equal(inner.b, 1);
    assert.deepEqual(Object.keys(inner), ["b"]);
    inner.destroy();
    v.destroy();
    for (const proxy of origins.splice(0)) proxy.destroy();
  });
});
