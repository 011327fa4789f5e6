// Runs one of CPython's test modules in a dist folder:  node run_in_dist.mjs DIST LIB MODULE [SKIPPED TEST...]
// DIST: where pyodide.mjs is. LIB: the Lib folder of the same CPython source, whose `test` package is mounted. Prints what run_module.py says.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [dist, lib, name, ...skipped] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(dist, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ env: { HOME: "/home/pyodide", LANG: "C.UTF-8" } });
const { FS } = pyodide;

FS.mkdirTree("/lib/python3.13/test");
FS.mount(FS.filesystems.NODEFS, { root: resolve(lib, "test") }, "/lib/python3.13/test");
FS.mkdirTree("/tmp/work");
const dynload = "/lib/python3.13/lib-dynload/";
FS.mkdirTree(dynload);
for (const side of (process.env.KRAIT_TEST_MODULES ?? "").split(":").filter(Boolean)) {
  FS.writeFile(dynload + side.split("/").at(-1), readFileSync(side));
}
pyodide.globals.set("test_source", readFileSync(new URL("run_module.py", import.meta.url), "utf8"));
pyodide.globals.set("test_name", name);
pyodide.globals.set("test_skipped", skipped.join("\n"));
pyodide.runPython(`
import os, sys, types
os.chdir("/tmp/work")
if "/lib/python3.13" not in sys.path:
    sys.path.append("/lib/python3.13")
module = types.ModuleType("run_module")
exec(compile(test_source, "run_module.py", "exec"), module.__dict__)
module.main(test_name, set(test_skipped.split("\\n")))
`);
