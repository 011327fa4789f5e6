// A static file server for development, the examples and the browser tests.
//
//   node web/serve.mjs [PORT]
//
// Guarantees: it listens on 127.0.0.1 only and serves nothing outside the given folders; .wasm has the MIME type that
// lets browsers compile while downloading; `file.br` or `file.gz` beside a file is sent in its place to clients that
// accept it. Must not be used on a public network: there are no limits and no logs.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** What is served by default: the pages of web/ at the top, the runtime beside them. */
const ROOTS = {
  "/": path.join(root, "web"),
  "/dist/": path.join(root, "dist"),
  "/demo/": path.join(root, "demo"),
};

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".wasm": "application/wasm",
  ".zip": "application/zip",
  ".whl": "application/zip",
  ".tar": "application/x-tar",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

/**
 * Starts a server.
 * @param {object} [options]
 * @param {number} [options.port] 0 takes a free one.
 * @param {Record<string, string>} [options.roots] URL prefixes that end with "/", and the folders behind them.
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, url: URL) =>
 *   boolean | Promise<boolean>} [options.intercept] Answers a request itself and returns true, or returns false.
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function startServer({ port = 0, roots = ROOTS, intercept } = {}) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) plain(response, 500, `${error.message}\n`);
      else response.destroy();
    });
  });

  async function answer(request, response) {
    const url = new URL(request.url, "http://127.0.0.1");
    if (await intercept?.(request, response, url)) return;
    if (request.method !== "GET" && request.method !== "HEAD") return plain(response, 405, "only GET and HEAD\n");
    const file = await find(roots, url.pathname);
    if (!file) return plain(response, 404, `there is no ${url.pathname}\n`);
    if (file.folder) {
      response.writeHead(301, { location: `${url.pathname}/${url.search}` }).end();
      return;
    }
    await send(request, response, file.path);
  }

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function find(roots, pathname) {
  let name;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (name.includes("\0")) return undefined;
  // The longest prefix wins, so that "/dist/" may lie inside "/".
  const prefix = Object.keys(roots)
    .filter((candidate) => name.startsWith(candidate))
    .sort((a, b) => b.length - a.length)[0];
  if (prefix === undefined) return undefined;
  const base = await realpath(roots[prefix]).catch(() => undefined);
  if (!base) return undefined;
  let wanted = path.join(base, name.slice(prefix.length));
  let facts = await stat(wanted).catch(() => undefined);
  if (facts?.isDirectory()) {
    if (!name.endsWith("/")) return { folder: true };
    wanted = path.join(wanted, "index.html");
    facts = await stat(wanted).catch(() => undefined);
  }
  if (!facts?.isFile()) return undefined;
  // Neither ".." nor a link leads out.
  const real = await realpath(wanted);
  return real.startsWith(base + path.sep) ? { path: real } : undefined;
}

async function send(request, response, file) {
  const headers = {
    "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
    // Files change under development: ask each time, answer 304 when nothing did.
    "cache-control": "no-cache",
    vary: "accept-encoding",
  };
  const accepted = String(request.headers["accept-encoding"] ?? "");
  let chosen = file;
  const original = await stat(file);
  let facts = original;
  for (const [encoding, suffix] of ENCODINGS) {
    if (!new RegExp(`\\b${encoding}\\b`).test(accepted)) continue;
    const packed = await stat(file + suffix).catch(() => undefined);
    // A packed file that is older than its original is left over from another build.
    if (!packed?.isFile() || packed.mtimeMs < original.mtimeMs) continue;
    chosen = file + suffix;
    facts = packed;
    headers["content-encoding"] = encoding;
    break;
  }
  headers.etag = `"${facts.size.toString(36)}-${Math.floor(facts.mtimeMs).toString(36)}"`;
  if (request.headers["if-none-match"] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  headers["content-length"] = facts.size;
  response.writeHead(200, headers);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  await new Promise((resolve, reject) => {
    const stream = createReadStream(chosen);
    stream.on("error", reject);
    response.on("close", () => {
      stream.destroy();
      resolve();
    });
    stream.pipe(response);
  });
}

function plain(response, status, text) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`web/serve.mjs: the port must be a number from 0 to 65535, not "${process.argv[2]}"`);
    process.exit(2);
  }
  try {
    const server = await startServer({ port });
    console.log(`krait in a browser: ${server.url}`);
  } catch (error) {
    console.error(`web/serve.mjs: cannot listen on 127.0.0.1:${port}: ${error.message}`);
    process.exit(1);
  }
}
