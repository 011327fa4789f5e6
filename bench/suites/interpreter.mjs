// Warm speed of the interpreter on the programs of bench/programs: each runs a few times before it is timed.
// Guarantees: every program returns a checksum, and the harness refuses numbers whose checksums differ between dists.
import { eachMs } from "../lib/timing.mjs";
import { lowerQuartile } from "../lib/stats.mjs";
import { addRow, load } from "../lib/suite_tools.mjs";

export const programs = [
  "nbody", "fannkuch", "spectral_norm", "mandelbrot", "pidigits", "richards", "deltablue", "attributes", "calls",
  "generators", "comprehensions", "exceptions", "unpack_sequence", "nqueens", "dict_set", "sort_key", "string_build",
  "regex", "json_dumps", "json_loads", "json_pure",
];

const kWarmUps = 2;
const kRuns = 5;

async function measure(host, part) {
  const pyodide = await load(host);
  const rows = {};
  for (const name of part === "all" ? programs : [part]) {
    let check;
    await addRow(rows, name, async () => {
      const scope = pyodide.toPy({ __name__: name });
      pyodide.runPython(await host.readText(`programs/${name}.py`), { globals: scope });
      const run = scope.get("run");
      const times = eachMs(() => { check = String(run()); }, kWarmUps, kRuns);
      run.destroy();
      scope.destroy();
      return lowerQuartile(times);
    });
    rows[name].check = check;
  }
  return rows;
}

export const interpreter = {
  name: "interpreter", title: "Interpreter, warm", unit: "ms", parts: ["all"], mean: true, measure,
};
