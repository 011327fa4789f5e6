// Causes of errors across the border, and stacks that tell of both languages (docs/errors.md).
import { assert, IN_NODE, krait, loadForTest, pythonError, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

/** What the Python expression gives for the exception `e` that `f` throws. */
function caught(f, expression) {
  return run(pyodide, `from pyodide.ffi import JsException\nimport traceback\ntry:\n  f()\nexcept Exception as caught:\n  e = caught\nr = ${expression}\nr`, { f });
}
const throwing = (value) => () => {
  throw value;
};
const LINKS = "def links(e):\n  n = 0\n  seen = set()\n  while e is not None and id(e) not in seen:\n    seen.add(id(e)); n += 1; e = e.__cause__\n  return n, e is not None\n";

krait("a JavaScript cause is __cause__", "the peer knows it as the attribute `cause` only", () => {
  const root = new RangeError("root");
  const middle = new TypeError("middle", { cause: root });
  const top = throwing(new Error("top", { cause: middle }));
  assert.equal(caught(top, "isinstance(e.__cause__, JsException)"), true);
  assert.equal(caught(top, "e.__cause__"), middle);
  assert.equal(caught(top, "e.__cause__.__cause__"), root);
  assert.equal(caught(top, "e.__cause__.__cause__.__cause__"), undefined);
  assert.equal(caught(top, "e.__cause__ is e.__cause__"), true);
  assert.equal(caught(top, "e.__suppress_context__ or e.__cause__ is not None"), true);
  const text = caught(top, "''.join(traceback.format_exception(e))");
  assert.match(text, /JsException: RangeError: root\n\nThe above exception was the direct cause[^]*TypeError: middle\n\nThe above[^]*JsException: Error: top\n$/);
  assert.equal(text.match(/direct cause/g).length, 2);
});

krait("a cause that is a PythonError is the exception itself", "the peer knows it as the attribute `cause` only", () => {
  py("class Kept(Exception): pass\nkept = Kept('k')\ndef fail(): raise kept");
  const fail = pyodide.globals.get("fail");
  const cause = thrown(fail);
  const f = throwing(new Error("around", { cause }));
  pyodide.globals.set("f", f);
  assert.equal(py("try:\n  f()\nexcept Exception as e:\n  r = e.__cause__ is kept\nr"), true);
  assert.match(caught(f, "''.join(traceback.format_exception(e))"), /in fail\n[^]*Kept: k\n\nThe above exception was the direct cause[^]*Error: around\n$/);
  fail.destroy();
  py("del kept, f, fail");
});

test("a cause that is no error, and the errors of an AggregateError, can be read", () => {
  assert.equal(caught(throwing(new Error("e", { cause: 42 })), "e.cause"), 42);
  assert.equal(caught(throwing(new Error("e", { cause: 42 })), "e.__cause__"), undefined);
  assert.equal(caught(throwing(new Error("e", { cause: { code: "E1" } })), "e.cause.code"), "E1");
  assert.equal(caught(throwing(new Error("e", { cause: null })), "e.__cause__"), undefined);
  const inner = [new TypeError("one"), new RangeError("two")];
  const aggregate = throwing(new AggregateError(inner, "both"));
  assert.equal(caught(aggregate, "[isinstance(x, JsException) and str(x) for x in e.errors] == ['TypeError: one', 'RangeError: two']"), true);
  assert.equal(caught(aggregate, "e.errors[1]"), inner[1]);
});

krait("a cause that fails when it is read is none", "the peer has no __cause__ here", () => {
  const error = new Error("e");
  Object.defineProperty(error, "cause", { get: throwing(new Error("hostile")) });
  assert.equal(caught(throwing(error), "e.__cause__"), undefined);
  assert.equal(caught(throwing(new Error("e", { cause: new Proxy({}, { getPrototypeOf: throwing(1) }) })), "e.__cause__"), undefined);
});

krait("raise ... from decides, as for any exception", "the peer has no __cause__ here", () => {
  const f = throwing(new Error("top", { cause: new Error("cause") }));
  const how = (raise) => run(pyodide, `try:\n  try:\n    f()\n  except Exception as e:\n    ${raise}\nexcept Exception as e:\n  r = repr(e.__cause__)\nr`, { f });
  assert.equal(how("raise e from None"), "None");
  assert.equal(how("raise e from KeyError('k')"), "KeyError('k')");
  assert.equal(how("raise e"), "Error: cause");
  assert.equal(how("e.__cause__ = OSError(); raise e"), "OSError()");
  assert.match(thrown(() => run(pyodide, "try:\n  f()\nexcept Exception as e:\n  e.__cause__ = 5", { f })).message, /exception cause must be None or derive from BaseException/);
});

krait("circles and endless chains of causes end", "the peer has no __cause__ here", () => {
  const a = new Error("a");
  const b = new Error("b", { cause: a });
  a.cause = b;
  py(LINKS);
  assert.deepEqual([...caught(throwing(a), "__import__('__main__').links(e)").toJs()], [2, true]);
  assert.equal(caught(throwing(a), "e.__cause__.__cause__ is e"), true);
  assert.match(caught(throwing(a), "''.join(traceback.format_exception(e))"), /Error: b\n[^]*Error: a\n$/);
  const self = new Error("self");
  self.cause = self;
  assert.equal(caught(throwing(self), "e.__cause__ is e"), true);
  const endless = () => Object.defineProperty(new Error("endless"), "cause", { get: endless });
  assert.deepEqual([...caught(() => { throw endless(); }, "__import__('__main__').links(e)").toJs()], [101, false]);
  let deep = new Error("0");
  for (let i = 0; i < 100_000; i++) deep = new Error("d", { cause: deep });
  assert.equal(caught(throwing(deep), "__import__('__main__').links(e)[0]"), 101);
});

krait("__cause__ and __context__ are `cause`", "the peer's PythonErrors have no cause", () => {
  const cause = pythonError(pyodide, "try:\n  1 / 0\nexcept ZeroDivisionError as e:\n  raise ValueError('x') from e");
  assert.equal(cause.cause.type, "ZeroDivisionError");
  assert.ok(cause.cause instanceof pyodide.ffi.PythonError);
  assert.equal(cause.cause, cause.cause);
  assert.match(cause.cause.message, /^Traceback[^]*ZeroDivisionError: division by zero\n$/);
  assert.equal("cause" in cause.cause, false);
  const context = pythonError(pyodide, "try:\n  1 / 0\nexcept ZeroDivisionError:\n  raise ValueError('x')");
  assert.equal(context.cause.type, "ZeroDivisionError");
  const none = pythonError(pyodide, "try:\n  1 / 0\nexcept ZeroDivisionError:\n  raise ValueError('x') from None");
  assert.equal("cause" in none, false);
  assert.deepEqual(Object.keys(context).filter((key) => key === "cause"), []);
  context.cause = 5;
  assert.equal(context.cause, 5);
});

krait("a JsException as cause is the JavaScript error itself", "the peer's PythonErrors have no cause", () => {
  const error = new RangeError("js");
  const outer = thrown(() => run(pyodide, "try:\n  f()\nexcept Exception as e:\n  raise ValueError('v') from e", { f: throwing(error) }));
  assert.equal(outer.type, "ValueError");
  assert.equal(outer.cause, error);
});

krait("a cause that goes back to Python is the exception itself", "the peer's PythonErrors have no cause", () => {
  py("inner = KeyError('inner')\ndef fail():\n  raise ValueError('x') from inner");
  const fail = pyodide.globals.get("fail");
  const { cause } = thrown(fail);
  pyodide.globals.set("again", throwing(cause));
  assert.equal(py("try:\n  again()\nexcept KeyError as e:\n  r = e is inner\nr"), true);
  fail.destroy();
  py("del inner, fail, again");
});

krait("circles and long chains of Python causes end", "the peer's PythonErrors have no cause", () => {
  const circle = pythonError(pyodide, "a = ValueError('a')\nb = KeyError('b')\na.__cause__ = b\nb.__cause__ = a\nraise a");
  assert.equal(circle.cause.type, "KeyError");
  assert.equal(circle.cause.cause, circle);
  const deep = pythonError(pyodide, "e = ValueError(0)\nfor i in range(200):\n  n = ValueError(i)\n  n.__cause__ = e\n  e = n\ndel n\ntry:\n  raise e\nfinally:\n  del e");
  let links = 0;
  for (let e = deep; e !== undefined; e = e.cause) links++;
  assert.equal(links, 201);
});

krait("a chain of 100000 exceptions is raised and forgotten", "the peer dies of it", () => {
  const make = (kind) => `from pyodide.ffi import JsException\ne = ${kind}('x')\nfor i in range(100000):\n  n = ${kind}('y')\n  n.__cause__ = e\n  e = n\ndel n\ndel e\n1 + 1`;
  assert.equal(run(pyodide, make("ValueError")), 2);
  assert.equal(run(pyodide, make("JsException")), 2);
});

// Stacks. jsMiddle and jsBottom are what the frames are called.
function jsMiddle(f) {
  return f();
}
function jsBottom() {
  throw new RangeError("bottom");
}
const SETUP = `
import traceback
def first(f): return middle(lambda: second(f))
def second(f): return middle(lambda: third(f))
def third(f): return f()
def fail(): raise ValueError("deep")
def text(f):
    try: first(f)
    except Exception: return traceback.format_exc()
`;
// "File" is the name of the file, "" for Python's.
const FRAMES = / {2}File "(?:<exec>|.*?([^/"]*))", line \d+, in (.*)\n/g;
const frames = (text) => [...text.matchAll(FRAMES)].map(([, file, name]) => (file ? `${file}:${name}` : name));
const HERE = import.meta.url.split("/").at(-1);
const NESTED = ["first", `${HERE}:jsMiddle`, "<lambda>", "second", `${HERE}:jsMiddle`, "<lambda>", "third"];

function withSetup(f) {
  const globals = pyodide.toPy({ middle: jsMiddle, bottom: jsBottom, __name__: "__main__" });
  try {
    pyodide.runPython(SETUP, { globals });
    return f(globals);
  } finally {
    globals.destroy();
  }
}

test("a traceback shows the functions of both languages, in order", () => {
  withSetup((globals) => {
    const text = pyodide.runPython("text(fail)", { globals });
    assert.deepEqual(frames(text), ["text", ...NESTED, "fail"]);
    assert.match(text, /ValueError: deep\n$/);
    const { message } = thrown(() => pyodide.runPython("first(fail)", { globals }));
    assert.deepEqual(frames(message).slice(-9), ["<module>", ...NESTED, "fail"]);
  });
});

test("the traceback of a JavaScript error shows the functions of both languages, in order", () => {
  withSetup((globals) => {
    const text = pyodide.runPython("text(bottom)", { globals });
    assert.deepEqual(frames(text), ["text", ...NESTED, `${HERE}:jsBottom`]);
    assert.match(text, /JsException: RangeError: bottom\n$/);
    const { message } = thrown(() => pyodide.runPython("def around():\n  try: first(bottom)\n  except Exception as e: raise KeyError('k') from e\naround()", { globals }));
    assert.deepEqual(frames(message).slice(0, 9), ["around", ...NESTED, `${HERE}:jsBottom`]);
  });
});

test("an error that is caught and thrown again shows each stretch once", () => {
  const again = (f) => {
    try {
      f();
    } catch (error) {
      throw error;
    }
  };
  for (const [throwsFirst, last] of [["fail", "fail"], ["bottom", `${HERE}:jsBottom`]]) {
    withSetup((globals) => {
      globals.set("again", again);
      const text = pyodide.runPython(`def two(f):\n  try: again(f)\n  except Exception as e: raise e\ntext(lambda: two(${throwsFirst}))`, { globals });
      const shown = frames(text);
      assert.equal(shown.filter((name) => name === last).length, 1, text);
      assert.equal(shown.filter((name) => name.endsWith(":again")).length, 1, text);
      assert.equal(shown.filter((name) => name.endsWith(":jsMiddle")).length, 2, text);
    });
  }
});

krait("no frame is krait's own, unless setDebug(true)", "the peer shows its own", () => {
  const own = /pyodide(\.asm)?\.m?js|wasm|_pyodide/;
  withSetup((globals) => {
    for (const code of ["first(fail)", "first(lambda: bottom())"]) {
      assert.doesNotMatch(pyodide.runPython(`text(lambda: ${code})`, { globals }), own);
    }
    const caughtHere = () => thrown(() => pyodide.runPython("first(fail)", { globals }));
    const error = caughtHere();
    assert.doesNotMatch(error.stack, own);
    assert.match(error.stack, /^PythonError: Traceback[^]*ValueError: deep\n/);
    assert.match(error.stack.slice(error.stack.indexOf("ValueError: deep")), /caughtHere/);
    const before = pyodide.setDebug(true);
    try {
      assert.match(caughtHere().stack, /pyodide\.m?js/);
    } finally {
      pyodide.setDebug(before);
    }
    error.stack = "mine";
    assert.equal(error.stack, "mine");
  });
});

krait("a stack that is not what it seems harms nobody", "the peer takes such errors for other values", () => {
  for (const stack of [5, null, "", "no frames", "at at at (((:1:1)", `    at x (${"y".repeat(5000)}:1:1)`, "    at \ud800 (file:///f:1:1)", "f@file:///f:99999999999:1", { toString: throwing(1) }]) {
    const error = new Error("odd");
    error.stack = stack;
    assert.match(caught(throwing(error), "''.join(traceback.format_exception(e))"), /JsException: Error: odd\n$/);
  }
  const hostile = new Error("odd");
  Object.defineProperty(hostile, "stack", { get: throwing(new Error("no")) });
  assert.match(caught(throwing(hostile), "str(e)"), /Error: odd/);
});

test("the stacks of other engines are understood", () => {
  const error = new Error("other");
  error.stack = "inner@https://host/a.js:3:7\n@https://host/a.js:9:1\nwasm-function[3]@https://host/x.wasm:wasm-function[3]:0x1\nouter@https://host/a.js:20:1";
  const text = caught(throwing(error), "''.join(traceback.format_exception(e))");
  assert.match(text, /File "https:\/\/host\/a.js", line 9, in .*\n {2}File "https:\/\/host\/a.js", line 3, in inner\n/);
  assert.doesNotMatch(text, /outer/);
});

if (IN_NODE) {
  // A PythonError keeps its exception, and what that keeps, until it is collected: so the collector must run.
  const v8 = await import(["node", "v8"].join(":"));
  const vm = await import(["node", "vm"].join(":"));
  v8.setFlagsFromString("--expose-gc");
  const gc = vm.runInNewContext("gc");
  const noLeaks = async (fn) => {
    const slots = async () => {
      for (let i = 0; i < 4; i++) {
        py("import sys, gc\nsys.last_exc = None\ngc.collect()\nNone");
        gc();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return pyodide._api.stats().slots;
    };
    fn();
    fn();
    const before = await slots();
    for (let i = 0; i < 20; i++) fn();
    assert.ok(pyodide._api.stats().slots > before, "nothing was kept in between: this test tests nothing");
    const after = await slots();
    assert.ok(after <= before, `20 runs left ${after - before} slots behind`);
  };

  krait("causes are let go of", "the peer has no counters", () =>
    noLeaks(() => {
      const a = new Error("a");
      a.cause = new Error("b", { cause: a });
      caught(throwing(a), "len(''.join(traceback.format_exception(e)))");
      const error = thrown(() => run(pyodide, "try:\n  f()\nexcept Exception as e:\n  raise ValueError('v') from e", { f: throwing(new Error("js")) }));
      assert.equal(error.cause.message, "js");
      let links = 0;
      for (let e = thrown(() => py("try:\n  1 / 0\nexcept Exception:\n  raise ValueError('x')")); e; e = e.cause) links++;
      assert.equal(links, 2);
    }));

  krait("the tracebacks of errors under way are let go of", "the peer has no counters", () =>
    noLeaks(() => {
      withSetup((globals) => {
        globals.set("swallow", (f) => {
          try {
            f();
          } catch {}
        });
        for (const code of ["text(fail)", "text(bottom)", "swallow(bottom)", "first(lambda: swallow(lambda: first(bottom)))"]) pyodide.runPython(code, { globals });
        for (const code of ["first(fail)", "first(bottom)"]) thrown(() => pyodide.runPython(code, { globals }));
      });
    }));

  test("a PythonError can be cloned", () => {
    const clone = structuredClone(pythonError(pyodide, "def f(): raise ValueError('cloned')\nf()"));
    assert.ok(clone instanceof Error);
    assert.match(clone.message, /in f\n[^]*ValueError: cloned\n$/);
  });
}
