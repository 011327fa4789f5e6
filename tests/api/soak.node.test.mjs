// A million crossings of each kind: memory, slots and proxies are back where they began.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, isKrait, loadForTest, test } from "./harness.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const pyodide = await loadForTest();
const skip = isKrait(pyodide) ? false : "only krait counts its slots and proxies";
const TIMES = 1_000_000;
// What makes an error, a coroutine or a copy of a structure costs microseconds, not a tenth of one.
const DEAR = 50_000;

pyodide.runPython(`
import js, gc
from pyodide.code import run_js
from pyodide.ffi import to_js, create_proxy
class Thing:
    value = 1
    def method(self, x): return x
    def fail(self): raise ValueError("no")
thing = Thing()
def repeat(operation, times):
    for _ in range(times): operation()
`);
const thing = pyodide.globals.get("thing");
const list = pyodide.runPython("[1, 'a', [2]]");
const dict = pyodide.runPython("{'a': [1, 2], 'b': {'c': None}}");
const identity = pyodide.runPython("lambda *args: args[-1] if args else None");
const document_ = JSON.parse('{"a": [1, "x", {"b": null}], "c": true}');
globalThis.soak = { f: (x) => x, fail() { throw new TypeError("no"); }, array: [1, "a", {}], map: new Map([["k", {}]]), n: 0 };
const drop = (value) => value?.destroy?.();

/** Kinds of crossing from JavaScript: [name, operation, times]. */
const fromJs = [
  ["call with numbers", () => identity(1, 2.5), TIMES],
  ["call with text", () => identity("short text"), TIMES],
  ["call with an object", () => identity(document_), TIMES],
  ["call with a function", () => identity(drop), TIMES],
  ["call with a BigInt", () => identity(2n ** 70n), TIMES / 4],
  ["attribute", () => thing.value, TIMES],
  ["attribute set", () => { thing.value = 2; }, TIMES],
  ["method", () => thing.method(1), TIMES],
  ["item", () => list.get(1), TIMES],
  ["item that is an object", () => drop(list.get(2)), TIMES],
  ["copy and destroy", () => drop(list.copy()), TIMES / 2],
  ["iteration", () => { for (const x of list) drop(x); }, TIMES / 10],
  ["views, forgotten", () => dict.asJsJson().b.c, TIMES / 10],
  ["toJs", () => dict.toJs(), TIMES / 10],
  ["toPy", () => drop(pyodide.toPy(document_)), TIMES / 10],
  ["exception", () => { try { thing.fail(); } catch { soak.n++; } }, DEAR / 10],
  ["runPython", () => pyodide.runPython("1"), DEAR],
];
/** Kinds of crossing from Python: [name, expression, times]. */
const fromPython = [
  ["call with numbers", "js.soak.f(1)", TIMES],
  ["call with text", "js.soak.f('short text')", TIMES],
  ["call with a list", "js.soak.f(thing_list)", TIMES / 4],
  ["attribute", "js.soak.n", TIMES],
  ["attribute set", "setattr(js.soak, 'n', 1)", TIMES],
  ["object", "js.soak.map", TIMES],
  ["item", "js.soak.array[1]", TIMES],
  ["item of a map", "js.soak.map['k']", TIMES],
  ["iteration", "list(js.soak.array)", TIMES / 10],
  ["slice", "js.soak.array[::2]", TIMES / 10],
  ["new", "js.Object.new()", TIMES / 2],
  ["to_js", "to_js({'a': [1, 'x', None]})", TIMES / 10],
  ["to_py", "js.soak.array.to_py()", TIMES / 10],
  ["create_proxy", "create_proxy(thing).destroy()", TIMES / 4],
  ["exception", "caught(js.soak.fail)", DEAR],
];
pyodide.runPython(`
thing_list = [1]
def caught(f):
    try: f()
    except Exception: pass
`);

/** Runs `work(times)` until it is warm, then in full, and compares what is left. */
async function soak(work, times) {
  const state = async () => {
    pyodide.runPython("gc.collect(); None");
    // Errors and forgotten proxies are given back by the collector.
    for (let i = 0; i < 4; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { slots, proxies } = pyodide._api.stats();
    return { slots, proxies, memory: pyodide._module.HEAPU8.length };
  };
  work(Math.min(times, 20_000));
  const before = await state();
  work(times);
  assert.deepEqual(await state(), before);
}

for (const [name, operation, times] of fromJs) {
  test(`JavaScript to Python: ${name}`, { skip }, () =>
    soak((n) => {
      for (let i = 0; i < n; i++) operation();
    }, times));
}
for (const [name, expression, times] of fromPython) {
  test(`Python to JavaScript: ${name}`, { skip }, () =>
    soak((n) => pyodide.runPython(`repeat(lambda: ${expression}, ${n})`), times));
}
