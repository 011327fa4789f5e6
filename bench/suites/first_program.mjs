// The first long program after loadPyodide: one frame, no warm-up. V8 does not replace a wasm function that is already
// running, so a long script can stay in slow code to its end; warm numbers hide that.
// Guarantees: nothing but loadPyodide ran before the program; each program gets a process of its own.
import { addRow, load } from "../lib/suite_tools.mjs";

const kPrograms = ["first_nbody", "first_richards"];

async function measure(host, part) {
  const rows = {};
  const text = await host.readText(`programs/${part}.py`);
  const pyodide = await load(host);
  let check;
  await addRow(rows, part, () => {
    const started = performance.now();
    check = String(pyodide.runPython(text));
    return performance.now() - started;
  });
  rows[part].check = check;
  return rows;
}

export const firstProgram = {
  name: "first_program", title: "First long program after a start", unit: "ms", parts: kPrograms, mean: true, measure,
};
