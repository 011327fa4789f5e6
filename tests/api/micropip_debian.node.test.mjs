// micropip with wheels of programs that people use, as Debian packages them: metadata as their authors wrote it, up to 1,500 modules.
import { after, assert, loadPyodide, test } from "./harness.mjs";
import { startPackageServer } from "../packages/server.mjs";
import { debian } from "../packages/wheelhouse.mjs";

const wheels = debian();
const server = await startPackageServer(wheels);
after(() => server.close());
const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {}, packageCache: false, env: { KRAIT_INDEX_URL: server.index } });
const py = (code) => pyodide.runPythonAsync(code);
const versionOf = (name) => wheels.find((wheel) => wheel.name === name).version;
const installed = async () => JSON.parse(await py("import json, micropip\njson.dumps({p.name: p.version for p in micropip.list().values()})"));
const expected = (...names) => Object.fromEntries(names.map((name) => [name.replaceAll("_", "-"), versionOf(name)]));

function files() {
  const found = [];
  const walk = (folder) => {
    for (const name of pyodide.FS.readdir(folder)) {
      if (name === "." || name === "..") continue;
      const path = `${folder}/${name}`;
      if (pyodide.FS.isDir(pyodide.FS.stat(path).mode)) walk(path);
      else found.push(path);
    }
  };
  for (const folder of ["/lib/python3.13/site-packages", "/bin"]) if (pyodide.FS.analyzePath(folder).exists) walk(folder);
  return found;
}
const before = files();

test("pytest: its dependencies, without those of other platforms and Pythons, and it runs tests", async () => {
  await py("import micropip\nawait micropip.install('pytest')");
  assert.deepEqual(await installed(), expected("pytest", "iniconfig", "packaging", "pluggy", "Pygments"));
  const report = await py(`
import contextlib, io, pathlib, pytest
pathlib.Path("test_sample.py").write_text("""
import pytest
def test_passes(tmp_path):
    (tmp_path / 'a').write_text('b')
@pytest.mark.parametrize('n', [1, 2])
def test_fails_once(n):
    assert n + 1 == 2
""")
with contextlib.redirect_stdout(io.StringIO()) as out:
    pytest.main(["-q", "-p", "no:cacheprovider", "test_sample.py"])
out.getvalue()`);
  assert.match(report, /assert \(2 \+ 1\) == 2/);
  assert.match(report, /1 failed, 2 passed/);
});

test("rich: parenthesised specifiers of old metadata, names that are spelt otherwise", async () => {
  await py("await micropip.install('Rich')");
  assert.deepEqual(await installed(), expected("pytest", "iniconfig", "packaging", "pluggy", "Pygments", "rich", "markdown_it_py", "mdurl"));
  assert.equal(
    await py(`
import io
from rich.console import Console
from rich.markdown import Markdown
out = io.StringIO()
Console(file=out, width=20).print(Markdown("# Title\\n* item"))
out.getvalue().split()`).then((words) => words.toJs().join(" ")),
    "Title • item",
  );
  assert.equal(await py("len(micropip.check())"), 0);
});

test("sympy: a bound that the index cannot meet is explained; without dependencies it is installed, works, and is told of", async () => {
  const message = await py("try:\n    await micropip.install('sympy')\n    text = None\nexcept micropip.InstallError as e:\n    text = str(e)\ntext");
  assert.match(message, /sympy/);
  assert.match(message, /mpmath ?(<1\.4,>=1\.1\.0|>=1\.1\.0,<1\.4)/);
  assert.equal("sympy" in (await installed()), false);
  await py("await micropip.install(['sympy', 'mpmath'], deps=False)");
  assert.equal(await py("from sympy import Symbol, integrate, sin\nx = Symbol('x')\nstr(integrate(x * sin(x), x))"), "-x*cos(x) + sin(x)");
  assert.match(await py("'\\n'.join(map(str, micropip.check()))"), /sympy.*mpmath/);
});

test("dateutil and attrs: modules whose names are not the distributions'", async () => {
  await py("await micropip.install(['python-dateutil', 'attrs', 'six'])");
  assert.equal(await py("from dateutil.parser import parse\nstr(parse('3 March 2026 10:00'))"), "2026-03-03 10:00:00");
  assert.equal(await py("import attr\n@attr.s\nclass A:\n    x = attr.ib()\nrepr(A(1))"), "A(x=1)");
});

test("uninstall: no file is left of 3,000", async () => {
  assert.ok(files().length > before.length + 2000);
  await py("micropip.uninstall([*micropip.list()])");
  assert.deepEqual(files(), before);
});
