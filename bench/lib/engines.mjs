// JavaScript engines as things that measure a suite: Node binaries and browsers.
// Guarantees: every measurement happens in a process (or browser) started for it alone; a run that dies or hangs
// rejects with what it printed. Must not: know what the suites measure.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { kRepo } from "./dists.mjs";
import { engine as installedEngine } from "../../tools/engines.mjs";

const kMark = "\u0001bench:";
const kTimeoutMs = 300_000;

/** Starts `binary script args`; resolves with its output, exit state and the time of its first output byte. */
export function runProcess(binary, args) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "", err = "", firstOutputMs;
    const timer = setTimeout(() => child.kill("SIGKILL"), kTimeoutMs);
    child.stdout.on("data", (bytes) => { firstOutputMs ??= performance.now() - started; out += bytes; });
    child.stderr.on("data", (bytes) => { err += bytes; });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve({ out, firstOutputMs, totalMs: performance.now() - started });
      const how = signal === "SIGKILL" ? `was stopped (limit ${kTimeoutMs / 1000} s)` : `ended with ${signal ?? code}`;
      reject(new Error(`${path.basename(args[0])} ${how}: ${cause(err || out)}`));
    });
  });
}

function lastLines(text, count) {
  return text.trim().split("\n").slice(-count).join(" | ").slice(0, 600);
}

/** What an engine prints of an uncaught error begins with source lines; the line of the error itself tells most. */
function cause(text) {
  return text.split("\n").find((line) => /^\s*(\w*Error|Uncaught|Fatal)\b.*:/.test(line))?.trim().slice(0, 400) ?? lastLines(text, 6);
}

/** A child prints one marked line of JSON among whatever else Python printed. */
export const printResult = (value) => console.log(kMark + JSON.stringify(value));

export function readResult(out) {
  const line = out.split("\n").find((l) => l.startsWith(kMark));
  if (line === undefined) throw new Error(`a measuring process printed no result: ${lastLines(out, 4)}`);
  return JSON.parse(line.slice(kMark.length));
}

class NodeEngine {
  kind = "node";
  constructor(name, binary) { this.name = name; this.binary = binary; }

  async version() {
    const { out } = await runProcess(this.binary, ["-p", "'Node ' + process.versions.node + ', V8 ' + process.versions.v8"]);
    return out.trim();
  }

  async measure(suite, part, dist) {
    const child = path.join(kRepo, "bench/child.mjs");
    const { out } = await runProcess(this.binary, [child, suite.name, part, dist.root]);
    return readResult(out);
  }

  close() {}
}

/** Opens `node` (the one that runs this), node20, node24, node26, chromium, firefox, or the node binary of that path. */
export async function openEngine(name) {
  if (name === "chromium") return (await import("./chromium.mjs")).openChromium();
  if (name === "firefox") return (await import("./firefox.mjs")).openFirefox();
  if (name === "node") return nodeAt(process.execPath);
  if (name.includes("/")) {
    if (!existsSync(name)) throw new Error(`--engine: no file '${name}'; expected a node binary`);
    return nodeAt(name);
  }
  return new NodeEngine(name, installedEngine(name).path);
}

async function nodeAt(binary) {
  const { out } = await runProcess(binary, ["-p", "process.versions.node"]);
  return new NodeEngine(`node${out.split(".")[0]}`, binary);
}
