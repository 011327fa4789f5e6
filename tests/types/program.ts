// A user's program, as far as types go: it is compiled against dist's declarations (tests/types/run.mjs) and never run.
// Lines marked @ts-expect-error must be refused.

import { type Lockfile, type LockfileInfo, type LockfilePackage, type PackageData, type PyodideAPI, type PyodideConfig } from "pyodide";
import { type PyodideInterface, type TypedArray, loadPyodide, version } from "pyodide";
import type { PyAwaitable, PyBuffer, PyCallable, PyDict, PyProxy, PySequence, PythonError } from "pyodide/ffi";
import type { PyAsyncGenerator, PyAsyncIterable, PyAsyncIterator, PyGenerator, PyIterable, PyIterator } from "pyodide/ffi";
import type { PyMutableSequence, PyProxyWithGet, PyProxyWithHas, PyProxyWithLength, PyProxyWithSet } from "pyodide/ffi";

const config: PyodideConfig = {
  indexURL: "https://example.org/pyodide/",
  stdin: () => null,
  stdout: (line) => console.log(line.toUpperCase()),
  env: { HOME: "/home/me" },
  args: ["-O"],
  lockFileContents: Promise.resolve("{}"),
  fsInit: async (FS, { sitePackages }) => FS.writeFile(`${sitePackages}/a.py`, "A = 1"),
};

// @ts-expect-error: env is an object of strings
const wrong: PyodideConfig = { env: { A: 1 } };

export async function main(): Promise<void> {
  const pyodide: PyodideAPI = await loadPyodide(config);
  const same: PyodideInterface = pyodide;
  const text: string = version + same.version;
  const sum: number = pyodide.runPython("1 + 1", { filename: "a.py" });
  const value: unknown = await pyodide.runPythonAsync("await f()", { globals: pyodide.globals });

  await (pyodide.reset() satisfies Promise<void>);

  const globals: PyDict = pyodide.globals;
  globals.set("x", [1, 2]);
  const f: PyCallable = globals.get("f");
  f(1, 2);
  f.callKwargs(1, { key: 2 });
  f.destroy({ message: "done" });

  const list: PySequence = pyodide.toPy([1, 2], { depth: 1 });
  const doubled: number[] = list.map((item) => item * 2);
  for (const item of list) console.log(item);
  const plain = list.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });

  const buffer: PyBuffer = pyodide.runPython("bytes(3)");
  const view = buffer.getBuffer("u8");
  const data: TypedArray = view.data;
  view.release();

  const awaitable: PyAwaitable = pyodide.runPython("g()");
  await awaitable.then((result) => console.log(result));

  try {
    pyodide.runPython("1 / 0");
  } catch (error) {
    if (error instanceof pyodide.ffi.PythonError) console.log(error.type.length, error.message);
  }
  const proxy: unknown = pyodide.pyimport("math");
  if (proxy instanceof pyodide.ffi.PyProxy) console.log(proxy.type, proxy.pi);

  pyodide.setStdin({ stdin: () => "line", autoEOF: false });
  pyodide.setStdin({ read: (bytes) => bytes.length });
  pyodide.setStdout({ batched: (line) => console.log(line) });
  pyodide.setStdout({ write: (bytes) => bytes.length, isatty: true, fsync() {} });
  pyodide.setStderr({ raw: (byte) => console.log(byte.toFixed()) });
  pyodide.setStderr();
  // @ts-expect-error: a line is a string
  pyodide.setStdout({ batched: (line: number) => console.log(line) });

  const contents: string = pyodide.FS.readFile("/a", { encoding: "utf8" });
  const bytes: Uint8Array = pyodide.FS.readFile("/a");
  pyodide.FS.mkdirTree("/x/y");
  const missing: number = pyodide.ERRNO_CODES.ENOENT!;
  throw new pyodide.FS.ErrnoError(missing) as Error;

  const loaded: PackageData[] = await pyodide.loadPackage(["numpy"], { checkIntegrity: true });
  const lock: Lockfile = pyodide.lockfile;
  const info: LockfileInfo = lock.info;
  const entry: LockfilePackage | undefined = lock.packages["numpy"];
  const base: string | undefined = pyodide.lockfileBaseUrl;
  pyodide.registerJsModule("mine", { a: 1 });
  pyodide.unpackArchive(new Uint8Array(0), "zip", { extractDir: "/tmp" });
  const { syncfs } = await pyodide.mountNativeFS("/mnt", await navigator.storage.getDirectory());
  await syncfs();
  // @ts-expect-error: there is no such member
  pyodide.runPythn("1");
  console.log(text, sum, value, doubled, plain, data, contents, bytes, loaded, info, entry, base, wrong);
}

export type Everything = [
  PyAsyncGenerator, PyAsyncIterable, PyAsyncIterator, PyGenerator, PyIterable, PyIterator, PyMutableSequence,
  PyProxyWithGet, PyProxyWithHas, PyProxyWithLength, PyProxyWithSet, PyProxy, PythonError,
];
