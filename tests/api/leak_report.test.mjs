// The leak report, and what setDebug(true) tells of destroyed proxies (J54, J101).
import { assert, krait, loadForTest, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();

krait("leakReport counts proxies and slots", "only krait has it", () => {
  const before = pyodide.ffi.leakReport();
  const list = pyodide.runPython("[1]");
  pyodide.runPython("from pyodide.code import run_js\nkept = run_js('({})')\nNone");
  const during = pyodide.ffi.leakReport();
  assert.equal(during.proxies, before.proxies + 1);
  assert.ok(during.slots > before.slots);
  assert.deepEqual(during.live, []);
  list.destroy();
  pyodide.runPython("del kept");
  assert.equal(pyodide.ffi.leakReport().proxies, before.proxies);
});

krait("with setDebug(true) it lists type, number and place, until they are destroyed", "only krait has it", () => {
  pyodide.setDebug(true);
  const made = [];
  try {
    for (let i = 0; i < 3; i++) made.push(pyodide.runPython("{1}"));
  } finally {
    pyodide.setDebug(false);
  }
  const sets = () => pyodide.ffi.leakReport().live.filter(({ type }) => type === "set");
  assert.equal(sets().length, 1);
  assert.equal(sets()[0].count, 3);
  assert.match(sets()[0].created, /leak_report\.test/);
  const fromPython = pyodide.runPython(
    "import pyodide.ffi\n[e['count'] for e in pyodide.ffi.leak_report()['live'] if e['type'] == 'set'][0]",
  );
  assert.equal(fromPython, 3);
  for (const proxy of made) proxy.destroy();
  assert.deepEqual(sets(), []);
});

krait("with setDebug(true) on it lists what the slots hold", "only krait has it", () => {
  class Marked {}
  const hostile = new Proxy({}, { getPrototypeOf: () => { throw new Error("no"); }, getOwnPropertyDescriptor: () => { throw new Error("no"); } });
  const liar = { get constructor() { throw new Error("asked"); } };
  const list = pyodide.toPy([new Marked(), new Marked(), new Map(), () => 1, Symbol("s"), Object.create(null), hostile, liar], { depth: 1 });
  assert.deepEqual(pyodide.ffi.leakReport().liveSlots, []);
  const count = (type) => pyodide.ffi.leakReport().liveSlots.find((entry) => entry.type === type)?.count ?? 0;
  pyodide.setDebug(true);
  try {
    const { slots, liveSlots } = pyodide.ffi.leakReport();
    assert.equal(liveSlots.reduce((sum, entry) => sum + entry.count, 0), slots);
    assert.deepEqual(liveSlots.map((entry) => entry.count), liveSlots.map((entry) => entry.count).sort((x, y) => y - x));
    assert.equal(count("Marked"), 2);
    const before = { map: count("Map"), function: count("function"), symbol: count("symbol"), object: count("object"), Object: count("Object") };
    assert.equal(pyodide.runPython("import pyodide.ffi\n[e['count'] for e in pyodide.ffi.leak_report()['liveSlots'] if e['type'] == 'Marked'][0]"), 2);
    list.destroy();
    assert.equal(count("Marked"), 0);
    const after = { map: count("Map"), function: count("function"), symbol: count("symbol"), object: count("object"), Object: count("Object") };
    for (const kind of ["map", "function", "symbol", "Object"]) assert.equal(before[kind] - after[kind], 1, kind);
    assert.equal(before.object - after.object, 2);
  } finally {
    pyodide.setDebug(false);
  }
});

test("the message about a destroyed proxy names the object when debugging", () => {
  const quiet = pyodide.runPython("{'a': 1}");
  quiet.destroy();
  assert.match(thrown(() => quiet.a).message, /^Object has already been destroyed\nFor more information.*setDebug\(true\)`$/);
  pyodide.setDebug(true);
  try {
    const loud = pyodide.runPython("{'a': 1}");
    loud.destroy({ message: "mine" });
    assert.match(thrown(() => loud.a).message, /^mine\nThe object was of type "dict" and had repr "\{'a': 1\}"/);
  } finally {
    pyodide.setDebug(false);
  }
});

krait("an object whose repr fails can be destroyed when debugging", "the peer was not asked", () => {
  pyodide.setDebug(true);
  try {
    const bad = pyodide.runPython("class Bad:\n  def __repr__(self): 1/0\nBad()");
    bad.destroy();
    assert.match(thrown(() => bad.a).message, /of type "Bad"; its repr\(\) failed[^]*It was destroyed here/);
  } finally {
    pyodide.setDebug(false);
  }
});
