// A JsPromise beside asyncio: it is awaited, and asyncio takes it for the future that speaks for it.
import { assert, expectNoLeaks, krait, loadForTest, run, runAsync, test } from "./harness.mjs";

const pyodide = await loadForTest();
const settled = { later: () => new Promise((resolve) => setTimeout(() => resolve(7), 1)), fail: () => Promise.reject(new TypeError("no")) };

test("asyncio.wait, gather, as_completed, shield, wait_for and ensure_future take promises", async () => {
  const result = await runAsync(pyodide, `
import asyncio
done, pending = await asyncio.wait([js.later(), js.later()])
assert not pending
results = [f.result() for f in done]
results += await asyncio.gather(js.later(), asyncio.sleep(0, 8))
for f in asyncio.as_completed([js.later()]):
    results.append(await f)
results.append(await asyncio.shield(js.later()))
results.append(await asyncio.wait_for(js.later(), 10))
p = js.later()
assert asyncio.isfuture(p) and asyncio.ensure_future(p) is p
results.append(await p)
str(results)
`, { js: settled });
  assert.equal(result, "[7, 7, 7, 8, 7, 7, 7, 7]");
});

test("done(), result(), exception() and callbacks, of one future however often it is asked", async () => {
  const result = await runAsync(pyodide, `
import asyncio
p = js.later()
seen = []
unwanted = lambda f: seen.append("removed")
p.add_done_callback(unwanted)
p.add_done_callback(lambda f: seen.append((f is p, f.result())))
p.add_done_callback(unwanted)
p.remove_done_callback(unwanted)
states = [p.done(), p.cancelled()]
try:
    p.result()
except asyncio.InvalidStateError:
    states.append("not yet")
await p
await asyncio.sleep(0)
states += [p.done(), p.result(), p.exception()]
f = js.fail()
f.done()
try:
    await f
except Exception as e:
    states.append(str(e))
await asyncio.sleep(0)
states.append(str(f.exception()))
str((seen, states))
`, { js: settled });
  assert.equal(result, "([(True, 7)], [False, False, 'not yet', True, 7, None, 'TypeError: no', 'TypeError: no'])");
});

test("what is cancelled no longer hears of the promise", async () => {
  const result = await runAsync(pyodide, `
import asyncio
p = js.later()
cancelled = [p.cancel(), p.cancelled()]
group = asyncio.gather(js.later(), asyncio.sleep(10))
group.cancel()
try:
    await group
except asyncio.CancelledError:
    cancelled.append("group")
await asyncio.sleep(0.01)
str(cancelled)
`, { js: settled });
  assert.equal(result, "[True, True, 'group']");
});

krait("an object with a then of its own keeps its own methods, and is no future for asyncio", "a property's value has no methods of a future there, a call's result none of JavaScript", async () => {
  const query = {
    then: (resolve) => resolve("rows"),
    cancel: () => "the query's",
    result: 5,
  };
  const result = await runAsync(pyodide, `
import asyncio
[asyncio.isfuture(query), query.cancel(), query.result, await query, await asyncio.gather(query), hasattr(query, "nothing")]
`, { query });
  assert.deepEqual(result.toJs(), [false, "the query's", 5, "rows", ["rows"], false]);
  result.destroy();
});

krait("an attribute that neither has is missing, and a property that JavaScript has comes first", "there the result of a call has no properties of JavaScript", () => {
  const promise = Object.assign(Promise.resolve(), { done: "mine" });
  assert.equal(run(pyodide, "p.done", { p: promise }), "mine");
  assert.throws(() => run(pyodide, "p.nothing", { p: promise }), /AttributeError: nothing/);
});

test("futures of promises leave nothing behind", async () => {
  // Of the others something may still wait for the collector.
  const pyodide = await loadForTest({});
  // The loop calls the callbacks after what awaits the promise: they have been called when it has gone round once more.
  const settle = run(pyodide, `
import asyncio
async def settle_some(make, n):
    for _ in range(n):
        p = make()
        p.add_done_callback(lambda f: None)
        await p
    for _ in range(2):
        await asyncio.sleep(0)
settle_some
`);
  await settle(() => Promise.resolve(1), 10);
  await expectNoLeaks(pyodide, () => settle(() => Promise.resolve(1), 100));
  settle.destroy();
});
