// docs/start-up.svg: how long a page or program waits for Python's first print, from bench/RESULTS.json.
//
//   node bench/chart.mjs
//
// Guarantees: made from the kept results alone; a row that they lack is left out.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const results = JSON.parse(readFileSync(path.join(root, "bench/RESULTS.json"), "utf8"));

const BARS = [
  ["Node 24", "startup/node24", "process start to first print"],
  ["Chromium, empty cache", "startup/chromium", "navigation to first print, empty cache"],
  ["Chromium, second visit", "startup/chromium", "navigation to first print, second visit"],
  ["Firefox, empty cache", "startup/firefox", "navigation to first print, empty cache"],
  ["Firefox, second visit", "startup/firefox", "navigation to first print, second visit"],
  ...Object.keys(results["network/chromium"]?.rows ?? {})
    .map((row) => [/first print, (.*)$/.exec(row)?.[1], "network/chromium", row])
    .filter(([name]) => name !== undefined)
    .map(([name, ...rest]) => [`Chromium, ${name}`, ...rest]),
];

const bars = BARS.flatMap(([name, section, row]) => {
  const found = results[section]?.rows[row];
  return found?.ratio === undefined ? [] : [{ name, ours: found.ours.median / 1000, peer: found.peer.median / 1000 }];
});
const LEFT = 270, WIDTH = 420, BAR = 11, ROW = 38, TOP = 46;
const most = Math.max(...bars.map(({ peer, ours }) => Math.max(peer, ours)));
const scale = WIDTH / most;
const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const text = (x, y, words, more = "") => `<text x="${x}" y="${y}" ${more}>${words}</text>`;
const lines = bars.flatMap(({ name, ours, peer }, i) => {
  const y = TOP + i * ROW;
  const bar = (at, value, colour) =>
    `<rect x="${LEFT}" y="${at}" width="${(value * scale).toFixed(1)}" height="${BAR}" fill="${colour}"/>` +
    text((LEFT + value * scale + 5).toFixed(1), at + BAR - 1, seconds(value));
  return [text(LEFT - 8, y + BAR + 5, name, 'text-anchor="end"'), bar(y, ours, "#2a7f4f"), bar(y + BAR + 2, peer, "#b9b3a8")];
});
const [ours, peer] = Object.values(results)[0].names;
const height = TOP + bars.length * ROW + 4;
writeFileSync(
  path.join(root, "docs/start-up.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + 70}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Time to Python's first print">
<rect width="100%" height="100%" fill="#ffffff"/>
<rect x="${LEFT}" y="14" width="11" height="11" fill="#2a7f4f"/>${text(LEFT + 16, 24, ours)}
<rect x="${LEFT + 130}" y="14" width="11" height="11" fill="#b9b3a8"/>${text(LEFT + 146, 24, peer)}
${lines.join("\n")}
</svg>
`,
);
console.log(`docs/start-up.svg: ${bars.length} rows`);
