// asJsJson(): dicts and lists that look like the objects and arrays of JSON.parse, but live (J78).
import { assert, expectNoLeaks, isKrait, krait, loadForTest, test } from "./harness.mjs";

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
  const json = '{"destroy":4,"copy":5,"__proto__":6,"constructor":7,"toString":[8],"then":9,"toJSON":10,"get":11,"asJsJson":12,"type":13}';
  const keys = ["destroy", "copy", "__proto__", "constructor", "toString", "then", "toJSON", "get", "asJsJson", "type"];
  const v = view(`{(1, 2): 3, **${json}}`);
  assert.deepEqual(Object.keys(v), keys);
  assert.equal(JSON.stringify(v), json);
  for (const key of keys) {
    assert.equal(JSON.stringify(v[key]), JSON.stringify(Object.getOwnPropertyDescriptor(v, key).value), key);
    assert.equal(key in v, true);
    assert.notEqual(typeof v[key], "function", key);
  }
  // Without such an item the methods are there.
  const plain = view("{'a': 1}");
  for (const method of ["destroy", "copy", "toString", "get"]) assert.equal(typeof plain[method], "function", method);
  plain.destroy();
  assert.throws(() => plain.a, /already been destroyed/);
  assert.throws(() => Object.keys(plain), /already been destroyed/);
  const cyclic = view("[1]");
  pyodide.runPython("it.append(it)");
  assert.equal(cyclic[1], cyclic);
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

test("the same item is the same view", () => {
  const v = view("{'a': {'n': 1}, 'b': [[1], (1,), {2}, object()]}");
  assert.equal(v.a, v.a);
  for (let i = 0; i < 4; i++) assert.equal(v.b[i], v.b[i]);
  const { a } = v;
  pyodide.runPython("it['a'] = {'n': 2}");
  assert.notEqual(v.a, a);
  assert.deepEqual([v.a.n, a.n], [2, 1]);
});

krait("an object has one view under the same root", "the peer has one for each container that it is reached from", () => {
  const root = pyodide.runPython("shared = {'n': 1}; {'a': shared, 'b': [shared]}");
  const v = root.asJsJson();
  assert.equal(v.b[0], v.a);
  assert.notEqual(root.asJsJson(), v); // another root
  root.destroy();
});

test("views live together: destroyed with the proxy they come from, or with the first view", () => {
  const make = () => {
    const root = pyodide.runPython("{'a': {'n': 1}, 'b': [[1], {2}, len]}");
    const v = root.asJsJson();
    return { root, v, reached: [v.a, v.b, v.b[0], v.b[1], v.b[2]] };
  };
  const dead = (x) => assert.throws(() => x.toString(), /destroyed/);
  const byProxy = make();
  byProxy.root.destroy();
  for (const x of [byProxy.v, ...byProxy.reached]) dead(x);
  const byView = make();
  byView.v.destroy();
  for (const x of [byView.v, ...byView.reached]) dead(x);
  if (isKrait(pyodide)) assert.equal(byView.root.length, 2); // the peer destroys it, too
  byView.root.destroy();
  const byPart = make();
  byPart.reached[0].destroy();
  dead(byPart.reached[0]);
  assert.equal(byPart.v.a.n, 1);
  for (const x of byPart.reached.slice(1)) x.toString();
  const kept = byPart.v.a.copy();
  byPart.root.destroy();
  assert.equal(kept.n, 1);
  kept.destroy();
});

krait("a view of a list is an array for Array.isArray", "the peer says no", () => {
  const v = view("{'l': [[1], {'n': 2}, 3], 't': (4,), 's': {5}}");
  assert.deepEqual([v, v.l, v.l[0], v.t, v.s].map(Array.isArray), [false, true, true, true, false]);
  assert.deepEqual([[v.l].flat().length, [].concat(v.l, v.t).length], [3, 4]);
  assert.equal(JSON.stringify({ inside: v.l }), '{"inside":[[1],{"n":2},3]}');
  assert.deepEqual([...v.t], [4]);
  assert.deepEqual(Reflect.ownKeys(v.l), ["0", "1", "2", "length"]);
  assert.deepEqual(Object.getOwnPropertyDescriptor(v.l, "length"), { value: 3, writable: true, enumerable: false, configurable: false });
  assert.equal(Reflect.deleteProperty(v.l, "length"), false);
  assert.equal(Reflect.defineProperty(v.l, "length", { value: 0 }), false);
  assert.equal(Reflect.defineProperty(v.l, "2", { value: 6, writable: true, enumerable: true, configurable: true }), true);
  assert.equal(Reflect.defineProperty(v.l, "2", { get: () => 7 }), false);
  assert.equal(it(), "{'l': [[1], {'n': 2}, 6], 't': (4,), 's': {5}}");
  const doubled = v.l[0].map((x) => 2 * x);
  assert.deepEqual([Object.getPrototypeOf(doubled) === Array.prototype, doubled], [true, [2]]);
});

test("spreading, in, for...of; a clone is not to be had", () => {
  const v = view("{'a': 1, 'l': [1, [2]]}");
  const copy = { ...v };
  assert.deepEqual([Object.keys(copy), copy.a, copy.l.length], [["a", "l"], 1, 2]);
  const seen = [];
  for (const x of v.l) seen.push(typeof x === "object" ? x[0] : x);
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual([0 in v.l, "1" in v.l, 2 in v.l, "length" in v.l, "a" in v, "b" in v], [true, true, false, true, true, false]);
  assert.throws(() => structuredClone(v.l), { name: "DataCloneError" }); // as of every Proxy
  for (const frozen of [v, v.l]) assert.throws(() => Object.freeze(frozen), TypeError);
});

test("views leave no proxies with their root destroyed, however many were reached", async () => {
  await expectNoLeaks(pyodide, () => {
    const root = pyodide.runPython("{'rows': [{'n': i, 's': {i}} for i in range(50)]}");
    const v = root.asJsJson();
    let sum = 0;
    for (const row of v.rows) sum += row.n + row.s.length;
    assert.equal(sum, 25 * 49 + 50);
    assert.throws(() => v.rows[0].s.nosuch(), TypeError);
    root.destroy();
  });
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
