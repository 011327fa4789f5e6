// pyodide.ffi.wrappers (Y61-Y63): listeners and timers whose proxies are managed.
import { assert, expectNoLeaks, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
py("from pyodide.ffi.wrappers import *\nlog = []");

test("event listeners are called until they are removed", () => {
  const target = new EventTarget();
  pyodide.globals.set("target", target);
  py("def listener(event): log.append(event.type)\nadd_event_listener(target, 'ping', listener)");
  target.dispatchEvent(new Event("ping"));
  target.dispatchEvent(new Event("ping"));
  target.dispatchEvent(new Event("pong"));
  assert.equal(py("str(log)"), "['ping', 'ping']");
  py("remove_event_listener(target, 'ping', listener)");
  target.dispatchEvent(new Event("ping"));
  assert.equal(py("len(log)"), 2);
  pythonError(pyodide, "remove_event_listener(target, 'ping', listener)", "KeyError");
  py("log.clear()\ndel target");
});

test("timeouts fire once, unless they are cleared", async () => {
  py("set_timeout(lambda: log.append('fired'), 1)\ncleared = set_timeout(lambda: log.append('cleared'), 5)\nclear_timeout(cleared)");
  await pause(20);
  assert.equal(py("str(log)"), "['fired']");
  py("clear_timeout(cleared)\nlog.clear()");
});

test("intervals fire until they are cleared", async () => {
  py("interval = set_interval(lambda: log.append(1), 2)");
  for (let i = 0; i < 100 && py("len(log)") < 3; i++) await pause(2);
  py("clear_interval(interval)");
  const count = py("len(log)");
  assert.ok(count >= 3);
  await pause(20);
  assert.equal(py("len(log)"), count);
  py("log.clear()");
});

test("listeners and timers leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, async () => {
    const target = new EventTarget();
    pyodide.globals.set("target", target);
    py("add_event_listener(target, 'ping', listener)");
    target.dispatchEvent(new Event("ping"));
    py("remove_event_listener(target, 'ping', listener)\ndel target");
    py("set_timeout(lambda: log.append('fired'), 0)\nclear_timeout(set_timeout(lambda: None, 1000))\nt = set_interval(lambda: None, 1)");
    // A timer that is still to go off would be counted as left behind.
    while (!py("'fired' in log")) await pause(5);
    py("clear_interval(t)\ndel t\nlog.clear()");
  });
});
