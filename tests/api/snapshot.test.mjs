// Images of a running interpreter: makeMemorySnapshot() and the option _loadSnapshot (J24, J60, I09), and what a restored
// start must not have kept from the process that its image was made in.
import { IN_NODE, assert, isKrait, krait, loadForTest, loadPyodide, test, thrown } from "./harness.mjs";

const quiet = { stdout: () => {}, stderr: () => {} };
const why = "the peer's images are made by an instance that was started with _makeSnapshot, and are experimental";
const probe = await loadForTest();
const supported = isKrait(probe);

/** An image of an instance that has run `code`, and its maker. */
async function imageOf(code, options) {
  const maker = await loadPyodide(quiet);
  maker.runPython(code);
  return { maker, image: maker.makeMemorySnapshot(options) };
}
const restore = (image, options) => loadPyodide({ ...quiet, _loadSnapshot: image, ...options });

krait("modules, variables, classes and closures come back", why, async () => {
  const { maker, image } = await imageOf(`
import json, decimal, collections
class Point:
    def __init__(self, x): self.x = x
    def twice(self): return self.x * 2
points = [Point(i) for i in range(1000)]
counter = collections.Counter("abracadabra")
def make():
    n = 0
    def add():
        nonlocal n
        n += 1
        return n
    return add
add = make(); add()
gen = (i * i for i in range(5)); next(gen); next(gen)
text = "\\u00e9\\u4e2d\\U0001f600" * 1000
`);
  assert.ok(image instanceof Uint8Array);
  const other = await restore(image);
  assert.equal(other.runPython("sum(p.twice() for p in points)"), 999000);
  assert.equal(other.runPython("add()"), 2);
  assert.equal(other.runPython("next(gen)"), 4);
  assert.equal(other.runPython("counter['a'], str(decimal.Decimal('0.1') * 3), json.dumps(text[:3])").toJs()[2], '"\\u00e9\\u4e2d\\ud83d\\ude00"');
  assert.equal(other.runPython("import gc; gc.collect(); len(points)"), 1000);
  // The maker goes on, and the two do not share anything.
  maker.runPython("points.clear()");
  assert.equal(maker.runPython("add()"), 2);
  assert.equal(other.runPython("len(points)"), 1000);
});

krait("an image may be loaded many times, from an ArrayBuffer and a promise too", why, async () => {
  const { image } = await imageOf("value = [1]");
  for (const given of [image, image.buffer.slice(image.byteOffset, image.byteOffset + image.length), Promise.resolve(image)]) {
    const other = await restore(given);
    other.runPython("value.append(2)");
    assert.equal(other.runPython("len(value)"), 2);
  }
});

krait("an image of an instance that came from an image", why, async () => {
  const { image } = await imageOf("a = 1");
  const second = await restore(image);
  second.runPython("b = a + 1");
  const third = await restore(second.makeMemorySnapshot());
  assert.equal(third.runPython("a + b"), 3);
});

krait("files, folders, links, their modes and times, and the working directory", why, async () => {
  const { image } = await imageOf(`
import os, pathlib
os.makedirs("/data/deep/er")
pathlib.Path("/data/deep/a.bin").write_bytes(bytes(range(256)) * 100)
pathlib.Path("/data/empty").write_text("")
os.symlink("deep/a.bin", "/data/link")
os.chmod("/data/empty", 0o600)
os.utime("/data/deep/a.bin", (1_000_000_000, 1_000_000_000))
pathlib.Path("/lib/python3.13/site-packages/mine.py").write_text("x = 5")
os.chdir("/data/deep")
`);
  const other = await restore(image);
  const [size, same, mode, time, cwd, x, dir] = other
    .runPython(
      `import os, mine
from pyodide.ffi import to_js
to_js([os.path.getsize("a.bin"), open("/data/link", "rb").read() == bytes(range(256)) * 100, os.stat("/data/empty").st_mode & 0o777,
  os.path.getmtime("a.bin"), os.getcwd(), mine.x, os.path.isdir("er")])`,
    );
  assert.deepEqual([size, same, mode, time, cwd, x, dir], [25600, true, 0o600, 1e9, "/data/deep", 5, true]);
});

krait("JavaScript objects with a path come back as those of the new process, and keep their identity", why, async () => {
  const { image } = await imageOf(`
import js
from js import Math, JSON, Object
from js import Array
sin = Math.sin
table = {Math: "math", sin: "sin"}
again = Math
`);
  const other = await restore(image);
  assert.equal(other.runPython("sin(0), Math.max(3, 4), Array.isArray(Array.new()), JSON.parse('[7]')[0], js.Object == Object").toJs().join(), "0,4,true,7,true");
  assert.equal(other.runPython("table[Math] + table[Math.sin] + str(again is Math) + str(again == js.Math)"), "mathsinTrueTrue");
  assert.equal(other.globals.get("Math"), Math);
});

krait("`js` is the object that the new start was given", why, async () => {
  const { image } = await imageOf("import js");
  const other = await restore(image, { jsglobals: { answer: 42, setTimeout, clearTimeout } });
  assert.equal(other.runPython("js.answer"), 42);
});

krait("proxies of Python objects that JavaScript was given stay callable", why, async () => {
  const { image } = await imageOf(`
from pyodide.ffi import create_proxy
calls = []
proxy = create_proxy(lambda x: calls.append(x) or len(calls))
`);
  const other = await restore(image);
  const proxy = other.globals.get("proxy");
  assert.equal(proxy(5), 1);
  assert.equal(other.runPython("calls[0]"), 5);
  other.runPython("proxy.destroy()");
  assert.match(thrown(() => proxy(1)).message, /already been destroyed/);
});

krait("what has no path is named, and nothing is harmed", why, async () => {
  const maker = await loadPyodide(quiet);
  maker.globals.set("thing", new (class Thing {})());
  maker.runPython("from js import eval\nf = eval('(function secret() {})')\nNone");
  const error = thrown(() => maker.makeMemorySnapshot());
  assert.match(error.message, /Python holds 2 JavaScript value\(s\) that an image cannot bring back: .*an object of type Thing/);
  assert.match(error.message, /function secret/);
  maker.runPython("del thing, f");
  assert.ok(maker.makeMemorySnapshot().length > 0);
});

krait("a serializer and its counterpart", why, async () => {
  const maker = await loadPyodide(quiet);
  maker.globals.set("point", new (class Point { x = 3; })());
  const image = maker.makeMemorySnapshot({ serializer: (object) => (object.constructor.name === "Point" ? { x: object.x } : undefined) });
  const other = await restore(image, { _snapshotDeserializer: ({ x }) => ({ restored: x }) });
  assert.equal(other.runPython("point.restored"), 3);
  await assert.rejects(restore(image), /_snapshotDeserializer/);
});

krait("open files and mounts are refused by name", why, async () => {
  const maker = await loadPyodide(quiet);
  maker.runPython("f = open('/tmp/held', 'w')");
  assert.match(thrown(() => maker.makeMemorySnapshot()).message, /while files are open: \/tmp\/held/);
  maker.runPython("f.close()");
  maker.FS.mkdir("/mnt");
  maker.FS.mount(maker.FS.filesystems.MEMFS, {}, "/mnt");
  assert.match(thrown(() => maker.makeMemorySnapshot()).message, /mounted on "\/mnt"/);
  maker.FS.unmount("/mnt");
  assert.ok(maker.makeMemorySnapshot().length > 0);
});

krait("what is not an image, or another build's, is refused", why, async () => {
  const { image } = await imageOf("None");
  await assert.rejects(restore(new Uint8Array(10)), /not an image of krait: it has 10 bytes/);
  await assert.rejects(restore("image"), /'_loadSnapshot' must be a Uint8Array or an ArrayBuffer, not \[object String\]/);
  const foreign = image.slice();
  foreign.fill(120, 16, 48);
  await assert.rejects(restore(foreign), /made by another build: it is for x+, this is [0-9a-f]/);
  const version = image.slice();
  version[12] = 99;
  await assert.rejects(restore(version), /in version 99 of the format, expected 1/);
  for (const length of [0, 11, 59, 100, 5000, image.length - 1]) {
    await assert.rejects(restore(image.subarray(0, length)), /not an image|breaks off/, `cut to ${length}`);
  }
});

krait("environment, arguments and executable are those of the new start", why, async () => {
  const { image } = await imageOf("import os; os.environ['LEFT'] = 'over'; os.environ['HOME'] = '/x'");
  const other = await restore(image, { env: { HOME: "/home/me", FRESH: "1" }, args: ["script.py", "-v"], _sysExecutable: "my-python" });
  const facts = other.runPython("import os, sys; from pyodide.ffi import to_js; to_js([os.environ.get('LEFT'), os.environ['HOME'], os.getenv('FRESH'), sys.argv, sys.orig_argv, sys.executable])");
  assert.deepEqual(facts, [undefined, "/home/me", "1", ["script.py", "-v"], ["python", "script.py", "-v"], "my-python"]);
});

test("every start has other random numbers", async () => {
  const code = "import random, uuid, secrets, tempfile; f'{random.random()} {uuid.uuid4()} {secrets.token_hex()} {uuid.uuid1()} {next(tempfile._get_candidate_names())}'";
  const texts = [];
  for (let i = 0; i < 2; i++) texts.push((await loadPyodide(quiet)).runPython(code).split(" "));
  if (supported) {
    const { image } = await imageOf(code);
    for (let i = 0; i < 2; i++) texts.push((await restore(image)).runPython(code).split(" "));
  }
  for (let part = 0; part < 5; part++) {
    const all = texts.map((text) => text[part]);
    assert.equal(new Set(all).size, all.length, all.join(" "));
  }
});

krait("clocks go on from now", why, async () => {
  const { image } = await imageOf("import time, datetime; then = time.time(); ticks = time.monotonic()");
  const other = await restore(image);
  const [now, zone, names] = other.runPython("import time; from pyodide.ffi import to_js; to_js([time.time(), time.timezone, list(time.tzname)])");
  assert.ok(Math.abs(now - Date.now() / 1000) < 5);
  const year = new Date().getFullYear();
  const offsets = [new Date(year, 0, 1), new Date(year, 6, 1)].map((date) => date.getTimezoneOffset() * 60);
  assert.equal(zone, Math.max(...offsets));
  assert.equal(names.length, 2);
});

krait("a cold start and a restored one look the same to a program", why, async () => {
  const code = `
import sys, os, gc, signal, warnings, time
from pyodide.ffi import to_js
to_js([sys.argv, sys.orig_argv, sys.executable, sys.path, str(sys.flags), sys.getrecursionlimit(), sorted(os.environ.items()), os.getcwd(),
  sys.stdout.encoding, sys.stdout.errors, sys.stdout.line_buffering, sys.stderr.errors, sys.stdin.errors, sys.stdin.isatty(),
  # What waits for the first import of asyncio goes when that has happened, as it has in the image.
  [n for f in sys.meta_path if (n := getattr(f, "__name__", type(f).__name__)) != "_AfterImport"], str(warnings.filters), sorted(globals()),
  gc.get_threshold(), gc.isenabled(), sys.getswitchinterval(), __name__, time.tzname, str(signal.getsignal(signal.SIGINT)),
  sys.warnoptions, sorted(sys._xoptions), sys.dont_write_bytecode, sys.prefix, hasattr(sys, "last_exc"), os.umask(os.umask(0)), sys.getdefaultencoding()])`;
  const cold = (await loadPyodide({ ...quiet, _loadSnapshot: false })).runPython(code);
  const warm = (await loadPyodide(quiet)).runPython(code);
  assert.deepEqual(warm, cold);
});

krait("an event loop, timers and promises work in a restored interpreter", why, async () => {
  const { image } = await imageOf("import asyncio\nasync def later(x):\n    await asyncio.sleep(0.001)\n    return x * 2\n");
  const other = await restore(image);
  assert.equal(await other.runPythonAsync("await later(21)"), 42);
  assert.equal(await other.runPythonAsync("from js import Promise; await Promise.resolve(7)"), 7);
});

if (IN_NODE) {
  krait("an image made in one process is used in another", why, async () => {
    const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
    const { execFileSync } = await import("node:child_process");
    const { dist } = await import("./harness.mjs");
    const folder = mkdtempSync("/tmp/krait-image-");
    try {
      const { image } = await imageOf("import csv, io\nvalue = list(csv.reader(io.StringIO('a,b')))");
      writeFileSync(`${folder}/my.image`, image);
      writeFileSync(
        `${folder}/use.mjs`,
        `import { readFileSync } from "node:fs";
const { loadPyodide } = await import(${JSON.stringify(new URL("pyodide.mjs", dist).href)});
const pyodide = await loadPyodide({ _loadSnapshot: readFileSync(${JSON.stringify(`${folder}/my.image`)}) });
console.log(pyodide.runPython("value[0][1]"));`,
      );
      assert.equal(execFileSync(process.execPath, [`${folder}/use.mjs`], { encoding: "utf8" }), "b\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
