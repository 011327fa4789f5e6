// reset(): the instance is as loadPyodide made it, without anything being loaded; what belonged to the interpreter before refuses to work.
import { assert, krait, loadForTest } from "./harness.mjs";

const why = "reset() is an extension of krait's";
const quiet = { stdout: () => {}, stderr: () => {} };

krait("variables, modules and settings are those of the start", why, async () => {
  const pyodide = await loadForTest(quiet);
  const facts = "import sys; sorted(n for n in globals() if n != 'sys'), sorted(sys.modules), hasattr(sys, 'mark')";
  const before = pyodide.runPython(facts).toString();
  pyodide.runPython("import sys, csv, types; x = 1; sys.mark = 1; sys.modules['mine'] = types.ModuleType('mine')");
  await pyodide.reset();
  assert.equal(pyodide.runPython(facts).toString(), before);
});
