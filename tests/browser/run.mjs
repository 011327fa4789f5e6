// Runs tests/api/*.test.mjs inside headless Chromium, then what only a browser can show (pages.mjs, packages.mjs).
//
//   node tests/browser/run.mjs [--dist dist] [--pages | --api] [PATTERN...]
//
// PATTERN selects test files and page tests by a part of their name. The last line is `N passed, N failed, N skipped`;
// the exit code is 1 when anything failed or nothing ran. Files called *.node.test.mjs need Node and are not run here.
// Chromium is KRAIT_CHROMIUM, else `chromium` on the PATH.

import { readdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startServer } from "../../web/serve.mjs";
import { faultServer } from "./faults.mjs";
import { tests as packageTests } from "./packages.mjs";
import { tests as pageTests } from "./pages.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const { values, positionals } = parseArgs({
  options: { dist: { type: "string" }, pages: { type: "boolean" }, api: { type: "boolean" } },
  allowPositionals: true,
});
const dist = path.resolve(values.dist ?? process.env.KRAIT_DIST ?? path.join(root, "dist"));
// A path of a test file stands for that file.
const patterns = positionals.map((pattern) => path.basename(pattern));
const wanted = (name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern));

function findChromium() {
  if (process.env.KRAIT_CHROMIUM) return process.env.KRAIT_CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error("no Chromium on the PATH: set KRAIT_CHROMIUM to one");
}

// Milliseconds that a page may be silent: a test that blocks its page cannot time out by itself. A test that ends says so on the
// page's console.
const LIMIT = 180_000;

const counts = { passed: 0, failed: 0, skipped: 0 };

function report(name, { status, detail, time }) {
  counts[status]++;
  const mark = { passed: "ok", failed: "not ok", skipped: "skip" }[status];
  console.log(`${mark} ${name}${time === undefined ? "" : ` (${time} ms)`}${status === "skipped" && detail ? ` # ${detail}` : ""}`);
  // Chromium's own messages about services that a container lacks would bury the cause.
  if (status === "failed") console.log(detail.replace(/^ *\[pid=.*\n?/gm, "").replace(/^/gm, "    "));
}

const server = await startServer({
  roots: { "/tests/": path.join(root, "tests"), "/dist/": dist, "/web/": path.join(root, "web") },
  intercept: faultServer(dist),
});
let browser;

/** Runs `action` on a fresh page of the server's origin. */
async function onPage(location, action) {
  // A page can take the whole browser with it.
  if (!browser?.isConnected()) {
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
    });
  }
  // A context of its own has its own cache: a fault of one test must not be remembered by the next.
  const context = await within(60_000, browser.newContext());
  try {
    const page = await within(60_000, context.newPage());
    await page.goto(new URL(location, server.url).href);
    return await within(LIMIT, action(page), (heard) => page.on("console", heard));
  } finally {
    // A page that is busy for ever cannot be closed: then the browser goes.
    await within(10_000, context.close()).catch(async () => {
      const lost = browser;
      browser = undefined;
      await within(10_000, lost.close()).catch(() => {});
    });
  }
}

/** The promise, or an error after `limit` milliseconds without a sign of life, which `listen` is given a function for. */
function within(limit, promise, listen = () => {}) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page did not answer for ${limit / 1000} s`)), limit);
  });
  listen(() => timer.refresh());
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function runFile(file) {
  try {
    await runTests(file);
  } catch (error) {
    report(file, { status: "failed", detail: error.stack ?? String(error) });
  }
}

async function runTests(file) {
  await onPage(`/tests/browser/page.html?file=/tests/api/${file}`, async (page) => {
    const trouble = [];
    page.on("pageerror", (error) => trouble.push(String(error.stack ?? error)));
    let results;
    try {
      results = await page.evaluate(() => globalThis.kraitResults);
    } catch (error) {
      return report(file, { status: "failed", detail: [error.message, ...trouble].join("\n") });
    }
    for (const result of results ?? []) report(`${file}: ${result.name}`, result);
    if (!results?.length) report(file, { status: "failed", detail: ["no tests in this file", ...trouble].join("\n") });
    else if (trouble.length) report(`${file}: errors outside of tests`, { status: "failed", detail: trouble.join("\n") });
  });
}

async function runPage(name, run) {
  const started = Date.now();
  try {
    await onPage("/tests/browser/blank.html", (page) => run(page, server.url));
    report(name, { status: "passed", time: Date.now() - started });
  } catch (error) {
    report(name, { status: "failed", detail: error.stack ?? String(error), time: Date.now() - started });
  }
}

try {
  if (!values.pages) {
    const files = readdirSync(path.join(root, "tests/api")).filter((name) => /\.test\.mjs$/.test(name) && !/\.node\.test\.mjs$/.test(name));
    for (const file of files.sort().filter(wanted)) await runFile(file);
  }
  if (!values.api) {
    for (const [name, run] of [...pageTests, ...packageTests]) if (wanted(name)) await runPage(name, run);
  }
} finally {
  await browser?.close();
  await server.close();
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
