// What happens to values that cross the border without being asked to (T01-T15), table by table in both directions.
import { assert, expectNoLeaks, krait, loadForTest, run, test } from "./harness.mjs";

const pyodide = await loadForTest();
const identity = pyodide.runPython("lambda x: x");
const describe = pyodide.runPython("lambda x: f'{type(x).__name__} {x!r}'");

// Python expression, JS value (compared with Object.is).
const toJs = [
  ["0", 0],
  ["1", 1],
  ["-1", -1],
  ["2 ** 31 - 1", 2147483647],
  ["2 ** 31", 2147483648],
  ["-2 ** 31", -2147483648],
  ["-2 ** 31 - 1", -2147483649],
  ["2 ** 32", 4294967296],
  ["2 ** 53 - 2", 9007199254740990],
  ["2 ** 53", 9007199254740992n],
  ["-2 ** 53", -9007199254740992n],
  ["2 ** 63", 9223372036854775808n],
  ["-2 ** 63", -9223372036854775808n],
  ["2 ** 64", 18446744073709551616n],
  ["10 ** 40", 10n ** 40n],
  ["-10 ** 40 - 7", -(10n ** 40n) - 7n],
  ["3 ** 1000", 3n ** 1000n],
  ["0.0", 0],
  ["-0.0", -0],
  ["1.5", 1.5],
  ["3.0", 3],
  ["1e300", 1e300],
  ["5e-324", 5e-324],
  ["float('nan')", Number.NaN],
  ["float('inf')", Number.POSITIVE_INFINITY],
  ["float('-inf')", Number.NEGATIVE_INFINITY],
  ["True", true],
  ["False", false],
  ["None", undefined],
  ["jsnull", null],
  ["JsBigInt(5)", 5n],
  ["JsBigInt(-2 ** 70)", -(2n ** 70n)],
  ["JsBigInt(2) + 3", 5n],
  ["''", ""],
  ["'abc'", "abc"],
  ["'\\0a\\0'", "\0a\0"],
  ["'caf\\xe9'", "café"],
  ["'\\u20ac'", "€"],
  ["'\\U0001f40d'", "🐍"],
  ["'a\\U0001f40d\\xe9'", "a🐍é"],
  ["'\\ud800'", "\ud800"],
  ["'a\\udc00b'", "a\udc00b"],
  ["'\\uffff\\U0010ffff'", "\uffff\u{10ffff}"],
  ["'x' * 100000", "x".repeat(100000)],
  ["'\\u20ac' * 5000", "€".repeat(5000)],
  ["type('I', (int,), {})(5)", 5],
  ["type('S', (str,), {})('s')", "s"],
  ["type('F', (float,), {})(2.5)", 2.5],
];

test("Python to JavaScript: immutable values", () => {
  pyodide.runPython("from pyodide.ffi import jsnull, JsBigInt");
  for (const [code, expected] of toJs) {
    assert.ok(Object.is(pyodide.runPython(code), expected), `${code}: ${String(pyodide.runPython(code))}`);
    // The same as an argument of a JavaScript function, which takes another way.
    let got;
    pyodide.globals.set("take", (x) => void (got = x));
    pyodide.runPython(`take(${code})`);
    assert.ok(Object.is(got, expected), `as an argument: ${code}: ${String(got)}`);
  }
  pyodide.runPython("del take");
});

krait("Python to JavaScript: the greatest safe integers are numbers", "the peer makes BigInts of them", () => {
  assert.equal(pyodide.runPython("2 ** 53 - 1"), Number.MAX_SAFE_INTEGER);
  assert.equal(pyodide.runPython("-(2 ** 53 - 1)"), Number.MIN_SAFE_INTEGER);
});

// JS value, Python's description.
const toPython = [
  [0, "int 0"],
  [1, "int 1"],
  [-1, "int -1"],
  [2 ** 31, "int 2147483648"],
  [-(2 ** 31) - 1, "int -2147483649"],
  [Number.MAX_SAFE_INTEGER, "int 9007199254740991"],
  [Number.MIN_SAFE_INTEGER, "int -9007199254740991"],
  [2 ** 53, "float 9007199254740992.0"],
  [-(2 ** 53), "float -9007199254740992.0"],
  [1e300, "float 1e+300"],
  [1.5, "float 1.5"],
  [-1.5, "float -1.5"],
  [Number.NaN, "float nan"],
  [Number.POSITIVE_INFINITY, "float inf"],
  [Number.NEGATIVE_INFINITY, "float -inf"],
  [5e-324, "float 5e-324"],
  [true, "bool True"],
  [false, "bool False"],
  [undefined, "NoneType None"],
  [null, "JsNull jsnull"],
  [5n, "JsBigInt 5"],
  [-5n, "JsBigInt -5"],
  [0n, "JsBigInt 0"],
  [2n ** 64n, "JsBigInt 18446744073709551616"],
  [-(2n ** 64n), "JsBigInt -18446744073709551616"],
  [10n ** 40n, `JsBigInt ${10n ** 40n}`],
  ["", "str ''"],
  ["abc", "str 'abc'"],
  ["\0a\0", "str '\\x00a\\x00'"],
  ["café", "str 'café'"],
  ["€", "str '€'"],
  ["🐍", "str '🐍'"],
  ["\ud800", "str '\\ud800'"],
  ["a\udc00b", "str 'a\\udc00b'"],
  ["\ud83d", "str '\\ud83d'"],
  ["\udc0d\ud83d", "str '\\udc0d\\ud83d'"],
];

test("JavaScript to Python: immutable values", () => {
  for (const [value, expected] of toPython) {
    assert.equal(describe(value), expected, String(value));
    assert.equal(run(pyodide, "f'{type(x).__name__} {x!r}'", { x: value }), expected, `as a global: ${String(value)}`);
  }
});

test("a minus zero loses its sign on the way to Python, as integral numbers become ints", () => {
  assert.equal(describe(-0), "int 0");
});

test("immutable values survive the round trip", () => {
  for (const [value] of toPython) {
    // The peer turns the greatest safe integers into BigInts: see above.
    if (Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) continue;
    assert.ok(Object.is(identity(value), value), String(value));
  }
  for (const length of [0, 1, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 255, 256, 1000, 65537]) {
    for (const unit of ["a", "é", "€", "🐍", "\ud800"]) {
      const text = unit.repeat(length);
      assert.equal(identity(text), text, `${length} times ${escape(unit)}`);
      assert.equal(run(pyodide, "len(x)", { x: text }), [...text].length);
    }
  }
});

test("random numbers and BigInts survive the round trip", () => {
  let seed = 12345;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let i = 0; i < 300; i++) {
    const number = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    assert.ok(Object.is(identity(number), number), String(number));
    const integer = Math.trunc((random() - 0.5) * 2 ** Math.floor(random() * 53)) + 0;
    assert.equal(identity(integer), integer);
    let big = 0n;
    for (let limb = Math.floor(random() * 8); limb >= 0; limb--) big = (big << 31n) + BigInt(Math.floor(random() * 2 ** 31));
    if (random() < 0.5) big = -big;
    assert.equal(identity(big), big);
    assert.equal(run(pyodide, "str(x)", { x: big }), String(big));
  }
});

test("everything else crosses as a proxy and comes back as itself", () => {
  class C {}
  const objects = [
    {},
    [],
    () => 1,
    C,
    new C(),
    new Map(),
    new Set(),
    new Date(0),
    /x/,
    Symbol("s"),
    Symbol.iterator,
    new Uint8Array(2),
    new ArrayBuffer(2),
    new Error("e"),
    Object.create(null),
    Promise.resolve(),
    globalThis,
    Math,
    new Number(3),
    new String("boxed"),
    new WeakMap(),
    new Proxy({}, {}),
    Object.freeze({ a: 1 }),
  ];
  for (const object of objects) assert.equal(identity(object), object);
  for (const code of ["(1, 2)", "[1]", "{}", "{1}", "b'b'", "object()", "len", "1j", "range(3)", "Ellipsis", "int"]) {
    pyodide.runPython(`original = ${code}`);
    const proxy = pyodide.globals.get("original");
    assert.ok(proxy instanceof pyodide.ffi.PyProxy, code);
    pyodide.globals.set("returned", proxy);
    assert.equal(pyodide.runPython("returned is original"), true, code);
    proxy.destroy();
  }
  pyodide.runPython("del original, returned");
});

test("what a proxy type is called", () => {
  for (const [value, expected] of [
    [{}, "JsProxy"],
    [[], "JsProxy"],
    [() => 1, "JsProxy"],
    [Symbol("s"), "JsProxy"],
    [new TypeError("t"), "JsException"],
  ]) {
    assert.equal(run(pyodide, "type(x).__name__", { x: value }), expected);
    assert.equal(run(pyodide, "type(x).__module__", { x: value }), "pyodide.ffi");
    assert.equal(run(pyodide, "from pyodide.ffi import JsProxy\nisinstance(x, JsProxy)", { x: value }), true);
  }
});

test("jsnull", () => {
  const py = (code) => run(pyodide, `from pyodide.ffi import jsnull, JsNull\n${code}`, { x: null });
  assert.equal(py("x is jsnull"), true);
  assert.equal(py("bool(x)"), false);
  assert.equal(py("x == None"), false);
  assert.equal(py("repr(x) + str(x)"), "jsnulljsnull");
  assert.equal(py("JsNull() is x"), true);
  assert.equal(py("isinstance(x, JsNull)"), true);
  assert.equal(py("len({jsnull: 1, None: 2})"), 2);
});

test("json encodes jsnull as it does None", () => {
  const py = (code) => run(pyodide, `import json\nfrom pyodide.ffi import jsnull\n${code}`, { x: null });
  assert.equal(py("json.dumps([x, {'a': x, x: 1}])"), '[null, {"a": null, "null": 1}]');
  assert.equal(py("json.dumps({'a': [x], x: x}, indent=0)"), '{\n"a": [\nnull\n],\n"null": null\n}');
  assert.equal(py("json.dumps(x) + json.dumps(x, indent=1)"), "nullnull");
  assert.equal(py("''.join(json.JSONEncoder().iterencode([x]))"), "[null]");
  assert.equal(py("json.dumps([x, object], default=lambda o: 'default')"), '[null, "default"]');
  assert.equal(py("json.dumps({x: 1}, skipkeys=True)"), '{"null": 1}');
});

test("JsBigInt is an int whose arithmetic stays with BigInt", () => {
  const py = (code) => run(pyodide, `from pyodide.ffi import JsBigInt\n${code}`, { x: 7n });
  assert.equal(py("isinstance(x, int)"), true);
  assert.equal(py("x + 1"), 8n);
  assert.equal(py("-x"), -7n);
  assert.equal(py("x * 10 ** 30"), 7n * 10n ** 30n);
  assert.equal(py("int(x)"), 7);
  assert.equal(py("x == 7 and hash(x) == hash(7)"), true);
  assert.equal(py("[10, 11, 12, 13, 14, 15, 16, 17][x]"), 17);
});

test("conversions leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    for (const [value] of toPython) identity(value);
    for (const [code] of toJs) pyodide.runPython(code);
    const object = {};
    for (let i = 0; i < 10; i++) identity(object);
  });
});
