// The smallest program that uses a dist: node start.mjs DIST. The start-up suite times it from outside.
// Guarantees: the first thing on stdout is Python's print; the marked line of phases comes after it.
import path from "node:path";
import { pathToFileURL } from "node:url";

const { loadPyodide } = await import(pathToFileURL(path.join(process.argv[2], "pyodide.mjs")).href);
const started = performance.now();
const pyodide = await loadPyodide();
const loaded = performance.now();
const two = pyodide.runPython("1+1");
const ran = performance.now();
pyodide.runPython("print('hello')");
if (two !== 2) throw new Error(`1+1 gave ${two}`);
const { printResult } = await import("./lib/engines.mjs");
printResult({ loadMs: loaded - started, firstRunMs: ran - loaded, rssMb: process.memoryUsage().rss / 1e6 });
process.exit(0);
