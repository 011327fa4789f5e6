// Benchmarks: the same suites on any two dist folders, interleaved, each run in a fresh process. See README.md.
// Guarantees: ends with 0 when every row of ours was measured, with 1 when some failed (they are listed), with 2 when
// nothing could be measured. Must not: assert a speed; numbers are for people and for bench/RESULTS.md.
import { kUsage, readOptions, reportedCommand } from "./lib/options.mjs";
import { findDist } from "./lib/dists.mjs";
import { openEngine } from "./lib/engines.mjs";
import { collect } from "./lib/collect.mjs";
import { asText, keep } from "./lib/report.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { findSuite, suites } from "./suites/index.mjs";

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(kUsage);
  // Measuring processes inherit it.
  process.env.KRAIT_BENCH_CLOCK = options.clock;
  const dists = [findDist(options.a, "--a"), findDist(options.b, "--b")];
  const chosen = options.suite ? options.suite.map(findSuite) : suites;
  const results = [];
  for (const name of options.engine) {
    const engine = await openEngine(name);
    try {
      for (const suite of chosen) {
        const result = await collect({ suite, engine, dists, repeat: options.repeat, progress, clock: options.clock });
        progress("");
        results.push(result);
        if (!options.json) console.log(asText(result));
        // After every suite: a long run that is interrupted keeps what it has measured.
        if (options.write) keep([result], { command: reportedCommand(options), machine: describeMachine() });
      }
    } finally {
      await engine.close();
    }
  }
  if (options.json) console.log(JSON.stringify(results, null, 1));
  if (options.write) console.log("kept in bench/RESULTS.md and bench/RESULTS.json");
  if (results.some((r) => Object.values(r.rows).some((row) => row.ours.error !== undefined))) process.exitCode = 1;
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
});
