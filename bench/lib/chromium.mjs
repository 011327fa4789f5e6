// Chromium as an engine: a browser started anew for every measurement. Guarantees: the profile is empty at the start.
// Must not: be imported when no suite asks for it, since playwright-core is a dev dependency.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findBrowser, servePages } from "./page_server.mjs";

const kTimeoutMs = 300_000;

class ChromiumEngine {
  kind = "chromium";
  name = "chromium";
  constructor(playwright, binary) { this.playwright = playwright; this.binary = binary; }

  async version() {
    return execFileSync(this.binary, ["--version"], { encoding: "utf8" }).trim().split(/\s+/).slice(0, 2).join(" ");
  }

  /** Starts a browser, opens the page for `use`, and closes everything again. */
  async withPage(dist, use, options) {
    const server = await servePages(dist, options);
    const { requested, origin } = server;
    const browser = await this.playwright.chromium.launch({
      executablePath: this.binary, args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    try {
      const context = await browser.newContext();
      return await use({ browser, context, origin, requested });
    } finally {
      await browser.close();
      server.close();
    }
  }

  measure(suite, part, dist) {
    return this.withPage(dist, async ({ context, origin }) =>
      openPage(context, `${origin}/bench/page.html?suite=${suite.name}&part=${part}`));
  }

  /** The start-up page twice in one profile. */
  visitTwice(dist) {
    return this.withPage(dist, async ({ browser, context, origin }) => {
      const visits = [];
      for (let i = 0; i < 2; i++) {
        const seen = await openPage(context, `${origin}/bench/start.html`, () => rendererMb(browser));
        visits.push({ ...seen.result, rssMb: seen.extra });
      }
      return visits;
    });
  }

  /** The start-up page over a network of `down` and `up` Mbit/s and `latency` ms; files are compressed. */
  visitOver(dist, { down, up, latency }) {
    return this.withPage(dist, async ({ context, origin }) => {
      const bytes = (mbits) => mbits * 1e6 / 8;
      const limits = { offline: false, latency, downloadThroughput: bytes(down), uploadThroughput: bytes(up) };
      return openPage(context, `${origin}/bench/start.html`, undefined, async (page) => {
        const session = await context.newCDPSession(page);
        await session.send("Network.enable");
        await session.send("Network.emulateNetworkConditions", limits);
      });
    }, { compress: true });
  }

  /** Files of the dist that a page asks for until 1+1 has run. */
  filesRequested(dist) {
    return this.withPage(dist, async ({ context, origin, requested }) => {
      await openPage(context, `${origin}/bench/start.html`);
      return [...new Set(requested)];
    });
  }

  close() {}
}

/** Opens `url` and waits for the page to set window.benchResult, to { result } or { error }. */
async function openPage(context, url, look, prepare) {
  const page = await context.newPage();
  try {
    await prepare?.(page);
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(url);
    const seen = await page.waitForFunction(() => globalThis.benchResult, null, { timeout: kTimeoutMs })
      .catch((error) => { throw new Error([...errors, error.message].join(" | ")); });
    const value = await seen.jsonValue();
    if (value.error) throw new Error(value.error);
    return look ? { result: value.result, extra: await look() } : value.result;
  } finally {
    await page.close();
  }
}

/** Resident memory of the largest page process, in MB; Linux only. */
async function rendererMb(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter((info) => info.type === "renderer").map((info) => {
    const status = readFileSync(`/proc/${info.id}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024 / 1e6;
  });
  return Math.max(...sizes);
}

export async function openChromium() {
  const binary = findBrowser("chromium", "KRAIT_CHROMIUM", ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]);
  return new ChromiumEngine(await import("playwright-core"), binary);
}
