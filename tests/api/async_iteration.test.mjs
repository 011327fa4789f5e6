// Asynchronous iteration of Python objects in JavaScript (J85-J87).
import { assert, expectNoLeaks, krait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const { ffi } = pyodide;
pyodide.runPython(`
log = []
async def count(n):
    try:
        for i in range(n): yield i
    finally:
        log.append("finally")
async def echo():
    got = yield 1
    while True: got = yield got
async def stubborn():
    try:
        yield 1
    finally:
        yield 2
async def catcher():
    try:
        yield 1
    except BaseException as e:
        yield f"caught {type(e).__name__}: {e}"
async def failing():
    yield 1
    1 / 0
class Iterable:
    def __aiter__(self): return count(3)
class Iterator:
    i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.i += 1
        if self.i > 2: raise StopAsyncIteration(5)
        return self.i
`);
const make = (code) => pyodide.runPython(code);
const end = (value) => ({ done: true, value });
const item = (value) => ({ done: false, value });

async function collect(code) {
  const proxy = make(code);
  const items = [];
  for await (const x of proxy) items.push(x);
  proxy.destroy();
  return items;
}

test("for await walks async generators, iterators and iterables", async () => {
  assert.deepEqual(await collect("count(3)"), [0, 1, 2]);
  assert.deepEqual(await collect("Iterator()"), [1, 2]);
  assert.deepEqual(await collect("Iterable()"), [0, 1, 2]);
  assert.deepEqual(await collect("count(0)"), []);
});

test("instanceof tells them apart", () => {
  for (const [code, ...flags] of [["Iterable()", true, false, false], ["Iterator()", true, true, false], ["count(1)", true, true, true]]) {
    const proxy = make(code);
    assert.deepEqual([ffi.PyAsyncIterable, ffi.PyAsyncIterator, ffi.PyAsyncGenerator].map((c) => proxy instanceof c), flags, code);
    proxy.destroy();
  }
});

test("next() sends a value, and goes on answering after the end", async () => {
  const g = make("echo()");
  assert.deepEqual([await g.next(), await g.next("a"), await g.next(7)], [item(1), item("a"), item(7)]);
  g.destroy();
  const c = make("count(1)");
  assert.deepEqual([await c.next(), await c.next(), await c.next()], [item(0), end(undefined), end(undefined)]);
  c.destroy();
});

test("return() runs finally blocks and answers its value", async () => {
  make("log.clear()");
  const g = make("count(3)");
  assert.deepEqual([await g.next(), await g.return(7), await g.next()], [item(0), end(7), end(undefined)]);
  assert.equal(make("str(log)"), "['finally']");
  g.destroy();
  const fresh = make("count(3)");
  assert.deepEqual([await fresh.return(7), await fresh.next()], [end(7), end(undefined)]);
  fresh.destroy();
  const s = make("stubborn()");
  assert.deepEqual([await s.next(), await s.return(7)], [item(1), item(2)]);
  s.destroy();
});

test("throw() raises inside; a refusal is an error", async () => {
  const g = make("catcher()");
  assert.deepEqual([await g.next(), await g.throw(new TypeError("hi"))], [item(1), item("caught JsException: TypeError: hi")]);
  g.destroy();
  const c = make("count(2)");
  await c.next();
  await assert.rejects(() => c.throw(3), { name: "PythonError", type: "TypeError" });
  c.destroy();
});

krait("an error that nobody catches inside comes back as the same object", "the peer wraps it in a PythonError", async () => {
  const c = make("count(2)");
  await c.next();
  const error = new TypeError("hi");
  assert.equal(await c.throw(error).catch((e) => e), error);
  c.destroy();
});

test("leaving the loop early closes a generator", async () => {
  for (const code of ["count(3)", "Iterable()"]) {
    make("log.clear()");
    const proxy = make(code);
    for await (const x of proxy) if (x === 1) break;
    if (code === "count(3)") assert.equal(make("'finally' in log"), true);
    proxy.destroy();
  }
});

krait("leaving the loop early closes the generator of an iterable, too", "the peer leaves it to the collector", async () => {
  make("log.clear()");
  const proxy = make("Iterable()");
  for await (const x of proxy) if (x === 1) break;
  assert.equal(make("str(log)"), "['finally']");
  proxy.destroy();
});

test("errors of a step reject, and the iteration is over", async () => {
  const g = make("failing()");
  assert.deepEqual(await g.next(), item(1));
  await assert.rejects(() => g.next(), { name: "PythonError", type: "ZeroDivisionError" });
  assert.deepEqual(await g.next(), end(undefined));
  g.destroy();
  await assert.rejects(() => g.next(), /already been destroyed/);
});

krait("items that are Python objects live on", "the peer dies of it", async () => {
  const g = make("(x async for x in count(1))");
  g.destroy();
  pyodide.runPython("async def lists():\n  yield [1]\n  yield [2]");
  const lists = make("lists()");
  const found = [];
  for await (const list of lists) found.push(list);
  assert.deepEqual(found.map((list) => list.toJs()), [[1], [2]]);
  for (const list of found) list.destroy();
  lists.destroy();
});

krait("asynchronous iteration leaves no slots and no proxies", "only krait counts them", async () => {
  await expectNoLeaks(pyodide, async () => {
    assert.deepEqual(await collect("Iterable()"), [0, 1, 2]);
    const early = make("count(3)");
    for await (const _ of early) break;
    early.destroy();
    const g = make("failing()");
    await g.next();
    await g.next().catch(() => {});
    g.destroy();
    await new Promise((resolve) => setTimeout(resolve, 5));
    make("import sys\nsys.last_exc = None");
  });
});
