// A package of 50 modules and an extension module: installed from loopback and imported, beside an image of a runtime that has
// them imported, to the first use of both; turn by turn.
//
//   node bench/image/image.mjs [DIST] [--repeat 5] [--engine NODE | --engine chromium]
//
// One line of JSON: medians in milliseconds from before `loadPyodide` is imported to the result of the first use, the bytes of the
// image, and how many times faster the image is (median, smallest and greatest of the turns). Every turn has a process of
// its own, in Chromium a browser with an empty profile. Needs the side modules of the tests (./dev build side_modules).
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { startPackageServer } from "../../tests/packages/server.mjs";
import { wheel } from "../../tests/packages/wheels.mjs";
import { binary } from "../../tests/packages/wheelhouse.mjs";
import { readProgramOptions } from "../lib/options.mjs";
import { findBrowser } from "../lib/page_server.mjs";
import { median } from "../lib/stats.mjs";

const MODULES = 50;
const run = promisify(execFile);
const { repeat, engine, dist } = readProgramOptions({ repeat: 5, engine: process.execPath });

/** A module as libraries have them: 300 lines of functions and classes with docstrings. */
function moduleText(number) {
  const lines = [`"""Module ${number} of many."""`, "import math", "from dataclasses import dataclass", "", `NUMBER = ${number}`, ""];
  for (let i = 0; i < 20; i++)
    lines.push(
      `def convert_${i}(value, scale=${i + 1}, *, offset=${number}):`,
      `    """The value on another scale, ${i} of module ${number}."""`,
      "    if not isinstance(value, (int, float)):",
      `        raise TypeError(f"convert_${i}: expected a number, got {value!r}")`,
      `    result = [math.sqrt(abs(value) + k) * scale for k in range(offset % 7 + 1)]`,
      "    return sum(result) + offset", "",
    );
  for (let i = 0; i < 6; i++)
    lines.push(
      "@dataclass", `class Record${i}:`, `    """What a row of table ${i} holds."""`, "    name: str", "    size: int = 0", "    tags: tuple = ()", "",
      "    def total(self):", "        return self.size + sum(map(len, self.tags))", "",
      "    def __str__(self):", '        return f"{self.name}: {self.total()}"', "",
    );
  return `${lines.join("\n")}\n`;
}

const names = Array.from({ length: MODULES - 1 }, (_, i) => `part_${String(i).padStart(2, "0")}`);
const files = { "many/__init__.py": `${names.map((name) => `from . import ${name}`).join("\n")}\n` };
for (const [i, name] of names.entries()) files[`many/${name}.py`] = moduleText(i);
const server = await startPackageServer([wheel({ name: "many", version: "1.0", files }), ...binary().filter(({ name }) => name === "plain")]);
const lock = `${server.url}/-/pyodide-lock.json`;

const USE = `
import many, plain
[str(many.part_48.Record5("a", 3, ("bc",))), plain.add(40, 2), len([m for m in __import__("sys").modules if m.startswith("many")])]`;
const EXPECTED = JSON.stringify(["a: 5", 42, MODULES]);

// Runs in Node and in a page: everything it needs comes as arguments.
async function measure(loader, indexURL, how, lock, use, image) {
  const start = performance.now();
  const { loadPyodide } = await import(loader);
  const pyodide = how === "image"
    ? await loadPyodide({ indexURL, _loadSnapshot: image() })
    : await loadPyodide({ indexURL, lockFileURL: lock, packageCache: false });
  if (how !== "image") await pyodide.loadPackage(["many", "plain"], { messageCallback: () => {} });
  const used = pyodide.runPython(use);
  const result = JSON.stringify(used.toJs());
  const time = performance.now() - start;
  used.destroy();
  return { time, result, pyodide };
}

const folder = mkdtempSync(path.join(tmpdir(), "krait-image-"));
const imageFile = path.join(folder, "many.image");
const loader = pathToFileURL(path.join(dist, "pyodide.mjs")).href;

const nodeProgram = (how) => `
import { readFileSync, writeFileSync } from "node:fs";
const { time, result, pyodide } = await (${measure})(${JSON.stringify(loader)}, ${JSON.stringify(dist)}, ${JSON.stringify(how)}, ${JSON.stringify(lock)},
  ${JSON.stringify(USE)}, () => readFileSync(${JSON.stringify(imageFile)}));
if (${how === "make"}) writeFileSync(${JSON.stringify(imageFile)}, pyodide.makeMemorySnapshot());
console.log(JSON.stringify({ time, result }));
process.exit(0);
`;
async function inNode(how) {
  const { stdout } = await run(engine === "chromium" ? process.execPath : engine, ["--input-type=module", "-e", nodeProgram(how)]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** The dist and the image for a page. */
function serveFiles() {
  const types = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
  const files = createServer((request, response) => {
    const name = path.basename(new URL(request.url, "http://x").pathname);
    if (name === "favicon.ico") return response.writeHead(404).end();
    const bytes = name === "many.image" ? readFileSync(imageFile) : name === "" ? Buffer.from("<!doctype html>") : readFileSync(path.join(dist, name));
    response.writeHead(200, { "content-type": name === "" ? "text/html" : types[path.extname(name)] ?? "application/octet-stream" }).end(bytes);
  });
  return new Promise((resolve) => files.listen(0, "127.0.0.1", () => resolve({ files, origin: `http://127.0.0.1:${files.address().port}` })));
}

async function inChromium(how) {
  const { chromium } = await import("playwright-core");
  const { files, origin } = await serveFiles();
  const browser = await chromium.launch({
    executablePath: findBrowser("chromium", "KRAIT_CHROMIUM", ["chromium"]),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
    return await page.evaluate(`(${measure})("/pyodide.mjs", "/", ${JSON.stringify(how)}, ${JSON.stringify(lock)}, ${JSON.stringify(USE)},
      () => fetch("/many.image").then((response) => response.arrayBuffer()).then((buffer) => new Uint8Array(buffer)))
      .then(({ time, result }) => ({ time, result }))`);
  } finally {
    await browser.close();
    files.closeAllConnections();
    files.close();
  }
}

const turn = engine === "chromium" ? inChromium : inNode;
async function timed(how) {
  const { time, result } = await turn(how);
  if (result !== EXPECTED) throw new Error(`${how}: the first use gave ${result}, expected ${EXPECTED}`);
  return time;
}
try {
  await inNode("make");
  const times = { install: [], image: [] };
  for (let i = 0; i < repeat; i++) {
    times.install.push(await timed("install"));
    times.image.push(await timed("image"));
  }
  const ratios = times.install.map((time, i) => time / times.image[i]);
  console.log(JSON.stringify({
    engine: engine === "chromium" ? "chromium" : path.basename(engine), install: Math.round(median(times.install)), image: Math.round(median(times.image)),
    bytes: readFileSync(imageFile).length, faster: [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) => Number(ratio.toFixed(2))),
  }));
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
