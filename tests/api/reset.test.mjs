// reset(): the instance is as loadPyodide made it, without anything being loaded; what belonged to the interpreter before refuses to work.
import { IN_NODE, assert, dist, krait, loadForTest, loadPyodide, rejection, thrown } from "./harness.mjs";

const why = "reset() is an extension of krait's";
const quiet = { stdout: () => {}, stderr: () => {} };
const GONE = /belonged to the interpreter before reset\(\)/;
const FACTS = `
import sys, os, gc, time, signal, warnings
from pyodide.ffi import to_js
to_js([sorted(globals()), sorted(n for n in sys.modules if not n.startswith("_pyodide.")), sys.argv, sys.path, str(sys.flags), sorted(os.environ.items()), os.getcwd(), sorted(os.listdir("/")),
  sorted(os.listdir(".")), sorted(os.listdir("/tmp")), sorted(os.listdir("/dev")), (lambda mask: (os.umask(mask), mask)[1])(os.umask(0)), str(warnings.filters), gc.get_threshold(), sys.getrecursionlimit(),
  [type(f).__name__ for f in sys.meta_path], time.tzname, str(signal.getsignal(signal.SIGINT)), hasattr(sys, "last_exc")])`;
const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

krait("variables, modules, settings and files are those of the start", why, async () => {
  const pyodide = await loadPyodide({ ...quiet, env: { HOME: "/home/me", GIVEN: "1" }, args: ["script.py", "given"] });
  const before = pyodide.runPython(FACTS);
  await pyodide.reset();
  assert.deepEqual(pyodide.runPython(FACTS), before);
  pyodide.runPython(`
import sys, os, csv, types, warnings, gc, signal, pathlib
x = 1
sys.modules["mine"] = types.ModuleType("mine")
sys.path.append("/somewhere"); sys.argv[:] = ["other"]; sys.setrecursionlimit(500)
os.environ["LEFT"] = "over"; del os.environ["GIVEN"]
os.umask(0o77); gc.set_threshold(5); warnings.simplefilter("error"); signal.signal(signal.SIGINT, signal.SIG_IGN)
pathlib.Path("mine.txt").write_text("x"); pathlib.Path("/tmp/mine").mkdir(); os.chdir("/tmp/mine"); os.mkdir("/data")
pathlib.Path("/lib/python3.13/site-packages/mine.py").write_text("x = 5")
sys.meta_path.insert(0, types.SimpleNamespace())
sys.meta_path.pop(0)
`);
  thrown(() => pyodide.runPython("1 / 0"));
  await pyodide.reset();
  assert.deepEqual(pyodide.runPython(FACTS), before);
  assert.match(thrown(() => pyodide.runPython("import mine")).message, /No module named 'mine'/);
});

krait("the functions of the object go on, also those that were taken off it; globals, pyodide_py and loadedPackages are new", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const { runPython, globals, pyodide_py, loadedPackages, FS, ffi } = pyodide;
  globals.set("x", 1);
  await pyodide.reset();
  assert.equal(runPython("'x' in globals()"), false);
  assert.notEqual(pyodide.globals, globals);
  assert.notEqual(pyodide.pyodide_py, pyodide_py);
  assert.notEqual(pyodide.loadedPackages, loadedPackages);
  assert.equal(pyodide.FS, FS);
  assert.equal(pyodide.ffi, ffi);
  pyodide.globals.set("x", 2);
  assert.equal(runPython("x"), 2);
  assert.equal(pyodide.toPy([1]).get(0), 1);
  FS.writeFile("/tmp/a", "hello");
  assert.equal(runPython("open('/tmp/a').read()"), "hello");
  assert.ok(pyodide.globals instanceof ffi.PyDict);
  assert.equal(pyodide.pyimport("math").floor(2.5), 2);
});

krait("proxies, errors, views and iterators of before refuse to work, and touch nothing", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const names = ["list", "dict", "function", "iterator", "generator", "coroutine", "bytes", "object"];
  const make = () => pyodide.runPython(`
[[1, 2, 3], {"a": 1}, lambda x: x, iter([1, 2, 3]), (i for i in range(3)), __import__("asyncio").sleep(0), bytearray(b"12345678"), type("T", (), {"x": 1})()]`);
  const all = make();
  const old = Object.fromEntries(names.map((name, i) => [name, all.get(i)]));
  const copy = old.list.copy();
  const method = old.list.append;
  const view = old.bytes.getBuffer();
  const data = view.data;
  const json = old.dict.asJsJson();
  const error = thrown(() => pyodide.runPython("try:\n  1/0\nexcept Exception as e:\n  raise ValueError('outer') from e"));
  const message = error.message;
  await pyodide.reset();
  const now = make();
  const before = pyodide._api.stats();
  const gone = (f) => assert.match(thrown(f).message, GONE);
  gone(() => old.list.get(0));
  gone(() => old.list.length);
  gone(() => [...old.list]);
  gone(() => old.list.toJs());
  gone(() => old.list.toString());
  gone(() => old.list[0]);
  gone(() => Object.keys(old.dict));
  gone(() => old.dict.get("a"));
  gone(() => old.dict.set("a", 2));
  gone(() => old.dict.set("a", {}));
  gone(() => (old.object.x = 5));
  gone(() => delete old.object.x);
  gone(() => old.function(1));
  gone(() => old.function({}));
  gone(() => old.function.callKwargs(1, { x: "text".repeat(1000) }));
  gone(() => old.iterator.next());
  gone(() => old.generator.next());
  gone(() => old.bytes.getBuffer());
  gone(() => method(1));
  gone(() => copy.get(0));
  gone(() => json.a);
  gone(() => view.data);
  gone(() => old.list.copy());
  assert.match((await rejection(old.coroutine)).message, GONE);
  // Memory that a program has kept a view of is another program's now.
  assert.equal(data.length, 0);
  assert.equal(error.message, message);
  assert.equal(error.cause, undefined);
  // They can be thrown away like any others.
  view.release();
  for (const proxy of [...Object.values(old), copy, method, all]) proxy.destroy();
  assert.match(thrown(() => old.list.get(0)).message, /destroyed/);
  assert.deepEqual(pyodide._api.stats().slots, before.slots);
  assert.deepEqual(now.get(0).toJs(), [1, 2, 3]);
  // In the new Python they are objects of JavaScript that throw.
  pyodide.globals.set("old", (await (async () => ({ f: old.function }))()).f);
  assert.match(thrown(() => pyodide.runPython("old(1)")).message, /destroyed|before reset/);
  assert.ok(pyodide.runPython("try:\n  old(1)\nexcept Exception as e:\n  r = type(e).__name__\nr"));
});

krait("an error of before that reaches the new Python is an ordinary error of JavaScript", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const error = thrown(() => pyodide.runPython("raise ValueError('old')"));
  await pyodide.reset();
  pyodide.globals.set("f", () => {
    throw error;
  });
  assert.equal(pyodide.runPython("try:\n  f()\nexcept Exception as e:\n  r = type(e).__name__\nr"), "JsException");
});

if (IN_NODE) {
  krait("what the collector finds of before is not given back to the new memory", why, async () => {
    const { setFlagsFromString } = await import("node:v8");
    setFlagsFromString("--expose-gc");
    const { runInNewContext } = await import("node:vm");
    const gc = runInNewContext("gc");
    const pyodide = await loadPyodide(quiet);
    let kept = [];
    for (let i = 0; i < 300; i++) {
      const list = pyodide.runPython(`[bytearray(${i + 1}), {"x": 1}, lambda: 1]`);
      kept.push(list, list.get(0), list.get(0).getBuffer(), list.get(1).asJsJson(), thrown(() => pyodide.runPython("1/0")));
    }
    await pyodide.reset();
    pyodide.runPython("import sys; things = [[i, str(i)] for i in range(20000)]; counts = [sys.getrefcount(t) for t in things]");
    kept = null;
    for (let i = 0; i < 5; i++) {
      gc();
      await settle(10);
    }
    assert.equal(pyodide.runPython("counts == [sys.getrefcount(t) for t in things] and all(t == [i, str(i)] for i, t in enumerate(things))"), true);
  });
}

krait("tasks, timers and callbacks of before do not run any more", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const calls = [];
  const note = (what) => calls.push(what);
  pyodide.globals.set("note", note);
  pyodide.runPython(`
import asyncio
async def forever():
    while True:
        note("task")
        await asyncio.sleep(0.002)
task = asyncio.ensure_future(forever())
loop = asyncio.get_event_loop()
loop.call_later(0.005, note, "later")
`);
  await settle();
  assert.ok(calls.includes("task"));
  await pyodide.reset();
  calls.length = 0;
  await settle(40);
  assert.deepEqual(calls, []);
  assert.equal(await pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.001); 5"), 5);
});

krait("promises that wait for Python are rejected; those that nobody waits for are quiet", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const code = "import asyncio; await asyncio.sleep(3600)";
  const unhandled = [];
  const listener = (event) => unhandled.push(event.reason ?? event);
  if (IN_NODE) process.on("unhandledRejection", listener);
  else addEventListener("unhandledrejection", listener);
  try {
    const async = pyodide.runPythonAsync(code);
    pyodide.runPythonAsync(code);
    const coroutine = pyodide.runPython("import asyncio; asyncio.sleep(3600)");
    coroutine.then(() => {}, () => {});
    const step = pyodide.runPython("async def g():\n  await asyncio.sleep(3600)\n  yield 1\ng()").next();
    const waiting = [async, step].map(rejection);
    let give;
    pyodide.globals.set("promise", new Promise((resolve) => (give = resolve)));
    pyodide.runPython("from js import Promise\nkept = promise.then(lambda v: v)\nNone");
    const onPromise = rejection(pyodide.runPythonAsync("await promise"));
    await settle();
    await pyodide.reset();
    for (const error of await Promise.all(waiting)) assert.match(error.message, GONE);
    assert.match((await onPromise).message, GONE);
    // What Python waited for comes now.
    give(5);
    await settle(20);
    assert.equal(pyodide.runPython("1 + 1"), 2);
    assert.deepEqual(unhandled, []);
  } finally {
    if (IN_NODE) process.off("unhandledRejection", listener);
    else removeEventListener("unhandledrejection", listener);
  }
});

/** For tests of stacks that wait: Python has `promise`, which give() settles, and `note`, which appends to `calls`; undefined (and a skipped test) where the engine cannot switch stacks. */
async function withWaitingStacks(t) {
  const pyodide = await loadPyodide(quiet);
  if (!(await pyodide.runPythonAsync("from pyodide.ffi import can_run_sync; can_run_sync()"))) return void t.skip("this engine cannot switch stacks");
  const calls = [];
  let give;
  pyodide.globals.set("note", (what) => calls.push(what));
  pyodide.globals.set("promise", new Promise((resolve) => (give = resolve)));
  return { pyodide, calls, give };
}

krait("stacks that wait in run_sync() are left, and never taken up again", why, async (t) => {
  const { pyodide, calls, give } = (await withWaitingStacks(t)) ?? {};
  if (!pyodide) return;
  pyodide.runPython("from pyodide.ffi import run_sync");
  const waiting = rejection(pyodide.runPythonAsync("run_sync(promise)\nnote('back')"));
  const f = pyodide.runPython("lambda: (run_sync(promise), note('f'))");
  const other = rejection(f.callPromising());
  await settle(50);
  assert.equal(pyodide._api.stats().stacks, 2);
  await pyodide.reset();
  assert.equal(pyodide._api.stats().stacks, 0);
  give(1);
  await settle(20);
  assert.deepEqual(calls, []);
  assert.match((await waiting).message, GONE);
  assert.match((await other).message, GONE);
  assert.equal(await pyodide.runPythonAsync("from pyodide.ffi import run_sync\nimport asyncio\nrun_sync(asyncio.sleep(0.001, 7))"), 7);
});

krait("a stack whose promise is settled in the same turn runs before the reset, in its own memory", why, async (t) => {
  const { pyodide, calls, give } = (await withWaitingStacks(t)) ?? {};
  if (!pyodide) return;
  pyodide.runPythonAsync("from pyodide.ffi import run_sync\nrun_sync(promise)\nnote(sum(range(100000)))");
  while (pyodide._api.stats().stacks === 0) await settle();
  give(1);
  await pyodide.reset();
  assert.deepEqual(calls, [4999950000]);
  assert.equal(pyodide.runPython("sum(range(10))"), 45);
});

krait("it refuses while Python is on the stack, and works from a timer that Python has set", why, async () => {
  const pyodide = await loadPyodide(quiet);
  pyodide.runPython("import pyodide_js; kept = 5");
  const refused = /while Python runs/;
  assert.match((await rejection(pyodide.runPython("pyodide_js.reset()"))).message, refused);
  assert.match((await rejection(pyodide.runPythonAsync("await pyodide_js.reset()"))).message, refused);
  let inside;
  pyodide.globals.set("f", () => {
    inside = pyodide.reset();
    inside.catch(() => {});
  });
  pyodide.runPython("[f() for _ in range(1)]; None");
  assert.match((await rejection(inside)).message, refused);
  assert.equal(pyodide.runPython("kept"), 5);
  await new Promise((resolve, reject) => {
    pyodide.globals.set("later", () => void setTimeout(() => pyodide.reset().then(resolve, reject), 0));
    pyodide.runPython("later()");
  });
  assert.equal(pyodide.runPython("'kept' in globals()"), false);
});

krait("it can be called in turns, and twice at once", why, async () => {
  const pyodide = await loadPyodide(quiet);
  pyodide.runPython("x = 1");
  const [a, b] = [pyodide.reset(), pyodide.reset()];
  await Promise.all([a, b]);
  pyodide.runPython("x = 2");
  await pyodide.reset();
  assert.equal(pyodide.runPython("'x' in globals()"), false);
});

krait("streams lead where the options of the start say; unfinished lines are handed over", why, async () => {
  const first = [];
  const errors = [];
  const second = [];
  const lines = ["one", "two"];
  const pyodide = await loadPyodide({ stdin: () => lines.shift(), stdout: (line) => first.push(line), stderr: (line) => errors.push(line) });
  pyodide.runPython("print('a'); import sys; print('unfinished', end='', flush=True)");
  await pyodide.reset();
  assert.deepEqual(first, ["a", "unfinished"]);
  pyodide.setStdout({ batched: (line) => second.push(line) });
  pyodide.setStdin({ error: true });
  pyodide.runPython("print('b')");
  await pyodide.reset();
  pyodide.runPython("import sys; print('c'); print(input()); print('d', file=sys.stderr)");
  assert.deepEqual(first, ["a", "unfinished", "c", "one"]);
  assert.deepEqual(second, ["b"]);
  assert.deepEqual(errors, ["d"]);
});

krait("mounts are gone, open files closed, modules of registerJsModule forgotten; `js` and `pyodide_js` are there", why, async () => {
  const jsglobals = { answer: 42, setTimeout, clearTimeout };
  const pyodide = await loadPyodide({ ...quiet, jsglobals });
  pyodide.FS.mkdir("/mnt");
  pyodide.FS.mount(pyodide.FS.filesystems.MEMFS, {}, "/mnt");
  pyodide.registerJsModule("mine", { x: 1 });
  pyodide.runPython("import mine; f = open('/mnt/a', 'w'); f.write('x')");
  await pyodide.reset();
  assert.equal(pyodide.FS.analyzePath("/mnt").exists, false);
  assert.equal(pyodide.FS.streams.filter((stream) => stream && stream.fd > 2).length, 0);
  assert.match(thrown(() => pyodide.runPython("import mine")).message, /No module named 'mine'/);
  assert.equal(pyodide.runPython("import js; js.answer"), 42);
  pyodide.globals.set("same", (object) => object === pyodide);
  assert.equal(pyodide.runPython("import pyodide_js; same(pyodide_js)"), true);
  assert.equal(pyodide.runPython("pyodide_js.runPython('3 + 4')"), 7);
});

krait("every interpreter has other random numbers, and the clock of now", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const code = "import random, uuid, secrets; f'{random.random()} {uuid.uuid4()} {secrets.token_hex()}'";
  const seen = new Set();
  for (let i = 0; i < 4; i++) {
    for (const text of pyodide.runPython(code).split(" ")) seen.add(text);
    await pyodide.reset();
  }
  assert.equal(seen.size, 12);
  assert.ok(Math.abs(pyodide.runPython("import time; time.time()") - Date.now() / 1000) < 5);
});

krait("fsInit is called again, and the standard library is there without being loaded again", why, async () => {
  let calls = 0;
  const fsInit = async (FS, { sitePackages }) => {
    calls++;
    await settle(1);
    FS.writeFile(`${sitePackages}/given.py`, "x = 5");
  };
  const pyodide = await loadPyodide({ ...quiet, fsInit });
  assert.equal(pyodide.runPython("import given, csv; given.x"), 5);
  const { fetch } = globalThis;
  globalThis.fetch = () => {
    throw new Error("fetch() was called");
  };
  try {
    await pyodide.reset();
    assert.equal(calls, 2);
    assert.equal(pyodide.runPython("import given, csv, http.client, statistics; given.x"), 5);
  } finally {
    globalThis.fetch = fetch;
  }
});

krait("a reset whose fsInit fails can be repeated", why, async () => {
  let fail = false;
  const pyodide = await loadPyodide({ ...quiet, fsInit: async () => void (fail && assert.fail("no files today")) });
  fail = true;
  assert.match((await rejection(pyodide.reset())).message, /no files today/);
  assert.match(thrown(() => pyodide.runPython("1")).message, GONE);
  fail = false;
  await pyodide.reset();
  assert.equal(pyodide.runPython("1 + 1"), 2);
});

krait("after a fatal error the instance lives again", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const deadly = [
    "import ctypes; ctypes.string_at(2**32 - 16, 8)",
    "import os; os.abort()",
    "import os; os._exit(3)",
    "import faulthandler; faulthandler._sigsegv()",
    // Everything: static data, the allocator's, the stack.
    "import ctypes; ctypes.memset(0, 255, 32 << 20)",
    "import ctypes; ctypes.memset(20 << 20, 1, 4 << 20)",
  ];
  for (const code of deadly) {
    thrown(() => {
      pyodide.runPython(code);
      pyodide.runPython("import gc; x = [object() for _ in range(100000)]; gc.collect(); import decimal, csv");
      throw new Error("it survived");
    });
    // What os._exit() does to the process of the tests.
    if (IN_NODE) process.exitCode = undefined;
    await pyodide.reset();
    assert.equal(pyodide.runPython("import json; json.dumps([1 + 1])"), "[2]", code);
    assert.equal(await pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.001); 7"), 7);
  }
});

krait("after a cold start too: an image of the settings is made the first time", why, async () => {
  const pyodide = await loadPyodide({ ...quiet, _loadSnapshot: false, args: ["-O", "script.py"], env: { PYTHONHASHSEED: "7" } });
  const facts = "import sys; x = 1; f'{sys.flags.optimize} {sys.argv} {sys.orig_argv} {hash(\"text\")} {\"csv\" in sys.modules}'";
  const before = pyodide.runPython(facts);
  pyodide.runPython("import csv, decimal");
  for (let i = 0; i < 2; i++) {
    await pyodide.reset();
    assert.equal(pyodide.runPython("'x' in globals()"), false);
    assert.equal(pyodide.runPython(facts), before);
  }
});

krait("from an image of one's own, with its JavaScript objects and proxies", why, async () => {
  const maker = await loadPyodide(quiet);
  maker.runPython(`
from js import Math
from pyodide.ffi import create_proxy
import pathlib
table = {n: n * n for n in range(1000)}
proxy = create_proxy(lambda x: x + 1)
pathlib.Path("/tmp/kept").write_text("kept")
`);
  const image = maker.makeMemorySnapshot();
  const pyodide = await loadPyodide({ ...quiet, _loadSnapshot: image });
  for (let i = 0; i < 3; i++) {
    assert.equal(pyodide.runPython("table[12] + Math.max(1, 2)"), 146);
    const proxy = pyodide.globals.get("proxy");
    assert.equal(proxy(1), 2);
    pyodide.runPython("table.clear(); import os; os.remove('/tmp/kept'); proxy.destroy(); del Math");
    await pyodide.reset();
    assert.match(thrown(() => proxy(1)).message, /destroyed|before reset/);
    assert.equal(pyodide.runPython("open('/tmp/kept').read()"), "kept");
  }
});

krait("an instance beside it is not touched", why, async () => {
  const [one, two] = [await loadPyodide(quiet), await loadPyodide(quiet)];
  two.runPython("x = [1, 2]");
  const list = two.globals.get("x");
  const waiting = two.runPythonAsync("import asyncio; await asyncio.sleep(0.03); len(x)");
  one.globals.set("other", list);
  await one.reset();
  assert.equal(list.get(1), 2);
  assert.equal(await waiting, 2);
  // Python of the other one may reset this one.
  two.globals.set("reset", () => one.reset());
  await two.runPythonAsync("await reset()");
  assert.equal(one.runPython("1 + 1"), 2);
});

krait("an image can be made after a reset", why, async () => {
  const pyodide = await loadPyodide(quiet);
  pyodide.runPython("x = 1");
  const size = pyodide.makeMemorySnapshot().length;
  await pyodide.reset();
  pyodide.runPython("x = 1");
  const image = pyodide.makeMemorySnapshot();
  assert.ok(Math.abs(image.length - size) < 200_000, `${image.length} bytes after a reset, ${size} before`);
  const other = await loadPyodide({ ...quiet, _loadSnapshot: image });
  assert.equal(other.runPython("x"), 1);
});

krait("three hundred resets leave nothing behind", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const facts = () => {
    const { slots, proxies } = pyodide._api.stats();
    return { slots, proxies, memory: pyodide._module.HEAPU8.length, table: pyodide._module.wasmTable.length };
  };
  const round = async () => {
    pyodide.globals.set("f", (x) => x);
    pyodide.runPython("import js; kept = [js.Object.new() for _ in range(3000)]; f(kept); data = bytearray(1 << 20)");
    await pyodide.reset();
  };
  await round();
  const before = facts();
  const used = () => IN_NODE && (globalThis.gc?.(), process.memoryUsage().heapUsed);
  for (let i = 0; i < 50; i++) await round();
  const middle = used();
  for (let i = 0; i < 250; i++) await round();
  assert.deepEqual(facts(), before);
  if (middle) assert.ok(used() - middle < 30e6, `JavaScript's heap grew from ${middle} to ${used()} bytes`);
  assert.equal(pyodide.runPython("import json; json.dumps(1)"), "1");
});

krait("memory that an interpreter has used is its successor's: it grows once, and is clear", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const sizes = [];
  for (let i = 0; i < 4; i++) {
    pyodide.runPython("kept = bytearray(b'\\xff') * (100 << 20)");
    sizes.push(pyodide._module.HEAPU8.length);
    await pyodide.reset();
    const words = new Uint32Array(pyodide._module.HEAPU8.buffer);
    let at = (32 << 20) / 4;
    while (at < words.length && words[at] === 0) at++;
    assert.equal(at, words.length, "a word that is not 0");
  }
  assert.ok(sizes[0] > 100 << 20);
  assert.deepEqual(new Set(sizes).size, 1, sizes.join());
});

krait("debugging is off again, and the leak report is the new interpreter's", why, async () => {
  const pyodide = await loadPyodide(quiet);
  const { leakReport } = pyodide.ffi;
  pyodide.setDebug(true);
  const kept = pyodide.runPython("[1]");
  assert.equal(pyodide.ffi.leakReport().live.length, 1);
  await pyodide.reset();
  assert.equal(pyodide.setDebug(true), false);
  assert.deepEqual(pyodide.ffi.leakReport().live, []);
  assert.match(thrown(leakReport).message, GONE);
  assert.match(thrown(() => kept.get(0)).message, GONE);
});

if (IN_NODE) {
  krait("the host's files that were open are given back", why, async () => {
    const { mkdtempSync, readdirSync, rmSync, writeFileSync } = await import("node:fs");
    const folder = mkdtempSync("/tmp/krait-reset-");
    try {
      writeFileSync(`${folder}/a`, "from the host");
      const pyodide = await loadPyodide(quiet);
      const open = () => readdirSync("/proc/self/fd").length;
      const before = open();
      for (let i = 0; i < 5; i++) {
        pyodide.mountNodeFS("/host", folder);
        assert.equal(pyodide.runPython("f = open('/host/a'); f.read()"), "from the host");
        await pyodide.reset();
      }
      assert.equal(open(), before);
      assert.equal(readdirSync(folder).length, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  krait("the image is there when the folder that it came from is gone", why, async () => {
    const { cpSync, mkdtempSync, rmSync } = await import("node:fs");
    const { fileURLToPath } = await import("node:url");
    const folder = mkdtempSync("/tmp/krait-reset-");
    cpSync(fileURLToPath(dist), folder, { recursive: true });
    const pyodide = await loadPyodide({ ...quiet, indexURL: folder });
    rmSync(folder, { recursive: true });
    for (let i = 0; i < 2; i++) {
      pyodide.runPython("x = 1");
      await pyodide.reset();
      assert.equal(pyodide.runPython("'x' in globals()"), false);
    }
  });

  krait("a process ends while timers of before are pending", why, async () => {
    const { execFileSync } = await import("node:child_process");
    const code = `
const { loadPyodide } = await import(${JSON.stringify(new URL("pyodide.mjs", dist).href)});
const pyodide = await loadPyodide();
pyodide.runPythonAsync("import asyncio; await asyncio.sleep(3600)");
await pyodide.reset();
console.log("end");`;
    assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", timeout: 60_000 }), "end\n");
  });
}
