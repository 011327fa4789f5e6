// reset() beside loadPyodide(): in turns, in one process (or page), after a program that imports modules and fills some memory.
// Guarantees: a reset that did not bring back the start is an error, not a time; loading is that of a warm process, whose engine has
// compiled the core before, so the ratio is the least that a program gains. The peer has no reset().
import { clock } from "../lib/timing.mjs";
import { addRow } from "../lib/suite_tools.mjs";

const kTurns = 7;
const kProgram = `
import csv, decimal, textwrap
data = [[i, str(i)] for i in range(20_000)]
mark = bytearray(1 << 20)
`;

const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function timed(action) {
  const started = clock();
  const result = await action();
  return [clock() - started, result];
}

async function measure(host) {
  const { loadPyodide } = await host.loadModule();
  const rows = {};
  const times = { load: [], reset: [] };
  await addRow(rows, "loadPyodide, again in the same process", async () => {
    const pyodide = await loadPyodide();
    for (let i = 0; i < kTurns; i++) {
      times.load.push((await timed(() => loadPyodide()))[0]);
      if (!pyodide.reset) continue;
      pyodide.runPython(kProgram);
      times.reset.push((await timed(() => pyodide.reset()))[0]);
      if (pyodide.runPython("'mark' in globals()")) throw new Error("reset() left a variable");
    }
    return median(times.load);
  });
  const own = (value) => {
    if (times.reset.length === 0) throw new Error("there is no reset()");
    return value();
  };
  await addRow(rows, "reset()", () => own(() => median(times.reset)));
  await addRow(rows, "the first reset()", () => own(() => times.reset[0]));
  await addRow(rows, "reset() in thousandths of loadPyodide", () => own(() => (1000 * median(times.reset)) / median(times.load)));
  return rows;
}

export const reset = { name: "reset", title: "reset() beside loadPyodide", unit: "ms", parts: ["all"], measure };
