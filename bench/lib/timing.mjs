// In-process timing for the suites. Runs in Node and in a page.
// Guarantees: `perCall` and `perCallAsync` return microseconds per operation: the lower quartile of several batches,
// after a warm-up. Must not: know what it measures, or touch the runtime under test.
//
// Why the lower quartile: what else runs on the machine only ever adds time, and on two busy cores it adds to most
// batches. The minimum would hide garbage collections, which belong to the price. Across processes the harness takes
// the median.
import { lowerQuartile } from "./stats.mjs";

// A page's clock is coarsened (5 us in an isolated page, which lib/chromium.mjs asks for), so a batch lasts long enough to keep the
// error of one reading below 1 %, and not longer: a short batch has a chance to run undisturbed.
const kBatchMs = 3;
const kMaxBatches = 21;
const kMinBatches = 3;
const kRowMs = 300;
// V8 replaces baseline code of wasm and of JS by optimised code only after some calls, partly on a background thread.
const kWarmUpMs = 60;

/**
 * Milliseconds, by the wall or, with KRAIT_BENCH_CLOCK=cpu (which run.mjs --clock cpu sets), of the main thread's
 * processor time: that leaves out what other programs took, and what V8's helper threads did.
 */
export const clock = chooseClock(globalThis.process?.env?.KRAIT_BENCH_CLOCK);

function chooseClock(name = "wall") {
  if (name === "wall") return () => performance.now();
  if (name !== "cpu") throw new Error(`--clock: expected wall or cpu, got '${name}'`);
  if (!process.threadCpuUsage) throw new Error(`--clock cpu: Node ${process.versions.node} cannot tell; expected node24 or later`);
  return () => {
    // Linux brings a thread's own account up to date only at its timer's ticks, up to 4 ms late; asking for the whole
    // process makes it do so now.
    process.cpuUsage();
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
}

/**
 * How often to repeat an operation in a batch, and how many batches: from the fastest of three readings, since a single
 * one may contain somebody else's time slice and would make the batch too short for the clock.
 */
function plan(n, readings) {
  const perOperation = Math.min(...readings) / n;
  const count = Math.max(1, Math.ceil(kBatchMs / Math.max(perOperation, 1e-7)));
  const batches = Math.min(kMaxBatches, Math.max(kMinBatches, Math.round(kRowMs / (perOperation * count))));
  return { count, batches };
}

/** `batch(n)` performs the operation n times. */
export function perCall(batch) {
  const timed = (n) => { const t = clock(); batch(n); return clock() - t; };
  const warmUntil = clock() + kWarmUpMs;
  let count = 1, readings = [timed(count)];
  while (clock() < warmUntil || (Math.min(...readings) < kBatchMs / 2)) {
    if (Math.min(...readings) < kBatchMs) { count *= 2; readings = []; }
    readings = [...readings.slice(-2), timed(count)];
  }
  const planned = plan(count, readings);
  return lowerQuartile(Array.from({ length: planned.batches }, () => timed(planned.count) * 1000 / planned.count));
}

/** The same for a batch that returns a promise. */
export async function perCallAsync(batch) {
  const timed = async (n) => { const t = clock(); await batch(n); return clock() - t; };
  const warmUntil = clock() + kWarmUpMs;
  let count = 1, readings = [await timed(count)];
  while (clock() < warmUntil || (Math.min(...readings) < kBatchMs / 2)) {
    if (Math.min(...readings) < kBatchMs) { count *= 2; readings = []; }
    readings = [...readings.slice(-2), await timed(count)];
  }
  const planned = plan(count, readings);
  const samples = [];
  for (let i = 0; i < planned.batches; i++) samples.push((await timed(planned.count)) * 1000 / planned.count);
  return lowerQuartile(samples);
}

/** Milliseconds of each of `count` calls, after `warmUps` calls that are not counted. */
export function eachMs(call, warmUps, count) {
  for (let i = 0; i < warmUps; i++) call();
  return Array.from({ length: count }, () => {
    const t = clock();
    call();
    return clock() - t;
  });
}
