// A package index, a folder of wheels and a lock file on 127.0.0.1, with faults that the URL switches on:
//
//   /WORDS/simple/apple/                a project's page: PEP 503 HTML or PEP 691 JSON, as the Accept header says
//   /WORDS/files/apple-1.0-py3-none-any.whl[.metadata]       with ranges; PEP 658
//   /WORDS/pyodide-lock.json            all wheels, the newest of each name; files are relative to it
//   /asked/ID                           what was asked for under id=ID, as JSON: [{path, headers, atOnce}]
//
// WORDS is "-", or joined by "+": html, json (whatever is accepted); no-metadata; absolute (URLs on pages); id=ID; and faults
// FAULT@KIND[:PART][*N] for resources of that kind (page, metadata, wheel, lock, any) whose path has PART in it, the first N times
// that each is asked for (needs an id). The faults are below.
//
// Guarantees: nothing but 127.0.0.1 is listened on; requests of different ids do not disturb each other. Node only.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { sha256 } from "./wheels.mjs";

const JSON_PAGE = "application/vnd.pypi.simple.v1+json";
const HTML_PAGE = "application/vnd.pypi.simple.v1+html";
const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "*" };

const whole = (response, { type, body }, headers = CORS) =>
  response.writeHead(200, { "content-type": type, "content-length": body.length, ...headers }).end(body);

/** What goes wrong: (response, {type, body, url, argument}). */
export const FAULTS = {
  404: (response) => response.writeHead(404, CORS).end("not here"),
  403: (response) => response.writeHead(403, CORS).end("not for you"),
  500: (response) => response.writeHead(500, CORS).end("trouble"),
  503: (response) => response.writeHead(503, { ...CORS, "retry-after": "0" }).end("busy"),
  429: (response) => response.writeHead(429, { ...CORS, "retry-after": "3600" }).end("slower"),
  nocors: (response, resource) => whole(response, resource, {}),
  // The length is right, the connection is not.
  truncated: (response, { type, body }) => {
    response.writeHead(200, { "content-type": type, "content-length": body.length, ...CORS });
    response.write(body.subarray(0, body.length >> 1), () => setTimeout(() => response.destroy(), 5));
  },
  // All is well but half of it is missing.
  short: (response, { type, body }) => whole(response, { type, body: body.subarray(0, body.length >> 1) }),
  hash: (response, { type, body }) => {
    const other = Buffer.from(body);
    other[other.length >> 1] ^= 1;
    whole(response, { type, body: other });
  },
  type: (response) => whole(response, { type: "text/html; charset=utf-8", body: Buffer.from("<!doctype html><title>Sign in</title>") }),
  loop: (response, { url }) => response.writeHead(302, { ...CORS, location: url }).end(),
  endless: (response, { type }) => {
    response.writeHead(200, { "content-type": type, ...CORS });
    const chunk = Buffer.alloc(1 << 16, "<!-- more -->");
    const more = () => !response.destroyed && response.write(chunk, () => setImmediate(more));
    more();
  },
  // Nothing, for ever.
  hang: () => {},
  // Half of it, then nothing.
  stall: (response, { type, body }) => {
    response.writeHead(200, { "content-type": type, ...CORS });
    response.write(body.subarray(0, body.length >> 1));
  },
  drop: (response) => response.destroy(),
  gzip: (response, { type, body }) => whole(response, { type, body: gzipSync(body) }, { ...CORS, "content-encoding": "gzip" }),
  // slow=300: that many milliseconds later.
  slow: (response, resource) => setTimeout(() => whole(response, resource), Number(resource.argument)),
  // In pieces of 16 kB with pauses.
  drip: async (response, { type, body }) => {
    response.writeHead(200, { "content-type": type, "content-length": body.length, ...CORS });
    for (let at = 0; at < body.length; at += 1 << 14) {
      response.write(body.subarray(at, at + (1 << 14)));
      await new Promise((go) => setTimeout(go, 5));
    }
    response.end();
  },
};

function parseWords(text) {
  const out = { flags: new Set(), faults: [], id: undefined };
  for (const word of decodeURIComponent(text).split("+")) {
    const fault = /^([\w]+)(?:=(\w+))?@(page|metadata|wheel|lock|any)(?::([^*]+))?(?:\*(\d+))?$/.exec(word);
    if (fault && FAULTS[fault[1]]) {
      out.faults.push({ run: FAULTS[fault[1]], argument: fault[2], kind: fault[3], part: fault[4] ?? "", times: Number(fault[5] ?? Infinity) });
    } else if (word.startsWith("id=")) {
      out.id = word.slice(3);
    } else if (["-", "html", "json", "no-metadata", "absolute"].includes(word)) {
      out.flags.add(word);
    } else {
      throw new Error(`"${word}" is no word of this server`);
    }
  }
  return out;
}

const normal = (name) => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

/** Lower versions come first, as far as the tests' versions go. */
const byVersion = (a, b) => a.version.localeCompare(b.version, "en", { numeric: true });

/** The lock file of `wheels`; `info` as the runtime wants it. */
export function lockOf(wheels, info = {}) {
  const packages = {};
  for (const item of [...wheels].sort(byVersion)) {
    packages[normal(item.name)] = {
      name: item.name,
      version: item.version,
      file_name: `files/${item.filename}`,
      install_dir: item.installDir,
      sha256: item.sha256,
      package_type: item.packageType,
      imports: item.imports,
      depends: item.depends.map(normal),
    };
  }
  return { info: { arch: "wasm32", platform: "emscripten_4_0_9", abi_version: "2025_0", version: "2025.0", python: "3.13.0", ...info }, packages };
}

function pageOf(wheels, name, { flags, json, base }) {
  const found = wheels.filter((item) => normal(item.name) === name && item.filename.endsWith(".whl"));
  if (found.length === 0) return undefined;
  const url = (item) => (flags.has("absolute") ? `${base}/files/${item.filename}` : `../../files/${item.filename}`);
  const described = (item) => !flags.has("no-metadata") && item.metadata !== undefined;
  if (json) {
    const files = found.map((item) => ({
      filename: item.filename,
      url: url(item),
      hashes: { sha256: item.sha256 },
      size: item.bytes.length,
      ...(described(item) ? { "core-metadata": { sha256: sha256(item.metadata) } } : {}),
    }));
    return { type: JSON_PAGE, body: Buffer.from(JSON.stringify({ meta: { "api-version": "1.1" }, name, versions: found.map((item) => item.version), files })) };
  }
  const link = (item) =>
    `<a href="${url(item)}#sha256=${item.sha256}"${described(item) ? ` data-core-metadata="sha256=${sha256(item.metadata)}"` : ""}>${item.filename}</a><br>`;
  return { type: "text/html; charset=utf-8", body: Buffer.from(`<!DOCTYPE html>\n<html><head><title>Links for ${name}</title></head><body>\n${found.map(link).join("\n")}\n</body></html>\n`) };
}

function resourceOf(wheels, path, request, { flags, base }) {
  const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
  if (project !== undefined) {
    const json = flags.has("json") || (!flags.has("html") && (request.headers.accept ?? "").includes(JSON_PAGE));
    const page = pageOf(wheels, project, { flags, json, base });
    return page && { kind: "page", ...page };
  }
  if (path === "/pyodide-lock.json") return { kind: "lock", type: "application/json", body: Buffer.from(JSON.stringify(lockOf(wheels))) };
  const filename = /^\/files\/([^/]+)$/.exec(path)?.[1];
  const item = wheels.find((one) => one.filename === filename);
  if (item) return { kind: "wheel", type: "application/octet-stream", body: item.bytes };
  const described = !flags.has("no-metadata") && wheels.find((one) => `${one.filename}.metadata` === filename);
  if (described?.metadata !== undefined) return { kind: "metadata", type: "text/plain", body: Buffer.from(described.metadata) };
  return undefined;
}

function sendRange(request, response, { type, body }) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) return whole(response, { type, body }, { ...CORS, "accept-ranges": "bytes" });
  const from = Number(range[1]);
  const to = Math.min(range[2] === "" ? body.length : Number(range[2]) + 1, body.length);
  if (from >= to) return response.writeHead(416, { ...CORS, "content-range": `bytes */${body.length}` }).end();
  const headers = { ...CORS, "content-type": type, "content-length": to - from, "content-range": `bytes ${from}-${to - 1}/${body.length}` };
  response.writeHead(206, headers).end(body.subarray(from, to));
}

/** Serves what is `given` (wheels.mjs), and what is added. `faults` are functions (request, response) by path below WORDS, for Node's tests. */
export async function startPackageServer(given) {
  const wheels = [...given];
  const logs = new Map();
  const under = new Map();
  const seen = new Map();
  const faults = {};
  const asked = [];
  let url;

  function answer(request, response) {
    // A preflight: headers that are not simple were sent.
    if (request.method === "OPTIONS") return response.writeHead(204, { ...CORS, "access-control-allow-headers": "*" }).end();
    const [, words, rest] = /^\/([^/]*)(\/[^?]*)/.exec(request.url) ?? [];
    if (words === undefined) return FAULTS[404](response);
    if (words === "asked") return whole(response, { type: "application/json", body: Buffer.from(JSON.stringify(logs.get(rest.slice(1)) ?? [])) });
    const { flags, faults: wanted, id } = parseWords(words);
    const path = decodeURIComponent(rest);
    asked.push(path);
    if (id !== undefined) {
      under.set(id, (under.get(id) ?? 0) + 1);
      response.on("close", () => under.set(id, under.get(id) - 1));
      if (!logs.has(id)) logs.set(id, []);
      logs.get(id).push({ path, headers: request.headers, atOnce: under.get(id) });
    }
    if (faults[path]) return faults[path](request, response);
    if (/^\/simple\/[^/]+$/.test(path)) return response.writeHead(301, { ...CORS, location: `${request.url}/` }).end();
    const resource = resourceOf(wheels, path, request, { flags, base: `${url}/${words}` });
    if (!resource) return FAULTS[404](response);
    const times = (seen.get(`${id} ${path}`) ?? 0) + 1;
    seen.set(`${id} ${path}`, times);
    const fault = wanted.find(({ kind, part, times: limit }) => (kind === "any" || kind === resource.kind) && path.includes(part) && times <= limit);
    if (fault) return fault.run(response, { ...resource, url: request.url, argument: fault.argument });
    return sendRange(request, response, resource);
  }

  const server = createServer((request, response) => {
    try {
      answer(request, response);
    } catch (error) {
      response.writeHead(400, CORS).end(String(error.message));
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    /** The folder that has simple/, files/ and pyodide-lock.json, with these words. */
    at: (words = "-") => `${url}/${words}`,
    index: `${url}/-/simple`,
    asked,
    faults,
    add: (item) => void (wheels.includes(item) || wheels.push(item)),
    close: () => new Promise((closed) => (server.closeAllConnections(), server.close(closed))),
  };
}
