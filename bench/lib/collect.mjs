// Runs a suite on two dists, interleaved, and sums the runs up.
// Guarantees: the order is A B A B ..., so that a change of the machine's load meets both; a run that fails costs its
// own rows only. Must not: print tables or keep files.
import { geometricMean, median, pairedRatios } from "./stats.mjs";
import { loadAverage } from "./machine.mjs";

/** The error of a row that only the other side has. */
export const kNotMeasured = "not measured";

/** `progress` is called before every run. Resolves with a plain object that can be kept as JSON. */
export async function collect({ suite, engine, dists, repeat, progress, clock = "wall" }) {
  const runs = suite.repeat ?? repeat;
  const seen = dists.map(() => new Map());
  const started = new Date();
  const engineVersion = await engine.version();
  for (let run = 0; run < runs; run++) {
    for (const part of suite.parts) {
      for (const [side, dist] of dists.entries()) {
        progress(`${suite.name} on ${engine.name}: run ${run + 1} of ${runs}, ${"AB"[side]} ${part === "all" ? "" : part}`);
        note(seen[side], await measureOnce(suite, part, engine, dist));
      }
    }
  }
  const rows = summarise(suite, seen);
  const compared = Object.values(rows).filter((row) => row.ratio !== undefined);
  return {
    suite: suite.name, title: suite.title, engine: engine.name, engineVersion,
    date: started.toISOString().slice(0, 16).replace("T", " ") + " UTC", runs, load: loadAverage(),
    // What is timed from outside, and bytes, know no other clock; neither does a page.
    clock: suite.drive || engine.kind !== "node" ? "wall" : clock,
    names: dists.map((dist) => dist.name), rows,
    mean: suite.mean && compared.length ? {
      rows: compared.length,
      ratio: geometricMean(compared.map((row) => row.ratio)), best: geometricMean(compared.map((row) => row.best)),
    } : undefined,
  };
}

async function measureOnce(suite, part, engine, dist) {
  try {
    return suite.drive ? await suite.drive(engine, dist) : await engine.measure(suite, part, dist);
  } catch (error) {
    return { [part === "all" ? "(whole run)" : part]: { error: String(error.message ?? error) } };
  }
}

function note(seen, rows) {
  for (const [name, row] of Object.entries(rows)) {
    if (!seen.has(name)) seen.set(name, { values: [], limits: [], errors: [], checks: new Set(), unit: row.unit });
    const kept = seen.get(name);
    if (row.error !== undefined) kept.errors.push(row.error);
    else kept.values.push(row.value);
    if (row.limit !== undefined) kept.limits.push(row.limit);
    if (row.check !== undefined) kept.checks.add(row.check);
  }
}

function summarise(suite, [ours, peer]) {
  const rows = {};
  for (const name of new Set([...ours.keys(), ...peer.keys()])) {
    const a = side(ours.get(name)), b = side(peer.get(name));
    const unit = ours.get(name)?.unit ?? peer.get(name)?.unit ?? suite.unit;
    const row = { unit, ours: a, peer: b };
    const checks = new Set([...(ours.get(name)?.checks ?? []), ...(peer.get(name)?.checks ?? [])]);
    if (checks.size > 1) a.error ??= `results differ: ${[...checks].join(" / ")}`;
    const limits = [...(ours.get(name)?.limits ?? []), ...(peer.get(name)?.limits ?? [])];
    if (limits.length) row.limit = median(limits);
    if (a.error === undefined && b.error === undefined) {
      row.ratio = a.median / b.median;
      const paired = pairedRatios(a.values, b.values);
      // What else runs on the machine only adds time, so the best runs of both sides are the least disturbed pair.
      row.best = Math.min(...a.values) / Math.min(...b.values);
      row.range = [Math.min(...paired), Math.max(...paired)];
    }
    rows[name] = row;
  }
  return rows;
}

function side(kept) {
  if (!kept) return { error: kNotMeasured };
  if (kept.errors.length) {
    const total = kept.errors.length + kept.values.length;
    return { error: (kept.values.length ? `${kept.errors.length} of ${total} runs: ` : "") + kept.errors[0] };
  }
  return { median: median(kept.values), values: kept.values };
}
