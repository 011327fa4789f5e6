// runPythonAsync (J31), promises and coroutines (J88, Y39), the event loop (Y95-Y98, Y100-Y102).
import { assert, expectNoLeaks, krait, lastLine, loadForTest, rejection, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
const pyAsync = (code, options) => pyodide.runPythonAsync(code, options);

test("results", async () => {
  assert.ok(pyAsync("1") instanceof Promise);
  assert.equal(await pyAsync("1 + 1"), 2);
  assert.equal(await pyAsync("x = 1"), undefined);
  assert.equal(await pyAsync("1;"), undefined);
  assert.equal(await pyAsync("import asyncio\nawait asyncio.sleep(0)\n7"), 7);
  assert.equal(await pyAsync("import asyncio\nawait asyncio.sleep(0.001, 'value')"), "value");
  assert.equal(await pyAsync("async def f(): return 3\nawait f()"), 3);
  assert.equal(await pyAsync("[await f() for _ in range(3)][2]"), 3);
});

test("options", async () => {
  const globals = pyodide.toPy({ x: 3 });
  assert.equal(await pyAsync("y = x + 1\ny", { globals }), 4);
  assert.equal(globals.get("y"), 4);
  const error = await rejection(pyAsync("1\n1 / 0", { filename: "async_file.py" }));
  assert.match(error.message, /File "async_file\.py", line 2, in <module>\n {4}1 \/ 0/);
  globals.destroy();
});

test("errors reject the promise", async () => {
  const error = await rejection(pyAsync("async def q():\n  await asyncio.sleep(0)\n  1 / 0\nimport asyncio\nawait q()"));
  assert.equal(error.type, "ZeroDivisionError");
  assert.match(error.message, /line 3, in q\n/);
  assert.equal((await rejection(pyAsync("a = = 1"))).type, "SyntaxError");
});

krait("SystemExit rejects the promise and nothing else", "for the peer it is an uncaught error of the host too", async () => {
  assert.equal((await rejection(pyAsync("import sys\nsys.exit(2)"))).type, "SystemExit");
  assert.equal((await rejection(pyAsync("await asyncio.sleep(0)\nraise KeyboardInterrupt"))).type, "KeyboardInterrupt");
  assert.equal(await pyAsync("await asyncio.sleep(0.002)\n1"), 1);
});

test("promises can be awaited in Python", async () => {
  pyodide.globals.set("later", (value) => new Promise((resolve) => setTimeout(() => resolve(value), 2)));
  assert.equal(await pyAsync("await later(9)"), 9);
  const object = { a: 1 };
  assert.equal(await pyAsync("await later(o)", { globals: namespace({ later: 0, o: object }) }), object);
  assert.equal(await pyAsync("import js\nawait js.Promise.resolve(4)"), 4);
  assert.equal(await pyAsync("await later(None) is None"), true);
  assert.equal(
    await pyAsync("import asyncio\nstr(await asyncio.gather(later(1), later(2), later(3)))"),
    "[1, 2, 3]",
  );
  assert.equal(await pyAsync("(await asyncio.wait_for(later(5), 10))"), 5);
  py("del later");
});

function namespace(names) {
  const globals = pyodide.toPy({});
  for (const [name, value] of Object.entries(names)) {
    globals.set(name, value === 0 ? pyodide.globals.get(name) : value);
  }
  return globals;
}

test("a rejected promise raises in Python", async () => {
  pyodide.globals.set(
    "rejects",
    (value) => new Promise((_, reject) => setTimeout(() => reject(value), 1)),
  );
  pyodide.globals.set("error", new RangeError("rejected"));
  assert.equal(
    await pyAsync("try:\n  await rejects(error)\nexcept Exception as e:\n  r = f'{type(e).__name__} {e}'\nr"),
    "JsException RangeError: rejected",
  );
  const uncaught = await rejection(pyAsync("await rejects(error)"));
  if (uncaught.name === "PythonError") assert.match(lastLine(uncaught), /RangeError: rejected/);
  else assert.ok(uncaught instanceof RangeError);
  py("del rejects, error");
});

test("coroutines and futures can be awaited in JavaScript", async () => {
  py("import asyncio\nasync def double(x):\n  await asyncio.sleep(0)\n  return x * 2\nasync def fails(): raise KeyError('k')");
  const double = pyodide.globals.get("double");
  assert.equal(await double(21), 42);
  const coroutine = double(4);
  assert.ok(coroutine instanceof pyodide.ffi.PyAwaitable);
  assert.equal(await coroutine.then((x) => x + 1), 9);
  const fails = pyodide.globals.get("fails");
  assert.equal((await rejection(fails())).type, "KeyError");
  assert.equal(await fails().catch((error) => error.type), "KeyError");
  let finished = 0;
  assert.equal(await double(1).finally(() => finished++), 2);
  assert.equal(finished, 1);
  assert.equal(await py("asyncio.ensure_future(double(5))"), 10);
  assert.deepEqual(await Promise.all([double(1), double(2)]), [2, 4]);
  double.destroy();
  fails.destroy();
});

test("a coroutine result that is a proxy", async () => {
  const list = await pyAsync("[1, 2]");
  assert.equal(list.length, 2);
  list.destroy();
});

test("the loop runs from the start, outside of coroutines too", async () => {
  py(`
    import asyncio
    loop = asyncio.get_event_loop()
    assert asyncio.get_running_loop() is loop
    assert loop.is_running() and not loop.is_closed()
    log = []
    async def work(n):
        await asyncio.sleep(0)
        log.append(n)
    task = asyncio.create_task(work(1))
    future = asyncio.ensure_future(work(2))
  `);
  assert.equal(py("len(log)"), 0);
  await pyAsync("await task; await future");
  assert.equal(py("str(log)"), "[1, 2]");
  assert.match(py("type(task).__name__"), /PyodideTask/);
  assert.match(py("type(loop).__module__"), /pyodide\.webloop/);
});

test("call_soon, call_later and call_at run in order of time", async () => {
  const order = await pyAsync(`
    import asyncio
    order = []
    loop.call_later(0.5, order.append, "later")
    loop.call_at(loop.time() + 0.005, order.append, "at")
    loop.call_soon(order.append, "soon")
    loop.call_soon_threadsafe(order.append, "threadsafe")
    loop.call_later(0.001, order.append, "never").cancel()
    order.append("now")
    await asyncio.sleep(0.6)
    " ".join(order)
  `);
  assert.equal(order, "now soon threadsafe at later");
});

test("sleeping takes its time, many sleepers share it", async () => {
  const elapsed = await pyAsync(`
    import time
    start = loop.time()
    await asyncio.gather(*(asyncio.sleep(0.02) for _ in range(200)))
    loop.time() - start
  `);
  assert.ok(elapsed >= 0.019, `slept ${elapsed} s instead of 0.02`);
});

test("timeouts and cancellation", async () => {
  assert.equal(
    await pyAsync("try:\n  await asyncio.wait_for(asyncio.sleep(60), 0.005)\nexcept TimeoutError:\n  r = 'timeout'\nr"),
    "timeout",
  );
  assert.equal(
    await pyAsync("try:\n  async with asyncio.timeout(0.005):\n    await asyncio.sleep(60)\nexcept TimeoutError:\n  r = 'timeout 2'\nr"),
    "timeout 2",
  );
  assert.equal(
    await pyAsync(
      "t = asyncio.create_task(asyncio.sleep(60))\nawait asyncio.sleep(0)\nt.cancel()\ntry:\n  await t\nexcept asyncio.CancelledError:\n  r = 'cancelled'\nr",
    ),
    "cancelled",
  );
});

test("queues, locks, events, task groups", async () => {
  assert.equal(
    await pyAsync(`
      async def produce(q):
          for i in range(100): await q.put(i)
          await q.put(None)
      async def consume(q):
          total = 0
          while (item := await q.get()) is not None: total += item
          return total
      q = asyncio.Queue(3)
      _, total = await asyncio.gather(produce(q), consume(q))
      total
    `),
    4950,
  );
  assert.equal(
    await pyAsync(`
      async def set_later(event):
          await asyncio.sleep(0.001)
          event.set()
      event = asyncio.Event()
      async with asyncio.TaskGroup() as group:
          waiting = group.create_task(event.wait())
          group.create_task(set_later(event))
      waiting.result()
    `),
    true,
  );
});

test("JavaScript gets its turn while Python yields", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  pyodide.globals.set("ticks", () => ticks);
  // The end is for the case that JavaScript never gets its turn.
  await pyAsync("import time\nend = time.monotonic() + 20\nwhile ticks() < 3 and time.monotonic() < end: await asyncio.sleep(0)");
  clearInterval(timer);
  assert.ok(ticks >= 3, `JavaScript's timer went off ${ticks} times`);
});

test("run_in_executor runs at once", async () => {
  assert.equal(await pyAsync("await loop.run_in_executor(None, lambda a: a + 1, 4)"), 5);
  assert.equal((await rejection(pyAsync("await loop.run_in_executor(None, lambda: 1 / 0)"))).type, "ZeroDivisionError");
});

krait("run_until_complete and asyncio.run give back the task", "the peer raises where it cannot block", async () => {
  const future = py("loop.run_until_complete(asyncio.sleep(0, 'done'))");
  assert.equal(await future, "done");
  future.destroy();
  const task = py("asyncio.run(asyncio.sleep(0, 'ran'))");
  assert.equal(await task, "ran");
  task.destroy();
});

test("futures have the methods of promises", async () => {
  assert.equal(
    await pyAsync("f = loop.create_future()\ng = f.then(lambda x: x + 1).then(lambda x: asyncio.sleep(0, x * 2))\nf.set_result(3)\nawait g"),
    8,
  );
  assert.equal(await pyAsync("f = loop.create_future()\ng = f.catch(lambda e: str(e))\nf.set_exception(ValueError('v'))\nawait g"), "v");
  assert.equal(
    await pyAsync(
      "log = []\nf = loop.create_future()\ng = f.finally_(lambda: log.append('f'))\nf.set_exception(ValueError('v'))\ntry:\n  await g\nexcept ValueError as e:\n  log.append(str(e))\n' '.join(log)",
    ),
    "f v",
  );
});

test("exception handlers", async () => {
  assert.equal(
    await pyAsync(`
      seen = []
      loop.set_exception_handler(lambda loop, context: seen.append(type(context["exception"]).__name__))
      loop.call_soon(lambda: 1 / 0)
      await asyncio.sleep(0.001)
      loop.set_exception_handler(None)
      seen[0]
    `),
    "ZeroDivisionError",
  );
});

krait("task factories", "the peer asks asyncio for a function that Python 3.14 has dropped", async () => {
  assert.equal(
    await pyAsync(`
      made = []
      def factory(loop, coro, **kwargs):
          made.append(coro.__name__)
          return asyncio.Task(coro, loop=loop, **kwargs)
      loop.set_task_factory(factory)
      await loop.create_task(asyncio.sleep(0))
      loop.set_task_factory(None)
      made[0]
    `),
    "sleep",
  );
});

test("async generators and async context managers", async () => {
  assert.equal(
    await pyAsync(`
      closed = []
      async def numbers():
          try:
              for i in range(10):
                  await asyncio.sleep(0)
                  yield i
          finally:
              closed.append(True)
      total = sum([i async for i in numbers()])
      async for i in numbers():
          if i == 2: break
      import gc
      gc.collect()
      await asyncio.sleep(0.005)
      f"{total} {len(closed)}"
    `),
    "45 2",
  );
});

test("context variables follow tasks", async () => {
  assert.equal(
    await pyAsync(`
      import contextvars
      var = contextvars.ContextVar("var", default="none")
      async def show(): return var.get()
      async def outer(value):
          var.set(value)
          await asyncio.sleep(0)
          return await show()
      " ".join(await asyncio.gather(outer("a"), outer("b"))) + " " + var.get()
    `),
    "a b none",
  );
});

test("two runs at once keep their results apart", async () => {
  const results = await Promise.all([1, 2, 3].map((n) => pyAsync(`await asyncio.sleep(0.00${4 - n})\n${n}`)));
  assert.deepEqual(results, [1, 2, 3]);
});

test("awaits leave no slots and no proxies", async () => {
  const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 0));
  const rejects = () => new Promise((_, reject) => setTimeout(() => reject(new Error("r")), 0));
  await expectNoLeaks(pyodide, async () => {
    pyodide.globals.set("later", later);
    pyodide.globals.set("rejects", rejects);
    await pyAsync("await later(1)");
    (await pyAsync("await later([1])")).destroy();
    await pyAsync("try:\n  await rejects()\nexcept Exception:\n  pass");
    await pyAsync("1 / 0").catch(() => {});
    const double = pyodide.globals.get("double");
    const coroutine = double(2);
    await coroutine;
    coroutine.destroy();
    double.destroy();
    py("del later, rejects\nimport sys\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  });
});
