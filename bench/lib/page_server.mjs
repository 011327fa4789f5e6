// The server on 127.0.0.1 that browsers measure at: /bench/, /dist/ and, for browsers that are driven by nothing but a URL,
// /result, where a page leaves what it measured. Guarantees: nothing else is served.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { kRepo } from "./dists.mjs";

const kTypes = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
  ".json": "application/json", ".zip": "application/zip", ".py": "text/plain",
};
const kCompressed = path.join(kRepo, "build", "bench-brotli");

/** The file as a site sends it that compresses in advance; kept by content, since it takes seconds. */
function brotli(bytes) {
  const kept = path.join(kCompressed, createHash("sha256").update(bytes).digest("hex"));
  if (existsSync(kept)) return readFileSync(kept);
  const made = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  mkdirSync(kCompressed, { recursive: true });
  writeFileSync(kept, made);
  return made;
}

/**
 * Starts a server. `compress`: with brotli. Files have long cache times, as a well set up site has, so that a second visit is
 * one. `result()` is a promise of the next thing that a page leaves.
 */
export async function servePages(dist, { compress = false } = {}) {
  const roots = { bench: path.join(kRepo, "bench"), dist: dist.root };
  const requested = [];
  let left;
  const server = createServer((request, response) => {
    const [, top, ...rest] = decodeURIComponent(new URL(request.url, "http://localhost").pathname).split("/");
    if (top === "result" && request.method === "POST") {
      let text = "";
      request.on("data", (bytes) => { text += bytes; });
      request.on("end", () => { response.writeHead(204).end(); left?.(JSON.parse(text)); });
      return;
    }
    const root = roots[top];
    const file = root && path.join(root, ...rest);
    if (!file?.startsWith(root + path.sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end(`no file ${request.url}`);
      return;
    }
    if (top === "dist") requested.push(rest.join("/"));
    response.writeHead(200, {
      "content-type": kTypes[path.extname(file)] ?? "application/octet-stream",
      ...(compress ? { "content-encoding": "br" } : {}),
      // An isolated page has a clock of 5 us instead of 100 us.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cache-control": "public, max-age=31536000, immutable",
    });
    const bytes = readFileSync(file);
    response.end(compress ? brotli(bytes) : bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    requested,
    origin: `http://127.0.0.1:${server.address().port}`,
    result: () => new Promise((resolve) => { left = resolve; }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The first of these programs that is on the PATH, or what the environment variable says. */
export function findBrowser(engine, variable, names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = process.env[variable] ??
    names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
  if (found) return found;
  throw new Error(`--engine ${engine}: none of ${names.join(", ")} is on the PATH; install one or set ${variable}`);
}
