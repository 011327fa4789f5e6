// Stacks that are taken up while another one is in use. Hosts run microtasks when no call is under way, but nothing forbids them to
// do it inside of one; V8 does it on demand.
import v8 from "node:v8";
import { assert, isKrait, loadForTest, test } from "./harness.mjs";

const HAS_JSPI = typeof WebAssembly.Suspending === "function" && typeof WebAssembly.promising === "function";
const pyodide = await loadForTest();

v8.setFlagsFromString("--allow-natives-syntax");
const runMicrotasks = new Function("%PerformMicrotaskCheckpoint()");
v8.setFlagsFromString("--no-allow-natives-syntax");

test("stacks are taken up, wait again and end inside of other calls", async (t) => {
  if (!HAS_JSPI) return t.skip("this engine has no JS Promise Integration");
  if (!isKrait(pyodide)) return t.skip("the peer's stacks overwrite each other");
  const waiting = [];
  pyodide.globals.set("gate", (value) => {
    arrivals++;
    return new Promise((resolve) => waiting.push(() => resolve(value)));
  });
  let arrivals = 0;
  let nested = 0;
  pyodide.globals.set("settle", (i) => {
    const gone = waiting.splice(i % waiting.length, 1)[0];
    const before = arrivals;
    gone();
    runMicrotasks();
    nested += arrivals - before;
  });
  pyodide.runPython(`
import sys
from pyodide.ffi import run_sync
def deep(n, bottom):
  mark = [n, str(n)]
  if n == 0:
    return bottom()
  result = next(map(lambda _: deep(n - 1, bottom), [0])) if n % 3 == 0 else deep(n - 1, bottom)
  assert mark == [n, str(n)]
  return result
def waits(i):
  def bottom():
    found = []
    for k in range(4):
      try:
        raise KeyError(k)
      except KeyError as e:
        found.append(run_sync(gate(k)))
        assert sys.exception() is e
    return found
  return deep(30 + 7 * (i % 5), bottom)
def uses():
  # Other depths than those of the stacks that are taken up meanwhile.
  for depth in (0, 10, 40, 90):
    for which in (2, 0, 5, 1):
      try:
        raise ValueError(depth)
      except ValueError as e:
        deep(depth, lambda: settle(which))
        assert sys.exception() is e
`);
  const waits = pyodide.globals.get("waits");
  const uses = pyodide.globals.get("uses");
  const results = Array.from({ length: 10 }, (_, i) => waits.callPromising(i));
  // Microtasks are not run inside of microtasks, such as this function is.
  await new Promise((resolve) => setImmediate(() => resolve(uses())));
  assert.ok(nested > 4, `${nested} stacks waited again inside of other calls`);
  // Also from a stack that can wait itself.
  nested = 0;
  const inner = await new Promise((resolve) => setImmediate(() => resolve([uses.callPromising()])));
  assert.ok(nested > 4, `${nested} stacks waited again inside of a promising call`);
  while (waiting.length > 0) {
    waiting.shift()();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await inner[0];
  for (const result of await Promise.all(results)) assert.deepEqual(result.toJs(), [0, 1, 2, 3]);
  assert.equal(pyodide._api.stats().stacks, 0);
  assert.equal(pyodide.runPython("sys.exception()"), undefined);
});
