// run_sync, can_run_sync, promising calls and what stands on them: Python that waits without `await`.
//
// Most of these tests need an engine with JS Promise Integration (Chromium from 137, Node from 24; older versions of it behind
// --experimental-wasm-jspi) and are skipped elsewhere; the others say what happens where it is missing.
import { assert, expectNoLeaks, isKrait, krait, lastLine, loadForTest, rejection, run, test } from "./harness.mjs";

const pyodide = await loadForTest();
const HAS_JSPI = typeof WebAssembly.Suspending === "function" && typeof WebAssembly.promising === "function";
const WHY_NOT = "this engine has no JS Promise Integration";

pyodide.runPython(`
import asyncio, contextvars, gc, sys, time
from pyodide.ffi import can_run_sync, create_once_callable, create_proxy, run_sync, to_js
from pyodide.code import run_js

after = run_js("(ms, value) => new Promise((resolve) => setTimeout(() => resolve(value), ms))")
fail_after = run_js("(ms, error) => new Promise((_, reject) => setTimeout(() => reject(error), ms))")
call = run_js("(f, ...args) => f(...args)")
`);
const py = (code) => pyodide.runPython(code);
const pyAsync = (code) => pyodide.runPythonAsync(code);
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

function jspi(name, fn) {
  test(name, (t) => (HAS_JSPI ? fn(t) : t.skip(WHY_NOT)));
}
function kraitJspi(name, why, fn) {
  krait(name, why, (t) => (HAS_JSPI ? fn(t) : t.skip(WHY_NOT)));
}
/** A test of engines without JSPI. */
function bare(name, fn) {
  test(name, (t) => (HAS_JSPI ? t.skip("this engine has JS Promise Integration") : fn(t)));
}

/** A function for Python that answers with promises, and what decides when they are settled. */
function gates() {
  const waiting = [];
  const gate = (value) => new Promise((resolve, reject) => waiting.push({ value, resolve, reject }));
  const open = (i = 0) => waiting.splice(i, 1).forEach(({ value, resolve }) => resolve(value));
  const arrived = async (n) => {
    for (let i = 0; waiting.length < n; i++) {
      assert.ok(i < 1000, `${waiting.length} of ${n} calls have come to wait`);
      await turn();
    }
  };
  return { gate, waiting, open, arrived };
}

/** Numbers that look random and are the same in each run. */
function dice(seed) {
  return (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
}

// --- without JSPI ------------------------------------------------------------------------------------------------------

test("an ordinary call cannot wait, and says why", () => {
  assert.equal(py("can_run_sync()"), false);
  const error = pyodide.runPython(`
try:
  run_sync(after(1, 2))
except RuntimeError as e:
  text = str(e)
text`);
  assert.match(error, HAS_JSPI ? /synchronous function.*callPromising/ : /stack switching not supported/);
});

bare("without stack switching nothing can wait", async () => {
  assert.equal(await pyAsync("can_run_sync()"), false);
  const error = await rejection(pyAsync("run_sync(after(1, 2))"));
  assert.equal(lastLine(error), "RuntimeError: WebAssembly stack switching not supported in this JavaScript runtime");
});

bare("without stack switching promising calls are rejected", async () => {
  const f = py("lambda *args: 1");
  for (const promise of [f.callPromising(), f.callPromisingKwargs({}), f.callWithOptions({ promising: true, relaxed: true }, 1)]) {
    assert.ok(promise instanceof Promise);
    assert.equal((await rejection(promise)).message, "WebAssembly stack switching not supported in this JavaScript runtime");
  }
  f.destroy();
});

test("a promising call checks its receiver and its form at once", () => {
  const f = py("lambda *args: 1");
  assert.throws(() => f.callPromisingKwargs(), /requires at least one argument/);
  f.destroy();
  assert.throws(() => f.callPromising(), /already been destroyed/);
});

test("create_once_callable(_may_syncify=True) makes a function that answers with a promise", async () => {
  const jsCall = async (f) => {
    const promise = f(4);
    assert.ok(promise instanceof Promise);
    assert.equal(await promise, HAS_JSPI ? 5 : 4);
    assert.throws(() => f(4));
  };
  pyodide.globals.set("js_call", jsCall);
  await pyAsync("await js_call(create_once_callable(lambda x: x + can_run_sync(), _may_syncify=True))");
});

krait("time.sleep checks its argument in every place", "the peer words it in its own way", async () => {
  const code = `
def of(value):
  try:
    time.sleep(value)
  except Exception as e:
    return f"{type(e).__name__}: {e}"
[of(v) for v in (-1, float("nan"), "1", 1e300)]`;
  const here = py(code).toJs();
  assert.deepEqual(here.slice(0, 3), [
    "ValueError: sleep length must be non-negative",
    "ValueError: Invalid value NaN (not a number)",
    "TypeError: 'str' object cannot be interpreted as an integer",
  ]);
  assert.match(here[3], /^OverflowError: /);
  assert.deepEqual((await pyAsync(code)).toJs(), here);
  assert.equal(py("time.sleep.__module__ + repr(time.sleep)"), "time<built-in function sleep>");
});

// --- values and errors -------------------------------------------------------------------------------------------------

jspi("run_sync gives the results of promises, coroutines, tasks, futures and thenables", async () => {
  const found = await pyAsync(`
async def coroutine():
  await asyncio.sleep(0.001)
  return "coroutine"
done = asyncio.Future()
done.set_result("done")
later = asyncio.Future()
asyncio.get_event_loop().call_later(0.002, later.set_result, "future")
thenable = run_js("({ then(resolve) { resolve('thenable'); } })")
to_js([run_sync(x) for x in (after(1, "promise"), coroutine(), asyncio.create_task(coroutine()), done, later, thenable)])`);
  assert.deepEqual(found, ["promise", "coroutine", "coroutine", "done", "future", "thenable"]);
});

jspi("values of any kind come through", async () => {
  assert.equal(
    await pyAsync(`
values = [None, True, 12, 1.5, "text", "\\u4e2d\\U0001f600" * 100, 10**30]
assert [run_sync(after(0, v)) for v in values] == values
assert run_sync(after(0, to_js([1, 2]))).to_py() == [1, 2]
own = object()
proxy = create_proxy(own)
assert run_sync(run_js("(p) => Promise.resolve([p])")(proxy))[0] is not None
proxy.destroy()
"fine"`),
    "fine",
  );
});

jspi("what is not awaitable is refused", async () => {
  const error = await rejection(pyAsync("run_sync(5)"));
  assert.equal(lastLine(error), "TypeError: object int is not awaitable");
});

jspi("errors: of promises, of coroutines, cancellation, and what is no Error", async () => {
  const found = await pyAsync(`
E = ValueError("mine")
async def bad():
  await asyncio.sleep(0)
  raise E
cancelled = asyncio.Future()
asyncio.get_event_loop().call_soon(cancelled.cancel)
types = []
for x in (fail_after(1, run_js("new TypeError('theirs')")), bad(), cancelled):
  try:
    run_sync(x)
  except BaseException as e:
    types.append(f"{type(e).__name__}: {e}")
    if isinstance(e, ValueError):
      assert e is E
to_js(types)`);
  assert.deepEqual(found, ["JsException: TypeError: theirs", "ValueError: mine", "CancelledError: "]);
});

kraitJspi("a promise may be rejected with anything", "the peer's event loop fails for what is no Error", async () => {
  const text = await pyAsync(`
try:
  run_sync(fail_after(1, 5))
except BaseException as e:
  text = str(e)
text`);
  assert.match(text, /5/);
});

kraitJspi("an error of JavaScript comes out as the same object", "the peer wraps it into a PythonError", async () => {
  const error = new RangeError("mine");
  pyodide.globals.set("the_error", error);
  assert.equal(await rejection(pyAsync("run_sync(fail_after(1, the_error))")), error);
});

// --- where it can wait -------------------------------------------------------------------------------------------------

jspi("runPythonAsync, tasks, callbacks of the loop and of promises, and async functions can wait", async () => {
  const found = await pyAsync(`
def callback(future):
  future.set_result(can_run_sync() and run_sync(after(1, True)))
loop = asyncio.get_event_loop()
soon, later = asyncio.Future(), asyncio.Future()
loop.call_soon(callback, soon)
loop.call_later(0.001, callback, later)
async def task():
  await asyncio.sleep(0)
  return can_run_sync()
to_js([can_run_sync(), await soon, await later, await asyncio.create_task(task()),
  await run_js("Promise.resolve(1)").then(lambda x: run_sync(after(1, can_run_sync()))),
  await run_js("Promise.reject(new Error(1))").catch(lambda x: run_sync(after(1, can_run_sync())))])`);
  assert.deepEqual(found, [true, true, true, true, true, true]);
  const f = py("async def f(x):\n  return run_sync(after(1, x))\nf");
  assert.equal(await f(7), 7);
  f.destroy();
});

jspi("callPromising and its kin pass arguments as the ordinary calls do", async () => {
  const f = py("def f(a, b=2, *, c=3):\n  return to_js([a, run_sync(after(1, b)), c])\nf");
  assert.deepEqual(await f.callPromising(1), [1, 2, 3]);
  assert.deepEqual(await f.callPromisingKwargs("x", { c: "\u4e2d" }), ["x", 2, "\u4e2d"]);
  assert.deepEqual(await f.callWithOptions({ promising: true, relaxed: true }, 1, 5, 6, 7), [1, 5, 3]);
  assert.deepEqual(await f.callWithOptions({ promising: true, relaxed: true, kwargs: true }, 1, 5, 6, { c: 8 }), [1, 5, 8]);
  const many = py("def many(*args):\n  run_sync(after(1, 0))\n  return sum(args)\nmany");
  assert.equal(await many.callPromising(...Array.from({ length: 100 }, (_, i) => i)), 4950);
  const bound = py("class C:\n  x = 5\n  def m(self, y):\n    return run_sync(after(1, self.x + y))\nC()");
  assert.equal(await bound.m.callPromising(4), 9);
  bound.destroy();
  many.destroy();
  f.destroy();
});

kraitJspi("a promising call runs at once, and its caller goes on when Python first waits", "the peer starts it some microtasks later", async () => {
  const said = [];
  pyodide.globals.set("say", (x) => said.push(x));
  const f = py("def f():\n  say('start')\n  run_sync(after(1, 0))\n  say('end')\nf");
  const promise = f.callPromising();
  said.push("caller");
  f.destroy(); // the call keeps the function
  await promise;
  assert.deepEqual(said, ["start", "caller", "end"]);
});

jspi("the results of promising calls: proxies, awaitables, exceptions", async () => {
  const f = py("def f(x):\n  run_sync(after(1, 0))\n  return eval(x)\nf");
  const list = await f.callPromising("[1, 2]");
  assert.equal(list.length, 2);
  list.destroy();
  assert.equal(await f.callPromising("asyncio.sleep(0.001, 'slept')"), "slept");
  const error = await rejection(f.callPromising("1 / 0"));
  assert.equal(error.type, "ZeroDivisionError");
  f.destroy();
});

jspi("a JavaScript frame on the stack: run_sync raises, and what is around it can wait", async () => {
  const found = await pyAsync(`
def inner(*args):
  assert not can_run_sync()
  try:
    run_sync(after(1, 1))
  except RuntimeError as e:
    seen.append(str(e))
  return 0
seen = []
assert can_run_sync()
call(inner)
to_js([2, 1]).sort(inner)
to_js([1]).js_map(inner) if hasattr(to_js([1]), "js_map") else run_js("(f) => [1].map((x) => f(x))")(inner)
assert can_run_sync()
seen.append(run_sync(after(1, "still")))
to_js(seen)`);
  assert.equal(found.length, 4);
  for (const text of found.slice(0, 3)) assert.match(text, /synchronous function/);
  assert.equal(found[3], "still");
});

kraitJspi("a JavaScript frame that Python does not know of: run_sync raises, too", "it calls krait's own exports", async () => {
  const { _module } = pyodide;
  const source = _module.stringToNewUTF8(`
try:
  run_sync(after(1, 1))
except RuntimeError as e:
  behind = str(e)
`);
  pyodide.globals.set("behind_the_back", () => _module.wasmTable.get(_module.kraitReadSymbols().functions.PyRun_SimpleString)(source));
  const text = await pyAsync("behind_the_back()\nrun_sync(after(1, 1))\nassert can_run_sync()\nbehind");
  assert.match(text, /JavaScript frame/);
  assert.equal(pyodide._api.stats().stacks, 0);
});

jspi("C code between the entry and run_sync is no hindrance", async () => {
  assert.equal(
    await pyAsync(`
wait = lambda x: run_sync(after(0, x))
class Slow:
  def __init__(self, x): self.x = x
  def __lt__(self, other): return wait(self.x < other.x)
  def __hash__(self): return wait(hash(self.x))
  def __eq__(self, other): return wait(self.x == other.x)
  def __repr__(self): return wait(f"S{self.x}")
  def __iter__(self): return map(wait, range(self.x))
assert sorted([3, 1, 2], key=wait) == [1, 2, 3]
assert [s.x for s in sorted(map(Slow, (2, 3, 1)))] == [1, 2, 3]
assert len({Slow(i % 3): i for i in range(6)}) == 3
assert repr([Slow(1), {2: Slow(2)}]) == "[S1, {2: S2}]"
assert max(Slow(4)) == 3 and [*Slow(3)] == [0, 1, 2]
import functools, json, re
assert functools.reduce(lambda a, b: wait(a + b), range(5)) == 10
assert re.sub("a", lambda m: wait("b"), "banana") == "bbnbnb"
assert json.dumps([Slow(1)], default=repr) == '["S1"]'
"fine"`),
    "fine",
  );
});

// --- many stacks -------------------------------------------------------------------------------------------------------

jspi("a hundred stacks, deep in Python and C, taken up in random order", async () => {
  const { gate, waiting, open } = gates();
  pyodide.globals.set("gate", gate);
  const deep = py(`
def items(i, n):
  yield deep(i, n)
def deep(i, n):
  local = [i, n, str(i * n)]
  if n == 0:
    return run_sync(gate(i))
  if n % 7 == 0:
    value = list(map(lambda _: deep(i, n - 1), [0]))[0]
  elif n % 5 == 0:
    value = next(items(i, n - 1))
  else:
    value = deep(i, n - 1)
  if n % 50 == 3:
    try:
      raise KeyError(i)
    except KeyError as e:
      value += run_sync(gate(n))
      assert sys.exception() is e and e.args == (i,)
  assert sys.exception() is None
  assert local == [i, n, str(i * n)]
  return value + n
deep`);
  const DEPTH = 200;
  let expected = 0;
  for (let n = 1; n <= DEPTH; n++) expected += n + (n % 50 === 3 ? n : 0);
  const roll = dice(12345);
  const results = Array.from({ length: 100 }, (_, i) => deep.callPromising(i, DEPTH));
  let left = results.length;
  for (const result of results) result.finally(() => left--).catch(() => {});
  if (isKrait(pyodide)) assert.equal(pyodide._api.stats().stacks, 100);
  while (left > 0) {
    for (let n = roll(5); n >= 0; n--) if (waiting.length > 0) open(roll(waiting.length));
    if (roll(10) === 0) py("gc.collect()\n[bytearray(100000) for _ in range(50)]\nNone");
    await turn();
  }
  assert.deepEqual(await Promise.all(results), results.map((_, i) => expected + i));
  if (isKrait(pyodide)) assert.equal(pyodide._api.stats().stacks, 0);
  deep.destroy();
});

kraitJspi("stacks inside of stacks, ending in both orders", "the peer starts promising calls later, never inside another", async () => {
  const { gate, waiting, open } = gates();
  pyodide.globals.set("gate", gate);
  const started = [];
  pyodide.globals.set("start", (f, name) => {
    started.push(f.callPromising(name));
  });
  const outer = py(`
def inner(name):
  frames = [f"{name}{i}" for i in range(50)]
  result = run_sync(gate(name)) + run_sync(gate(name))
  assert frames == [f"{name}{i}" for i in range(50)]
  return result
def outer(first, second):
  # inner() is entered while this stack runs, and outlives it or not.
  proxy = create_proxy(inner)
  start(proxy, first)
  start(proxy, second)
  proxy.destroy()
  return run_sync(gate("o"))
outer`);
  for (const order of [[0, 0, 0, 0, 0], [2, 0, 0, 0, 0], [2, 1, 0, 1, 0], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0]]) {
    const result = outer.callPromising("a", "b");
    assert.deepEqual(waiting.map(({ value }) => value), ["a", "b", "o"]);
    for (const which of order) {
      open(Math.min(which, waiting.length - 1));
      await turn();
    }
    assert.equal(await result, "o");
    assert.deepEqual(await Promise.all(started.splice(0)), ["aa", "bb"]);
  }
  outer.destroy();
});

jspi("run_sync inside what run_sync waits for", async () => {
  assert.equal(
    await pyAsync(`
async def nest(n):
  if n == 0:
    return run_sync(after(1, 0))
  await asyncio.sleep(0)
  return run_sync(nest(n - 1)) + 1
run_sync(nest(30))`),
    30,
  );
});

jspi("generators and coroutines that are suspended half-way", async () => {
  assert.equal(
    await pyAsync(`
def numbers(n):
  try:
    for i in range(n):
      yield run_sync(after(0, i))
  finally:
    closed.append(run_sync(after(0, n)))
closed = []
assert list(numbers(5)) == [0, 1, 2, 3, 4]
half = numbers(9)
next(half); half.close()
assert closed == [5, 9]

other_has_tried = asyncio.Future()
def slow():
  yield run_sync(other_has_tried)
busy = slow()
async def use():
  return next(busy)
async def use_too():
  try:
    return next(busy)
  finally:
    other_has_tried.set_result(0)
task = asyncio.create_task(use())
other = asyncio.create_task(use_too())
results = run_sync(asyncio.gather(task, other, return_exceptions=True))
assert results[0] == 0 and str(results[1]) == "generator already executing", results

async def agen():
  for i in range(3):
    yield run_sync(after(0, i))
assert [x async for x in agen()] == [0, 1, 2]
"fine"`),
    "fine",
  );
});

// --- Python's state ----------------------------------------------------------------------------------------------------

jspi("exceptions that are being handled stay with their stack", async () => {
  const { gate, open, arrived } = gates();
  pyodide.globals.set("gate", gate);
  const f = py(`
def f(name):
  try:
    raise ValueError(name)
  except ValueError:
    run_sync(gate(0))
    first = str(sys.exception())
    try:
      run_sync(gate(0))
      raise KeyError(name)
    except KeyError as e:
      chained = str(e.__context__)
    return to_js([first, chained, str(sys.exception())])
f`);
  const results = [f.callPromising("a"), f.callPromising("b")];
  assert.equal(py("repr(sys.exception())"), "None");
  await arrived(2);
  for (const [which, left] of [[1, 2], [0, 2], [1, 1], [0, 0]]) {
    open(which);
    await arrived(left);
    await turn();
    assert.equal(py("repr(sys.exception())"), "None");
  }
  assert.deepEqual(await Promise.all(results), [["a", "a", "a"], ["b", "b", "b"]]);
  f.destroy();
});

jspi("the depth of the recursion is right after all of it, and its limit holds on every stack", async () => {
  const depth = `
def depth():
  try:
    return depth() + 1
  except RecursionError:
    return 1
`;
  const before = py(`${depth}depth()`);
  assert.equal(
    await pyAsync(`
${depth}
a = depth()
def down(n):
  return run_sync(after(1, n)) if n == 0 else down(n - 1)
down(300)
assert depth() == a
"fine"`),
    "fine",
  );
  const f = py("def f(n):\n  return f(n - 1) if n else run_sync(after(5, depth()))\nf");
  await Promise.all([f.callPromising(100), f.callPromising(400), f.callPromising(5)]);
  assert.equal(py("depth()"), before);
  f.destroy();
});

kraitJspi("recursion in C ends with a RecursionError on every stack", "the peer's stack overflows", async () => {
  const found = await pyAsync(`
import json
deep = []
for _ in range(100_000): deep = [deep]
def nested():
  try:
    json.dumps(deep)
  except RecursionError:
    return can_run_sync()
class Wait:
  def __repr__(self):
    return run_sync(after(1, "waited"))
def wrapped(n):
  x = Wait()
  for _ in range(n): x = [x]
  return repr(x) == "[" * n + "waited" + "]" * n
to_js([nested(), wrapped(500), nested(), wrapped(5)])`);
  assert.deepEqual(found, [true, true, true, true]);
});

jspi("a new recursion limit reaches stacks that wait", async () => {
  const { gate, open, arrived } = gates();
  pyodide.globals.set("gate", gate);
  const f = py("def f(n):\n  return f(n - 1) if n else (run_sync(gate(0)), depth())[1]\nf");
  const result = f.callPromising(300);
  await arrived(1);
  try {
    py("sys.setrecursionlimit(2000)");
    open();
    const found = await result;
    assert.ok(found > 1500 && found < 1750, `${found} levels were left of 2000 after 300`);
  } finally {
    py("sys.setrecursionlimit(1000)");
  }
  f.destroy();
});

kraitJspi("calls that go back and forth by promising calls end in an error, and the runtime goes on", "the peer's stack overflows", async () => {
  pyodide.globals.set("again", (f) => void f.callPromising().catch((error) => errors.push(error)));
  const errors = [];
  const f = py("def f():\n  p = create_proxy(f)\n  try:\n    again(p)\n  finally:\n    p.destroy()\nf");
  await f.callPromising();
  assert.ok(errors.length > 0);
  for (const error of errors) assert.match(String(error), /RecursionError: maximum recursion depth exceeded|^RangeError: Maximum call stack size exceeded/);
  assert.equal(pyodide._api.stats().stacks, 0);
  assert.equal(await pyAsync("run_sync(after(1, 3))"), 3);
  f.destroy();
});

jspi("context variables stay with their stack", async () => {
  const found = await pyAsync(`
v = contextvars.ContextVar("v", default=0)
async def inner():
  seen = v.get()
  v.set(99)
  run_sync(asyncio.sleep(0.002))
  return seen, v.get()
async def task(n):
  v.set(n)
  result = run_sync(inner())
  run_sync(asyncio.sleep(0.001 * n))
  return result == (n, 99) and v.get() == n
v.set(5)
def entered():
  v.set(7)
  run_sync(after(1, 0))
  return v.get()
results = await asyncio.gather(*[task(n) for n in (3, 1, 2)])
to_js([*results, contextvars.copy_context().run(entered), v.get()])`);
  assert.deepEqual(found, [true, true, true, 7, 5]);
});

jspi("each stack has its own current task, and other tasks run", async () => {
  const found = await pyAsync(`
async def name():
  return asyncio.current_task().get_name()
async def outer(n):
  before = asyncio.current_task()
  inner = run_sync(asyncio.create_task(name(), name=f"inner{n}"))
  run_sync(after(3 - n, 0))
  await asyncio.sleep(0)
  return before is asyncio.current_task() and [before.get_name(), inner]
to_js(await asyncio.gather(*[asyncio.create_task(outer(n), name=f"outer{n}") for n in range(3)]))`);
  assert.deepEqual(found, [0, 1, 2].map((n) => [`outer${n}`, `inner${n}`]));
});

kraitJspi("a promising call inside a task is not part of the task", "the peer's rules are not known", async () => {
  const seen = [];
  pyodide.globals.set("start", (f) => f.callPromising().then((x) => seen.push(x)));
  await pyAsync(`
async def main():
  task = asyncio.current_task()
  def aside():
    first = asyncio.current_task()
    run_sync(after(3, 0))
    return to_js([first is None, asyncio.current_task() is None])
  aside = create_proxy(aside)
  promise = start(aside)
  assert asyncio.current_task() is task
  await asyncio.sleep(0)
  assert asyncio.current_task() is task
  await promise
  aside.destroy()
await asyncio.create_task(main())`);
  assert.deepEqual(seen, [[true, true]]);
});

kraitJspi("frames of a stack that waits can be looked at", "the peer may read other stacks' memory", async () => {
  const { gate, open } = gates();
  pyodide.globals.set("gate", gate);
  const f = py(`
def bottom():
  global kept
  kept = sys._getframe()
  run_sync(gate(0))
  return names(kept)
def names(frame):
  found = []
  while frame is not None:
    found.append(frame.f_code.co_name)
    frame = frame.f_back
  return " ".join(found)
def middle(_):
  return bottom()
def top():
  return max(map(middle, [0]))
top`);
  const result = f.callPromising();
  // Something else where the stack was.
  py("sorted(range(10), key=lambda x: max(map(str, range(x + 1))))");
  assert.equal(py("names(kept)"), "bottom middle top");
  open();
  assert.equal(await result, "bottom middle top");
  py("del kept");
  f.destroy();
});

// --- asyncio -----------------------------------------------------------------------------------------------------------

jspi("asyncio.run and run_until_complete wait where they can", async () => {
  const found = await pyAsync(`
async def work(x):
  await asyncio.sleep(0.001)
  if x < 0:
    raise ValueError(x)
  return x
try:
  asyncio.run(work(-1))
except ValueError as e:
  error = str(e)
to_js([asyncio.run(work(1)), asyncio.get_event_loop().run_until_complete(work(2)), error])`);
  assert.deepEqual(found, [1, 2, "-1"]);
});

kraitJspi("enableRunUntilComplete: false keeps them from waiting", "the peer refuses asyncio.run then", async () => {
  const other = await loadForTest({ enableRunUntilComplete: false });
  const found = await other.runPythonAsync(`
import asyncio
from pyodide.ffi import run_sync
loop = asyncio.get_event_loop()
futures = [asyncio.run(asyncio.sleep(0, 1)), loop.run_until_complete(asyncio.sleep(0, 2))]
assert not any(f.done() for f in futures)
str([run_sync(f) for f in futures])`);
  assert.equal(found, "[1, 2]");
});

jspi("callbacks behind one that waits do not wait with it", async () => {
  const found = await pyAsync(`
order = []
loop = asyncio.get_event_loop()
done = asyncio.Future()
def slow():
  run_sync(after(20, 0))
  order.append("slow")
  done.set_result(None)
loop.call_soon(slow)
for i in range(3):
  loop.call_soon(order.append, i)
await done
to_js(order)`);
  assert.deepEqual(found, [0, 1, 2, "slow"]);
});

jspi("time.sleep lets everything else run", async () => {
  const found = await pyAsync(`
hits = []
asyncio.get_event_loop().call_later(0.001, hits.append, "called")
before = time.monotonic()
time.sleep(0.02)
to_js([*hits, time.monotonic() - before >= 0.02])`);
  assert.deepEqual(found, ["called", true]);
});

kraitJspi("a task that waits can be cancelled", "the peer cancels it at its next await only", async () => {
  const found = await pyAsync(`
async def waits(how):
  try:
    how()
  except asyncio.CancelledError as e:
    return f"cancelled {e}".strip()
forever = run_js("() => new Promise(() => {})")
inner = asyncio.Future()
ways = [lambda: run_sync(forever()), lambda: run_sync(inner), lambda: time.sleep(1000), lambda: asyncio.run(asyncio.sleep(1000))]
tasks = [asyncio.create_task(waits(way)) for way in ways]
await asyncio.sleep(0.002)
assert not any(t.done() for t in tasks)
for t in tasks:
  t.cancel("enough")
found = [await t for t in tasks]
assert inner.cancelled()
try:
  async with asyncio.timeout(0.005):
    run_sync(forever())
except TimeoutError:
  found.append("timeout")
to_js(found)`);
  assert.deepEqual(found, ["cancelled enough", "cancelled enough", "cancelled enough", "cancelled enough", "timeout"]);
});

kraitJspi("KeyboardInterrupt and SystemExit come through", "the peer lets them end the process as well", async () => {
  const found = await pyAsync(`
async def bad(error):
  await asyncio.sleep(0)
  raise error
found = []
for error in (KeyboardInterrupt, SystemExit):
  try:
    run_sync(bad(error))
  except BaseException as e:
    found.append(type(e).__name__)
to_js(found)`);
  assert.deepEqual(found, ["KeyboardInterrupt", "SystemExit"]);
});

// --- what is left ------------------------------------------------------------------------------------------------------

jspi("a promise that is never settled keeps its stack, and nothing else", async () => {
  const f = py("def f():\n  run_sync(run_js('new Promise(() => {})'))\nf");
  const before = pyodide._api.stats?.().stacks;
  void f.callPromising();
  await turn();
  assert.equal(await pyAsync("run_sync(after(1, 'others'))"), "others");
  if (before !== undefined) assert.equal(pyodide._api.stats().stacks, before + 1);
  f.destroy();
});

jspi("waiting leaves no slots and no proxies", async () => {
  const f = py("def f(x, y):\n  if y: raise ValueError\n  return [run_sync(after(0, x))]\nf");
  const namespace = py("dict(globals())");
  await expectNoLeaks(pyodide, async () => {
    (await f.callPromising({ an: "object" }, false)).destroy();
    const error = await rejection(f.callPromising(1, true));
    assert.equal(error.type, "ValueError");
    await pyodide.runPythonAsync(
      `
async def c():
  await asyncio.sleep(0)
run_sync(c()); run_sync(after(0, None)); time.sleep(0.001); asyncio.run(c())
try:
  run_sync(fail_after(0, run_js("new Error('x')")))
except Exception:
  pass
call(lambda: can_run_sync())
await run_js("Promise.resolve(1)").then(lambda x: run_sync(after(0, x)))
None`,
      { globals: namespace },
    );
  });
  namespace.destroy();
  f.destroy();
});

jspi("no objects of Python are left over", async () => {
  const f = py(`
class Marker: pass
def f():
  marker = Marker()
  def inner():
    local = Marker()
    return run_sync(after(0, 0))
  return max(map(lambda _: inner(), [0]))
f`);
  for (let i = 0; i < 20; i++) await f.callPromising();
  assert.equal(py("gc.collect()\nsum(isinstance(o, Marker) for o in gc.get_objects())"), 0);
  assert.equal(run(pyodide, "can_run_sync()", { can_run_sync: pyodide.globals.get("can_run_sync") }), false);
  f.destroy();
});
