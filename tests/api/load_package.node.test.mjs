// loadPackage and what belongs to it, with a lock file and wheels on loopback. What goes wrong on the way is in
// load_package_faults.node.test.mjs, what a page does otherwise in tests/browser/packages.mjs.
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { assert, rejection, test, thrown } from "./harness.mjs";
import { lockOf } from "../packages/server.mjs";
import { locked, pure } from "../packages/wheelhouse.mjs";
import { wheel } from "../packages/wheels.mjs";
import { byName, load, packageTests } from "../packages/runtime.mjs";

const loose = wheel({ name: "loose", version: "7.0" });
/** Those of docs/packages.md. */
const documented = [
  wheel({ name: "apple", version: "2.0", requires: ["berry>=2"] }),
  wheel({ name: "berry", version: "2.0" }),
  wheel({ name: "cherry", version: "0.2", files: { "tart.py": "taste = 'sweet'\n" } }),
  wheel({ name: "tiny", version: "1.0" }),
];
const WHEELS = [...locked(), ...pure(30), loose, ...documented];
const { server, start, folder } = await packageTests(WHEELS);
const itemOf = (name) => WHEELS.find((one) => one.name === name);
const dataOf = (name) => ({ name, version: itemOf(name).version, fileName: `files/${itemOf(name).filename}`, packageType: "package" });

test("a package comes with all that it depends on, and can be imported", async () => {
  const { pyodide, base, files } = await start();
  assert.equal(pyodide.lockfileBaseUrl, `${base}/`);
  assert.equal(pyodide.lockfile.packages.top.version, "1.0");
  const all = ["Under_Score", "bottom", "middle", "top"];
  const { data, messages, errors } = await load(pyodide, "top");
  assert.deepEqual(byName(data), all.map(dataOf));
  assert.deepEqual(messages, [`Loading ${all.join(", ")}`, `Loaded ${all.join(", ")}`]);
  assert.deepEqual(errors, []);
  assert.equal(pyodide.runPython("import top, middle, bottom, other_name\nbottom.version"), "3.0");
  assert.deepEqual(Object.entries(pyodide.loadedPackages).sort(), all.map((name) => [name, "default channel"]));
  assert.equal(pyodide.runPython("import importlib.metadata as m\nm.version('top')"), "1.0");
  assert.deepEqual(await files(), all.map((name) => itemOf(name).filename).sort());
});

test("what is loaded is not loaded again", async () => {
  const { pyodide, files } = await start();
  await load(pyodide, ["bottom"]);
  const { data, messages, errors } = await load(pyodide, ["Bottom", "bottom"]);
  assert.deepEqual([data, errors], [[], []]);
  assert.deepEqual(messages, ["bottom already loaded from default channel", "bottom already loaded from default channel", "No new packages to load"]);
  // What it depends on and is there stays; the rest comes.
  assert.deepEqual(byName((await load(pyodide, "middle")).data), [dataOf("middle")]);
  assert.equal((await files()).length, 2);
});

test("names may be a string, an array, something of Python's; circles end; names are compared as PEP 503 has it", async () => {
  const { pyodide, said } = await start();
  assert.deepEqual(byName((await load(pyodide, "ring")).data), [dataOf("ring"), dataOf("rung")]);
  const list = pyodide.runPython("['lonely', 'under-score']");
  assert.deepEqual(byName((await load(pyodide, list)).data), [dataOf("Under_Score"), dataOf("lonely")]);
  list.destroy();
  assert.equal(await pyodide.runPythonAsync("import pyodide_js\n[p.name for p in await pyodide_js.loadPackage(['bottom'])][0]"), "bottom");
  // Without callbacks it is told to the standard streams.
  assert.deepEqual(said, ["Loading bottom", "Loaded bottom"]);
  assert.deepEqual(await pyodide.loadPackage([]), []);
});

test("arguments that make no sense", async () => {
  const { pyodide, files } = await start();
  const message = async (names) => (await rejection(pyodide.loadPackage(names))).message;
  assert.equal(await message(undefined), "loadPackage: expected a name or URL, or an array of them, found undefined");
  assert.equal(await message({}), "loadPackage: expected a name or URL, or an array of them, found object");
  assert.equal(await message(["lonely", 3]), "loadPackage: expected a name or URL, or an array of them, found number in it");
  assert.equal(await message("lonely>=2"), "'lonely>=2' is not a valid package name or URL: expected the exact name of a package of the lock file, or the URL of a wheel; micropip.install() takes requirements with versions and extras");
  assert.match(await message(["lonely", "nothing"]), /^No known package with name 'nothing': the lock file has 42 others; micropip\.install\(\)/);
  assert.deepEqual(await files(), []);
  assert.deepEqual(pyodide.loadedPackages, {});
});

test("a wheel by its URL, by a path and from Python's file system", async () => {
  const path = join(folder, loose.filename);
  writeFileSync(path, loose.bytes);
  const forms = (base) => [`${base}/files/${loose.filename}`, `${base}/files/${loose.filename}#sha256=${loose.sha256}`, pathToFileURL(path).href, path, relative(process.cwd(), path), `emfs:/tmp/${loose.filename}`];
  for (const at of forms("").keys()) {
    const { pyodide, base } = await start();
    pyodide.FS.writeFile(`/tmp/${loose.filename}`, loose.bytes);
    const url = forms(base)[at];
    const { data, errors } = await load(pyodide, [url]);
    assert.deepEqual([data, errors], [[{ name: "loose", version: "7.0", fileName: loose.filename, packageType: "package" }], []], url);
    assert.equal(pyodide.runPython("import loose\nloose.version"), "7.0");
    assert.match(pyodide.loadedPackages.loose, /^(http:|file:\/\/|emfs:).*loose-7\.0/);
    // Of a name one version is loaded.
    const other = await load(pyodide, `${base}/files/loose-8.0-py3-none-any.whl`);
    assert.match(other.errors[0], /^URI mismatch, attempting to load package loose from .*loose-8\.0.* while it is already loaded from /);
    assert.deepEqual(other.messages, ["No new packages to load"]);
  }
});

test("loadPackagesFromImports finds the packages of modules, whatever these are called", async () => {
  const { pyodide } = await start();
  const from = async (code) => byName(await pyodide.loadPackagesFromImports(code, { messageCallback() {} })).map(({ name }) => name);
  assert.deepEqual(await from("import other_name, json\nfrom ring import x\nimport nobody_has_this"), ["Under_Score", "ring", "rung"]);
  assert.deepEqual(await from("import other_name, ring"), []);
  assert.deepEqual(await from("def f():\n  import middle.sub"), ["bottom", "middle"]);
  assert.deepEqual(await from("this is no Python"), []);
});

test("the option packages has them loaded when loadPyodide is done, each downloaded once", async () => {
  const { pyodide, files, said } = await start({ packages: ["top", "lonely"] });
  assert.equal(pyodide.runPython("import top, lonely, bottom\nbottom.version"), "3.0");
  assert.deepEqual(said, ["Loading Under_Score, bottom, lonely, middle, top", "Loaded Under_Score, bottom, lonely, middle, top"]);
  assert.equal((await files()).length, 5);
  await assert.rejects(start({ packages: ["nothing"] }), /No known package with name 'nothing'/);
  await assert.rejects(start({ packages: "top" }), /'packages' must be an array of strings/);
});

test("downloads go beside each other, not too many", async () => {
  const { pyodide, asked } = await start({ words: "slow=20@wheel" });
  assert.equal((await load(pyodide, "pure29")).data.length, 30);
  const seen = await asked();
  assert.equal(seen.length, 30);
  const most = Math.max(...seen.map(({ atOnce }) => atOnce));
  assert.ok(most > 2 && most <= 10, `${most} at once`);
  assert.equal(pyodide.runPython("import pure00.module5, pure29.module3\npure29.module3.f3(1)"), 88);
});

test("progress: counts and bytes that add up", async () => {
  const { pyodide } = await start();
  const events = [];
  await load(pyodide, ["top"], { progressCallback: (event) => events.push(event) });
  const wanted = ["top", "middle", "bottom", "Under_Score"].map(itemOf);
  const total = wanted.reduce((sum, { bytes }) => sum + bytes.length, 0);
  assert.deepEqual(events[0], { stage: "download", packages: 4, packagesDone: 0, bytes: 0, bytesTotal: undefined });
  assert.deepEqual(events.at(-1), { stage: "done", packages: 4, packagesDone: 4, bytes: total, bytesTotal: total });
  for (let i = 1; i < events.length; i++) {
    assert.ok(events[i].bytes >= events[i - 1].bytes && events[i].packagesDone >= events[i - 1].packagesDone, JSON.stringify(events.slice(i - 1, i + 1)));
  }
  assert.deepEqual([...new Set(events.map(({ name }) => name).filter(Boolean))].sort(), wanted.map(({ name }) => name).sort());
  assert.equal(events.findIndex(({ stage }) => stage === "install"), events.findIndex(({ packagesDone }) => packagesDone === 4));
});

test("two loads at once are one after the other, and both are whole", async () => {
  const { pyodide, files } = await start();
  const [first, second, bad] = await Promise.all([load(pyodide, "top"), load(pyodide, ["middle", "lonely"]), rejection(pyodide.loadPackage("nothing"))]);
  assert.deepEqual([first.data.length, second.data.map(({ name }) => name)], [4, ["lonely"]]);
  assert.match(bad.message, /No known package/);
  assert.equal((await files()).length, 5);
});

test("wheels are kept by their hash, and what is kept is not believed without it", async () => {
  const packageCacheDir = mkdtempSync(join(folder, "kept-"));
  const one = await start({ packageCacheDir });
  await load(one.pyodide, "top");
  await one.settled(() => readdirSync(packageCacheDir).filter((name) => name.endsWith(".whl")).length === 4);
  const { filename, sha256, bytes } = itemOf("middle");
  assert.deepEqual(readFileSync(join(packageCacheDir, `${sha256}-${filename}`)), bytes);
  assert.deepEqual(readdirSync(packageCacheDir).filter((name) => !name.endsWith(".whl")), []);

  const two = await start({ packageCacheDir });
  assert.equal((await load(two.pyodide, "top")).data.length, 4);
  assert.deepEqual(await two.files(), []);
  assert.equal(two.pyodide.runPython("import bottom\nbottom.version"), "3.0");

  writeFileSync(join(packageCacheDir, `${sha256}-${filename}`), "spoilt");
  const three = await start({ packageCacheDir });
  assert.equal((await load(three.pyodide, "top")).data.length, 4);
  assert.deepEqual(await three.files(), [filename]);

  // Wheels that somebody put there by hand have plain names.
  const byHand = mkdtempSync(join(folder, "by-hand-"));
  writeFileSync(join(byHand, filename), bytes);
  const four = await start({ packageCacheDir: byHand });
  await load(four.pyodide, "middle");
  assert.deepEqual(await four.files(), [itemOf("bottom").filename]);

  const none = mkdtempSync(join(folder, "none-"));
  const five = await start({ packageCacheDir: none, packageCache: false });
  await load(five.pyodide, "lonely");
  assert.deepEqual(readdirSync(none), []);
});

test("a lock that is given as an object, and packages from a folder of the host", async () => {
  const host = mkdtempSync(join(folder, "host-"));
  const lock = lockOf(locked());
  for (const item of Object.values(lock.packages)) item.file_name = item.file_name.replace("files/", "");
  for (const { filename, bytes } of locked()) writeFileSync(join(host, filename), bytes);
  for (const packageBaseUrl of [host, pathToFileURL(host).href, `${relative(process.cwd(), host)}/`]) {
    const { pyodide, files } = await start({ lockFileURL: undefined, lockFileContents: lock, packageBaseUrl });
    const { data, errors } = await load(pyodide, "top");
    assert.deepEqual([data.length, errors], [4, []], packageBaseUrl);
    assert.deepEqual(await files(), []);
  }
  const lost = await start({ lockFileURL: undefined, lockFileContents: lock });
  assert.equal(lost.pyodide.lockfileBaseUrl, undefined);
  assert.match((await load(lost.pyodide, "lonely")).errors.join("\n"), /the file "lonely-0\.5-py3-none-any\.whl" of "lonely" is relative, and the lock file has no URL/);
  const absolute = structuredClone(lock);
  absolute.packages.lonely.file_name = `${server.at("-")}/files/${itemOf("lonely").filename}`;
  const found = await start({ lockFileURL: undefined, lockFileContents: absolute });
  assert.equal((await load(found.pyodide, "lonely")).data.length, 1);
});

test("ModuleNotFoundError names the package that would provide the module", async () => {
  const { pyodide } = await start();
  const missing = (name) => thrown(() => pyodide.runPython(`import ${name}`)).message;
  assert.match(missing("other_name"), /No module named 'other_name'\n.*'Under_Score' provides it.*\n.*loadPackage\("Under_Score"\)/);
  assert.doesNotMatch(missing("nobody_has_this"), /provides it/);
  await load(pyodide, "Under_Score");
  pyodide.runPython("import other_name");
  assert.doesNotMatch(missing("other_name.sub"), /provides it/);
});

test("micropip takes packages of the lock, and both know what the other did", async () => {
  const { pyodide, files } = await start();
  await load(pyodide, "bottom");
  await pyodide.runPythonAsync(`import micropip\nawait micropip.install("top", index_urls=[])`);
  assert.deepEqual(Object.keys(pyodide.loadedPackages).sort(), ["Under_Score", "bottom", "middle", "top"]);
  assert.equal(pyodide.loadedPackages.top, "default channel");
  assert.equal(pyodide.runPython("' '.join(sorted(p.name for p in micropip.list().values()))"), "Under_Score bottom middle top");
  assert.equal((await files()).length, 4);
  assert.equal((await load(pyodide, "middle")).data.length, 0);
  pyodide.runPython("micropip.uninstall(['top', 'middle'])");
  assert.deepEqual(Object.keys(pyodide.loadedPackages).sort(), ["Under_Score", "bottom"]);
  assert.equal((await load(pyodide, "top")).data.length, 2);

  const other = await start({ words: "slow=20@wheel" });
  await other.pyodide.runPythonAsync(`import micropip\nawait micropip.install("pure29", index_urls="${other.base}/simple", verbose=False)`);
  const most = Math.max(...(await other.asked()).map(({ atOnce }) => atOnce));
  assert.ok(most > 2 && most <= 10, `${most} at once`);
  assert.equal(Object.keys(other.pyodide.loadedPackages).length, 30);
});

test("a wheel that was kept serves micropip too", async () => {
  const packageCacheDir = mkdtempSync(join(folder, "shared-"));
  const code = (base) => `import micropip\nawait micropip.install("lonely", index_urls="${base}/simple")`;
  const lock = { lockFileURL: undefined, lockFileContents: lockOf([]) };
  const one = await start({ packageCacheDir, ...lock });
  await one.pyodide.runPythonAsync(code(one.base));
  assert.ok((await one.files()).includes(itemOf("lonely").filename));
  assert.equal(one.pyodide.loadedPackages.lonely, "pypi");
  await one.settled(() => readdirSync(packageCacheDir).some((name) => name.endsWith(".whl")));
  const two = await start({ packageCacheDir, ...lock });
  await two.pyodide.runPythonAsync(code(two.base));
  assert.ok(!(await two.files()).includes(itemOf("lonely").filename));
});

test("the examples of docs/packages.md, section Loading packages", async () => {
  const text = readFileSync(new URL("../../docs/packages.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/^```js\n(.*?)^```/gms)];
  assert.equal(examples.length, 2);
  const { pyodide } = await start({ lockFileURL: `${server.at("-")}/pyodide-lock.json` });
  for (const { 1: code, index } of examples) {
    const line = text.slice(0, index).split("\n").length + 1;
    const checked = code.split("\n").map((source, i) => {
      const match = /^(.*?);? \/\/ => (.*)$/.exec(source);
      return match ? `assert.deepEqual(${match[1]}, ${match[2]}, "line ${line + i}");` : source;
    });
    await new Function("pyodide", "assert", `return (async () => {${checked.join("\n")}\n})()`)(pyodide, assert);
  }
});
