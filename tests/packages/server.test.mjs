// The server of the package tests does what it says: pages in both forms, ranges, and each of its faults.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FAULTS, startPackageServer } from "./server.mjs";
import { big, fruit, hostile, locked, pure } from "./wheelhouse.mjs";
import { sha256, wheel } from "./wheels.mjs";

const server = await startPackageServer([...fruit(), ...locked()]);
after(() => server.close());
const get = (path, options) => fetch(server.at("-") + path, options);
const APPLE = "/files/apple-2.0-py3-none-any.whl";
const JSON_PAGE = "application/vnd.pypi.simple.v1+json";

test("pages of a project: HTML, JSON when it is accepted, both with hashes that are true", async () => {
  const html = await get("/simple/apple/");
  assert.match(html.headers.get("content-type"), /^text\/html/);
  const links = [...(await html.text()).matchAll(/<a href="([^"#]+)#sha256=(\w+)" data-core-metadata="sha256=(\w+)">/g)];
  assert.equal(links.length, 2);
  for (const [, href, hash, metadata] of links) {
    const url = new URL(href, html.url);
    assert.equal(sha256(Buffer.from(await (await fetch(url)).arrayBuffer())), hash);
    assert.equal(sha256(await (await fetch(`${url}.metadata`)).text()), metadata);
  }
  const json = await get("/simple/apple/", { headers: { accept: `${JSON_PAGE}, text/html;q=0.1` } });
  assert.equal(json.headers.get("content-type"), JSON_PAGE);
  const { files } = await json.json();
  assert.deepEqual(files.map(({ hashes }) => hashes.sha256), links.map(([, , hash]) => hash));
  assert.equal((await get("/simple/nothing/")).status, 404);
  assert.equal((await get("/simple/apple")).url, `${server.at("-")}/simple/apple/`);
});

test("words choose the form of pages and leave metadata out", async () => {
  assert.equal((await fetch(`${server.at("json")}/simple/apple/`)).headers.get("content-type"), JSON_PAGE);
  assert.doesNotMatch(await (await fetch(`${server.at("html+no-metadata")}/simple/apple/`)).text(), /core-metadata/);
  assert.equal((await fetch(`${server.at("no-metadata")}${APPLE}.metadata`)).status, 404);
  assert.match(await (await fetch(`${server.at("html+absolute")}/simple/apple/`)).text(), /href="http:/);
  assert.equal((await fetch(`${server.at("nonsense")}/simple/apple/`)).status, 400);
});

test("ranges, and headers for other origins", async () => {
  const part = await get(APPLE, { headers: { range: "bytes=0-3" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("access-control-allow-origin"), "*");
  assert.equal(await part.text(), "PK\x03\x04");
  assert.equal((await get(APPLE, { headers: { range: "bytes=9999999-" } })).status, 416);
});

test("the lock has the newest of each, relative to itself", async () => {
  const { packages } = await (await get("/pyodide-lock.json")).json();
  assert.equal(packages.apple.version, "2.0");
  assert.deepEqual(packages.top.depends, ["middle", "under-score"]);
  assert.deepEqual(packages["under-score"].imports, ["other_name", "under"]);
  const bytes = Buffer.from(await (await get(`/${packages.apple.file_name}`)).arrayBuffer());
  assert.equal(sha256(bytes), packages.apple.sha256);
});

/** Status and length of a body, or what went wrong. */
async function outcome(words, path = APPLE) {
  try {
    const response = await fetch(server.at(words) + path, { signal: AbortSignal.timeout(500) });
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > 1e6) return "much";
    }
    return `${response.status} ${length}`;
  } catch (error) {
    return error.name === "TimeoutError" ? "nothing more" : "broken";
  }
}

test("each fault is what it says", async () => {
  const { length } = Buffer.from(await (await get(APPLE)).arrayBuffer());
  const expected = {
    404: "404 8", 403: "403 11", 500: "500 7", 503: "503 4", 429: "429 6",
    nocors: `200 ${length}`, truncated: "broken", short: `200 ${length >> 1}`, hash: `200 ${length}`, type: "200 37", loop: "broken",
    endless: "much", hang: "nothing more", stall: "nothing more", drop: "broken", gzip: `200 ${length}`, slow: `200 ${length}`, drip: `200 ${length}`,
  };
  assert.deepEqual(Object.keys(expected).sort(), Object.keys(FAULTS).sort());
  for (const [name, what] of Object.entries(expected)) assert.equal(await outcome(`${name}${name === "slow" ? "=20" : ""}@wheel`), what, name);
  // Only where it is wanted.
  assert.equal(await outcome("500@page"), `200 ${length}`);
  assert.equal(await outcome("500@any:apple-1"), `200 ${length}`);
  assert.equal(await outcome("500@any:apple-2"), "500 7");
});

test("a fault for the first times only, and the log of an id", async () => {
  const words = "id=some+503@wheel*2";
  assert.deepEqual([await outcome(words), await outcome(words)], ["503 4", "503 4"]);
  assert.match(await outcome(words), /^200/);
  assert.match(await outcome(words.replace("some", "other")), /^503/);
  const log = await (await fetch(`${server.url}/asked/some`)).json();
  assert.deepEqual(log.map(({ path, atOnce }) => `${path} ${atOnce}`), Array(3).fill(`${APPLE} 1`));
});

test("wheels are the same each time they are made, and of the size they should be", () => {
  const make = () => [...fruit(), ...pure(3), ...hostile()].map(({ filename, bytes }) => `${filename} ${sha256(bytes)}`);
  assert.deepEqual(make(), make());
  assert.equal(new Set(make()).size, make().length);
  const { bytes } = big(200, 2);
  assert.ok(bytes.length > 4e5 && bytes.length < 1.2e6, `${bytes.length}`);
  assert.deepEqual(wheel({ name: "a", version: "1", files: { "a.py": "", "b/c.py": "", "d.cpython-313.so": "", "e.libs/x.so": "" } }).imports, ["a", "b", "d"]);
});
