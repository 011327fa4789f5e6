// From nothing to a running interpreter.
//
// Everything is asked for at once: the core (compiled while it downloads), its glue, the standard library. The order
// after that is fixed: instantiate, make folders and streams, let the caller fill the file system, start CPython, run
// the Python side's own set-up.
//
// Guarantees: all state is in the returned object, so instances do not disturb each other; a failure rejects with an
// Error that names the file or the step, and nothing of the instance stays reachable.
// Restore story: an image replaces the step "start CPython"; all other steps stay.

import { checkEngine } from "../host/engine.js";
import { createFfi, type Ffi } from "../ffi/index.js";
import { CORE_FILE, GLUE_FILE, compileCore, importGlue, instantiateCore } from "./core.js";
import type { EmscriptenModule, FS, ModuleFactory } from "./emscripten.js";
import { makeFolders } from "./fs.js";
import { immediate } from "./immediate.js";
import { version } from "./manifest.js";
import { type Handler, LineWriter } from "./stream_handlers.js";
import { type StreamName, Streams } from "./streams.js";
import { SITE_PACKAGES, readStdlib, readStdlibSource, writeStdlib } from "./stdlib.js";

export interface BootOptions {
  /** Folder of the runtime's files. */
  folder: string;
  stdlib: { location: string; own: boolean };
  checks: { version: boolean; integrity: boolean };
  args: string[];
  /** Complete: HOME is in it. */
  env: Record<string, string>;
  executable: string;
  jsglobals: object;
  /** Let run_until_complete wait where it can. */
  runUntilComplete: boolean;
  handlers: Record<StreamName, Handler>;
  fsInit?: ((fs: FS, info: { sitePackages: string }) => Promise<void>) | undefined;
  factory?: ModuleFactory | undefined;
}

export interface Runtime {
  module: EmscriptenModule;
  ffi: Ffi;
  streams: Streams;
  /** The Python package `pyodide`. */
  pyodide: any;
}

export async function boot(options: BootOptions): Promise<Runtime> {
  checkEngine();
  const { folder, checks } = options;
  const [glue, stdlib, core] = [
    options.factory ?? importGlue(folder + GLUE_FILE),
    readStdlib(options.stdlib.location, options.stdlib.own, checks),
    compileCore(folder + CORE_FILE, checks),
  ];
  const ffi = createFfi();
  // The glue sets itself up while the core compiles; a failure of any of the three ends the start.
  const instance = Promise.resolve(glue).then((factory) => instantiate(factory, core, ffi, options));
  const [{ module, streams }, library] = await Promise.all([instance, stdlib, core]);

  writeStdlib(module.FS, library);
  await options.fsInit?.(module.FS, { sitePackages: SITE_PACKAGES });
  ffi.attach(module);
  startPython(ffi, streams, options);
  const pyodide = ffi.importModule("pyodide");
  if (checks.version) checkVersion(pyodide.__version__, options.stdlib.location);
  return { module, ffi, streams, pyodide };
}

function instantiate(
  factory: ModuleFactory,
  core: Promise<WebAssembly.Module>,
  ffi: Ffi,
  options: BootOptions,
): Promise<{ module: EmscriptenModule; streams: Streams }> {
  const location = options.folder + CORE_FILE;
  const { handlers, env } = options;
  let streams: Streams | undefined;
  // Emscripten's own messages, lines without newlines; they are rare and come at the end of things.
  const say = (name: StreamName) => (line: string) => {
    const handler = streams?.get(name) ?? handlers[name];
    handler.write?.(new TextEncoder().encode(`${line}\n`));
  };
  return new Promise((resolve, reject) => {
    factory({
      noInitialRun: true,
      // The standard streams are made below.
      noFSInit: true,
      arguments: [],
      thisProgram: options.executable,
      print: say("stdout"),
      printErr: say("stderr"),
      locateFile: (file) => options.folder + file,
      onAbort: (what) => reject(new Error(`the core stopped while it was starting: ${String(what)}`)),
      preRun: [
        (module) => {
          Object.assign(module.ENV, env);
          makeFolders(module.FS, env.HOME!);
          streams = new Streams(module, handlers);
          streams.install();
          module.FS.initialized = true;
        },
      ],
      instantiateWasm: (imports, done) => {
        core
          .then(async (module) => {
            followGrowth(imports, ffi);
            const instance = await instantiateCore(location, module, { ...imports, krait: ffi.imports });
            ffi.warmUp(instance);
            done(instance, module);
          })
          .catch(reject);
        return {};
      },
    }).then((module) => resolve({ module, streams: streams! }), reject);
  });
}

/** Memory grows only through this import: the border takes new heap views right after it. */
function followGrowth(imports: WebAssembly.Imports, ffi: Ffi): void {
  const grow = imports.env!.emscripten_resize_heap as (size: number) => boolean;
  imports.env!.emscripten_resize_heap = (size: number) => {
    const grown = grow(size);
    ffi.refresh();
    return grown;
  };
}

function startPython(ffi: Ffi, streams: Streams, options: BootOptions): void {
  // What Python prints about a start that fails is part of the error: its last lines name the cause.
  const said: string[] = [];
  const listener = new LineWriter((line) => said.push(line));
  const stderr = options.handlers.stderr;
  streams.exchange("stderr", {
    isatty: stderr.isatty,
    write: (buffer) => {
      listener.write(buffer);
      return stderr.write ? stderr.write(buffer) : buffer.length;
    },
    fsync: () => stderr.fsync?.(),
  });
  try {
    ffi.start({
      args: options.args,
      executable: options.executable,
      jsglobals: options.jsglobals,
    });
    ffi.importModule("_pyodide._startup").finish_start();
    ffi.registerJsModule("_krait_host", {
      stdlibSource: () => readStdlibSource(options.folder),
      setTimeout: (callback: () => void, delay: number) => setTimeout(() => ffi.enter(callback), delay),
      clearTimeout: (timer: number) => clearTimeout(timer),
      immediate: (callback: () => void) => immediate(() => ffi.enter(callback)),
      canSwitchStacks: ffi.canSwitchStacks,
      runUntilComplete: options.runUntilComplete,
    });
  } catch (error) {
    listener.fsync();
    const why = [error instanceof Error ? error.message : String(error), ...said.slice(-8)].join("\n");
    throw new Error(`Python did not start with the standard library "${options.stdlib.location}": ${why}`, { cause: error });
  } finally {
    streams.exchange("stderr", stderr);
  }
}

function checkVersion(found: string, location: string): void {
  if (found === version) return;
  throw new Error(
    `loader and core are of different versions: the loader is ${version}, "${location}" is ${found}; ` +
      "deploy all files of one version together, or pass checkAPIVersion: false",
  );
}
