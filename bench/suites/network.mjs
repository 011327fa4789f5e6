// Start-up of a page over a network: files compressed with brotli in advance, an empty cache, and Chromium's emulation of
// bandwidth and latency. The profiles are WebPageTest's of these names.
const kProfiles = {
  "3G fast (1.6 Mbit/s, 150 ms)": { down: 1.6, up: 0.768, latency: 150 },
  "4G (9 Mbit/s, 170 ms)": { down: 9, up: 9, latency: 170 },
  "fibre (20 Mbit/s, 4 ms)": { down: 20, up: 5, latency: 4 },
};

async function drive(engine, dist) {
  if (engine.kind !== "chromium") throw new Error(`--suite network: only Chromium emulates networks, not ${engine.name}`);
  const rows = {};
  for (const [name, network] of Object.entries(kProfiles)) {
    const seen = await engine.visitOver(dist, network);
    rows[`navigation to first print, ${name}`] = { value: seen.printMs, unit: "ms" };
  }
  return rows;
}

export const network = { name: "network", title: "Start-up over a network", unit: "ms", parts: ["all"], drive };
