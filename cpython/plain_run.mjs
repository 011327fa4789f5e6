// Runs what cpython/plain linked:  node run.mjs [PYTHON ARGS...]
//
// The machine's file system is seen at the same paths (for scripts and test data), the standard library in a zip archive.
// Exits with Python's exit code.
import { readFileSync, readdirSync } from "node:fs";
import createPython from "./python.mjs";

const here = (name) => new URL(name, import.meta.url);
const args = process.argv.slice(2);

const module = await createPython({
  arguments: args,
  thisProgram: "/bin/python3.13",
  stdout: undefined,
  preRun: [(m) => {
    m.FS.mkdirTree("/lib");
    m.FS.mkdirTree("/lib/python3.13/lib-dynload");
    m.FS.writeFile("/lib/python313.zip", readFileSync(here("stdlib.zip")));
    const kept = new Set(["lib", "dev", "proc", "bin", "sys"]);
    for (const name of readdirSync("/")) {
      if (kept.has(name)) continue;
      try {
        m.FS.mkdirTree("/" + name);
        m.FS.mount(m.NODEFS, { root: "/" + name }, "/" + name);
      } catch { /* a file, or not to be read: not needed */ }
    }
    Object.assign(m.ENV, process.env, { PYTHONHOME: "/", PYTHONPATH: process.env.KRAIT_PYTHONPATH ?? "", HOME: "/tmp" });
    m.FS.chdir(process.cwd());
  }],
});
process.exitCode = module.callMain(args);
