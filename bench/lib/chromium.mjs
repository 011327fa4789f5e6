// Chromium as an engine: a server on 127.0.0.1 for the harness and the dist, and a browser started anew for every
// measurement. Guarantees: the profile is empty at the start; nothing is served but bench/ and the dist.
// Must not: be imported when no suite asks for it, since playwright-core is a dev dependency.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { kRepo } from "./dists.mjs";

const kTypes = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
  ".json": "application/json", ".zip": "application/zip", ".py": "text/plain",
};
const kTimeoutMs = 300_000;

function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = process.env.KRAIT_CHROMIUM ??
    names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
  if (found) return found;
  throw new Error(`--engine chromium: none of ${names.join(", ")} is on the PATH; install one or set KRAIT_CHROMIUM`);
}

/** Serves /bench/ and /dist/; long cache times, as a well set up site has, so that a second visit is one. */
async function serve(dist) {
  const roots = { bench: path.join(kRepo, "bench"), dist: dist.root };
  const requested = [];
  const server = createServer((request, response) => {
    const [, top, ...rest] = decodeURIComponent(new URL(request.url, "http://localhost").pathname).split("/");
    const root = roots[top];
    const file = root && path.join(root, ...rest);
    if (!file?.startsWith(root + path.sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end(`no file ${request.url}`);
      return;
    }
    if (top === "dist") requested.push(rest.join("/"));
    response.writeHead(200, {
      "content-type": kTypes[path.extname(file)] ?? "application/octet-stream",
      // An isolated page has a clock of 5 us instead of 100 us.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cache-control": "public, max-age=31536000, immutable",
    });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, requested, origin: `http://127.0.0.1:${server.address().port}` };
}

class ChromiumEngine {
  kind = "chromium";
  name = "chromium";
  constructor(playwright, binary) { this.playwright = playwright; this.binary = binary; }

  async version() {
    return execFileSync(this.binary, ["--version"], { encoding: "utf8" }).trim().split(/\s+/).slice(0, 2).join(" ");
  }

  /** Starts a browser, opens the page for `use`, and closes everything again. */
  async withPage(dist, use) {
    const { server, requested, origin } = await serve(dist);
    const browser = await this.playwright.chromium.launch({
      executablePath: this.binary, args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    try {
      const context = await browser.newContext();
      return await use({ browser, context, origin, requested });
    } finally {
      await browser.close();
      server.closeAllConnections();
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
async function openPage(context, url, look) {
  const page = await context.newPage();
  try {
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
  const binary = findBrowser();
  return new ChromiumEngine(await import("playwright-core"), binary);
}
