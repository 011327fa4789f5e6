// The demo: Python at work inside Node, on some MB of tables that Debian ships. `./dev demo` runs it.
// Guarantees: ends with 0 only when the result passed its own check; an error says what failed and what to do.
// usage: node demo/run.mjs [--dist DIST] [--data FOLDER] [--json]
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { analyse, check, kFiles, tables } from "./demo.mjs";

const demo = path.dirname(fileURLToPath(import.meta.url));
const repo = path.dirname(demo);

function fetchData() {
  // A copy beside the page, which can only read what is served.
  const into = path.join(demo, "data");
  try {
    execFileSync(path.join(demo, "fetch_data"), ["--into", into], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return into;
  } catch {
    throw new Error("the data could not be had: see the message above, or pass --data FOLDER with " + kFiles.join(", "));
  }
}

function readFiles(folder) {
  return Object.fromEntries(kFiles.map((name) => {
    const file = path.join(folder, name);
    if (!existsSync(file)) throw new Error(`no file '${name}' in '${folder}'; expected ${kFiles.join(", ")}`);
    return [name, new Uint8Array(readFileSync(file))];
  }));
}

/** Progress goes to stderr, so that the result can be piped. On a terminal one line is rewritten. */
function showProgress(stage, done, total) {
  const bar = "#".repeat(Math.round(20 * done / total)).padEnd(20, ".");
  const line = `  [${bar}] ${stage}`;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${done === total ? "\n" : ""}` : `${line}\n`);
}

function printTable({ title, header, rows }) {
  const names = header.map((name) => name.replace(/^>/, ""));
  const widths = names.map((_, i) => Math.max(...[names, ...rows].map((row) => row[i].length)));
  const line = (cells) => cells.map((cell, i) =>
    header[i].startsWith(">") ? cell.padStart(widths[i]) : cell.padEnd(widths[i])).join("  ").trimEnd();
  console.log(`\n${title}\n\n${line(names)}\n${line(widths.map((w) => "-".repeat(w)))}`);
  for (const row of rows) console.log(line(row));
}

async function main() {
  const { values } = parseArgs({
    options: { dist: { type: "string" }, data: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const dist = path.resolve(values.dist ?? path.join(repo, "dist"));
  const loader = path.join(dist, "pyodide.mjs");
  if (!existsSync(loader)) throw new Error(`no pyodide.mjs in '${dist}': run ./dev build first`);
  const files = readFiles(values.data ?? fetchData());
  const source = readFileSync(path.join(demo, "analysis.py"), "utf8");

  const started = performance.now();
  const { loadPyodide } = await import(pathToFileURL(loader).href);
  const pyodide = await loadPyodide();
  const loaded = performance.now();
  const result = analyse(pyodide, source, files, showProgress);
  const finished = performance.now();
  check(result, files);

  if (values.json) return console.log(JSON.stringify(result, null, 1));
  for (const table of tables(result)) printTable(table);
  const megabytes = Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0) / 1e6;
  const version = pyodide.runPython("import sys; sys.version.split()[0]");
  console.log(`\nPython ${version} in Node ${process.versions.node} was ready after ${Math.round(loaded - started)} ms, and read, ` +
    `joined and summed up ${megabytes.toFixed(1)} MB in ${Math.round(finished - loaded)} ms. The counts were checked against JavaScript's.`);
  console.log("\nThe same in a browser: ./dev serve, then open http://127.0.0.1:8000/demo/page/");
}

main().then(() => process.exit(0), (error) => {
  console.error(`demo: ${error.message ?? error}`);
  process.exit(1);
});
