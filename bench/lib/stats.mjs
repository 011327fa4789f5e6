// Small statistics for samples of times: median, geometric mean, spread.
// Guarantees: pure functions that never change their input. Must not: format or print.

/** Middle value; mean of the two middle ones for an even count. */
export function median(values) {
  if (values.length === 0) throw new Error("median: expected at least one value, got none");
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The value a quarter of the way up: near the undisturbed time, without trusting one lucky sample. */
export function lowerQuartile(values) {
  if (values.length === 0) throw new Error("lowerQuartile: expected at least one value, got none");
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor((sorted.length - 1) / 4)];
}

/** Geometric mean: the only mean of ratios that does not depend on which side is called 1. */
export function geometricMean(values) {
  if (values.length === 0) throw new Error("geometricMean: expected at least one value, got none");
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

/** Ratios of neighbours in time: run i of A with run i of B, which saw about the same machine load. */
export function pairedRatios(ours, peer) {
  const count = Math.min(ours.length, peer.length);
  return Array.from({ length: count }, (_, i) => ours[i] / peer[i]);
}
