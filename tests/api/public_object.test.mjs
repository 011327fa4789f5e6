// The members of the object that loadPyodide gives which are not Python itself: archives, the lock, hooks of the start,
// what is not built yet.
import { assert, indexURL, krait, loadForTest, test, thrown, dist } from "./harness.mjs";

const pyodide = await loadForTest();

const MEMBERS = `version globals pyodide_py ffi runPython runPythonAsync pyimport toPy registerJsModule unregisterJsModule
  registerComlink loadPackage loadPackagesFromImports loadedPackages lockfile lockfileBaseUrl unpackArchive mountNativeFS
  mountNodeFS useNodeSockFS setStdin setStdout setStderr setInterruptBuffer checkInterrupt setDebug makeMemorySnapshot FS PATH
  ERRNO_CODES canvas _module _api`.split(/\s+/);

test("every member of the public object is there", () => {
  assert.deepEqual(MEMBERS.filter((name) => !(name in pyodide)), []);
});

test("methods work without the object", () => {
  const { runPython, pyimport, toPy } = pyodide;
  assert.equal(runPython("1 + 1"), 2);
  assert.equal(pyimport("math.comb")(4, 2), 6);
  const list = toPy([1]);
  assert.equal(list.length, 1);
  list.destroy();
});

const CLASSES = `PyProxy PyProxyWithLength PyProxyWithGet PyProxyWithSet PyProxyWithHas PyDict PyIterable PyAsyncIterable
  PyIterator PyAsyncIterator PyGenerator PyAsyncGenerator PyAwaitable PyCallable PyBuffer PythonError PySequence
  PyMutableSequence PyBufferView`.split(/\s+/);

test("ffi has the classes", () => {
  assert.deepEqual(CLASSES.filter((name) => typeof pyodide.ffi[name] !== "function"), []);
});

test("the lock in use, and where it came from", () => {
  const { info, packages } = pyodide.lockfile;
  assert.equal(info.arch, "wasm32");
  assert.match(info.abi_version, /^\d{4}_\d+$/);
  assert.equal(info.python, pyodide.runPython("import platform; platform.python_version()"));
  assert.equal(typeof packages, "object");
  assert.match(pyodide.lockfileBaseUrl, /\/$/);
  assert.deepEqual(Object.keys(pyodide.loadedPackages), []);
});

test("packageBaseUrl is where relative names of the lock lead", async () => {
  const other = await loadForTest({ packageBaseUrl: "https://example.org/wheels" });
  assert.equal(other.lockfileBaseUrl, "https://example.org/wheels/");
});

test("both sources of a lock are one too many", async () => {
  await assert.rejects(loadForTest({ lockFileURL: "x.json", lockFileContents: "{}" }), /lockFileContents and lockFileURL/);
});

/** An archive made by Python, as bytes of JavaScript. */
function archive(format) {
  return pyodide
    .runPython(`
      import os, shutil, tempfile
      folder = tempfile.mkdtemp()
      os.makedirs(f"{folder}/in/deep")
      open(f"{folder}/in/a.txt", "w").write("A")
      open(f"{folder}/in/deep/b.txt", "w").write("B")
      open(shutil.make_archive(f"{folder}/made", "${format}", f"{folder}/in"), "rb").read()
    `)
    .toJs();
}

test("unpackArchive: every format, in every spelling", () => {
  const spellings = {
    zip: ["zip", ".zip", "wheel", "whl"],
    tar: ["tar", ".tar"],
    gztar: ["gztar", "tgz", ".tgz", "tar.gz", ".tar.gz"],
    bztar: ["bztar", "tar.bz2"],
    xztar: ["xztar", "tar.xz"],
  };
  let n = 0;
  for (const [format, names] of Object.entries(spellings)) {
    const bytes = archive(format);
    for (const name of names) {
      const extractDir = `/tmp/unpacked${n++}`;
      try {
        pyodide.unpackArchive(bytes, name, { extractDir });
      } catch (error) {
        // The peer knows fewer spellings.
        if (pyodide._api.stats || !/Unrecognized format/.test(error.message)) throw error;
        continue;
      }
      assert.equal(pyodide.FS.readFile(`${extractDir}/deep/b.txt`, { encoding: "utf8" }), "B", name);
    }
  }
});

test("unpackArchive: into the working folder by default, from a part of a buffer too", () => {
  const bytes = archive("zip");
  const larger = new Uint8Array(bytes.length + 20);
  larger.set(bytes, 10);
  pyodide.FS.mkdirTree("/tmp/cwd");
  const before = pyodide.FS.cwd();
  pyodide.FS.chdir("/tmp/cwd");
  pyodide.unpackArchive(larger.subarray(10, 10 + bytes.length), "zip");
  pyodide.unpackArchive(bytes.slice().buffer, "zip");
  pyodide.FS.chdir(before);
  assert.equal(pyodide.FS.readFile("/tmp/cwd/a.txt", { encoding: "utf8" }), "A");
});

test("unpackArchive: what is no archive, no buffer, no format", () => {
  assert.equal(thrown(() => pyodide.unpackArchive(new Uint8Array(3), "zip")).name, "PythonError");
  assert.throws(() => pyodide.unpackArchive("text", "zip"), TypeError);
  assert.equal(thrown(() => pyodide.unpackArchive(new Uint8Array(3), "rar")).type, "ValueError");
  assert.deepEqual(pyodide.FS.readdir("/tmp").filter((name) => name.startsWith(".unpack")), []);
});

krait("unpackArchive: a tar does not write outside of its folder", "the peer trusts archives", () => {
  const bytes = pyodide
    .runPython(`
      import io, tarfile
      out = io.BytesIO()
      with tarfile.open(fileobj=out, mode="w") as tar:
          member = tarfile.TarInfo("../escaped.txt")
          member.size = 1
          tar.addfile(member, io.BytesIO(b"x"))
      out.getvalue()
    `)
    .toJs();
  pyodide.FS.mkdirTree("/tmp/inside");
  assert.match(thrown(() => pyodide.unpackArchive(bytes, "tar", { extractDir: "/tmp/inside" })).type, /OutsideDestinationError/);
  assert.equal(pyodide.FS.analyzePath("/tmp/escaped.txt").exists, false);
});

test("loadPackagesFromImports has nothing to do for what is there", async () => {
  assert.deepEqual(await pyodide.loadPackagesFromImports("import sys, json.decoder\nfrom os import path"), []);
  assert.deepEqual(await pyodide.loadPackagesFromImports("this is no Python"), []);
  assert.deepEqual(await pyodide.loadPackagesFromImports("import __main__, js, pyodide_js, pyodide.code"), []);
  assert.deepEqual(await pyodide.loadPackage([]), []);
});

test("setDebug gives the old setting", () => {
  const before = pyodide.setDebug(true);
  assert.equal(pyodide.setDebug(before), true);
  assert.equal(pyodide.setDebug(before), before);
});

test("fsInit runs before the interpreter, with a folder for packages", async () => {
  const seen = [];
  const other = await loadForTest({
    fsInit: async (FS, { sitePackages }) => {
      seen.push(FS.readdir(sitePackages).length);
      await Promise.resolve();
      FS.writeFile(`${sitePackages}/from_js.py`, "value = 13");
    },
  });
  assert.deepEqual(seen, [2]);
  assert.equal(other.runPython("import from_js; from_js.value"), 13);
});

krait("an error in fsInit is the error of the start", "the peer starts all the same", async () => {
  await assert.rejects(
    loadForTest({
      fsInit: async () => {
        throw new RangeError("not today");
      },
    }),
    /not today/,
  );
});

test("createPyodideModule takes the glue that the page imported itself", async () => {
  const { default: createPyodideModule } = await import(new URL("pyodide.asm.mjs", dist).href);
  const other = await loadForTest({ createPyodideModule, indexURL: await indexURL() });
  assert.equal(other.runPython("3 * 3"), 9);
});

test("checkInterrupt does nothing while nobody interrupts", () => {
  assert.equal(pyodide.checkInterrupt(), undefined);
});

krait("parts that are not built yet say so", "the peer has them", async () => {
  for (const call of [
    () => pyodide.registerComlink({}),
    () => pyodide.setInterruptBuffer(new Int32Array(1)),
    () => pyodide.canvas,
  ]) {
    assert.throws(call, /^Error: krait does not have .* yet$/);
  }
  for (const call of [
    () => pyodide.useNodeSockFS(),
    () => loadForTest({ convertNullToNone: true }),
  ]) {
    await assert.rejects(call, /krait does not have .* yet/);
  }
});

krait("pyodide_js does not trip over parts that are missing", "the peer has no missing parts", () => {
  assert.equal(pyodide.runPython("import pyodide_js; 'runPython' in dir(pyodide_js)"), true);
  assert.match(thrown(() => pyodide.runPython("pyodide_js.canvas")).message, /krait does not have canvas yet/);
});
