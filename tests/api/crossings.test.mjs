// How often an operation crosses the border: once each way it must, whatever the number of arguments or items. The
// counter is what keeps a per-element crossing from creeping in.
import { assert, krait, loadForTest } from "./harness.mjs";

const pyodide = await loadForTest();
const WHY = "only krait counts its crossings";

/** Crossings of one call of `fn`, once everything it needs is known (names, types, helpers). */
function crossings(fn) {
  fn();
  fn();
  const before = pyodide._api.stats().crossings;
  fn();
  return pyodide._api.stats().crossings - before;
}

krait("JavaScript calls Python: one crossing for any number of arguments", WHY, () => {
  const f = pyodide.runPython("lambda *args: len(args)");
  assert.equal(crossings(() => f()), 1);
  assert.equal(crossings(() => f(1, 2)), 1);
  assert.equal(crossings(() => f("a", "b", 3n, null, undefined, 1.5, true, {}, [])), 1);
  f.destroy();
});

krait("attributes, items and lengths of a proxy: one crossing each", WHY, () => {
  const list = pyodide.runPython("[1, 2, 3]");
  assert.equal(crossings(() => list.length), 1);
  assert.equal(crossings(() => list.get(1)), 1);
  assert.equal(crossings(() => list.set(0, 5)), 1);
  assert.equal(crossings(() => list.has(2)), 1);
  list.destroy();
  const object = pyodide.runPython("class A: x = 1\nA()");
  assert.equal(crossings(() => object.x), 1);
  assert.equal(crossings(() => (object.x = 2)), 1);
  object.destroy();
});

krait("a deep conversion is one crossing, however large the value", WHY, () => {
  const small = pyodide.runPython("[1, {'a': ['b']}]");
  const large = pyodide.runPython("[{'a': [i, str(i), i / 3], 'b': {'c': None}} for i in range(1000)]");
  assert.equal(large.toJs().length, 1000);
  assert.equal(crossings(() => large.toJs()), crossings(() => small.toJs()));
  const one = JSON.parse('[{"a": [1, "x"]}]');
  const many = Array.from({ length: 1000 }, (_, i) => ({ a: [i, `x${i}`], b: null }));
  assert.equal(
    crossings(() => pyodide.toPy(many).destroy()),
    crossings(() => pyodide.toPy(one).destroy()),
  );
  small.destroy();
  large.destroy();
});

krait("Python calls JavaScript: the same for any number of arguments", WHY, () => {
  pyodide.globals.set("f", (...args) => args.length);
  const call = (source) => {
    const code = pyodide.runPython(`lambda: ${source}`);
    try {
      return crossings(() => code()) - 1; // the call of the lambda itself
    } finally {
      code.destroy();
    }
  };
  assert.equal(call("f()"), 1);
  assert.equal(call("f(1, 2)"), 1);
  assert.equal(call("f(1, 'b', None, 2.5, True, 10 ** 30, key='v')"), 1);
  pyodide.globals.set("o", { x: 1, m: (x) => x });
  assert.equal(call("o.x"), 1);
  assert.equal(call("o.m(1)"), 2); // the method, then its call
  pyodide.runPython("del f, o");
});
