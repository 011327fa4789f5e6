// Tests of what the harness does with runs: order, failures, checksums, means. No test looks at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "./collect.mjs";
import { geometricMean, lowerQuartile, median } from "./stats.mjs";

const dists = [{ name: "ours", root: "/a" }, { name: "peer", root: "/b" }];
const engine = { name: "fake", version: async () => "Fake 1" };

/** A suite whose runs come from `answer(dist, run)`; notes the order in which dists were asked. */
function fakeSuite(answer, more = {}) {
  const asked = [];
  const runs = { ours: 0, peer: 0 };
  const drive = async (_, dist) => { asked.push(dist.name); return answer(dist.name, runs[dist.name]++); };
  return { suite: { name: "fake", title: "Fake", unit: "ms", parts: ["all"], mean: true, drive, ...more }, asked };
}

const run = (suite, repeat) => collect({ suite, engine, dists, repeat, progress: () => {} });

test("statistics are those of the textbook", () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(lowerQuartile([9, 1, 5, 3, 7]), 3);
  assert.ok(Math.abs(geometricMean([2, 8]) - 4) < 1e-12);
  assert.throws(() => median([]), /expected at least one value/);
});

test("runs are interleaved and summed up by medians", async () => {
  const values = { ours: [10, 30, 20], peer: [40, 40, 50] };
  const { suite, asked } = fakeSuite((name, i) => ({ row: { value: values[name][i], limit: 1 } }));
  const { rows, mean } = await run(suite, 3);
  assert.deepEqual(asked, ["ours", "peer", "ours", "peer", "ours", "peer"]);
  assert.equal(rows.row.ratio, 0.5);
  assert.equal(rows.row.best, 0.25);
  assert.deepEqual(rows.row.range, [0.25, 0.75]);
  assert.equal(rows.row.limit, 1);
  assert.ok(Math.abs(mean.ratio - 0.5) < 1e-12);
});

test("a failing row keeps its error and leaves the others alone", async () => {
  const { suite } = fakeSuite((name) => ({
    good: { value: 2 }, bad: name === "ours" ? { error: "no such thing" } : { value: 1 },
  }));
  const { rows, mean } = await run(suite, 2);
  assert.equal(rows.bad.ours.error, "no such thing");
  assert.equal(rows.bad.ratio, undefined);
  assert.equal(rows.good.ratio, 1);
  assert.equal(mean.rows, 1);
});

test("a run that dies becomes an error of its part", async () => {
  const { suite } = fakeSuite((name) => { if (name === "ours") throw new Error("it died"); return { row: { value: 1 } }; });
  const { rows } = await run(suite, 1);
  assert.equal(rows["(whole run)"].ours.error, "it died");
  assert.equal(rows.row.ours.error, "not measured");
});

test("results that differ between the dists are refused", async () => {
  const { suite } = fakeSuite((name) => ({ row: { value: 1, check: name === "ours" ? "42" : "43" } }));
  const { rows } = await run(suite, 1);
  assert.equal(rows.row.ours.error, "results differ: 42 / 43");
  assert.equal(rows.row.ratio, undefined);
});

test("a row that failed in some runs only says in how many", async () => {
  const { suite } = fakeSuite((name, i) => ({ row: name === "ours" && i === 1 ? { error: "once" } : { value: 1 } }));
  const { rows } = await run(suite, 3);
  assert.equal(rows.row.ours.error, "1 of 3 runs: once");
});
