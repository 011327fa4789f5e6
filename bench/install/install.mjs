// Installing 30 pure wheels from an index on loopback: micropip in this runtime beside pip into a folder, turn by turn.
//
//   node bench/install/install.mjs [DIST] [--repeat 5] [--engine NODE]
//
// The wheels need each other in a chain, have seven modules each, and are all asked for by name. One line of JSON: medians in
// milliseconds, and how many times faster than pip (median, smallest and greatest of the turns).
//
// install      micropip.install() in a runtime that has started, without a cache
// process      the same with node, loadPyodide() and `import micropip`: what a program waits that does nothing else
// pip          Debian's pip, natively: python3 pip install --target FOLDER --no-cache-dir, the whole process
// pip_start    python3 pip --version: what of that is not installing
//
// All leave the same modules (counted each turn). Needs the tool root and the wheels that ./dev setup makes.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { startPackageServer } from "../../tests/packages/server.mjs";
import { pure } from "../../tests/packages/wheelhouse.mjs";
import { readProgramOptions } from "../lib/options.mjs";
import { median } from "../lib/stats.mjs";

const COUNT = 30;
const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const { repeat, engine, dist } = readProgramOptions({ repeat: 5, engine: process.execPath });

const wheels = execFileSync(path.join(root, "toolchain/bootstrap"), ["--print-wheels"], { encoding: "utf8" }).trim();
const pipWheel = path.join(wheels, readdirSync(wheels).find((name) => name.startsWith("pip-")));
const enter = path.join(root, "toolchain/enter");
const server = await startPackageServer(pure(COUNT));
const index = `${server.url}/-/simple/`;
const names = pure(COUNT).map(({ name }) => name);

const program = `
import { loadPyodide } from ${JSON.stringify(pathToFileURL(path.join(dist, "pyodide.mjs")).href)};
const pyodide = await loadPyodide({ packageCache: false });
const [time, modules] = (await pyodide.runPythonAsync(\`
import glob, micropip, time
start = time.perf_counter()
await micropip.install(${JSON.stringify(names)}, index_urls=${JSON.stringify(index)})
[(time.perf_counter() - start) * 1000, len(glob.glob("/lib/python3.13/site-packages/pure*/*.py"))]\`)).toJs();
console.log(JSON.stringify({ time, modules }));
process.exit(0);
`;

const checked = (modules, who) => {
  if (modules !== COUNT * 7) throw new Error(`${who} left ${modules} modules: expected ${COUNT * 7}`);
};

async function timed(action) {
  const start = performance.now();
  const result = await action();
  return { result, time: performance.now() - start };
}

async function ours() {
  const { result, time } = await timed(() => run(engine, ["--input-type=module", "-e", program]));
  const told = JSON.parse(result.stdout);
  checked(told.modules, "micropip");
  return { install: told.time, process: time };
}

async function pip() {
  const folder = mkdtempSync(path.join(tmpdir(), "krait-pip."));
  try {
    const python = (...args) => run(enter, ["python3", `${pipWheel}/pip`, ...args], { maxBuffer: 1 << 26 });
    const { time } = await timed(() =>
      python("install", "--quiet", "--no-cache-dir", "--no-compile", "--disable-pip-version-check", "--index-url", index, "--target", folder, ...names));
    checked(readdirSync(folder, { recursive: true }).filter((name) => /^pure\d+\/\w+\.py$/.test(name)).length, "pip");
    return { pip: time, pip_start: (await timed(() => python("--version"))).time };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  const turns = [];
  for (let i = 0; i < repeat; i++) turns.push({ ...(await ours()), ...(await pip()) });
  const rounded = (value) => Number(value.toPrecision(3));
  const of = (key) => rounded(median(turns.map((turn) => turn[key])));
  const faster = (key) => {
    const ratios = turns.map((turn) => turn.pip / turn[key]);
    return [median(ratios), Math.min(...ratios), Math.max(...ratios)].map(rounded);
  };
  console.log(JSON.stringify({
    wheels: COUNT, repeat, install: of("install"), process: of("process"), pip: of("pip"), pip_start: of("pip_start"),
    faster_install: faster("install"), faster_process: faster("process"),
  }));
} finally {
  await server.close();
}
