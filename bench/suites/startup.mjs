// Start-up: from the start of a process (or of a page load) to Python's first output.
// Guarantees: the phases inside are measured by the same process that gives the outer time.
// In Node: process start to first print as the parent sees it. In a browser: navigation start to first print, with an
// empty profile and again in the same profile (HTTP and code caches filled).
import path from "node:path";

async function drive(engine, dist) {
  return engine.kind === "node" ? driveNode(engine, dist) : driveBrowser(engine, dist);
}

async function driveNode(engine, dist) {
  const { kRepo } = await import("../lib/dists.mjs");
  const { readResult, runProcess } = await import("../lib/engines.mjs");
  const { out, firstOutputMs } = await runProcess(engine.binary, [path.join(kRepo, "bench/start.mjs"), dist.root]);
  if (!out.startsWith("hello")) throw new Error(`start.mjs printed '${out.slice(0, 80)}' first; expected 'hello'`);
  const inside = readResult(out);
  return {
    "process start to first print": { value: firstOutputMs, unit: "ms" },
    "loadPyodide()": { value: inside.loadMs, unit: "ms" },
    "first runPython('1+1')": { value: inside.firstRunMs, unit: "ms" },
    "memory after start (rss)": { value: inside.rssMb, unit: "MB" },
  };
}

async function driveBrowser(engine, dist) {
  const [cold, again] = await engine.visitTwice(dist);
  const rows = {};
  for (const [visit, seen] of [["empty cache", cold], ["second visit", again]]) {
    rows[`navigation to first print, ${visit}`] = { value: seen.printMs, unit: "ms" };
    rows[`loadPyodide(), ${visit}`] = { value: seen.loadMs, unit: "ms" };
    rows[`first runPython('1+1'), ${visit}`] = { value: seen.firstRunMs, unit: "ms" };
    if (seen.rssMb !== undefined) rows[`memory of the page's process (rss), ${visit}`] = { value: seen.rssMb, unit: "MB" };
  }
  return rows;
}

export const startup = { name: "startup", title: "Start-up", unit: "ms", parts: ["all"], drive };
