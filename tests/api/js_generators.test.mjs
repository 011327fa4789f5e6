// JS iterators, generators and disposable objects driven by Python (Y35-Y38, T45, T46), weak references (Y26, Y44), methods.
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
const pyAsync = (code) => pyodide.runPythonAsync(code);
py(`
import js
from pyodide.code import run_js
def G(): return run_js("""(function*() {
    let x = yield 1;
    try { x = yield x * 2 } catch (e) { globalThis.caught = e; yield 'caught ' + e.message.trim().split('\\\\n').at(-1) } finally { globalThis.finished = true }
    return 7
})()""")
def AG(): return run_js("""(async function*() {
    let x = yield 1;
    try { x = yield x * 2 } catch (e) { yield 'caught ' + e.message.trim().split('\\\\n').at(-1) } finally { globalThis.finished = true }
    return 7
})()""")
`);

test("generators: send, throw, and the value they return", () => {
  assert.equal(py(`
g = G()
steps = [next(g), g.send(5), g.throw(ValueError("v"))]
try: next(g)
except StopIteration as stop: steps.append(stop.value)
str(steps)`), "[1, 10, 'caught ValueError: v', 7]");
  assert.equal(globalThis.caught.name, "PythonError");
  assert.equal(globalThis.caught.type, "ValueError");
});

test("generators: an exception that is not caught inside comes out as it went in", () => {
  assert.equal(py("g = G(); next(g)\ne = KeyError('k')\ntry: g.throw(e)\nexcept KeyError as f: r = f is e\nr"), true);
  assert.match(lastLine(pythonError(pyodide, "g = G(); next(g); g.throw(ValueError, 'q')", "ValueError")), /ValueError: q/);
  pythonError(pyodide, "G().throw(5)", "TypeError");
  pythonError(pyodide, "G().throw(ValueError('x'), 'y')", "TypeError");
});

test("generators: close runs their finally blocks", () => {
  globalThis.finished = false;
  assert.equal(py("g = G(); next(g); g.send(1); g.close(); list(g) == []"), true);
  assert.equal(globalThis.finished, true);
  assert.equal(py("g = G(); g.close(); next(g, 'over')"), "over");
});

krait("generators: one that goes on after return() is an error", "the peer was not asked", () => {
  pythonError(pyodide, "g = run_js('(function*() { try { yield 1 } finally { yield 2 } })()'); next(g); g.close()", "RuntimeError");
});

krait("iterators take a value, too", "the peer reports a broken iterator as a TypeError of Python", () => {
  assert.equal(py("run_js('[1, 2][Symbol.iterator]()').send(None)"), 1);
  pythonError(pyodide, "i = run_js('[1][Symbol.iterator]()'); next(i); i.send(None)", "StopIteration");
  assert.throws(() => py("run_js('({next() { return 5 }})').send(None)"), TypeError);
});

test("yield from a generator of JavaScript", () => {
  assert.equal(py(`
def outer():
    result = yield from G()
    yield ('returned', result)
o = outer()
str([next(o), o.send(4), o.throw(TypeError("t")), next(o)])`), "[1, 8, 'caught TypeError: t', ('returned', 7)]");
});

test("async for, over async iterables, iterators and generators", async () => {
  assert.equal(await pyAsync("[x async for x in run_js('(async function*() { yield 1; yield \"a\"; yield [2] })()')][1]"), "a");
  assert.equal(await pyAsync(`
it = run_js("({[Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ done: n == 3, value: n++ }) } }})")
str([x async for x in it])`), "[0, 1, 2]");
  assert.equal(await pyAsync("a = AG(); str([await anext(a), await a.asend(5), await a.athrow(ValueError('v'))])"), "[1, 10, 'caught ValueError: v']");
  await assert.rejects(pyAsync("async for x in run_js(\"(async function*() { yield 1; throw new RangeError('later') })()\"): pass"), /RangeError: later/);
});

krait("async generators: the end, closing, errors", "the peer wraps a Python exception that comes back", async () => {
  assert.equal(await pyAsync("a = AG(); await anext(a); await a.asend(1); await anext(a, 'over')"), "over");
  globalThis.finished = false;
  await pyAsync("a = AG(); await anext(a); await a.asend(1); await a.aclose()");
  assert.equal(globalThis.finished, true);
  assert.equal(await pyAsync("a = AG(); await anext(a)\ne = KeyError('k')\ntry: await a.athrow(e)\nexcept KeyError as f: r = f is e\nr"), true);
});

test("with: Symbol.dispose", () => {
  assert.equal(py("with run_js('({[Symbol.dispose](){ globalThis.disposed = 1 }, x: 3})') as d: x = d.x\nx"), 3);
  assert.equal(globalThis.disposed, 1);
  globalThis.disposed = 0;
  pythonError(pyodide, "with run_js('({[Symbol.dispose](){ globalThis.disposed = 1 }})'): 1 / 0", "ZeroDivisionError");
  assert.equal(globalThis.disposed, 1);
  pythonError(pyodide, "with run_js('({})'): pass", "TypeError");
  assert.throws(() => py("with run_js(\"({[Symbol.dispose](){ throw new Error('stuck') }})\"): pass"), /stuck/);
});

test("async with: Symbol.asyncDispose", async () => {
  globalThis.disposed = 0;
  await pyAsync("async with run_js('({async [Symbol.asyncDispose](){ await null; globalThis.disposed = 2 }})') as d: pass");
  assert.equal(globalThis.disposed, 2);
});

test("a proxy of Python's is destroyed at the end of with", () => {
  py("from pyodide.ffi import create_proxy\nwith create_proxy([1]) as p: js.kept = p");
  assert.throws(() => globalThis.kept.length, /already been destroyed/);
});

krait("weak references", "the peer's classes do not know their instances", () => {
  assert.equal(py("o = run_js('({a: 1})'); w = o.to_weakref(); w.deref().a"), 1);
  assert.equal(py("w.deref() == o"), true);
  assert.equal(py("from pyodide.ffi import JsWeakRef; isinstance(w, JsWeakRef) and not isinstance(o, JsWeakRef)"), true);
});

test("a function that is an attribute of a Python class gets the object as this", () => {
  assert.equal(py(`
class C:
    name = "the object"
    method = run_js("(function(a) { return this.name + ' ' + a })")
C().method(5)`), "the object 5");
  assert.equal(py("C.method == C.__dict__['method']"), true);
});

krait("isinstance: callbacks for one call and callable double proxies", "the peer's classes do not know their instances", () => {
  assert.equal(py("from pyodide.ffi import *\nisinstance(create_proxy(len), JsCallableDoubleProxy) and not isinstance(create_proxy([]), JsCallableDoubleProxy)"), true);
  assert.equal(py("o = create_once_callable(lambda: 5); r = isinstance(o, JsOnceCallable); o.destroy(); r"), true);
});

test("generators and disposables leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, async () => {
    globalThis.caught = globalThis.kept = undefined;
    py("def work():\n  g = G(); next(g); g.send(3); g.close()\n  with run_js('({[Symbol.dispose](){}})'): pass\n  run_js('({})').to_weakref().deref()\nwork()");
    await pyAsync("async def work():\n  a = AG()\n  await anext(a); await a.aclose()\nawait work()");
  });
});
