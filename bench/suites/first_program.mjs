// The first long program after loadPyodide: one frame, no warm-up. V8 does not replace a wasm function that is already
// running, so a long script can stay in slow code to its end; warm numbers hide that.
// Guarantees: nothing but loadPyodide ran before the program; each program gets a process of its own.
import { clock } from "../lib/timing.mjs";
import { addRow, load } from "../lib/suite_tools.mjs";

// richards is the text of the warm suite, called once: Python-to-Python calls stay in one C frame of the interpreter.
const kPrograms = {
  nbody: { file: "first_nbody.py", call: "" },
  richards: { file: "richards.py", call: "\nrun(40000)" },
};

async function measure(host, part) {
  const { file, call } = kPrograms[part];
  const text = await host.readText(`programs/${file}`) + call;
  const pyodide = await load(host);
  const rows = {};
  let check;
  await addRow(rows, part, () => {
    const started = clock();
    const result = pyodide.runPython(text);
    const ms = clock() - started;
    check = String(result);
    return ms;
  });
  rows[part].check = check;
  return rows;
}

export const firstProgram = {
  name: "first_program", title: "First long program after a start", unit: "ms", parts: Object.keys(kPrograms),
  mean: true, measure,
};
