// Downloads of packages that go wrong: each with an error that one can act on, and nothing half installed. The faults are those of
// tests/packages/server.mjs; pages of an index too, since micropip's requests go the same way.
import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, rejection, test } from "./harness.mjs";
import { hostile, locked, pure } from "../packages/wheelhouse.mjs";
import { filesOf, load, packageTests } from "../packages/runtime.mjs";

const { start, folder } = await packageTests([...locked(), ...hostile(), ...pure(6)]);

/** words of the server; what is told of the wheel; how often it was asked for. */
const WHEEL_FAULTS = [
  ["404", /status 404, expected 200; the lock's files are looked for in "URL\/", which the option packageBaseUrl/, 1],
  ["403", /status 403, expected 200; the lock's files are looked for in/, 1],
  ["500", /status 500, expected 200$/, 3],
  ["503", /status 503, expected 200$/, 3],
  // It wants more patience than anybody has.
  ["429", /status 429, expected 200$/, 1],
  ["truncated", /the download broke off: .+ \(tried 3 times\)$/, 3],
  ["drop", /fetch failed: .+ \(tried 3 times\)$/, 3],
  ["short", /the wheel has sha256 [0-9a-f]{64}: expected [0-9a-f]{64}$/, 1],
  ["hash", /the wheel has sha256 [0-9a-f]{64}: expected [0-9a-f]{64}$/, 1],
  ["type", /it begins with "<!doctype html><title>Sign in<\/title>" and is called "text\/html; charset=utf-8": expected a zip archive$/, 1],
  ["endless", /it begins with "<!-- more -->.*: expected a zip archive$/, 1],
  ["loop", /redirect count exceeded$/, 21],
  ["hang", /nothing came for 0\.3 s \(tried 2 times\)$/, 2],
  ["stall", /nothing came for 0\.3 s \(tried 2 times\)$/, 2],
];

for (const [fault, expected, times] of WHEEL_FAULTS) {
  test(`a wheel with the fault ${fault}: told, and the others are installed`, async () => {
    const { pyodide, base, files } = await start({ words: `${fault}@wheel:lonely`, packageTimeout: 300 });
    const before = filesOf(pyodide);
    const alone = await load(pyodide, "lonely");
    assert.deepEqual(alone.data, []);
    assert.deepEqual(alone.messages, ["Loading lonely", "Failed to load lonely"]);
    assert.equal(alone.errors.length, 2);
    assert.equal(alone.errors[0], "The following error occurred while loading lonely:");
    const text = alone.errors[1].replaceAll(base, "URL");
    assert.ok(text.startsWith('lonely 0.5 could not be downloaded: "URL/files/lonely-0.5-py3-none-any.whl": '), text);
    assert.match(text, expected);
    assert.equal((await files()).length, times);
    assert.deepEqual(filesOf(pyodide), before);
    assert.deepEqual(pyodide.loadedPackages, {});
    const { data, errors } = await load(pyodide, ["lonely", "bottom"]);
    assert.deepEqual([data.map(({ name }) => name), errors.length], [["bottom"], 2]);
    assert.ok(!filesOf(pyodide).some((path) => path.includes("lonely")));
    assert.equal(pyodide.runPython("import importlib.util\nimportlib.util.find_spec('lonely') is None"), true);
  });
}

for (const words of ["500@wheel*1", "503@wheel*2", "truncated@wheel*2", "drop@wheel*1", "stall@wheel*1", "gzip@wheel", "drip@wheel", "slow=100@wheel"]) {
  test(`${words}: a fault that passes delays, no more`, async () => {
    const { pyodide } = await start({ words, packageTimeout: 300 });
    const { data, errors } = await load(pyodide, "lonely");
    assert.deepEqual([data.map(({ name }) => name), errors], [["lonely"], []]);
    assert.equal(pyodide.runPython("import lonely\nlonely.version"), "0.5");
  });
}

test("what was not had at first is had when it is asked for again", async () => {
  const { pyodide } = await start({ words: "404@wheel:bottom*1" });
  const before = filesOf(pyodide);
  const { data, errors, messages } = await load(pyodide, "middle");
  assert.deepEqual([data, filesOf(pyodide), pyodide.loadedPackages], [[], before, {}]);
  assert.deepEqual(messages, ["Loading bottom, middle", "Failed to load bottom, middle"]);
  assert.match(errors[1], /^bottom 3\.0 could not be downloaded: /);
  assert.match(errors[3], /^middle \S+ was not installed: it depends on bottom, which could not be had$/);
  assert.deepEqual((await load(pyodide, "middle")).data.map(({ name }) => name), ["bottom", "middle"]);
});

test("checkIntegrity: false believes the wheel, but not what is no wheel", async () => {
  const one = await start();
  const { errors, data } = await load(one.pyodide, "otherhash");
  assert.match(errors[1], /the wheel has sha256 [0-9a-f]{64}: expected [0-9a-f]{64}$/);
  assert.deepEqual(data, []);
  assert.equal((await load(one.pyodide, "otherhash", { checkIntegrity: false })).data[0].name, "otherhash");
  assert.equal((await load(one.pyodide, "nozip", { checkIntegrity: false })).data.length, 0);
});

const HOSTILE = {
  climber: /member "\.\.\/climbed\.py" has a part that is "\." or "\.\."/,
  absolute: /member "\/tmp\/absolute\.py" is an absolute path/,
  unrecorded: /member "sneaked\.py" is not in RECORD/,
  bomb: /deflate data unpacks to (more than the 100 bytes expected|46 bytes: expected 100)/,
  labelled: /it is of the project "mislabelled": expected "labelled"/,
};
test("wheels that nobody should install leave nothing behind", async () => {
  const { pyodide } = await start();
  const before = filesOf(pyodide);
  for (const [name, expected] of Object.entries(HOSTILE)) {
    for (const checkIntegrity of [true, false]) {
      const { data, errors } = await load(pyodide, name, { checkIntegrity });
      assert.deepEqual(data, []);
      assert.match(errors.join("\n"), expected);
    }
  }
  assert.deepEqual(filesOf(pyodide), before);
});

test("a load that is given up installs nothing, and what is said to come later comes", async () => {
  const { pyodide, asked } = await start({ words: "slow=300@wheel" });
  const before = filesOf(pyodide);
  const control = new AbortController();
  const given = pyodide.loadPackage("pure05", { messageCallback() {}, signal: control.signal, progressCallback: () => control.abort(new RangeError("enough")) });
  const next = load(pyodide, "lonely");
  assert.equal((await rejection(given)).message, "enough");
  assert.deepEqual((await next).data.map(({ name }) => name), ["lonely"]);
  assert.ok(!filesOf(pyodide).some((path) => path.includes("pure")));
  assert.ok(filesOf(pyodide).length > before.length);
  assert.ok((await asked()).length <= 7);
  assert.equal((await rejection(pyodide.loadPackage("pure05", { signal: AbortSignal.abort(new RangeError("before")) }))).message, "before");
});

test("a callback that throws ends the load; the next one works", async () => {
  const { pyodide } = await start();
  const bad = () => {
    throw new RangeError("mine");
  };
  assert.equal((await rejection(pyodide.loadPackage("lonely", { messageCallback: bad }))).message, "mine");
  assert.equal((await rejection(pyodide.loadPackage("lonely", { messageCallback() {}, progressCallback: bad }))).message, "mine");
  assert.deepEqual(pyodide.loadedPackages, {});
  assert.equal((await load(pyodide, "lonely")).data.length, 1);
});

test("a start that fails stops the downloads that were begun for it; a lock that cannot be had is named", async () => {
  await assert.rejects(start({ words: "404@lock" }), /the lock file .*pyodide-lock\.json.*404/s);
  await assert.rejects(start({ packageTimeout: 0 }), /'packageTimeout' must be a number of milliseconds above 0, not 0/);
  const { said, pyodide } = await start({ words: "500@wheel:bottom", packages: ["middle", "lonely"] });
  assert.match(said.join("\n"), /Failed to load bottom, middle[^]*status 500/);
  assert.deepEqual(Object.keys(pyodide.loadedPackages), ["lonely"]);
});

test("nothing that is not what it should be is kept in the cache", async () => {
  for (const words of ["hash@wheel", "short@wheel", "truncated@wheel", "type@wheel", "404@wheel"]) {
    const packageCacheDir = mkdtempSync(join(folder, "clean-"));
    const { pyodide } = await start({ words, packageCacheDir });
    assert.equal((await load(pyodide, "lonely")).data.length, 0);
    await new Promise((go) => setTimeout(go, 50));
    assert.deepEqual(readdirSync(packageCacheDir), [], words);
  }
});

const PAGE_FAULTS = [
  ["404", /^Because lonely is in no index and you require lonely/],
  ["403", /"URL\/simple\/lonely\/": the server answered with status 403, expected 200/],
  ["500", /"URL\/simple\/lonely\/": the server answered with status 500, expected 200/],
  ["truncated", /"URL\/simple\/lonely\/": the download broke off: .+ \(tried 3 times\)\)/],
  ["short", /"URL\/simple\/lonely\/": .*JSON, line 1 column \d+: the text ends/],
  ["type", /^Because there is no version of lonely/],
  ["loop", /"URL\/simple\/lonely\/": fetch failed: redirect count exceeded\)/],
  ["endless", /"URL\/simple\/lonely\/": it (was not complete after 1\.2 s|is longer than \d+ bytes)/],
  ["hang", /"URL\/simple\/lonely\/": nothing came for 0\.3 s \(tried 2 times\)\)/],
  ["drop", /"URL\/simple\/lonely\/": fetch failed: .+ \(tried 3 times\)\)/],
];
for (const [fault, expected] of PAGE_FAULTS) {
  test(`an index page with the fault ${fault}: told by micropip, and nothing is installed`, async () => {
    const { pyodide, base } = await start({ words: `${fault}@page:lonely`, packageTimeout: 300, lockFileURL: undefined });
    const before = filesOf(pyodide);
    const error = await rejection(pyodide.runPythonAsync(`import micropip\nawait micropip.install(["bottom", "lonely"], index_urls="${base}/simple")`));
    assert.equal(error.type, "InstallError");
    assert.match(error.message.replaceAll(base, "URL").split("InstallError: ").at(-1), expected);
    assert.deepEqual(filesOf(pyodide), before);
  });
}
