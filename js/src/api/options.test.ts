// Options of the public functions: what is refused, in which words, and what defaults come out.

import assert from "node:assert/strict";
import test from "node:test";
import { loadNode } from "../host/node";
import { missingFeatures } from "../host/engine";
import { scriptOfStack } from "../host/loader_url";
import { folderOf, locate, locateFolder } from "../host/location";
import { settle } from "./config";
import { loadLock } from "./lockfile";
import { inputHandler, outputHandler } from "./streams";

await loadNode();
const fn = () => 0;

const REFUSED: [call: () => unknown, message: RegExp][] = [
  [() => inputHandler({ stdin: fn as any, read: fn }), /setStdin: at most one of .* not 'stdin' and 'read'/],
  [() => inputHandler({ error: true, read: fn }), /setStdin: at most one of .* not 'read' and 'error'/],
  [() => inputHandler({ read: fn, autoEOF: true }), /'autoEOF' option belongs to the 'stdin' option/],
  [() => inputHandler({ stdin: 3 as any }), /'stdin' must be a function, not number/],
  [() => inputHandler(null as any), /setStdin: options must be an object, not null/],
  [() => outputHandler("stdout", { batched: fn, raw: fn } as any), /setStdout: at most one of .* not 'batched' and 'raw'/],
  [() => outputHandler("stderr", { write: fn, raw: fn } as any), /setStderr: at most one of .* not 'raw' and 'write'/],
  [() => outputHandler("stdout", { batched: "x" } as any), /setStdout: 'batched' must be a function, not string/],
  [() => outputHandler("stdout", { batched: fn, isatty: true } as any), /'isatty' can be true only with 'raw' or 'write'/],
  [() => outputHandler("stdout", { isatty: true } as any), /'isatty' can be true only with 'raw' or 'write'/],
  [() => settle({ indexURL: "/x", args: ["-c", 1 as any] }), /'args' must be an array of strings, not \["-c",1\]/],
  [() => settle({ indexURL: "/x", env: { A: 1 as any } }), /'env\.A' must be a string, not 1/],
];
for (const [call, message] of REFUSED) {
  test(`refused: ${message.source}`, () => assert.throws(call, { name: "TypeError", message }));
}

test("options that come to nothing are allowed", () => {
  for (const options of [undefined, {}, { isatty: false }] as any[]) outputHandler("stdout", options);
  for (const options of [undefined, {}, { isatty: true }, { error: false, read: fn }] as any[]) inputHandler(options);
});

test("options whose machinery is missing are refused, not ignored", () => {
  assert.throws(() => settle({ indexURL: "/x", convertNullToNone: true }), /does not have the option 'convertNullToNone'/);
});

test("settings: folders, environment, checks", () => {
  const settings = settle({ indexURL: "/some/where", env: { A: "1" } });
  assert.equal(settings.folder, "/some/where/");
  assert.deepEqual(settings.env, { HOME: "/home/pyodide", PYTHONINSPECT: "1", A: "1" });
  assert.deepEqual(settings.stdlib, { location: "/some/where/python_stdlib.zip", own: true });
  assert.deepEqual(settings.checks, { version: true, integrity: false });
  assert.equal(settings.jsglobals, globalThis);
  const other = settle({ indexURL: "https://example.org/a", env: { HOME: "/h" }, stdLibURL: "/z.zip", checkAPIVersion: false });
  assert.equal(other.folder, "https://example.org/a/");
  assert.equal(other.env.HOME, "/h");
  assert.deepEqual(other.stdlib, { location: "/z.zip", own: false });
  assert.equal(other.checks.version, false);
});

test("locations: paths, file URLs, web addresses", () => {
  assert.equal(locate("file:///a%20b/c"), "/a b/c");
  assert.equal(locate("https://example.org/x?y"), "https://example.org/x?y");
  assert.equal(locateFolder("/a/b/"), "/a/b/");
  assert.equal(folderOf("https://example.org/a/b.js?v=1/2#c/d"), "https://example.org/a/");
  assert.equal(folderOf("/a/b#c/d.js"), "/a/b#c/");
});

test("the script of a stack trace, as engines print it", () => {
  assert.equal(scriptOfStack("Error\n    at https://example.org/p/pyodide.js:2:10"), "https://example.org/p/pyodide.js");
  assert.equal(scriptOfStack("Error\n    at f (https://example.org/p/a.js:2:10)"), "https://example.org/p/a.js");
  assert.equal(scriptOfStack("f@http://127.0.0.1:80/p/a.js:2:10\n"), "http://127.0.0.1:80/p/a.js");
  assert.equal(scriptOfStack(undefined), undefined);
});

const INFO = { arch: "wasm32", abi_version: "2025_0", platform: "p", version: "v", python: "3.13" } as const;
const LOCKS: [name: string, contents: any, message: RegExp][] = [
  ["broken JSON", "{", /lock file from "lockFileContents": expected JSON/],
  ["a page", "<!doctype html>", /begins like an HTML page/],
  ["a number", 3, /expected an object, found number/],
  ["a list", [], /found an array/],
  ["no info", {}, /an object under the key "info", found undefined/],
  ["no packages", { info: INFO }, /an object under the key "packages", found undefined/],
  ["another ABI", { info: { ...INFO, abi_version: "2024_0" }, packages: {} }, /ABI version is "2024_0", expected "2025_0"/],
];
for (const [name, contents, message] of LOCKS) {
  test(`lock: ${name} is refused`, () => assert.rejects(loadLock({ lockFileContents: contents }, "/x/"), message));
}

test("lock: contents, promises and text are taken", async () => {
  const lock = { info: INFO, packages: {} };
  for (const lockFileContents of [lock, JSON.stringify(lock), Promise.resolve(lock), Promise.resolve(JSON.stringify(lock))]) {
    assert.deepEqual(await loadLock({ lockFileContents }, "/x/"), { lockfile: lock, baseURL: undefined });
  }
  const { baseURL } = await loadLock({ lockFileContents: lock, packageBaseUrl: "https://example.org/w" }, "/x/");
  assert.equal(baseURL, "https://example.org/w/");
});

test("lock: both sources at once, and a file that is not there", async () => {
  await assert.rejects(loadLock({ lockFileContents: "{}", lockFileURL: "x" }, "/x/"), /cannot both be given/);
  await assert.rejects(loadLock({}, "/no/such/folder/"), /the lock file from "\/no\/such\/folder\/pyodide-lock.json": there is no such file/);
});

test("this engine is new enough", () => assert.deepEqual(missingFeatures(), []));
