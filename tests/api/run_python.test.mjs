// runPython (J30) and globals (J34): results, namespaces, file names.
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();

const results = [
  ["1 + 1", 2],
  ["x = 1", undefined],
  ["x = 1\nx + 1", 2],
  ["1;", undefined],
  ["1; # comment", undefined],
  ["1 # ;", 1],
  ["'''\n;'''", "\n;"],
  ["", undefined],
  ["   ", undefined],
  ["# only a comment", undefined],
  ["\n    x = 3\n    x * 2\n", 6],
  ["    if True:\n        y = 5\n    y", 5],
  ["def f():\n  return 7\nf()", 7],
  ["é = 'ü'\né", "ü"],
  ["'a' 'b'", "ab"],
  ["(1,\n 2)[1]", 2],
  ["from __future__ import annotations\ndef g(a: undefined_name): return 4\ng(1)", 4],
  ["for i in range(3): pass\ni", 2],
  ["class A: v = 9\nA.v", 9],
  ["print", "callable"],
  ["lambda: 1", "callable"],
];

test("the value of the last expression is the result", () => {
  for (const [code, expected] of results) {
    const result = pyodide.runPython(code);
    if (expected === "callable") {
      assert.equal(typeof result, "function", code);
      result.destroy();
    } else {
      assert.equal(result, expected, code);
    }
  }
});

test("names stay in the globals, and the result leaves nothing there", () => {
  pyodide.runPython("kept = 5\nkept + 1");
  assert.equal(pyodide.globals.get("kept"), 5);
  const before = pyodide.runPython("str(sorted(globals()))");
  pyodide.runPython("kept + 1");
  assert.equal(pyodide.runPython("str(sorted(globals()))"), before);
  assert.equal(pyodide.runPython("__name__"), "__main__");
});

test("globals may be given, and locals beside them", () => {
  const globals = pyodide.toPy({ x: 3 });
  assert.equal(pyodide.runPython("y = x + 1\ny", { globals }), 4);
  assert.equal(globals.get("y"), 4);
  assert.equal(pyodide.globals.get("y_is_not_here"), undefined);
  const locals = pyodide.toPy({ arr: [1, 2, 3] });
  assert.equal(pyodide.runPython("total = sum(arr) + x\ntotal", { globals, locals }), 9);
  assert.equal(locals.get("total"), 9);
  assert.equal(globals.has("total"), false);
  assert.equal(pyodide.runPython("len(arr)", { locals }), 3);
  globals.destroy();
  locals.destroy();
});

test("a JavaScript object is refused as globals", () => {
  const error = thrown(() => pyodide.runPython("1", { globals: { x: 1 } }));
  assert.equal(error.type, "TypeError");
});

krait("the error for a JavaScript object as globals says what to do", "the peer complains about locals", () => {
  const error = thrown(() => pyodide.runPython("1", { globals: { x: 1 } }));
  assert.match(lastLine(error), /globals must be a dict, not .*toPy/);
});

test("what is no string is refused", () => {
  for (const code of [5, undefined, null, {}]) {
    const error = thrown(() => pyodide.runPython(code));
    assert.equal(error.type, "TypeError", String(code));
    assert.match(error.message, /str/);
  }
});

test("a file name appears in the traceback with the source line", () => {
  const { message } = pythonError(pyodide, "x = 1\nx / 0", "ZeroDivisionError", { filename: "my_file.py" });
  assert.match(message, /^Traceback \(most recent call last\):\n/);
  assert.match(message, / {2}File "my_file\.py", line 2, in <module>\n {4}x \/ 0\n {4}~~\^~~\n/);
  assert.match(message, /ZeroDivisionError: division by zero\n$/);
});

test("source lines of a named file outlive the run", () => {
  pyodide.runPython("def divide(x):\n  return 1 / x\n", { filename: "divide.py" });
  pyodide.runPython("# another text\n# with other lines\n", { filename: "other.py" });
  const divide = pyodide.globals.get("divide");
  const { message } = thrown(() => divide(0));
  assert.match(message, / {2}File "divide\.py", line 2, in divide\n {4}return 1 \/ x\n/);
  divide.destroy();
});

krait("source lines are shown for <exec> too, each from its own text", "the peer shows none for names in < >", () => {
  pyodide.runPython("def first():\n  # of the first text\n  return 1 / 0");
  pyodide.runPython("def second():\n  # of the second text\n  return first()");
  const { message } = pythonError(pyodide, "second()", "ZeroDivisionError");
  assert.match(message, /line 1, in <module>\n {4}second\(\)/);
  assert.match(message, /line 3, in second\n {4}return first\(\)/);
  assert.match(message, /line 3, in first\n {4}return 1 \/ 0/);
});

krait("tracebacks begin with the program, not with our machinery", "the peer shows its own frames", () => {
  const { message } = pythonError(pyodide, "1 / 0");
  assert.match(message, /^Traceback \(most recent call last\):\n {2}File "<exec>", line 1, in <module>\n/);
  assert.doesNotMatch(message, /eval_code|_pyodide/);
});

test("a syntax error says where", () => {
  const { message } = pythonError(pyodide, "a = = 2", "SyntaxError");
  assert.match(message, /File "<exec>", line 1\n\s+a = = 2\n\s+\^\n\s*SyntaxError: invalid syntax/);
});

test("top-level await needs runPythonAsync", () => {
  pythonError(pyodide, "await x", "SyntaxError");
});

test("an exception leaves the interpreter usable, and its names", () => {
  pythonError(pyodide, "before = 1\nraise ValueError('v')\nafter = 2", "ValueError");
  assert.equal(pyodide.globals.get("before"), 1);
  assert.equal(pyodide.globals.get("after"), undefined);
});

test("runPython may be called from Python that JavaScript called", () => {
  pyodide.globals.set("inner", (n) => pyodide.runPython(`${n} + 1`));
  assert.equal(pyodide.runPython("inner(1) + inner(2)"), 5);
  const deep = (n) => (n === 0 ? 0 : pyodide.runPython(`deep(${n - 1}) + 1`));
  pyodide.globals.set("deep", deep);
  assert.equal(deep(20), 20);
  pyodide.runPython("del inner, deep");
});

test("globals is a live dict", () => {
  pyodide.globals.set("from_js", 12);
  assert.equal(pyodide.runPython("from_js"), 12);
  assert.equal(pyodide.globals.has("from_js"), true);
  pyodide.globals.delete("from_js");
  assert.equal(pyodide.runPython("'from_js' in globals()"), false);
  assert.equal(pyodide.globals.get("from_js"), undefined);
});

test("runs leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    for (const [code] of results) pyodide.runPython(code)?.destroy?.();
    try {
      pyodide.runPython("1 / 0");
    } catch {}
    const globals = pyodide.toPy({ x: { y: [1, 2] } });
    pyodide.runPython("x", { globals }).destroy();
    globals.destroy();
  });
});
