// A page whose Error is frozen, as hardened realms freeze it: errors cross the border, and recursion ends, without `Error.stackTraceLimit`.
import { assert, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
Object.freeze(Error);
const py = (code) => pyodide.runPython(code);

test("a frozen Error: errors of both languages cross the border", () => {
  assert.equal(pythonError(pyodide, "1 / 0").type, "ZeroDivisionError");
  pyodide.globals.set("fail", () => { throw new TypeError("from JavaScript"); });
  assert.equal(py("from pyodide.ffi import JsException\ntry: fail()\nexcept JsException as e: text = f'{e.name}: {e.message}'\ntext"), "TypeError: from JavaScript");
  assert.match(thrown(() => py("fail()")).message, /from JavaScript/);
});

test("a frozen Error: nested json goes as deep as elsewhere, and recursion ends with an error", () => {
  assert.equal(py("import json\nlen(str(json.loads('[' * 300 + ']' * 300)))"), 600);
  assert.equal(pythonError(pyodide, "json.loads('[' * 100_000)").type, "RecursionError");
  const f = py("lambda g: g()");
  const g = () => f(g);
  assert.match(String(thrown(g)), /RecursionError|RangeError|call stack/);
  assert.equal(py("1 + 1"), 2);
});
