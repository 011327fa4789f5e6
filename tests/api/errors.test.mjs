// Errors across the border (J100, Y47, T50-T52): what each side sees of an exception of the other.
import { assert, expectNoLeaks, jsFailure, krait, lastLine, loadForTest, pythonError, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

test("PythonError: class, name, type, message", () => {
  const error = pythonError(pyodide, "{}['k']", "KeyError");
  assert.ok(error instanceof Error);
  assert.ok(error instanceof pyodide.ffi.PythonError);
  assert.equal(error.name, "PythonError");
  assert.equal(error.constructor.name, "PythonError");
  assert.match(error.message, /^Traceback \(most recent call last\):\n {2}File /);
  assert.match(error.message, /\nKeyError: 'k'\n$/);
  assert.match(error.stack, /PythonError: Traceback/);
  assert.equal(Object.prototype.toString.call(error), "[object Error]");
});

test("PythonError.type is the name of the class", () => {
  for (const [code, type, last] of [
    ["1 / 0", "ZeroDivisionError", "ZeroDivisionError: division by zero"],
    ["raise ValueError", "ValueError", "ValueError"],
    ["raise ValueError('multi\\nline')", "ValueError", "line"],
    ["class MyError(Exception): pass\nraise MyError('ü €')", "MyError", "MyError: ü €"],
    ["import json\njson.loads('{')", "JSONDecodeError", null],
    ["raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"],
    ["raise SystemExit(3)", "SystemExit", "SystemExit: 3"],
    ["import sys\nsys.exit('bye')", "SystemExit", "SystemExit: bye"],
    ["assert False, 'why'", "AssertionError", "AssertionError: why"],
    ["raise StopIteration(5)", "StopIteration", "StopIteration: 5"],
    ["raise GeneratorExit", "GeneratorExit", "GeneratorExit"],
    ["raise BaseException('b')", "BaseException", "BaseException: b"],
    ["raise UnicodeDecodeError('utf-8', b'x', 0, 1, 'r')", "UnicodeDecodeError", null],
    ["open('/no/such')", "FileNotFoundError", "FileNotFoundError: [Errno 44] No such file or directory: '/no/such'"],
    ["raise ExceptionGroup('g', [ValueError(1)])", "ExceptionGroup", null],
  ]) {
    const error = pythonError(pyodide, code, type);
    if (last !== null) assert.equal(lastLine(error), last);
  }
});

test("a function that JavaScript calls has a traceback of its own frames", () => {
  py("def outer(x):\n  return inner(x)\ndef inner(x):\n  return 1 / x");
  const outer = pyodide.globals.get("outer");
  const { message } = thrown(() => outer(0));
  assert.match(message, /line 2, in outer\n[^]*line 4, in inner\n[^]*ZeroDivisionError/);
  assert.doesNotMatch(message, /eval_code/);
  outer.destroy();
});

test("causes and contexts are shown", () => {
  const cause = pythonError(pyodide, "try:\n  1 / 0\nexcept ZeroDivisionError as e:\n  raise ValueError('x') from e");
  assert.match(cause.message, /ZeroDivisionError: division by zero\n\nThe above exception was the direct cause[^]*ValueError: x\n$/);
  const context = pythonError(pyodide, "try:\n  1 / 0\nexcept ZeroDivisionError:\n  raise ValueError('x')");
  assert.match(context.message, /During handling of the above exception, another exception occurred/);
  const notes = pythonError(pyodide, "e = ValueError('x')\ne.add_note('a note')\nraise e");
  assert.match(notes.message, /ValueError: x\na note\n$/);
});

test("sys.last_exc holds the exception", () => {
  pythonError(pyodide, "raise LookupError('last')");
  assert.equal(py("import sys\nrepr(sys.last_exc)"), "LookupError('last')");
});

krait("tracebacks show source lines of the standard library", "the peer needs its own archive for that", () => {
  const { message } = pythonError(pyodide, "import json\njson.loads('{')", "JSONDecodeError");
  assert.match(message, /json\/__init__\.py", line \d+, in loads\n {4}return _default_decoder\.decode\(s\)/);
});

test("a Python exception that passes JavaScript is the same exception again", () => {
  py("class Special(Exception): pass\nspecial = Special('me', 1)\ndef fail(): raise special");
  const fail = pyodide.globals.get("fail");
  pyodide.globals.set("through", () => fail());
  assert.equal(py("try:\n  through()\nexcept Special as e:\n  r = e is special\nr"), true);
  pyodide.globals.set("through", () => {
    try {
      fail();
    } catch (error) {
      throw error;
    }
  });
  assert.equal(py("try:\n  through()\nexcept Special as e:\n  r = e is special\nr"), true);
  assert.equal(py("try:\n  through()\nexcept KeyError:\n  r = 1\nexcept Exception as e:\n  r = e.args[1]\nr"), 1);
  fail.destroy();
  py("del through, fail");
});

test("KeyboardInterrupt and SystemExit pass JavaScript", () => {
  for (const name of ["KeyboardInterrupt", "SystemExit"]) {
    py(`def fail(): raise ${name}`);
    const fail = pyodide.globals.get("fail");
    pyodide.globals.set("through", () => fail());
    assert.equal(py(`try:\n  through()\nexcept ${name} as e:\n  r = type(e).__name__\nr`), name);
    fail.destroy();
  }
  py("del through, fail");
});

test("JsException: what Python sees of a JavaScript error", () => {
  class Custom extends Error {
    constructor() {
      super("custom ü");
      this.name = "Custom";
      this.code = 42;
    }
  }
  const error = new Custom();
  const attempt = (code) =>
    run(pyodide, `from pyodide.ffi import JsException, JsProxy\ntry:\n  f()\nexcept Exception as e:\n  r = ${code}\nr`, {
      f: () => {
        throw error;
      },
    });
  assert.equal(attempt("isinstance(e, JsException) and isinstance(e, JsProxy)"), true);
  assert.equal(attempt("str(e)"), "Custom: custom ü");
  assert.equal(attempt("e.message"), "custom ü");
  assert.equal(attempt("e.name"), "Custom");
  assert.equal(attempt("e.code"), 42);
  assert.equal(attempt("'Custom' in e.stack"), true);
  assert.equal(attempt("e.constructor.name"), "Custom");
  assert.equal(attempt("e.js_error"), error);
  assert.equal(attempt("e"), error);
  assert.equal(attempt("type(e).__module__ + '.' + type(e).__name__"), "pyodide.ffi.JsException");
  assert.equal(attempt("e.__traceback__ is not None"), true);
});

test("an error object that was not thrown is a JsException too, and can be raised", () => {
  const error = new RangeError("r");
  assert.equal(run(pyodide, "from pyodide.ffi import JsException\nisinstance(x, JsException)", { x: error }), true);
  assert.equal(run(pyodide, "try:\n  raise x\nexcept Exception as e:\n  r = str(e)\nr", { x: error }), "RangeError: r");
  const message = jsFailure(thrown(() => py("import js\nraise js.TypeError.new('made in Python')")));
  assert.match(message, /TypeError: made in Python/);
});

test("an uncaught JavaScript error: text and type", () => {
  const error = thrown(() =>
    run(pyodide, "f()", {
      f: () => {
        throw new RangeError("uncaught");
      },
    }),
  );
  assert.equal(jsFailure(error), "pyodide.ffi.JsException: RangeError: uncaught");
});

krait("a JavaScript error that passes Python is the same object again", "the peer wraps it in a PythonError", () => {
  const error = new RangeError("the same");
  const names = {
    f: () => {
      throw error;
    },
  };
  assert.equal(thrown(() => run(pyodide, "f()", names)), error);
  assert.equal(thrown(() => run(pyodide, "try:\n  f()\nexcept Exception as e:\n  raise e", names)), error);
  assert.equal(thrown(() => run(pyodide, "try:\n  f()\nfinally:\n  pass", names)), error);
});

test("the traceback continues into JavaScript", () => {
  function failing() {
    throw new RangeError("in JavaScript");
  }
  const globals = pyodide.toPy({});
  globals.set("failing", failing);
  const { message } = thrown(() =>
    pyodide.runPython("def call():\n  try:\n    failing()\n  except Exception as e:\n    raise ValueError('v') from e\ncall()", {
      globals,
    }),
  );
  assert.match(message, /in call\n[^]*File ".*errors\.test\.mjs", line \d+, in failing\n[^]*RangeError: in JavaScript/);
  globals.destroy();
});

test("whatever is thrown arrives as a JsException", () => {
  const caught = (value) =>
    run(pyodide, "try:\n  f()\nexcept BaseException as e:\n  r = f'{type(e).__name__}|{e}'\nr", {
      f: () => {
        throw value;
      },
    });
  assert.match(caught("just text"), /^JsException\|.*just text/);
  assert.match(caught(7), /^JsException\|[^]*7/);
  assert.match(caught(null), /^JsException\|[^]*null/i);
  assert.match(caught(undefined), /^JsException\|[^]*undefined/i);
  assert.match(caught({ some: "object" }), /^JsException\|/);
  assert.match(caught(Symbol("sym")), /^JsException\|/);
  assert.match(caught(Object.create(null)), /^JsException\|/);
  assert.match(caught(10n), /^JsException\|[^]*10/);
});

test("errors in deep alternation keep their type", () => {
  py("def down(n):\n  if n == 0: raise OverflowError('bottom')\n  return step(n - 1)");
  const down = pyodide.globals.get("down");
  pyodide.globals.set("step", (n) => down(n));
  const error = thrown(() => down(20));
  assert.equal(error.type, "OverflowError");
  assert.equal(lastLine(error), "OverflowError: bottom");
  assert.equal(py("try:\n  down(10)\nexcept OverflowError as e:\n  r = str(e)\nr"), "bottom");
  down.destroy();
  py("del step, down");
});

test("endless recursion ends with an error, and the runtime goes on", () => {
  pythonError(pyodide, "def r(): return r()\nr()", "RecursionError");
  assert.equal(py("1 + 1"), 2);
});

krait("endless recursion through both languages ends with an error", "the peer may die of it", () => {
  py("def ping(): return pong()");
  const ping = pyodide.globals.get("ping");
  pyodide.globals.set("pong", () => ping());
  const error = thrown(() => ping());
  assert.match(String(error), /recursion|call stack/i);
  assert.equal(py("1 + 1"), 2);
  ping.destroy();
  py("del ping, pong");
});

test("an exception whose __str__ fails is reported all the same", () => {
  const error = pythonError(pyodide, "class Bad(Exception):\n  def __str__(self): raise ValueError('no')\nraise Bad()", "Bad");
  assert.match(error.message, /Bad/);
});

test("errors leave no slots and no proxies", async () => {
  py("def fail(): raise ValueError('v')");
  await expectNoLeaks(pyodide, () => {
    const fail = pyodide.globals.get("fail");
    pyodide.globals.set("throws", () => {
      throw new TypeError("t");
    });
    pyodide.globals.set("through", () => fail());
    for (const code of ["fail()", "throws()", "through()", "1 / 0", "raise SystemExit"]) {
      try {
        py(code);
      } catch {}
      py(`try:\n  ${code.startsWith("raise") ? code : code}\nexcept BaseException:\n  pass`);
    }
    fail.destroy();
    py("import sys\ndel throws, through\nsys.last_exc = sys.last_value = sys.last_traceback = None");
  });
});

// Ordinary exceptions are formatted by a shorter way, from texts of frames that were formatted before: it must give what the
// traceback module gives.
krait("the report is the same by the short way and by the traceback module", "tests krait's own formatter", () => {
  const compare = pyodide.runPython(`
from _pyodide import _traceback
class Odd(Exception):
    def __str__(self): return ""
class Inner:
    class Deep(ValueError): pass
Odd.__module__ = "some.module"
def recurse(n): return recurse(n - 1) if n else 1 / 0
def chained():
    try: 1 / 0
    except ZeroDivisionError: raise KeyError("k") from None
def noted():
    e = ValueError("v"); e.add_note("a note"); raise e
def lines():
    return [int(x)
            for x in ("1", "b")]
cases = ["1/0", "raise Odd()", "raise Inner.Deep('a\\nb')", "recurse(2)", "recurse(3)", "recurse(50)", "chained()", "noted()", "lines()", "nosuchname",
    "[].nosuch", "import nosuch", "raise ExceptionGroup('g', [ValueError(1)])", "raise KeyError", "next(iter([]))", "eval('1 +')", "sorted([1, 'a'])", "assert 0, 'said'"]
def compare():
    short = 0
    for case in cases * 2:
        try: exec(case, globals())
        except BaseException as e:
            plain = _traceback._format_plain(e)
            short += plain is not None
            assert plain in (None, _traceback._format(e)), (case, plain, _traceback._format(e))
    return short
compare`);
  assert.ok(compare() >= 14);
  compare.destroy();
});

krait("the texts of frames are those of their own code", "tests krait's own formatter", () => {
  const message = (code) => pythonError(pyodide, code).message;
  for (let i = 0; i < 1200; i++) assert.match(message(`raise ValueError(${i})`), new RegExp(`raise ValueError\\(${i}\\)\n[^]*ValueError: ${i}\n$`));
});

test("a JsException can be pickled, and keeps its type", () => {
  const copied = (js) => pyodide.runPython(`
import pickle
from pyodide.code import run_js
from pyodide.ffi import JsException
error = run_js(${JSON.stringify(js)})
copy = pickle.loads(pickle.dumps(error))
assert isinstance(copy, JsException) and copy != error
f"{copy.name}|{copy.message}"`);
  assert.equal(copied("new TypeError('x')"), "TypeError|x");
  assert.equal(copied("new Error('y')"), "Error|y");
  assert.equal(copied("Object.assign(new Error('z'), { name: 'MyError' })"), "MyError|z");
});

test("an exception that cannot be shown keeps its traceback", () => {
  for (const body of ["def __str__(self): raise KeyError('hidden')", "def __str__(self): return 5", "@property\n  def __notes__(self): raise KeyError('hidden')"]) {
    const { message } = pythonError(pyodide, `class Unshowable(Exception):\n  ${body}\ndef culprit(): raise Unshowable()\nculprit()`);
    assert.match(message, /in culprit\n/, message);
    assert.match(message, /Unshowable/, message);
  }
});

krait("sys.tracebacklimit counts", "the peer counts frames of its own", () => {
  const { message } = pythonError(pyodide, "import sys\nsys.tracebacklimit = 0\ndef culprit(): raise ValueError('v')\ntry:\n  culprit()\nfinally:\n  pass");
  pyodide.runPython("del sys.tracebacklimit");
  assert.doesNotMatch(message, /in culprit/);
  assert.match(message, /ValueError: v/);
});
