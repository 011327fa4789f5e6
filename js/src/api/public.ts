// The object that loadPyodide resolves to.
//
// Guarantees: its methods are closures, so they work without `this`; members that belong to parts that are not built
// yet raise an Error which says so. It holds no logic of its own beyond the translation of options.

import type { PyodideAPI, RunPythonOptions, StdinOptions, StdoutOptions } from "../../types/pyodide.js";
import { version } from "../host/manifest.js";
import { mountHostFolder } from "../runtime/fs.js";
import type { Runtime } from "../runtime/boot.js";
import { pythonRuns } from "../runtime/reset.js";
import { makeImage } from "../runtime/snapshot.js";
import type { LoadedLock, PackageManager } from "../packages/manager.js";
import { unpackArchive } from "./archive.js";
import { ABI_VERSION } from "./lockfile.js";
import { notYet, notYetAsync } from "./not_yet.js";
import { inputHandler, outputHandler } from "./streams.js";

export interface PublicOptions {
  runtime: Runtime;
  lock: LoadedLock;
  packages: PackageManager;
  /** What loadPyodide was called with, for tools that look at `_api.config`. */
  config: object;
  /** Puts another interpreter in the place of this one. */
  reset(): Promise<{ runtime: Runtime; packages: PackageManager }>;
}

export function makePublic({ runtime: first, lock, packages: firstPackages, config, reset }: PublicOptions): PyodideAPI {
  // One and the same for all interpreters that the instance has one after another.
  const { module } = first;
  const classes = first.ffi.classes as PyodideAPI["ffi"];
  let { runtime, packages, ffi, evalCode, evalCodeAsync, builtins } = lifeOf(first, firstPackages);
  let resetting: Promise<void> | undefined;

  const api: PyodideAPI = {
    version,
    globals: ffi.globals as PyodideAPI["globals"],
    pyodide_py: runtime.pyodide,
    ffi: classes,
    loadedPackages: packages.loaded,

    reset() {
      return (resetting ??= renew().finally(() => (resetting = undefined)));
    },

    runPython(source: string, options?: RunPythonOptions) {
      if (options === undefined) return evalCode(source, ffi.globals);
      const [globals, locals, rest] = split("runPython", options);
      return evalCode.callKwargs(source, globals ?? ffi.globals, locals, rest);
    },

    runPythonAsync(source: string, options?: RunPythonOptions) {
      const border = ffi;
      let coroutine: any;
      try {
        const [globals, locals, rest] = split("runPythonAsync", options ?? {});
        coroutine = evalCodeAsync.callKwargs(source, globals ?? ffi.globals, locals, rest);
      } catch (error) {
        return Promise.reject(error as Error);
      }
      const end = () => {
        coroutine.destroy?.();
        border.unfollow(running);
      };
      const running: Promise<unknown> = (async () => {
        try {
          return await coroutine;
        } finally {
          end();
        }
      })();
      return border.follow(running);
    },

    pyimport(name: string) {
      if (typeof name !== "string") throw new TypeError(`pyimport: the name must be a string, not ${typeof name}`);
      const dot = name.lastIndexOf(".");
      if (dot < 0) return ffi.importModule(name);
      const parent = ffi.importModule(name.slice(0, dot));
      try {
        const last = name.slice(dot + 1);
        return builtins.hasattr(parent, last) ? builtins.getattr(parent, last) : ffi.importModule(name);
      } finally {
        parent.destroy();
      }
    },

    toPy: (object, options) => ffi.toPy(object, options),
    registerJsModule: (name, object) => ffi.registerJsModule(name, object),
    unregisterJsModule: (name) => ffi.unregisterJsModule(name),
    setDebug: (debug) => ffi.setDebug(Boolean(debug)),

    unpackArchive: (buffer, format, options) => unpackArchive(ffi, module.FS, buffer, format, options),
    mountNodeFS: (path, hostPath) => mountHostFolder(module, path, hostPath),

    setStdin: (options?: StdinOptions) => runtime.streams.set("stdin", inputHandler(options)),
    setStdout: (options?: StdoutOptions) => runtime.streams.set("stdout", outputHandler("stdout", options)),
    setStderr: (options?: StdoutOptions) => runtime.streams.set("stderr", outputHandler("stderr", options)),

    get lockfile() {
      return lock.lockfile;
    },
    get lockfileBaseUrl() {
      return lock.baseURL;
    },

    async loadPackagesFromImports(source, options) {
      return packages.load(packages.providersOf(missingModules(source)), options);
    },
    async loadPackage(names, options) {
      return packages.load(nameList(names), options);
    },
    registerComlink() {
      throw notYet("registerComlink");
    },
    mountNativeFS: () => notYetAsync("mountNativeFS"),
    useNodeSockFS: () => notYetAsync("useNodeSockFS"),
    setInterruptBuffer() {
      throw notYet("setInterruptBuffer");
    },
    // Without an interrupt buffer nobody can have asked for an interrupt.
    checkInterrupt() {},
    makeMemorySnapshot({ serializer } = {}) {
      return makeImage(runtime, { loadedPackages: { ...api.loadedPackages } }, serializer);
    },
    get canvas(): never {
      throw notYet("canvas");
    },

    FS: module.FS as unknown as PyodideAPI["FS"],
    PATH: module.PATH,
    ERRNO_CODES: module.ERRNO_CODES,
    _module: module,
    _api: {
      version,
      abiVersion: ABI_VERSION,
      config,
      stats: () => ffi.stats(),
      get packages() {
        return packages.packages;
      },
    },
  };
  // Python's dir() and JSON of the object should not trip over a part that is not there.
  Object.defineProperty(api, "canvas", { enumerable: false });
  return api;

  async function renew(): Promise<void> {
    if (pythonRuns(runtime)) {
      throw new Error("reset() was called while Python runs: it can be called when Python has returned to JavaScript, for instance from a timer");
    }
    const next = await reset();
    ({ runtime, packages, ffi, evalCode, evalCodeAsync, builtins } = lifeOf(next.runtime, next.packages));
    Object.assign(classes, ffi.classes);
    Object.assign(api, { globals: ffi.globals, pyodide_py: runtime.pyodide, loadedPackages: packages.loaded });
    runtime.complete(api);
  }

  /** Modules that the text imports and that are not in Python already. */
  function missingModules(source: string): string[] {
    const sys = ffi.importModule("sys");
    const loaded = sys.modules;
    sys.destroy();
    const imports = ffi.withFunction("pyodide.code", "find_imports", (find) => find(source));
    try {
      return ffi.withFunction("importlib.util", "find_spec", (findSpec) =>
        Array.from(imports as Iterable<string>).filter((name) => {
          const top = name.split(".")[0]!;
          // Also because some of these, such as __main__, have no spec to find.
          if (loaded.has(top)) return false;
          const spec = findSpec(top);
          spec?.destroy?.();
          return spec === undefined;
        }),
      );
    } finally {
      imports.destroy();
      loaded.destroy();
    }
  }
}

/** What the methods use of one interpreter. */
function lifeOf(runtime: Runtime, packages: PackageManager) {
  const { ffi } = runtime;
  const code = ffi.importModule("pyodide.code");
  const life = { runtime, packages, ffi, evalCode: code.eval_code, evalCodeAsync: code.eval_code_async, builtins: ffi.importModule("builtins") };
  code.destroy();
  return life;
}

/** What loadPackage was called with: one name or URL, an array of them, or something of Python's that can be gone through. */
function nameList(names: unknown): string[] {
  if (typeof names === "string") return [names];
  const refuse = (found: string) => new TypeError(`loadPackage: expected a name or URL, or an array of them, found ${found}`);
  if (typeof names !== "object" || names === null || !(Symbol.iterator in names)) throw refuse(names === null ? "null" : typeof names);
  return Array.from(names as Iterable<unknown>, (name) => {
    if (typeof name !== "string") throw refuse(`${name === null ? "null" : typeof name} in it`);
    return name;
  });
}

/** eval_code takes globals and locals by position, the rest by name; absent options stay absent. */
function split(function_: string, options: RunPythonOptions): [globals: unknown, locals: unknown, rest: object] {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${function_}: options must be an object, not ${options === null ? "null" : typeof options}`);
  }
  const { globals, locals, filename, dedent } = options;
  const rest: Record<string, unknown> = {};
  if (filename !== undefined) rest.filename = filename;
  if (dedent !== undefined) rest.dedent = dedent;
  return [globals, locals, rest];
}
