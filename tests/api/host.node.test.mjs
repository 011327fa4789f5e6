// What only Node has: CommonJS, folders of the host, standard streams of the process, deployments on disk that went wrong.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { FAULTS, hidden } from "../browser/faults.mjs";
import { after, assert, cold, indexURL, krait, loadForTest, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const folder = await indexURL();
const scratch = mkdtempSync(path.join(tmpdir(), "krait-host-"));
after(() => rmSync(scratch, { recursive: true }));

/** Runs a program with this node; `with` is the text of the program, an ES module with loadPyodide. */
function program(text, options = {}) {
  const file = path.join(scratch, `program${readdirSync(scratch).length}.mjs`);
  writeFileSync(file, `import { loadPyodide } from ${JSON.stringify(path.join(folder, "pyodide.mjs"))};\n${text}`);
  return spawnSync(process.execPath, [file], { encoding: "utf8", ...options });
}

test("CommonJS: require gives loadPyodide, which finds its files", async () => {
  const { loadPyodide } = createRequire(import.meta.url)(path.join(folder, "pyodide.js"));
  const other = await loadPyodide();
  assert.equal(other.runPython("1 + 1"), 2);
});

test("the package's exports, for import and for require", () => {
  // A project that has installed the package.
  mkdirSync(path.join(scratch, "node_modules"), { recursive: true });
  const { name } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  symlinkSync(folder, path.join(scratch, "node_modules", name));
  const body = `loadPyodide().then((p) => console.log(p.runPython("6 * 7")))`;
  const run = (file, text) => {
    writeFileSync(path.join(scratch, file), text);
    return execFileSync(process.execPath, [path.join(scratch, file)], { encoding: "utf8" });
  };
  assert.equal(run("user.mjs", `import { loadPyodide } from "${name}";\n${body}`), "42\n");
  assert.equal(run("user.cjs", `const { loadPyodide } = require("${name}");\n${body}`), "42\n");
});

test("the process's own streams are the default", () => {
  const { stdout, stderr, status } = program(
    `const p = await loadPyodide();
     p.runPython("import sys; print(input(), input()); print('e', file=sys.stderr); print(sys.stdin.read(), end='')");`,
    { input: "first\nsecond é\nrest\nof it" },
  );
  assert.equal(stderr, "e\n");
  assert.equal(stdout, "first second é\nrest\nof it");
  assert.equal(status, 0);
});

test("text without a newline at the end is not lost", () => {
  const { stdout } = program(`(await loadPyodide()).runPython("import sys; print('half', end=''); sys.stdout.flush()");`);
  assert.equal(stdout, "half");
});

test("a process ends when its work is done", () => {
  const { status, error } = program(
    `const p = await loadPyodide(); await p.runPythonAsync("import asyncio; await asyncio.sleep(0.01)");`,
    { timeout: 60_000 },
  );
  assert.equal(error, undefined);
  assert.equal(status, 0);
});

krait("output to a pipe that nobody reads any more is a BrokenPipeError", "the peer stops for good", () => {
  const text = `
    const p = await loadPyodide();
    p.runPython("import os\\ntry:\\n  for i in range(10000): os.write(1, b'x' * 1000)\\nexcept BrokenPipeError:\\n  os.write(2, b'broken')");`;
  const file = path.join(scratch, "pipe.mjs");
  writeFileSync(file, `import { loadPyodide } from ${JSON.stringify(path.join(folder, "pyodide.mjs"))};\n${text}`);
  const { stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${file}" | head -c 10 >/dev/null`], { encoding: "utf8" });
  assert.equal(stderr, "broken");
});

test("mountNodeFS: a folder of the host, both ways", () => {
  const host = path.join(scratch, "host");
  mkdirSync(host);
  writeFileSync(path.join(host, "from_host.txt"), "hello");
  pyodide.mountNodeFS("/home/mounted", host);
  assert.equal(pyodide.runPython("open('/home/mounted/from_host.txt').read()"), "hello");
  pyodide.runPython("import os; os.makedirs('/home/mounted/sub'); open('/home/mounted/sub/x.txt', 'w').write('back')");
  assert.equal(readFileSync(path.join(host, "sub/x.txt"), "utf8"), "back");
  pyodide.FS.unmount("/home/mounted");
});

test("mountNodeFS: what cannot be mounted, and where", () => {
  assert.match(thrown(() => pyodide.mountNodeFS("/m1", path.join(scratch, "no-such"))).message, /hostPath '?"?.*no-such'?"? does not exist/);
  assert.match(thrown(() => pyodide.mountNodeFS("/home", scratch)).message, /"?'?\/home'?"?.* is not empty|not empty/);
});

krait("indexURL may be a path, a relative path, or a file URL", "the peer takes no file URLs", async () => {
  const relative = path.relative(process.cwd(), folder);
  for (const url of [folder, relative, pathToFileURL(folder).href]) {
    const other = await loadForTest({ indexURL: url });
    assert.equal(other.runPython("2"), 2);
  }
});

// The deployments that tests/browser serves, on disk. What only a server can do wrong is left out.
const ON_SERVERS = /404|html|dropped|-type$/;
for (const [name, [file, answer, pattern, options]] of Object.entries(FAULTS)) {
  if (ON_SERVERS.test(name) || !pattern || (cold && file === "python.image")) continue;
  krait(`a failing start is explained: ${name}`, "the peer does not check its files", async () => {
    await assert.rejects(loadForTest({ indexURL: broken(name, file, answer), stderr: () => {}, ...options }), pattern);
  });
}
for (const file of ["pyodide.asm.wasm", "pyodide.asm.mjs", "python_stdlib.zip", "pyodide-lock.json"]) {
  krait(`a missing file is named: ${file}`, "the peer leaves some of these to the process", async () => {
    const copy = broken(`missing-${file}`, file, undefined);
    await assert.rejects(loadForTest({ indexURL: copy }), (error) => {
      assert.match(error.message, new RegExp(`cannot load .*${file.replaceAll(".", "\\.")}.*: there is no such file`));
      return true;
    });
  });
}

krait("a missing image is a cold start, with the same result", "the peer has no image", async () => {
  const other = await loadForTest({ indexURL: broken("missing-image", "python.image", undefined) });
  assert.equal(other.runPython("import json; json.dumps([1])"), "[1]");
});
krait("a library that has gone by the time it is needed is told of", "the peer reads it at start", async (t) => {
  if (cold) return t.skip("a cold start reads it at once");
  const copy = broken("gone-stdlib", "nothing", undefined);
  const said = [];
  const other = await loadForTest({ indexURL: copy, stderr: (line) => said.push(line) });
  rmSync(path.join(copy, "python_stdlib.zip"));
  assert.equal(other.runPython("1+1"), 2);
  assert.match(thrown(() => other.runPython("import wave")).message, /OSError|ImportError/);
  assert.match(said.join("\n"), /cannot load the standard library from ".*python_stdlib\.zip": it is needed now/);
});

krait("the whole of a start is checked on request", "the peer does not check its files", async () => {
  const other = await loadForTest({ checkIntegrity: true });
  assert.equal(other.runPython("1"), 1);
});

/** A copy of dist with one file as the fault has it, or without it. */
function broken(name, file, answer) {
  const copy = path.join(scratch, name);
  mkdirSync(copy);
  for (const entry of ["pyodide.asm.wasm", "pyodide.packages.wasm", "pyodide.asm.mjs", "python_stdlib.zip", "pyodide-lock.json", "python.image"]) {
    if (entry !== file && !hidden(file, entry)) symlinkSync(path.join(folder, entry), path.join(copy, entry));
  }
  if (answer) {
    let body;
    answer({ writeHead() {}, end: (bytes) => (body = bytes) }, readFileSync(path.join(folder, file)));
    writeFileSync(path.join(copy, file), body);
  }
  return copy;
}
