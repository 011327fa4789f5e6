// Conversion of Python data to JavaScript: to_js (Y54) and PyProxy.toJs (J75) of lists, dicts, strings and numbers.
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
pyodide.runPython("from pyodide.ffi import to_js\nimport js");
const py = (code) => pyodide.runPython(code);
const toJs = (expression) => py(`to_js(${expression})`);

test("values", () => {
  for (const [expression, expected] of [
    ["[]", []],
    ["[1, 2, 3]", [1, 2, 3]],
    ["[1, 2.5, 'a', None, True, 2 ** 60]", [1, 2.5, "a", undefined, true, 2n ** 60n]],
    ["[[1], [[2]], []]", [[1], [[2]], []]],
    ["(1, (2, 3))", [1, [2, 3]]],
    ["{}", {}],
    ["{'a': 1, 'b': {'c': [1, {'d': None}]}}", { a: 1, b: { c: [1, { d: undefined }] } }],
    ["{'': 0, 'ü €': 1, '🐍': 2}", { "": 0, "ü €": 1, "🐍": 2 }],
    ["{1: 'int', 1.5: 'float', True: 'bool'}", { 1: "bool", 1.5: "float" }],
    ["{None: 1}", { undefined: 1 }],
    ["{1, 2}", new Set([1, 2])],
    ["'text'", "text"],
    ["5", 5],
    ["1.5", 1.5],
    ["2 ** 70", 2n ** 70n],
    ["None", undefined],
    ["True", true],
    ["[1.5, 2.5, float('inf')]", [1.5, 2.5, Number.POSITIVE_INFINITY]],
    ["[2 ** 31 - 1, 2 ** 31, -2 ** 31, -2 ** 31 - 1]", [2147483647, 2147483648, -2147483648, -2147483649]],
    ["['', 'a', 'é', '€', '🐍', '\\ud800', '\\0']", ["", "a", "é", "€", "🐍", "\ud800", "\0"]],
    ["['a' * 1000, '€' * 1000, '🐍' * 1000]", ["a".repeat(1000), "€".repeat(1000), "🐍".repeat(1000)]],
    ["[[i] * 3 for i in range(3)]", [[0, 0, 0], [1, 1, 1], [2, 2, 2]]],
    ["list(range(1000))", [...Array(1000).keys()]],
    ["{str(i): i for i in range(1000)}", Object.fromEntries([...Array(1000).keys()].map((i) => [String(i), i]))],
    ["b'abc'", new Uint8Array([97, 98, 99])],
    ["bytearray(b'abc')", new Uint8Array([97, 98, 99])],
    ["[b'', memoryview(b'x')]", [new Uint8Array(0), new Uint8Array([120])]],
  ]) {
    if (expression.startsWith("{1: 'int'")) continue; // True and 1 are one key in Python
    assert.deepEqual(toJs(expression), expected, expression);
  }
  assert.ok(Object.is(toJs("[-0.0]")[0], -0));
  assert.ok(Number.isNaN(toJs("[float('nan')]")[0]));
});

test("a dict becomes a plain object in the order of its keys", () => {
  const object = toJs("{'z': 1, 'a': 2, 'm': 3}");
  assert.deepEqual(Object.keys(object), ["z", "a", "m"]);
  assert.equal(Object.getPrototypeOf(object), Object.prototype);
});

test("subclasses convert like their bases", () => {
  assert.deepEqual(toJs("type('L', (list,), {})([1])"), [1]);
  assert.deepEqual(toJs("type('D', (dict,), {})(a=1)"), { a: 1 });
  assert.deepEqual(py("from collections import OrderedDict\nto_js(OrderedDict(b=1, a=2))"), { b: 1, a: 2 });
  assert.deepEqual(py("from collections import defaultdict\nto_js(defaultdict(int, a=1))"), { a: 1 });
  assert.deepEqual(py("from collections import namedtuple\nto_js(namedtuple('N', 'a b')(1, 2))"), [1, 2]);
  assert.equal(py("import enum\nclass E(enum.IntEnum):\n  A = 3\nto_js(E.A)"), 3);
});

test("shared parts stay shared and cycles stay cycles", () => {
  const [a, b] = py("part = [1]\nto_js([part, part])");
  assert.equal(a, b);
  const list = py("l = [1]\nl.append(l)\nto_js(l)");
  assert.equal(list[1], list);
});

krait("dicts may contain themselves", "the peer dies of it", () => {
  const object = py("d = {}\nd['self'] = d\nd['list'] = [d]\nto_js(d)");
  assert.equal(object.self, object);
  assert.equal(object.list[0], object);
  py("d.clear()");
});

test("what has no counterpart becomes a PyProxy", () => {
  for (const code of ["[object()]", "[lambda: 1]", "[range(3)]", "[1j]", "[frozenset([1])]"]) {
    const [proxy] = toJs(code);
    assert.ok(proxy instanceof pyodide.ffi.PyProxy, code);
    proxy.destroy();
  }
  assert.match(lastLine(pythonError(pyodide, "to_js([object()], create_pyproxies=False)", "ConversionError")), /ConversionError/);
});

test("JavaScript objects inside come out as themselves", () => {
  const object = { a: 1 };
  pyodide.globals.set("o", object);
  const [same, again] = toJs("[o, {'k': o}['k']]");
  assert.equal(same, object);
  assert.equal(again, object);
  py("del o");
});

test("pyproxies collects the proxies that were made", () => {
  const pyproxies = [];
  const list = py("[object(), [object()]]");
  const converted = list.toJs({ pyproxies });
  assert.equal(pyproxies.length, 2);
  assert.equal(pyproxies[0], converted[0]);
  for (const proxy of pyproxies) proxy.destroy();
  list.destroy();
});

test("depth", () => {
  const [inner] = toJs("[[1]], depth=1");
  assert.ok(inner instanceof pyodide.ffi.PyProxy);
  inner.destroy();
  const whole = toJs("[[1]], depth=0");
  assert.ok(whole instanceof pyodide.ffi.PyProxy);
  whole.destroy();
  assert.deepEqual(toJs("[[[1]]], depth=3"), [[[1]]]);
  assert.deepEqual(toJs("[[[1]]], depth=-1"), [[[1]]]);
});

test("dict_converter", () => {
  assert.deepEqual(toJs("{'a': {'b': 2}}, dict_converter=js.Object.fromEntries"), { a: { b: 2 } });
  const map = toJs("{'a': {'b': 2}, 5: 1}, dict_converter=js.Map.new");
  assert.ok(map instanceof Map && map.get("a") instanceof Map);
  assert.equal(map.get(5), 1);
  const dict = py("{'a': [{'b': 1}]}");
  assert.deepEqual(dict.toJs({ dict_converter: Object.fromEntries }), { a: [{ b: 1 }] });
  dict.destroy();
});

test("keys that cannot be property names", () => {
  const collision = pythonError(pyodide, "to_js({1: 2, '1': 3})", "ConversionError");
  assert.match(lastLine(collision), /[Kk]ey collision.*'1'/);
  const tuple = pythonError(pyodide, "to_js({(1, 2): 3})", "ConversionError");
  assert.match(lastLine(tuple), /\(1, 2\)/);
  const inSet = pythonError(pyodide, "to_js({(1, 2)})", "ConversionError");
  assert.match(lastLine(inSet), /\(1, 2\)/);
});

test("arguments are checked", () => {
  pythonError(pyodide, "to_js()", "TypeError");
  pythonError(pyodide, "to_js([1], foo=1)", "TypeError");
});

test("toJs of a proxy is the same conversion", () => {
  const dict = py("{'a': [1, {'b': (1,)}], 'n': None}");
  assert.deepEqual(dict.toJs(), { a: [1, { b: [1] }], n: undefined });
  const shallow = dict.toJs({ depth: 1 });
  assert.equal(shallow.a.length, 2);
  shallow.a.destroy();
  dict.destroy();
});

test("a JSON document of some size comes through whole", () => {
  const document = {
    users: Array.from({ length: 200 }, (_, i) => ({
      id: i,
      name: `Näme ${i} €`,
      tags: ["a", "b", `t${i % 7}`],
      balance: i * 1.25 - 100,
      active: i % 3 === 0,
      nested: { level: { deeper: [i, [i + 1, [i + 2]]] } },
    })),
  };
  const back = run(pyodide, "import json\nfrom pyodide.ffi import to_js\nto_js(json.loads(text))", {
    text: JSON.stringify(document),
  });
  assert.deepEqual(back, document);
});

test("random nested data comes through whole", () => {
  let seed = 99;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const texts = ["", "a", "key", "ü", "€uro", "🐍", "\ud800x", "long ".repeat(30)];
  const make = (depth) => {
    switch (random(depth > 0 ? 9 : 6)) {
      case 0:
        return random(100) - 50;
      case 1:
        return (random(1000) - 500) / 8 + 0.0625;
      case 2:
        return texts[random(texts.length)];
      case 3:
        return random(2) === 0;
      case 4:
        return undefined;
      case 5:
        return 2n ** 60n + BigInt(random(1000));
      case 6:
        return Array.from({ length: random(6) }, () => make(depth - 1));
      case 7:
        return Array.from({ length: random(20) }, () => random(1000));
      default:
        return Object.fromEntries(Array.from({ length: random(6) }, () => [`${texts[random(8)]}${random(4)}`, make(depth - 1)]));
    }
  };
  for (let i = 0; i < 60; i++) {
    const data = [make(5)];
    const python = pyodide.toPy(data);
    assert.deepEqual(python.toJs(), data);
    python.destroy();
  }
});

krait("deep nesting is converted or refused, but does not crash", "the peer dies of it", () => {
  py("deep = []\nfor _ in range(100000): deep = [deep]");
  try {
    let list = toJs("deep");
    let depth = 0;
    while (list.length > 0) [list, depth] = [list[0], depth + 1];
    assert.equal(depth, 100000);
  } catch (error) {
    assert.match(String(error), /recursion|stack|depth/i);
  }
  // Taken apart by hand, since the destructor of so deep a list is not what is tested here.
  py("while deep: deep = deep.pop()\ndel deep");
  assert.equal(py("1 + 1"), 2);
});

test("conversions leave no slots and no proxies", async () => {
  py("data = {'a': [1, 2.5, 'x', None, {'b': [[]]}], 'ü': [{'k': i} for i in range(50)]}");
  const object = { o: 1 };
  await expectNoLeaks(pyodide, () => {
    toJs("data");
    toJs("list(range(100))");
    toJs("data, dict_converter=js.Object.fromEntries");
    const pyproxies = [];
    const list = py("[object(), [lambda: 1]]");
    list.toJs({ pyproxies });
    for (const proxy of pyproxies) proxy.destroy();
    list.destroy();
    try {
      toJs("[1, {}, {(1, 2): 3}]");
    } catch {}
    try {
      toJs("[1, object()], create_pyproxies=False");
    } catch {}
    pyodide.globals.set("o", object);
    toJs("[o, o, [o]]");
    py("del o");
  });
});

// --- hooks ---

py(`
class Pair:
  def __init__(self, first, second):
    self.first, self.second = first, second
  def __repr__(self):
    return "Pair"
log = []
`);

/** What the conversion gives, with the log of the hooks. */
function hooked(code) {
  py("log.clear()");
  const value = py(code);
  return [value, py("' '.join(map(str, log))")];
}

test("default_converter: what it answers is the result", () => {
  assert.deepEqual(toJs("[Pair(1, 2), 1j], default_converter=lambda o, c, k: type(o).__name__"), ["Pair", "complex"]);
  assert.deepEqual(toJs("Pair(1, 2), default_converter=lambda o, c, k: 'root'"), "root");
  assert.deepEqual(toJs("Pair(1, 2), default_converter=lambda o, c, k: 2 ** 70"), 2n ** 70n);
  assert.deepEqual(toJs("[Pair(1, 2)], default_converter=lambda o, c, k: c([o.first, [o.second]])"), [[1, [2]]]);
  assert.deepEqual(toJs("[[1], {'a': {2}}, b'x'], default_converter=lambda o, c, k: 'never'"), [[1], { a: new Set([2]) }, new Uint8Array([120])]);
  const [list] = toJs("[Pair(1, 2)], default_converter=lambda o, c, k: [1, 2], create_pyproxies=False");
  assert.equal(list.toString(), "[1, 2]");
  list.destroy();
});

test("default_converter: strings and BigInts from the top arrive whole", () => {
  const long = "x".repeat(5000);
  for (const [expression, expected] of [["'a' * 5000", "a".repeat(5000)], ["'é€🐍'", "é€🐍"], ["''", ""], ["-2 ** 3000", -(2n ** 3000n)]])
    assert.equal(toJs(`Pair(1, 2), default_converter=lambda o, c, k: ${expression}`), expected);
  const pair = py("Pair(1, 2)");
  for (const value of [long, "é€", "", 2n ** 900n, null, undefined, true, 1.5, Symbol.iterator])
    assert.equal(pair.toJs({ default_converter: () => value }), value);
  pair.destroy();
});

test("default_converter: sharing and cycles through convert and the cache", () => {
  py(`
def through(o, convert, cache):
  log.append("call")
  result = js.Array.new()
  cache(o, result)
  result.push(convert(o.first))
  result.push(convert(o.second))
  return result
p = Pair(1, 2)
outer = [p]
p.first = p
p.second = outer
  `);
  const [result, calls] = hooked("to_js([outer, p, p], default_converter=through)");
  assert.equal(calls, "call");
  const [outer, p, again] = result;
  assert.equal(p, again);
  assert.equal(p[0], p);
  assert.equal(p[1], outer);
  assert.equal(outer[0], p);
  // Without the cache each occurrence is asked for.
  const [fresh, freshCalls] = hooked("p = Pair(1, 2)\nto_js([p, p], default_converter=lambda o, c, k: (log.append('x'), js.Array.new())[1])");
  assert.equal(freshCalls, "x x");
  assert.notEqual(fresh[0], fresh[1]);
  // A part that is met later is the one that convert() has made.
  const [[first], later] = py("part = [5]\nto_js([Pair(part, 0), part], default_converter=lambda o, c, k: c([o.first]))");
  assert.equal(first, later);
  py("outer.clear()\np.first = p.second = 0\ndel p, outer, part");
});

krait("temporary objects of a hook are not taken for one another", "the peer takes new objects at an old address for the old ones", () => {
  const numbers = toJs("[Pair(i, 0) for i in range(200)], default_converter=lambda o, c, k: c([o.first])");
  assert.deepEqual(numbers, Array.from({ length: 200 }, (_, i) => [i]));
});

test("depth counts for hooks", () => {
  const hook = "default_converter=lambda o, c, k: c(o.first) if isinstance(o, Pair) else 'D' + repr(o)";
  for (const [depth, expected] of [[0, "D[Pair]"], [1, ["D[[[1]]]"]], [2, ["D[[[1]]]"]], [3, [["D[[1]]"]]], [4, [[["D[1]"]]]]])
    assert.deepEqual(toJs(`[Pair([[[1]]], 2)], depth=${depth}, ${hook}`), expected, `depth ${depth}`);
  for (const [depth, expected] of [[1, "[[[[1]]]]"], [2, "[[[1]]]"], [3, "[[[1]]]"], [4, "[[1]]"]]) {
    const [result] = hooked(`to_js([[[[1]]]], depth=${depth}, eager_converter=lambda o, c, k: (log.append(repr(o)), c(o))[1])`);
    let inner = result;
    while (Array.isArray(inner)) [inner] = inner;
    assert.equal(inner.toString(), expected, `depth ${depth}`);
    inner.destroy();
  }
});

test("eager_converter sees all but immutable data and JsProxies", () => {
  pyodide.globals.set("o", { js: 1 });
  const [result, seen] = hooked(`
def eager(value, convert, cache):
  log.append(type(value).__name__)
  return convert(value)
to_js([1, "a", 2.5, None, True, o, [2], (3,), {"k": {4}}, b"x", Pair(1, 2)], eager_converter=eager)
  `);
  assert.equal(seen, "list list tuple dict set bytes Pair");
  assert.deepEqual(result.slice(0, 5), [1, "a", 2.5, undefined, true]);
  assert.deepEqual(result.slice(6, 10), [[2], [3], { k: new Set([4]) }, new Uint8Array([120])]);
  result[10].destroy();
  py("del o");
  assert.equal(toJs("[1], eager_converter=lambda o, c, k: 'all'"), "all");
  assert.equal(toJs("5, eager_converter=lambda o, c, k: 'none'"), 5);
});

test("eager_converter: convert of the same object is the default, of another one it is asked again", () => {
  const [result, seen] = hooked(`
def eager(value, convert, cache):
  log.append(repr(value))
  return convert([value.first, [7]]) if isinstance(value, Pair) else convert(value)
to_js([Pair(1, 2)], eager_converter=eager)
  `);
  assert.deepEqual(result, [[1, [7]]]);
  assert.equal(seen, "[Pair] Pair [1, [7]] [7]");
  const [both, order] = hooked(`
to_js([Pair(1, 2), [3]], eager_converter=lambda o, c, k: (log.append("e" + type(o).__name__), c(o))[1],
      default_converter=lambda o, c, k: (log.append("d" + type(o).__name__), "D")[1])
  `);
  assert.deepEqual(both, ["D", [3]]);
  assert.equal(order, "elist ePair dPair elist");
});

test("eager_converter: cycles and the cache", () => {
  const [list, calls] = hooked("l = [1]\nl.append(l)\nto_js(l, eager_converter=lambda o, c, k: (log.append('e'), c(o))[1])");
  assert.equal(list[1], list);
  assert.equal(calls, "e");
  const [shared] = hooked(`
l = [1]
def eager(o, c, k):
  if o is not l: return c(o)
  result = js.Array.new("x")
  k(o, result)
  return result
to_js([l, l], eager_converter=eager)
  `);
  assert.equal(shared[0], shared[1]);
  assert.deepEqual(shared[0], ["x"]);
  py("del l");
});

test("JavaScript hooks of toJs", () => {
  const list = py("[Pair(1, [2]), Pair(3, (4,))]");
  assert.deepEqual(list.toJs({ default_converter: (o, convert) => convert(o.second) }), [[2], [4]]);
  assert.deepEqual(list.toJs({ default_converter: (o, convert) => [convert(5), convert(null), convert("s")] }), [[5, null, "s"], [5, null, "s"]]);
  assert.deepEqual(list.toJs({ eager_converter: (o, convert) => (o.type === "Pair" ? o.first : convert(o)) }), [1, 3]);
  let kept;
  list.toJs({ default_converter: (o) => void (kept = o) });
  assert.match(String(thrown(() => kept.first)), /destroyed/);
  assert.deepEqual(list.toJs({ default_converter: (o) => (o.destroy(), 1) }), [1, 1]);
  assert.deepEqual(list.toJs({ default_converter: () => list.toJs({ default_converter: (o) => o.first }) }), [[1, 3], [1, 3]]);
  list.destroy();
});

krait("a proxy that a JavaScript hook answers with lives on", "the peer destroys it", () => {
  const list = py("[Pair(1, 2), Pair(3, 4)]");
  const pyproxies = [];
  const [first, second] = list.toJs({ default_converter: (o) => o, pyproxies });
  assert.deepEqual([first.first, second.first], [1, 3]);
  assert.deepEqual(pyproxies, [first, second]);
  for (const proxy of pyproxies) proxy.destroy();
  list.destroy();
});

krait("convert() after the conversion has ended is an error", "the peer dies of it", () => {
  const list = py("[Pair(1, 2)]");
  let late;
  let cacheLate;
  list.toJs({ default_converter: (o, convert, cache) => ((late = convert), (cacheLate = cache), 1) });
  assert.match(String(thrown(() => late(list))), /ended/);
  assert.equal(late(5), 5);
  assert.equal(cacheLate(list, 1), undefined);
  list.destroy();
});

krait("a dict that contains itself is an error for a dict_converter", "the peer dies of it", () => {
  py("d = {}\nd['d'] = [d]");
  for (const options of ["dict_converter=js.Map.new", "dict_converter=js.Map.new, eager_converter=lambda o, c, k: c(o)"]) {
    const error = pythonError(pyodide, `to_js(d, ${options})`, "ConversionError");
    assert.match(lastLine(error), /contains itself/);
  }
  const object = toJs("d, dict_converter=js.Object.fromEntries, eager_converter=lambda o, c, k: c(o)");
  assert.equal(object.d[0], object);
  py("d.clear()\ndel d");
});

test("a hook that raises: ConversionError with its cause", () => {
  for (const option of ["default_converter=fail", "eager_converter=fail", "dict_converter=fail"]) {
    const cause = py(`
def fail(*args):
  raise KeyError("hook")
try:
  to_js([{"a": 1}, Pair(1, 2)], ${option})
  caught = "nothing"
except Exception as error:
  caught = f"{type(error).__name__} {error.__cause__!r}"
caught`);
    assert.equal(cause, "ConversionError KeyError('hook')", option);
  }
  const list = py("[Pair(1, 2)]");
  const fail = () => {
    throw new RangeError("from JavaScript");
  };
  for (const options of [{ default_converter: fail }, { eager_converter: fail }]) {
    const error = thrown(() => list.toJs(options));
    assert.equal(error.type, "ConversionError");
    assert.match(error.message, /RangeError: from JavaScript/);
  }
  list.destroy();
  const collision = pythonError(pyodide, "to_js([Pair(1, 2)], default_converter=lambda o, c, k: c({1: 2, '1': 3}))", "ConversionError");
  assert.match(lastLine(collision), /^pyodide.ffi.ConversionError: Key collision/);
  py("import sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
});

krait("hooks that are no functions", "the peer speaks of a failed conversion, or dies", () => {
  for (const name of ["dict_converter", "default_converter", "eager_converter"]) {
    const error = pythonError(pyodide, `to_js([1], ${name}=5)`, "TypeError");
    assert.match(lastLine(error), new RegExp(`${name} must be callable, not int`));
    const list = py("[1]");
    assert.throws(() => list.toJs({ [name]: 5 }), new RegExp(`TypeError: toJs: ${name} must be a function, not number`));
    assert.throws(() => list.toJs({ pyproxies: {} }), /TypeError: toJs: pyproxies must be an Array, not object/);
    list.destroy();
  }
  assert.match(lastLine(pythonError(pyodide, "to_js([1], pyproxies=[])", "TypeError")), /pyproxies must be a JavaScript array, not list/);
});

test("what a Set of JavaScript cannot hold", () => {
  for (const set of ["{1j}", "{Pair(1, 2)}", "{frozenset([1])}", "{(1,)}"]) {
    const error = pythonError(pyodide, `to_js(${set}, default_converter=lambda o, c, k: 1)`, "ConversionError");
    assert.match(lastLine(error), /as a key for a Javascript Set/);
  }
});

test("keys that become the same property name", () => {
  for (const [dict, key] of [["{1: 1, '1': 2}", "1"], ["{True: 1, 'true': 2}", "true"], ["{None: 1, 'undefined': 2}", "undefined"]])
    assert.match(lastLine(pythonError(pyodide, `to_js(${dict})`, "ConversionError")), new RegExp(`Key: '${key}'`));
  assert.deepEqual(toJs("{1: 1, '1': 2}, dict_converter=js.Object.fromEntries"), { 1: 2 });
  assert.deepEqual(toJs("{1: 1, '1': 2}, dict_converter=js.Map.new"), new Map([[1, 1], ["1", 2]]));
});

test("a hook that looks at what convert() answers destroys nothing of the result", () => {
  py(`
o = object()
def eager(value, convert, cache):
  if isinstance(value, Pair):
    convert(o), convert(o)
    return convert([o])
  return convert(value)
`);
  const pyproxies = [];
  const list = py("[[o], Pair(1, 2), [o], o]");
  for (const depth of [2, 3, 4, -1]) {
    const [first, second, third, fourth] = list.toJs({ depth, eager_converter: py("eager"), pyproxies });
    for (const proxy of [first, second, third].flat().concat(fourth)) assert.equal(typeof proxy.toString(), "string", `depth ${depth}`);
  }
  for (const proxy of pyproxies) proxy.destroy();
  list.destroy();
});

test("destroy_proxies", () => {
  py("from pyodide.ffi import destroy_proxies");
  const [first, second] = py("made = js.Array.new()\nto_js([Pair(1, 2), Pair(3, 4)], pyproxies=made)");
  assert.equal(py("destroy_proxies(made)"), undefined);
  assert.throws(() => first.first, /destroyed/);
  assert.throws(() => second.first, /destroyed/);
  py("destroy_proxies(made)"); // again: nothing happens
  assert.equal(py("len(made)"), 2);
  pythonError(pyodide, "destroy_proxies([1])", "TypeError");
  pythonError(pyodide, "destroy_proxies(js.Object.new())", "TypeError");
  assert.match(String(thrown(() => py("destroy_proxies(js.Array.new(1, 2))"))), /destroy is not a function/);
  py("del made");
});

test("ToJsConverter is a protocol for annotations", () => {
  assert.equal(py("from pyodide.ffi import ToJsConverter\nToJsConverter.__module__"), "pyodide.ffi");
  assert.equal(py("import pyodide.ffi, typing\nissubclass(ToJsConverter, typing.Protocol) and 'ToJsConverter' in pyodide.ffi.__all__"), true);
  const error = pythonError(pyodide, "pyodide.ffi.no_such_name", "AttributeError");
  assert.match(lastLine(error), /no_such_name/);
});

krait("hooks and deep nesting end in an error, not in a crash", "the peer dies of it", () => {
  py("deep = []\nfor _ in range(20000): deep = [deep]");
  const error = thrown(() => toJs("deep, eager_converter=lambda o, c, k: c(o)"));
  assert.match(String(error), /recursion|stack|depth/i);
  py("while deep: deep = deep.pop()\ndel deep\nimport sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  assert.equal(py("1 + 1"), 2);
});

test("hooks leave no slots and no proxies", async () => {
  const attempt = (f) => {
    try {
      return f();
    } catch {}
    py("import sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  };
  await expectNoLeaks(pyodide, () => {
    toJs("[Pair(1, [2])], default_converter=lambda o, c, k: c(o.second)");
    toJs("[Pair(1, [2]), {'a': [1]}], default_converter=lambda o, c, k: 1, eager_converter=lambda o, c, k: c(o), dict_converter=lambda e: e");
    toJs("[{'a': {'b': 1}}], dict_converter=lambda entries: entries.length");
    attempt(() => toJs("[1, {(1, 2): 3}], dict_converter=lambda e: e"));
    attempt(() => toJs("[object(), [lambda: 1], {1: 1, '1': 2}]"));
    const list = py("[Pair(1, [2]), Pair(3, 4)]");
    const pyproxies = [];
    list.toJs({ pyproxies, default_converter: (o, convert, cache) => (cache(o, o), o) });
    for (const proxy of pyproxies) proxy.destroy();
    list.toJs({ default_converter: (o) => ({ o }) });
    list.toJs({ default_converter: (o, convert) => convert(o.first) });
    list.toJs({ eager_converter: (o, convert) => (o.type === "Pair" ? 1 : convert(o)) });
    py("made = js.Array.new()\nto_js([Pair(1, 2), object()], pyproxies=made)\ndestroy_proxies(made)\ndel made");
    list.destroy();
  });
});

krait("hooks leave no references", "only krait frees what a failed conversion has made at once", () => {
  py("import sys\ntarget = Pair(1, 2)\nhook = lambda o, c, k: c([o.first])\nbase = (sys.getrefcount(target), sys.getrefcount(hook))");
  for (let i = 0; i < 20; i++) {
    toJs("[target, target], default_converter=hook");
    toJs("[target], default_converter=hook, eager_converter=lambda o, c, k: c(o)");
    assert.throws(() => toJs("[target, {(1, 2): 3}], default_converter=hook, dict_converter=hook"));
    assert.throws(() => toJs("[target, {1j: 3}], dict_converter=hook"));
    assert.throws(() => toJs("[target, {1j}]"));
  }
  py("sys.last_exc = sys.last_value = sys.last_traceback = None");
  assert.equal(py("str((sys.getrefcount(target), sys.getrefcount(hook)) == base)"), "True");
  py("del target, hook, base");
});
