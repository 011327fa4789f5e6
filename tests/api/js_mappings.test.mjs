// Maps and plain objects as Python mappings (Y24, Y25, Y33, Y34).
import { assert, expectNoLeaks, krait, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
py(`
import js
from pyodide.code import run_js
def M(): return run_js("new Map([['a', 1], ['b', 2]])")
def O(): return run_js("({a: 1, b: {c: [1, {d: 2}]}})")
`);
const holds = (...codes) => {
  for (const code of codes) assert.equal(py(code), true, code);
};

test("maps have the methods of a dict", () => {
  holds(
    "M().get('a') == 1 and M().get('z') is None and M().get('z', 5) == 5",
    "list(M().keys()) == ['a', 'b'] and len(M().keys()) == 2 and 'a' in M().keys()",
    "list(M().items()) == [('a', 1), ('b', 2)]",
    "list(M().values()) == [1, 2]",
    "m = M(); m.pop('a') == 1 and list(m) == ['b']",
    "M().pop('z', 3) == 3",
    "m = M(); m.popitem() == ('a', 1) and len(m) == 1",
    "m = M(); m.setdefault('a', 9) == 1 and m.setdefault('q', 9) == 9 and m['q'] == 9",
    "m = M(); m.update({'x': 5}); m.update([('y', 6)]); m.update(z=7); m.update(M()); list(m) == ['a', 'b', 'x', 'y', 'z']",
    "m = M(); m.clear(); len(m) == 0",
    "dict(M()) == {'a': 1, 'b': 2}",
  );
  pythonError(pyodide, "M().pop('z')", "KeyError");
  pythonError(pyodide, "run_js('new Map()').popitem()", "KeyError");
});

test("other map-like objects: URLSearchParams", () => {
  holds("run_js(\"new URLSearchParams('a=1&b=2')\").get('a') == '1'", "list(run_js(\"new URLSearchParams('a=1&b=2')\")) == ['a', 'b']");
});

test("as_py_json: a live view of plain data", () => {
  holds(
    "j = O().as_py_json(); j['a'] == 1 and j['b']['c'][1]['d'] == 2",
    "list(O().as_py_json()) == ['a', 'b'] and len(O().as_py_json()) == 2",
    "'a' in O().as_py_json() and 'z' not in O().as_py_json() and 5 not in O().as_py_json()",
    "O().as_py_json().get('z', 4) == 4 and list(O().as_py_json().keys()) == ['a', 'b']",
    "o = O(); o.as_py_json()['q'] = 5; o.q == 5",
    "o = O(); del o.as_py_json()['a']; not hasattr(o, 'a')",
    "O().as_py_json().pop('a') == 1",
    "[x if isinstance(x, int) else x['d'] for x in O().as_py_json()['b']['c']] == [1, 2]",
    "O().as_py_json()['b']['c'][0:2][1]['d'] == 2",
    "run_js('[[{x: 1}]]').as_py_json()[0][0]['x'] == 1",
    "m = M(); m.as_py_json() == m",
    "o = O(); o.as_py_json() == o",
  );
  pythonError(pyodide, "O().as_py_json()['zz']", "KeyError");
  pythonError(pyodide, "del O().as_py_json()['zz']", "KeyError");
});

krait("a view shows own properties with their own names only", "the peer was not asked", () => {
  holds(
    "o = run_js(\"({length: 3, size: 2, get: 1, class: 'c', class_: 'd', constructor: 'k'})\").as_py_json(); sorted(o) == ['class', 'class_', 'constructor', 'get', 'length', 'size']",
    "len(o) == 6 and o['class'] == 'c' and o['class_'] == 'd' and o['constructor'] == 'k' and o['size'] == 2",
    "'toString' not in O().as_py_json() and '__proto__' not in O().as_py_json()",
    "o = O(); o.as_py_json()['__proto__'] = 5; list(o.as_py_json()) == ['a', 'b', '__proto__'] and o.as_py_json()['__proto__'] == 5",
  );
  pythonError(pyodide, "O().as_py_json()[5] = 1", "TypeError");
  globalThis.frozenObject = Object.freeze({ a: 1 });
  assert.throws(() => py("js.frozenObject.as_py_json()['b'] = 1"), (error) => error.name !== "PythonError");
  assert.throws(() => py("del js.frozenObject.as_py_json()['a']"), (error) => error.name !== "PythonError");
  globalThis.throwing = { get a() { throw new RangeError("no a"); } };
  assert.throws(() => py("js.throwing.as_py_json()['a']"), (error) => error.name !== "PythonError");
});

test("as_object_map", () => {
  holds(
    "m = O().as_object_map(); m['a'] == 1 and len(m) == 2 and list(m.items())[0] == ('a', 1)",
    "not hasattr(O().as_object_map()['b'], '__getitem__')",
    "O().as_object_map(hereditary=True)['b']['c'][0] == 1",
  );
});

test("mappings leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => py("def work():\n  j = O().as_py_json(); j['b']['c'][1]; list(j.values()); M().pop('a'); dict(M())\nwork()"));
});
