// Hooks of conversions that are written in Python and misbehave: endless, failing in the middle, keeping what they were given.
// Nothing of it may stay behind. An exception keeps its frames until the JavaScript error that holds it is collected, so this
// needs the collector, which only node lends to a test.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, krait, loadForTest, thrown } from "./harness.mjs";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
const pyodide = await loadForTest();
pyodide.runPython(`
import sys, js
from pyodide.ffi import to_js, JsProxy, destroy_proxies
from pyodide.code import run_js
class Node:
    def __init__(self, *parts): self.parts = list(parts)
class Unknown: pass
tree = Node(Node(), Node(Node(), Unknown()))
loop = Node(); loop.parts.append(loop)
objects = run_js("class Special { constructor(x) { this.x = x } }; [new Special(1), {a: new Special(2), b: [new Special(3)]}]")
endless_object = run_js("class Again { get next() { return new Again() } }; new Again()")
kept = []
def failing(after, error=ValueError):
    count = 0
    def hook(value, convert, cache):
        nonlocal count
        count += 1
        if count > after: raise error("stopped")
        if isinstance(value, Node): return convert([part for part in value.parts])
        if isinstance(value, JsProxy): return convert(value.x)
        return None
    return hook
def forget():
    kept.clear()
    sys.last_exc = sys.last_value = sys.last_traceback = None
`);

const py = (code) => pyodide.runPython(code);
async function settled() {
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (i === 1) py("import gc\ngc.collect()\nNone");
  }
  const { slots, proxies } = pyodide._api.stats();
  return { slots, proxies };
}
/** Runs `fn` until it is warm, then more often, and compares what is left. */
async function leavesNothing(fn) {
  fn();
  const before = await settled();
  for (let i = 0; i < 3; i++) fn();
  assert.deepEqual(await settled(), before);
}

/** Runs the code, which may raise, and lets go of what it kept; answers the error. */
function attempt(code) {
  let error;
  try {
    const result = py(code);
    result?.destroy?.();
  } catch (e) {
    error = e;
  }
  py("forget()");
  return error;
}

// What is raised, or null where the conversion succeeds.
const CASES = {
  "to_js: raises at once": ["to_js([tree], default_converter=failing(0))", /ValueError: stopped/],
  "to_js: raises in the middle": ["to_js([tree, tree], default_converter=failing(3))", /ValueError: stopped/],
  "to_js: raises in the middle, with an eager_converter": ["to_js([[tree], tree], eager_converter=lambda v, convert, cache: convert(v) if isinstance(v, list) else 1/0)", /ZeroDivisionError/],
  "to_js: raises an exception that is none of the program's": ["to_js([tree], default_converter=failing(2, KeyboardInterrupt))", /KeyboardInterrupt/],
  "to_js: keeps convert and uses it too late": [
    "to_js([tree], default_converter=lambda v, convert, cache: kept.append(convert))\nkept[0](tree)",
    /after the conversion|has ended|destroyed/,
  ],
  "to_js: keeps partial results": ["to_js(tree, default_converter=lambda v, convert, cache: kept.append(convert(v.parts)) if isinstance(v, Node) else 1/0)", /ZeroDivisionError/],
  "to_js: keeps partial results and succeeds": ["to_js(Node(Node()), default_converter=lambda v, convert, cache: kept.append(convert(v.parts)))", null],
  "to_js: a hook that is no function": ["to_js([tree], default_converter=5)", /callable|function/],
  "to_js: a hook with the wrong arguments": ["to_js([tree], default_converter=lambda v: v)", /TypeError/],
  "to_py: raises at once": ["objects.to_py(default_converter=failing(0))", /ValueError: stopped/],
  "to_py: raises in the middle": ["objects.to_py(default_converter=failing(2))", /ValueError: stopped/],
  "to_py: an endless hook": ["endless_object.to_py(default_converter=lambda v, convert, cache: convert(v.next))", /Recursion|call stack/],
  "to_py: converts itself": ["objects.to_py(default_converter=lambda v, convert, cache: convert(v))", /Recursion|call stack/],
  "to_py: keeps convert and partial results": [
    "objects.to_py(default_converter=lambda v, convert, cache: kept.append((v, convert, cache, convert(v.x))) if v.x < 3 else 1/0)",
    /ZeroDivisionError/,
  ],
  "to_py: a conversion within the hook of another": [
    "objects.to_py(default_converter=lambda v, convert, cache: to_js([tree], default_converter=failing(1)))",
    /ValueError: stopped/,
  ],
};

for (const [name, [code, expected]] of Object.entries(CASES)) {
  krait(`nothing is left: ${name}`, "only krait counts its slots, and the peer may die of the endless ones", async () => {
    const error = attempt(code);
    if (expected === null) assert.equal(error, undefined);
    else assert.match(`${error?.type}: ${error?.message}`, expected);
    await leavesNothing(() => attempt(code));
    assert.equal(py("1 + 1"), 2);
  });
}

krait("what a hook raises in the middle arrives, and the next conversion is a clean one", "not compared with the peer beyond that it fails here", () => {
  for (const code of ["to_js([tree, tree], default_converter=failing(3))", "objects.to_py(default_converter=failing(2))"]) {
    const error = thrown(() => py(code));
    assert.match(error.message, /ValueError: stopped/);
    py("forget()");
  }
  assert.deepEqual(py("to_js([tree], default_converter=failing(99))"), [[[], [[], undefined]]]);
  assert.equal(py("str(objects.to_py(default_converter=failing(99)))"), "[1, {'a': 2, 'b': [3]}]");
});

krait("the proxies that a failed conversion has made are destroyed, unless the caller collects them", "the peer was not asked", async () => {
  await leavesNothing(() => {
    attempt("to_js([Unknown(), Unknown(), tree], default_converter=lambda v, convert, cache: v if isinstance(v, Unknown) else 1/0)");
    const left = py(`
collected = js.Array.new()
try: to_js([Unknown(), tree], pyproxies=collected, default_converter=lambda v, convert, cache: v if isinstance(v, Unknown) else 1/0)
except Exception: pass
collected`);
    assert.equal(left.length, 1);
    for (const proxy of left) proxy.destroy();
    py("del collected; forget()");
  });
});

// Each level of what was raised holds the next one in the other language's heap: they go one after the other.
for (const [name, hook] of Object.entries({ "an endless hook": "convert(Node(v))", "an object that contains itself, not cached": "convert(list(v.parts))" })) {
  krait(`to_js: ${name} ends with an error, and leaves nothing`, "the peer may die of it", async () => {
    const run = () => {
      const error = attempt(`to_js(loop, default_converter=lambda v, convert, cache: ${hook})`);
      assert.match(`${error?.type}: ${error?.message}`, /Recursion|call stack/);
      assert.equal(py("1 + 1"), 2);
    };
    run();
    const before = await settled();
    for (let i = 0; i < 3; i++) run();
    let after;
    for (let i = 0; i < 100 && !(after?.slots < before.slots + 100); i++) after = await settled();
    // The last one may be held until there is another, and is not equally deep each time; three that stay would be 800 or more.
    assert.ok(after.slots < before.slots + 100 && after.proxies === before.proxies, `${JSON.stringify(after)} after ${JSON.stringify(before)}`);
  });
}
