// What is left of conversions whose hooks fail: an exception keeps its frames until the JavaScript error that holds it is
// collected, so this needs the collector, which only node lends to a test.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, krait, loadForTest } from "./harness.mjs";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

py(`
from pyodide.ffi import to_js
import gc, js, sys
class Pair:
  def __init__(self, first, second):
    self.first, self.second = first, second
def fail(*args):
  raise ValueError("hook")
`);

async function settled() {
  py("sys.last_exc = sys.last_value = sys.last_traceback = None");
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (i === 1) py("gc.collect()");
  }
  const { slots, proxies } = pyodide._api.stats();
  return { slots, proxies };
}

const list = py("[Pair(1, [2]), Pair(3, 4)]");
class Thing {
  part = [1];
}
const cases = {
  "a Python default_converter that raises": () => py("to_js([Pair(1, 2)], default_converter=fail)"),
  "a Python eager_converter that raises": () => py("to_js([Pair(1, 2)], eager_converter=fail)"),
  "a Python dict_converter that raises": () => py("to_js([{1: 2}, object()], dict_converter=fail)"),
  "a ConversionError inside of a hook": () =>
    py("to_js([Pair(1, 2), object(), {(1, 2): 3}], default_converter=lambda o, c, k: c({(1, 2): 3}))"),
  "a JavaScript hook that throws": () => list.toJs({ default_converter: (o) => o.no_such_attribute() }),
  "a JavaScript hook that converts and throws": () =>
    list.toJs({
      default_converter: (o, convert) => {
        convert(list);
        throw new Error("hook");
      },
    }),
  "a defaultConverter of toPy that throws": () =>
    pyodide.toPy([new Thing()], {
      defaultConverter: (value, convert) => {
        convert(value.part);
        throw new Error("hook");
      },
    }),
  "a default_converter of to_py that raises": () => py("js.Array.new(js.Date.new()).to_py(default_converter=fail)"),
};

for (const [name, run] of Object.entries(cases))
  krait(`${name} leaves nothing behind`, "only krait has counters", async () => {
    const attempt = () => assert.throws(run);
    attempt();
    attempt();
    const before = await settled();
    for (let i = 0; i < 5; i++) attempt();
    assert.deepEqual(await settled(), before);
  });

krait("neither a start nor what the runtime calls of Python's modules leaves proxies to the collector", "only krait has counters", async () => {
  const other = await loadForTest({});
  const { proxies } = other._api.stats();
  await other.loadPackagesFromImports("import json, sys");
  other.FS.writeFile("/tmp/a.txt", "a");
  other.runPython("import shutil\nshutil.make_archive('/tmp/a', 'tar', '/tmp', 'a.txt')\nNone");
  other.unpackArchive(other.FS.readFile("/tmp/a.tar"), "tar", { extractDir: "/tmp/b" });
  assert.equal(other._api.stats().proxies, proxies);
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(other._api.stats().proxies, proxies);
});
