// The command line of bench/run.mjs. Guarantees: an unknown option or a bad value is refused with what was expected.
import path from "node:path";
import { parseArgs } from "node:util";
import { defaultPeer, kRepo } from "./dists.mjs";

export const kUsage = `usage: ./dev bench [options]        (or: node bench/run.mjs [options])

  --suite NAME    startup, network, interpreter, first_program, border, stdout, size; may be repeated; default: all
  --engine NAME   node, node20, node24, node26, chromium, firefox, or the path of a node binary; may be repeated;
                  default: node24
  --a DIST        the dist folder called ours (default: dist)
  --b DIST        the dist folder called peer (default: node_modules/pyodide, or $KRAIT_PEER)
  --repeat N      interleaved runs of each dist, each in a fresh process (default: 5)
  --clock NAME    wall (default), or cpu: processor time of the main thread, for a busy machine; node24 or later;
                  interpreter, first_program, border and stdout only
  --write         keep the results in bench/RESULTS.md and bench/RESULTS.json
  --json          print the results as JSON instead of tables
  --help          this text
`;

export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      suite: { type: "string", multiple: true }, engine: { type: "string", multiple: true },
      a: { type: "string" }, b: { type: "string" }, repeat: { type: "string", default: "5" },
      clock: { type: "string", default: "wall" },
      write: { type: "boolean", default: false }, json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error(`--repeat: expected a number of 1 or more, got '${values.repeat}'`);
  if (!["wall", "cpu"].includes(values.clock)) throw new Error(`--clock: expected wall or cpu, got '${values.clock}'`);
  return {
    ...values, repeat,
    engine: values.engine ?? ["node24"],
    a: values.a ?? path.join(kRepo, "dist"),
    b: values.b ?? defaultPeer(),
  };
}

/**
 * The command line of a benchmark that is a program of its own: `[DIST] [--NAME VALUE]...`.
 *
 * @param {object} options name to default: a number (then only a number greater than 0 is taken), a text, or null for a number that may be missing
 * @returns {object} the values by name, null where one is missing, and `dist`, the folder's absolute path (default: dist of this repository)
 */
export function readProgramOptions(options, args = process.argv.slice(2)) {
  const { values, positionals } = parseArgs({
    args,
    options: Object.fromEntries(Object.keys(options).map((name) => [name, { type: "string" }])),
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error(`expected one folder at most, got ${positionals.map((text) => JSON.stringify(text)).join(", ")}`);
  const read = Object.entries(options).map(([name, value]) => {
    const text = values[name];
    if (text === undefined || typeof value === "string") return [name, text ?? value];
    if (!(Number(text) > 0)) throw new Error(`--${name}: expected a number greater than 0, got ${JSON.stringify(text)}`);
    return [name, Number(text)];
  });
  return { ...Object.fromEntries(read), dist: path.resolve(positionals[0] ?? path.join(kRepo, "dist")) };
}

/** The command as a report may show it: folders and binaries outside the project do not belong into it. */
export function reportedCommand(options) {
  const list = (name, values) => (values ?? []).map((value) => `--${name} ${path.basename(value)}`);
  return ["./dev bench", ...list("suite", options.suite), ...list("engine", options.engine), `--repeat ${options.repeat}`,
    ...(options.clock === "cpu" ? ["--clock cpu"] : [])].join(" ");
}
