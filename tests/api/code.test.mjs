// pyodide.code (Y04-Y11): the pieces that runPython is made of.
import { assert, jsFailure, krait, lastLine, loadForTest, pythonError, run, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
pyodide.runPython("from pyodide.code import *\nfrom pyodide.code import CodeRunner, should_quiet");
const py = (code) => pyodide.runPython(code);

test("eval_code: return modes", () => {
  for (const [source, mode, expected] of [
    ["a = b = 3", "last_expr_or_assign", 3],
    ["a = 1\na += 2", "last_expr_or_assign", 3],
    ["a: int = 4", "last_expr_or_assign", 4],
    ["a, b = 1, 2", "last_expr_or_assign", undefined],
    ["x = [0]\nx[0] = 5", "last_expr_or_assign", undefined],
    ["1 + 1", "last_expr_or_assign", 2],
    ["import os", "last_expr_or_assign", undefined],
    ["a = 3", "last_expr", undefined],
    ["a = 3\na", "last_expr", 3],
    ["a = 3\na", "none", undefined],
  ]) {
    const result = run(pyodide, "eval_code(source, {'a': 9}, return_mode=mode)", {
      source,
      mode,
      eval_code: pyodide.globals.get("eval_code"),
    });
    assert.equal(result, expected, `${mode}: ${source}`);
  }
});

test("eval_code: the semicolon can be made to mean nothing", () => {
  assert.equal(py("eval_code('1 + 1;', quiet_trailing_semicolon=False)"), 2);
  assert.equal(py("eval_code('1 + 1;')"), undefined);
});

test("eval_code: separate globals and locals", () => {
  assert.equal(py("eval_code('y', {'y': 1}, {'y': 2})"), 2);
  assert.equal(py("g = {}; eval_code('z = 1', g); g['z']"), 1);
});

// Texts that need no look at their tree are compiled by a shorter way: it must mean the same as CodeRunner's.
test("eval_code and CodeRunner agree", () => {
  pyodide.runPython(`
def outcome(run, source):
    space = {"__name__": "sample"}
    try:
        return repr((run(source, space), sorted(space), space.get("__doc__")))
    except BaseException as error:
        where = getattr(error, "lineno", None), getattr(error, "offset", None), getattr(error, "text", None)
        return repr((type(error), error.args[0], where))

def by_steps(source, space):
    return CodeRunner(source).compile().run(space)
`);
  const sources = [
    "", "\n\n", "# only a remark", "1", "'text'", "'the doc string'\nx = 1", "'the doc string'\nx = 1\nx", "x = 1", "x = 1\nx",
    "  1", "  x = 2\n  x", "def f(): return 1\nf()", "if True:\n  5", "from __future__ import annotations\nx: y = 1\nlist(__annotations__.values())",
    "from __future__ import annotations\n[1]", "x = 1\nfrom __future__ import annotations\nx", "x = (", "1 +", "\tx = 1\n  y = 2", "return 1",
    "x = 1\nyield x", "await x", "'\ud800'", "x = '\0'", "1 / 0", "(y := 3)", "x = 1\r\nx\r\n", "é = 1\né", "assert (1, 2)", "1 is 1", "(lambda: (yield)).__name__",
  ];
  for (const source of sources) {
    pyodide.globals.set("source", source);
    const [short, tree] = ["eval_code", "by_steps"].map((name) => py(`outcome(${name}, source)`));
    assert.equal(short, tree, JSON.stringify(source));
  }
});

krait("eval_code: an unknown return mode is refused", "the peer accepts any text", () => {
  const error = pythonError(pyodide, "eval_code('1', return_mode='lst_expr')", "ValueError");
  assert.match(lastLine(error), /return_mode must be one of last_expr, last_expr_or_assign, none; got 'lst_expr'/);
});

test("CodeRunner: steps in order", () => {
  assert.equal(py("CodeRunner('1 + 2').compile().run()"), 3);
  pythonError(pyodide, "CodeRunner('1').run()", "RuntimeError");
  pythonError(pyodide, "r = CodeRunner('1').compile()\nr.compile()", "RuntimeError");
  assert.equal(py("r = CodeRunner('x + y').compile(); r.run({'x': 20}, {'y': 5})"), 25);
});

test("CodeRunner: the tree may be changed before it is compiled", () => {
  assert.equal(py("r = CodeRunner('2 + 3')\nr.ast.body[0].value.right.value = 40\nr.compile().run()"), 42);
});

krait("CodeRunner.code is the whole text", "the peer's code object cannot be given to exec", () => {
  assert.equal(
    py("r = CodeRunner('l.append(1)\\nl.append(2)').compile()\nl = []\nns = {'l': l}\nexec(r.code, ns)\nstr(l)"),
    "[1, 2]",
  );
});

test("should_quiet", () => {
  for (const [source, expected] of [
    ["1;", true],
    ["1; # c", true],
    ["1 # ;", false],
    ["'''\n;'''", false],
    ["", false],
    ["def f(): pass;", true],
    ["x = ';'", false],
    ["é = 'ü' ;", true],
  ]) {
    assert.equal(run(pyodide, "from pyodide.code import should_quiet\nshould_quiet(s)", { s: source }), expected, source);
  }
});

test("find_imports", () => {
  for (const [source, expected] of [
    ["import numpy as np; import scipy.stats", "['numpy', 'scipy', 'scipy.stats']"],
    ["from x.y import z", "['x', 'x.y']"],
    ["from . import q", "[]"],
    ["def f():\n  import late", "['late']"],
    ["  import indented", "['indented']"],
    ["a = (", "[]"],
    ["try:\n  import b\nexcept ImportError:\n  import a.c", "['a', 'a.c', 'b']"],
    ["await f()\nimport j", "['j']"],
  ]) {
    const found = run(pyodide, "from pyodide.code import find_imports\nstr(find_imports(s))", { s: source });
    assert.equal(found, expected, source);
  }
});

krait("find_imports leaves out relative imports", "the peer counts `from .a import b` as an import of a", () => {
  assert.equal(py("str(find_imports('from .a import b'))"), "[]");
});

test("run_js", () => {
  assert.equal(py("run_js('1 + 1')"), 2);
  assert.equal(py("run_js('(x) => x * 2')(21)"), 42);
  pythonError(pyodide, "run_js(5)", "TypeError");
  const error = thrown(() => py("run_js('throw new RangeError(\"r\")')"));
  assert.match(jsFailure(error), /RangeError: r/);
});

test("relaxed_call and relaxed_wrap drop what a function does not take", () => {
  py("def f(a, b=1, *, c=2): return (a, b, c)");
  assert.equal(py("str(relaxed_call(f, 1, 2, 3, c=4, d=5))"), "(1, 2, 4)");
  assert.equal(py("str(relaxed_wrap(f)(1, 2, 3))"), "(1, 2, 2)");
  assert.equal(py("relaxed_call(lambda *a: len(a), 1, 2, 3)"), 3);
  assert.equal(py("relaxed_call(lambda **k: len(k), 1, x=2)"), 1);
  assert.equal(py("relaxed_call(lambda: 5, 1, x=2)"), 5);
  assert.equal(py("class C:\n  def m(self, a): return a\nrelaxed_call(C().m, 7, 8)"), 7);
  pythonError(pyodide, "relaxed_call(f)", "TypeError");
  assert.equal(py("relaxed_wrap(f).__name__"), "f");
});
