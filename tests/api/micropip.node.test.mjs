// micropip (M02-M14) against an index on loopback: what is installed, what is refused, what is left.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, assert, loadPyodide, test } from "./harness.mjs";
import { startPackageServer } from "../packages/server.mjs";
import { wheel } from "../packages/wheels.mjs";

const WHEELS = [
  wheel({ name: "apple", version: "1.0", requires: ["berry>=1"] }),
  wheel({ name: "apple", version: "2.0", requires: ["berry>=2"] }),
  wheel({ name: "berry", version: "1.5", requires: ["cherry; extra == 'sweet'"], extra: "Provides-Extra: sweet\n" }),
  wheel({ name: "cherry", version: "0.1", files: { "cherry.py": "taste = 'sour'\n", "ns_fruit/cherry.py": "" } }),
  wheel({ name: "cherry", version: "0.2", files: { "cherry.py": "taste = 'sweet'\n", "cherry_more.py": "" } }),
];
const server = await startPackageServer(WHEELS);
const base = server.at();
after(() => server.close());
const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {}, packageCache: false, env: { KRAIT_INDEX_URL: server.index } });
const py = (code) => pyodide.runPythonAsync(code);
const site = "/lib/python3.13/site-packages";

/** Every file below the places that packages may write to, with its text. */
function snapshot() {
  const found = {};
  const walk = (folder) => {
    for (const name of pyodide.FS.readdir(folder)) {
      if (name === "." || name === "..") continue;
      const path = `${folder}/${name}`;
      if (pyodide.FS.isDir(pyodide.FS.stat(path).mode)) walk(path);
      else found[path] = pyodide.FS.readFile(path, { encoding: "utf8" });
    }
  };
  for (const folder of [site, "/bin", "/include", "/share"]) if (pyodide.FS.analyzePath(folder).exists) walk(folder);
  return found;
}

/** The message of the InstallError that the code raises. */
async function refused(code) {
  const before = snapshot();
  const text = await py(`import micropip\ntry:\n    ${code}\n    text = None\nexcept micropip.InstallError as e:\n    text = "\\n".join([str(e), *getattr(e, "__notes__", [])])\ntext`);
  assert.deepEqual(snapshot(), before);
  assert.equal(typeof text, "string");
  return text.replaceAll(base, "URL");
}

const clean = () => py("import micropip\nmicropip.uninstall([*micropip.list()])");
const names = () => py("' '.join(f'{p.name}=={p.version}' for p in sorted(micropip.list().values(), key=lambda p: p.name))");

test("installs a package with what it needs, finds a version that fits, and imports it", async () => {
  await py("import micropip\nawait micropip.install('apple')");
  assert.equal(await names(), "apple==1.0 berry==1.5");
  assert.equal(await py("import apple, berry\napple.version + berry.version"), "1.01.5");
  assert.equal(await py("import importlib.metadata as m\nm.version('apple')"), "1.0");
  assert.equal(await py("str(micropip.list())"), "Name  | Version | Source\n----- | ------- | ------\napple | 1.0     | pypi\nberry | 1.5     | pypi");
  assert.equal(pyodide.FS.readFile(`${site}/apple-1.0.dist-info/PYODIDE_URL`, { encoding: "utf8" }), `${base}/files/apple-1.0-py3-none-any.whl`);
  assert.equal(await py("micropip.tree()"), "apple 1.0\n  berry 1.5 (berry>=1)\n");
  assert.equal(await py("len(micropip.check())"), 0);
  await clean();
});

test("uninstall leaves no file and forgets the modules", async () => {
  const before = snapshot();
  await py("await micropip.install(['apple', 'berry[sweet]'])\nimport apple, cherry, cherry_more");
  await py("micropip.uninstall(['apple', 'berry', 'cherry', 'nothing'])");
  assert.deepEqual(snapshot(), before);
  assert.equal(await py("import sys\nany(name in sys.modules for name in ['apple', 'cherry', 'cherry_more'])"), false);
  assert.equal(await py("try:\n    import apple\n    text = 'there'\nexcept ModuleNotFoundError:\n    text = 'gone'\ntext"), "gone");
});

test("files outside of site-packages: data, headers, scripts", async () => {
  const tools = wheel({
    name: "tools",
    version: "1.0",
    files: {
      "tools.py": "def main(): pass\n",
      "tools-1.0.data/data/share/tools/words": "a b",
      "tools-1.0.data/headers/tools.h": "",
      "tools-1.0.data/scripts/tool": "#!python\n",
      "tools-1.0.dist-info/entry_points.txt": "[console_scripts]\nrun-tools = tools:main\n",
    },
  });
  server.add(tools);
  const before = snapshot();
  await py("await micropip.install('tools')");
  const added = Object.keys(snapshot()).filter((path) => !(path in before) && !path.includes("dist-info"));
  assert.deepEqual(added.sort(), ["/bin/run-tools", "/bin/tool", "/include/python3.13/tools/tools.h", `${site}/tools.py`, "/share/tools/words"]);
  assert.equal(await py("import importlib.metadata as m\n[f.locate().resolve().read_text() for f in m.files('tools') if f.name == 'words'][0]"), "a b");
  await clean();
  assert.deepEqual(snapshot(), before);
  assert.equal(pyodide.FS.analyzePath("/share/tools").exists, false);
});

test("requirements of every form", async () => {
  const { bytes, filename } = WHEELS.at(-1);
  const folder = mkdtempSync(join(tmpdir(), "krait-wheels-"));
  writeFileSync(join(folder, filename), bytes);
  pyodide.FS.writeFile(`/tmp/${filename}`, bytes);
  pyodide.FS.writeFile(`/home/pyodide/${filename}`, bytes);
  const forms = [`${base}/files/${filename}`, `cherry @ ${base}/files/${filename}`, `emfs:/tmp/${filename}`, pathToFileURL(join(folder, filename)).href, `./${filename}`];
  for (const form of forms) {
    await py(`await micropip.install(${JSON.stringify(form)}, index_urls=[])`);
    assert.equal(await names(), "cherry==0.2", form);
    const direct = JSON.parse(pyodide.FS.readFile(`${site}/cherry-0.2.dist-info/direct_url.json`, { encoding: "utf8" }));
    assert.equal(direct.archive_info.hashes.sha256, WHEELS.at(-1).sha256);
    await clean();
  }
  await py("await micropip.install('cherry<0.2; sys_platform == \"emscripten\"')");
  assert.equal(await py("import cherry\ncherry.taste"), "sour");
  await clean();
});

test("errors say what is in the way, and nothing changes", async () => {
  // The details are the resolver's, and pinned in its tests.
  const reason = await refused("await micropip.install('apple>=2')");
  for (const part of ["apple 2.0 depends on berry >=2", "no version of berry is >=2", "your requirements cannot be met."]) assert.ok(reason.includes(part), reason);
  assert.equal(await refused("await micropip.install('nothing')"), "Because nothing is in no index and you require nothing, your requirements cannot be met.");
  assert.match(await refused("await micropip.install('nothing', index_urls=[])"), /There is no index to ask/);
  assert.match(await refused("await micropip.install('git+https://x.test/x.git')"), /is a repository/);
  assert.match(await refused("await micropip.install(['nothing', 'cherry', 'nil'], keep_going=True)"), /^nothing: .*\nnil: /);
});

test("faults of the server", async () => {
  const path = "/files/cherry-0.2-py3-none-any.whl";
  const { bytes } = WHEELS.at(-1);
  const attempt = async (fault) => {
    server.faults[path] = fault;
    try {
      return await refused("await micropip.install('cherry')");
    } finally {
      delete server.faults[path];
    }
  };
  const start = 'cherry 0.2 could not be downloaded: "URL/files/cherry-0.2-py3-none-any.whl"';
  assert.equal(await attempt((_, response) => response.writeHead(500).end()), `${start}: the server answered with status 500, expected 200`);
  assert.match(await attempt((_, response) => response.end(bytes.subarray(0, 200))), /the wheel has sha256 .*: expected/);
  assert.match(await attempt((_, response) => (response.writeHead(200, { "content-length": bytes.length }), response.write(bytes.subarray(0, 200)), setTimeout(() => response.destroy(), 20))), /could not be downloaded/);
  assert.match(await attempt((request, response) => response.writeHead(302, { location: request.url }).end()), /redirect/);
  assert.match(await attempt((_, response) => response.destroy()), /could not be downloaded/);
  // A page that fails is not passed over; one that does not answer is.
  server.faults["/simple/cherry/"] = (_, response) => response.writeHead(503).end();
  assert.match(await refused("await micropip.install('cherry')"), /cherry cannot be looked up .*status 503/);
  delete server.faults["/simple/cherry/"];
  await py(`await micropip.install('cherry', index_urls=['http://127.0.0.1:1/simple', '${server.index}'])`);
  assert.equal(await names(), "cherry==0.2");
  await clean();
});

test("what is installed stays unless it may be replaced", async () => {
  await py("await micropip.install('cherry==0.1')\nimport cherry");
  assert.match(await refused("await micropip.install('cherry==0.2')"), /cherry 0.1 is installed and stays as it is: install with reinstall=True/);
  await py("await micropip.install('cherry==0.2', reinstall=True)");
  assert.equal(await names(), "cherry==0.2");
  assert.equal(await py("import cherry\ncherry.taste"), "sweet");
  assert.equal(pyodide.FS.analyzePath(`${site}/cherry-0.1.dist-info`).exists, false);
  assert.equal(pyodide.FS.analyzePath(`${site}/ns_fruit`).exists, false);
  await clean();
});

test("a write that fails leaves the site as it was", async () => {
  await py("await micropip.install('cherry==0.1')");
  const { FS } = pyodide;
  // All folders in memory share their operations.
  const operations = FS.lookupPath(site).node.node_ops;
  const real = operations.mknod;
  for (let nth = 0; nth < 8; nth++) {
    let count = 0;
    operations.mknod = (...args) => {
      if (count++ === nth) throw new FS.ErrnoError(pyodide.ERRNO_CODES.ENOSPC);
      return real(...args);
    };
    try {
      assert.match(await refused("await micropip.install('cherry==0.2', reinstall=True)"), /: No space left on device; nothing has been changed$/);
      assert.equal(count, nth + 1);
    } finally {
      operations.mknod = real;
    }
  }
  assert.equal(await names(), "cherry==0.1");
  await clean();
});

test("files of a wheel that its hash vouches for are unpacked when they are read", async () => {
  await py("await micropip.install('cherry==0.2')");
  const { node } = pyodide.FS.lookupPath(`${site}/cherry.py`);
  assert.equal(typeof Object.getOwnPropertyDescriptor(node, "contents").get, "function");
  assert.equal(await py(`import os
os.stat('${site}/cherry.py').st_size`), "taste = 'sweet'\n".length);
  assert.equal(await py(`open('${site}/cherry.py').read()`), "taste = 'sweet'\n");
  assert.equal(Object.getOwnPropertyDescriptor(node, "contents").get, undefined);
  // Files that are written to, cut or appended to before anyone has read them.
  await py(`open('${site}/cherry_more.py', 'a').write('x = 1')`);
  assert.equal(await py(`open('${site}/cherry_more.py').read()`), "x = 1");
  await clean();
  await py("await micropip.install('cherry==0.2')");
  await py(`f = open('${site}/cherry.py', 'r+'); f.seek(9); f.write('S'); f.close()`);
  assert.equal(await py(`open('${site}/cherry.py').read()`), "taste = 'Sweet'\n");
  await clean();
  await py("await micropip.install('cherry==0.2')");
  await py(`os.truncate('${site}/cherry.py', 5)`);
  assert.equal(await py(`open('${site}/cherry.py').read()`), "taste");
  await clean();
});

test("unpacking a file may grow memory while it is read", async () => {
  const large = wheel({ name: "large", version: "1.0", files: { "large.txt": Array.from({ length: 64 << 10 }, (_, i) => `${i} ${"x".repeat(1000)}\n`).join("") } });
  server.add(large);
  await py("await micropip.install('large')");
  const memory = pyodide._module.wasmMemory;
  const before = memory.buffer.byteLength;
  assert.equal(await py(`text = open('${site}/large.txt', 'rb').read()\ntext.endswith(b'\\n65535 ' + b'x' * 1000 + b'\\n') and len(text)`), 65983642);
  assert.ok(memory.buffer.byteLength > before, "memory did not grow: the test shows nothing");
  await py("del text");
  await clean();
});

test("a file that is not what RECORD says cannot be read, and the reason is told", async () => {
  const bad = wheel({ name: "rotten", version: "1.0", files: { "rotten.py": "x = 1\n", "core.py": "y = 2\n" }, record: (line) => line.replace(/^(rotten\.py,sha256=)..../, "$1AAAA") });
  server.add(bad);
  const said = [];
  pyodide.setStderr({ batched: (line) => said.push(line) });
  await py("await micropip.install('rotten')");
  assert.equal(await py("import core\ncore.y"), 2);
  for (let i = 0; i < 2; i++) assert.match(await py("try:\n    import rotten\n    text = ''\nexcept OSError as e:\n    text = str(e)\ntext"), /I\/O error/);
  assert.equal(said.length, 1);
  assert.match(said[0], /site-packages\/rotten\.py cannot be unpacked: it has sha256 .*: expected AAAA.*, as RECORD says/);
  pyodide.setStderr({ batched: () => {} });
  await clean();
  // Without a hash of the archive nothing vouches for its files: they are looked at before.
  const direct = `${base}/files/${bad.filename}`;
  assert.match(await refused(`await micropip.install('${direct}')`), /member "rotten\.py" has sha256 .*: expected AAAA.*, as RECORD says/);
});

test("constraints, pre-set indexes, mocks", async () => {
  await py("micropip.set_constraints(['cherry<0.2'])\nawait micropip.install('cherry')\nmicropip.set_constraints([])");
  assert.equal(await names(), "cherry==0.1");
  await clean();
  await py("micropip.set_index_urls('http://127.0.0.1:1/none')");
  assert.match(await refused("await micropip.install('cherry')"), /cannot be looked up/);
  await py("micropip.set_index_urls(['PYPI'])\nmicropip.add_mock_package('berry', '2.5', modules={'berry': 'mocked = 1', 'berry.sub': ''})");
  await py("await micropip.install('apple')");
  assert.equal(await names(), "apple==2.0 berry==2.5");
  assert.equal(await py("import berry.sub, importlib.metadata as m\nberry.mocked, m.version('berry')\nf'{berry.mocked} {m.version(\"berry\")}'"), "1 2.5");
  assert.equal(await py("' '.join(micropip.list_mock_packages())"), "berry");
  await py("micropip.remove_mock_package('berry')\nmicropip.uninstall('apple')");
  await py("micropip.add_mock_package('cherry', '9', persistent=True)");
  assert.equal(await names(), "cherry==9");
  await py("import cherry\nmicropip.remove_mock_package('cherry')");
  assert.equal(await names(), "");
  assert.equal(pyodide.FS.analyzePath(`${site}/cherry.py`).exists, false);
});

test("freeze writes locks that install the same", async () => {
  await py("await micropip.install('apple')\nlock = micropip.freeze()\npylock = micropip.freeze(format='pylock')");
  const lock = JSON.parse(await py("lock"));
  assert.deepEqual(lock.packages.apple.depends, ["berry"]);
  assert.deepEqual(lock.packages.apple.imports, ["apple"]);
  assert.equal(lock.packages.apple.file_name, `${base}/files/apple-1.0-py3-none-any.whl`);
  await clean();
  await py("open('/tmp/pylock.toml', 'w').write(pylock)\nawait micropip.install(lock='/tmp/pylock.toml', index_urls=[])");
  assert.equal(await names(), "apple==1.0 berry==1.5");
  await clean();
  await py("open('/tmp/l.json', 'w').write(lock)\nawait micropip.install('apple', lock='/tmp/l.json', index_urls=[])");
  assert.equal(await names(), "apple==1.0 berry==1.5");
  await clean();
});

test("verbose tells which index and which file", async () => {
  const text = await py("import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    await micropip.install('cherry', verbose=True)\nout.getvalue()");
  assert.match(text, /looking for cherry at .*\/simple\/cherry\//);
  assert.match(text, /cherry 0.2: cherry-0.2-py3-none-any.whl from an index/);
  assert.match(text, /installed cherry-0.2/);
  await clean();
});

test("the examples of docs/packages.md", async () => {
  const text = readFileSync(new URL("../../docs/packages.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/^```python\n(.*?)^```/gms)];
  assert.ok(examples.length > 5);
  const cwd = await py("import os\nos.getcwd()");
  await py("os.chdir('/tmp')");
  try {
    for (const { 1: code, index } of examples) {
      const line = text.slice(0, index).split("\n").length + 1;
      const checked = code.split("\n").map((source, i) => {
        const match = /^(.*?) {2}# => (.*)$/.exec(source);
        return match ? `_got = repr((${match[1]})); assert _got == ${JSON.stringify(match[2])}, (${line + i}, _got)` : source;
      });
      await py(checked.join("\n"));
    }
  } finally {
    await py(`os.chdir(${JSON.stringify(cwd)})\nmicropip.set_index_urls(['PYPI'])`);
  }
  assert.equal(await names(), "");
});

test("the library itself leaks nothing", async () => {
  const once = async () => {
    await py("await micropip.install('apple')");
    await clean();
    await py("import gc\ngc.collect()\nNone");
    const { proxies, slots } = pyodide._api.stats();
    return { proxies, slots };
  };
  await once();
  const before = await once();
  for (let i = 0; i < 3; i++) assert.deepEqual(await once(), before);
});
