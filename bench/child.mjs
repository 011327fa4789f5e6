// Measures one part of one suite on one dist folder, in a process of its own: node child.mjs SUITE PART DIST.
// Guarantees: one marked line of JSON on stdout; a suite that fails as a whole ends the process with its error.
// Must not: compare or keep anything; bench/run.mjs does that.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { printResult } from "./lib/engines.mjs";
import { findSuite } from "./suites/index.mjs";

const bench = path.dirname(fileURLToPath(import.meta.url));

/** What a suite needs from its surroundings; lib/page.mjs has the same for a page. */
function nodeHost(dist) {
  return {
    // Old releases of the peer do not find their own folder when they are imported by a URL.
    loadOptions: { indexURL: `${dist}/` },
    loadModule: () => import(pathToFileURL(path.join(dist, "pyodide.mjs")).href),
    readText: async (file) => readFileSync(path.join(bench, file), "utf8"),
  };
}

const [suiteName, part, dist] = process.argv.slice(2);
printResult(await findSuite(suiteName).measure(nodeHost(dist), part));
// Timers or handles of the runtime under test must not keep a measured process alive.
process.exit(0);
