// Random nested values through the deep conversions, each against a plain twin: what the tape does in one crossing the twin
// does value by value, with implicit conversions alone. The generator is seeded; a failure names the seed.
import { assert, expectNoLeaks, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
pyodide.runPython(`
from pyodide.ffi import to_js, jsnull
from js import Object, Array, Set as JsSet, Map as JsMap
import random

TEXTS = ["", "a", "key", "word", "ü", "€uro", "🐍", "\\ud800x", "nul\\0", "__proto__", "x" * 20, "long " * 30, "y" * 5000]

def text(r):
    return r.choice(TEXTS)

def leaf(r):
    return r.choice([
        lambda: r.randrange(-300, 300), lambda: r.randrange(-2**40, 2**40), lambda: r.randrange(-2**90, 2**90),
        lambda: (r.random() - 0.5) * 2 ** r.randrange(-30, 60), lambda: text(r), lambda: text(r) + str(r.randrange(40)),
        lambda: r.random() < 0.5, lambda: None, lambda: jsnull,
    ])()

def tree(r, depth, shared):
    """A nested value; containers are in \`shared\` when they are complete, and may come again."""
    if depth == 0 or r.random() < 0.3:
        return leaf(r)
    if shared and r.random() < 0.15:
        return r.choice(shared)
    kind = r.randrange(7)
    if kind == 0:
        made = [r.randrange(1000) for _ in range(r.randrange(12))]
    elif kind == 1:
        made = [r.random() for _ in range(r.randrange(12))]
    elif kind == 2:
        made = tuple(tree(r, depth - 1, shared) for _ in range(r.randrange(5)))
    elif kind == 3:
        made = set(r.sample(["a", "b", 3, 4.5, 2**70, "€"], r.randrange(6)))
    elif kind == 4:
        # Rows of one shape, now and then with a key more.
        keys = [text(r) + "c" + str(i) for i in range(r.randrange(5))]
        made = [{k: tree(r, depth - 2, shared) for k in keys + ["more"] * (r.random() < 0.1)} for _ in range(r.randrange(6))] if depth > 1 else []
    elif kind == 5:
        made = {text(r) + "k" + str(r.randrange(9)): tree(r, depth - 1, shared) for _ in range(r.randrange(6))}
    else:
        made = [tree(r, depth - 1, shared) for _ in range(r.randrange(6))]
    shared.append(made)
    return made

# Keys that look like array indices would come first in JavaScript, whatever their order was: there are none.
def random_tree(seed):
    return [tree(random.Random(seed), 5, [])]

def twin_to_js(value, known=None):
    """to_js, one element a crossing."""
    known = {} if known is None else known
    if isinstance(value, (int, float, str)) or value is None or value is jsnull:
        return value
    if id(value) in known:
        return known[id(value)][1]
    if isinstance(value, (list, tuple)):
        made = Array.new()
        known[id(value)] = (value, made)
        for item in value:
            made.push(twin_to_js(item, known))
    elif isinstance(value, dict):
        made = Object.new()
        known[id(value)] = (value, made)
        for key, item in value.items():
            Object.defineProperty(made, key, Object.fromEntries(Array.new(*[
                Array.new("value", twin_to_js(item, known)), Array.new("writable", True),
                Array.new("enumerable", True), Array.new("configurable", True)])))
    else:
        made = JsSet.new()
        known[id(value)] = (value, made)
        for item in value:
            made.add(item)
    return made

def same(a, b, known=None):
    """Equal in value, type, order of keys and in which parts are one object."""
    known = {} if known is None else known
    if isinstance(a, (list, tuple, dict, set)):
        if id(a) in known:
            return known[id(a)] is b
        known[id(a)] = b
    if isinstance(a, (list, tuple)):
        return isinstance(b, list) and len(a) == len(b) and all(same(x, y, known) for x, y in zip(a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k], known) for k in a)
    if isinstance(a, set):
        return isinstance(b, set) and a == b
    if isinstance(a, float) and a != a:
        return b != b
    if isinstance(a, float) and a.is_integer() and abs(a) < 2**53:
        return int(a) == b and isinstance(b, int)  # a Number that is integral comes back as an int
    return a == b and isinstance(b, type(a))
`);
const py = (code) => pyodide.runPython(code);

const SEEDS = 150;

test("Python to JavaScript and back: value, type, order and sharing", () => {
  const failed = py(`
failed = [seed for seed in range(${SEEDS}) if not same(random_tree(seed), to_js(random_tree(seed)).to_py())]
str(failed)`);
  assert.equal(failed, "[]");
});

test("the tape and the twin build the same JavaScript value", () => {
  const build = py("lambda seed: to_js(random_tree(seed))");
  const twin = py("lambda seed: twin_to_js(random_tree(seed))");
  for (let seed = 0; seed < SEEDS; seed++) assertSame(build(seed), twin(seed), `seed ${seed}`);
  build.destroy();
  twin.destroy();
});

test("with hooks, a conversion goes in pieces, and the result is the same", () => {
  const build = py("lambda seed: to_js(random_tree(seed))");
  const pieces = [
    py("lambda seed: to_js(random_tree(seed), eager_converter=lambda value, convert, cache: convert(value))"),
    py("lambda seed: to_js(random_tree(seed), default_converter=lambda value, convert, cache: 1 / 0)"),
  ];
  const maps = py("lambda seed: to_js(random_tree(seed), dict_converter=Object.fromEntries)");
  for (let seed = 0; seed < SEEDS / 3; seed++) {
    const expected = build(seed);
    for (const piecewise of pieces) assertSame(piecewise(seed), expected, `seed ${seed}`);
    assertSame(maps(seed), expected, `seed ${seed}`);
  }
  for (const proxy of [build, maps, ...pieces]) proxy.destroy();
});

// --- JavaScript values ---

function generator(seed) {
  let state = seed * 2654435761 + 1;
  const next = (n) => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % n;
  const texts = ["", "a", "key", "word", "ü", "€uro", "🐍", "\ud800x", "nul\0", "__proto__", "x".repeat(20), "y".repeat(5000)];
  const text = () => texts[next(texts.length)];
  const leaves = [
    () => next(600) - 300, () => next(2 ** 30) * 4 - 2 ** 31, () => (next(10000) - 5000) / 7, () => 2 ** 52 + next(100),
    () => 2 ** 60, () => Number.NaN, () => Number.NEGATIVE_INFINITY, () => text(), () => `${text()}${next(40)}`,
    () => next(2) === 1, () => undefined, () => null, () => BigInt(next(1000)) ** 12n, () => -BigInt(next(9)),
  ];
  const leaf = () => leaves[next(leaves.length)]();
  const object = (keys, value) => {
    const made = next(8) === 0 ? Object.create(null) : {};
    for (const key of keys) Object.defineProperty(made, key, { value: value(), writable: true, enumerable: true, configurable: true });
    return made;
  };
  const list = (count, make) => Array.from({ length: next(count) }, make);
  const tree = (depth, shared) => {
    if (depth <= 0 || next(10) < 3) return leaf();
    if (shared.length > 0 && next(7) === 0) return shared[next(shared.length)];
    const inner = () => tree(depth - 1, shared);
    const kinds = [
      () => list(12, () => next(100000)),
      () => list(6, inner),
      () => object(new Set(list(6, () => `${text()}${next(9)}`)), inner),
      () => {
        const keys = list(5, (_, i) => `${text()}${i}`);
        return list(6, () => object(next(10) === 0 ? [...keys, "more"] : keys, () => tree(depth - 2, shared)));
      },
      () => new Map(list(5, (_, i) => [next(2) ? `k${i}` : i + 0.5, inner()])),
      () => new Set(list(6, (_, i) => (next(2) ? text() : i + 10))),
    ];
    const made = kinds[next(kinds.length)]();
    shared.push(made);
    return made;
  };
  return [tree(5, [])];
}

/** toPy, one element a crossing. Gives a proxy, or an immutable value. */
function twinToPy(value, tools, known = new Map()) {
  if (typeof value !== "object" || value === null) return value;
  if (known.has(value)) return known.get(value);
  const array = Array.isArray(value);
  const made = array ? tools.list() : value instanceof Set ? tools.set() : tools.dict();
  known.set(value, made);
  if (array) for (const item of value) made.append(twinToPy(item, tools, known));
  else if (value instanceof Set) for (const item of value) made.add(item);
  else for (const [key, item] of value instanceof Map ? value : Object.entries(value)) made.set(key, twinToPy(item, tools, known));
  return made;
}

const tools = Object.fromEntries(["list", "set", "dict"].map((name) => [name, py(`${name}`)]));
const samePython = py("same");

test("the tape and the twin build the same Python value", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const value = generator(seed);
    const known = new Map();
    const twin = twinToPy(value, tools, known);
    const tape = pyodide.toPy(value);
    assert.equal(samePython(twin, tape), true, `seed ${seed}`);
    assert.equal(samePython(tape, twin), true, `seed ${seed}`);
    const pieces = pyodide.toPy(value, { defaultConverter: () => assert.fail("there is nothing to ask for") });
    assert.equal(samePython(tape, pieces), true, `seed ${seed}, in pieces`);
    for (const proxy of new Set([tape, pieces, ...known.values()])) proxy.destroy();
  }
});

test("JavaScript to Python and back: what has one counterpart comes back", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const value = generator(seed);
    const proxy = pyodide.toPy(value);
    assertSame(proxy.toJs({ dict_converter: Object.fromEntries }), value, `seed ${seed}`, true);
    proxy.destroy();
  }
});

/** Same types, values, order of keys and sharing. `back`: Maps have become objects, and null prototypes ordinary ones. */
function assertSame(actual, expected, where, back = false, known = new Map()) {
  if (typeof expected !== "object" || expected === null) {
    const number = typeof expected === "bigint" && !back ? BigInt(actual) : actual;
    assert.ok(Object.is(number, expected), `${where}: ${String(actual)} is not ${String(expected)}`);
    return;
  }
  if (known.has(expected)) return assert.equal(known.get(expected), actual, `${where}: what was shared is apart`);
  known.set(expected, actual);
  const go = (a, e) => assertSame(a, e, where, back, known);
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual) && actual.length === expected.length, where);
    for (let i = 0; i < expected.length; i++) go(actual[i], expected[i]);
  } else if (expected instanceof Set) {
    assert.deepEqual(new Set(actual), new Set(expected), where);
    assert.equal(actual.size, expected.size);
  } else {
    const entries = expected instanceof Map ? [...expected].map(([k, v]) => [String(k), v]) : Object.entries(expected);
    assert.equal(Object.getPrototypeOf(actual), Object.prototype, where);
    const ordered = Object.keys(Object.fromEntries(entries));
    assert.deepEqual(Object.keys(actual), ordered, where);
    for (const [key, item] of entries) go(actual[key], item);
  }
}

test("random values leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    for (let seed = 0; seed < 30; seed++) {
      pyodide.toPy(generator(seed)).destroy();
      pyodide.toPy(generator(seed), { defaultConverter: () => 0 }).destroy();
      py(`to_js(random_tree(${seed}))\nto_js(random_tree(${seed}), eager_converter=lambda v, c, k: c(v))\nNone`);
    }
  });
});
