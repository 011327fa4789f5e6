// From nothing to a running interpreter.
//
// Everything is asked for at once: the core (compiled while it downloads), its glue, the standard library. The order
// after that is fixed: instantiate, make folders and streams, let the caller fill the file system, start CPython, run
// the Python side's own set-up.
//
// Guarantees: all state is in the returned object, so instances do not disturb each other; a failure rejects with an
// Error that names the file or the step, and nothing of the instance stays reachable.
// Restore story: an image replaces the step "start CPython"; all other steps stay. Which start it was, cannot be seen afterwards
// but by the clock, and by the seed of hash(str), which is the image's. A reset takes the same steps again, see reset.ts.

import { checkEngine } from "../host/engine.js";
import type { ByteSource } from "../host/files.js";
import { factsOf, version } from "../host/manifest.js";
import { createFfi, type Ffi, type Roots, type Serializer } from "../ffi/index.js";
import { CORE_FILE, GLUE_FILE, compileCore, importGlue, instantiateCore, readLibrary, readSymbols } from "./core.js";
import type { EmscriptenModule, FS, ModuleFactory } from "./emscripten.js";
import { makeFolders } from "./fs.js";
import { type Image, parseImage } from "./image_file.js";
import { Host } from "./host_functions.js";
import { resetMachine } from "./reset.js";
import { buildId, prepareForImage, restoreImage } from "./snapshot.js";
import { type Handler, LineWriter } from "./stream_handlers.js";
import { type StreamName, Streams } from "./streams.js";
import {
  SITE_PACKAGES,
  STDLIB_FILE,
  type StdlibChecks,
  type StdlibSettings,
  readStdlib,
  writeStdlib,
  writeStdlibLater,
} from "./stdlib.js";

export interface BootOptions {
  /** Folder of the runtime's files. */
  folder: string;
  stdlib: StdlibSettings;
  checks: StdlibChecks;
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
  /** Restored instead of starting CPython. */
  image?: ImageSource | undefined;
  /** What Python calls to install packages. */
  packages: object;
  /** The core, if somebody has compiled it already. */
  core?: WebAssembly.Module | undefined;
  /** The archive of the standard library, if somebody has read it already. */
  library?: Uint8Array | undefined;
}

/** Where an image comes from. */
export interface ImageSource {
  what: string;
  /** Resolves to nothing when the image cannot be had and a cold start will do. */
  source: PromiseLike<ByteSource | undefined>;
  deserializer?: Serializer | undefined;
}

export interface Runtime {
  /** The compiled core, for images. */
  core: WebAssembly.Module;
  /** Objects that JS references of an image may start from; the public object is added to them. */
  roots: Roots;
  /** Hands Python the public object, which is made last: as the module `pyodide_js`, and to what an image says of it. */
  complete(publicObject: object): void;
  /** What the maker of the image kept in it; undefined after a cold start. */
  extra: unknown;
  module: EmscriptenModule;
  ffi: Ffi;
  streams: Streams;
  /** The Python package `pyodide`. */
  pyodide: any;
  /** The stack pointer of the core while nothing of it runs. */
  stackPointer: number;
  /** Ends this interpreter, and begins with another in the same instance; its streams lead to the handlers. */
  reset(handlers: Record<StreamName, Handler>): Promise<Runtime>;
}

/** What stays of an instance when its interpreter is exchanged. */
export interface Machine {
  options: BootOptions;
  core: WebAssembly.Module;
  module: EmscriptenModule;
  /** undefined: Python was started cold, and nobody has needed an image yet. */
  image: Image | undefined;
  /** Python was started cold: the image has the arguments of its start. */
  cold: boolean;
  /** The stack pointer while nothing runs. */
  stackPointer: number;
  /** The archive of the standard library, after a cold start. */
  library: Uint8Array | undefined;
  /** Puts the standard library into the file system. */
  putStdlib(): void;
  /** Of the interpreter that runs. */
  ffi: Ffi;
  host: Host;
  streams: Streams;
}

// An image that is a file stays open as long as its instance lives.
const images = new FinalizationRegistry<ByteSource>((source) => source.close());

export async function boot(options: BootOptions): Promise<Runtime> {
  checkEngine();
  const { folder, checks } = options;
  const core = options.core ? Promise.resolve(options.core) : compileCore(folder + CORE_FILE, checks);
  const glue = options.factory ?? importGlue(folder + GLUE_FILE);
  const image = openImage(options);
  // Without an image Python needs the library to start.
  const stdlib = image.then((found) => (found && canWait(options) ? undefined : (options.library ?? readStdlib(options.stdlib, checks))));
  const ffi = createFfi();
  // The glue sets itself up while the core compiles; a failure of any of them ends the start.
  const instance = Promise.resolve(glue).then((factory) => instantiate(factory, core, ffi, options));
  const [{ module, streams, grow }, compiled, parsed, library] = await Promise.all([instance, core, image, stdlib]);

  const putStdlib = library
    ? writeStdlib(module.FS, library)
    : writeStdlibLater(module.FS, module.ERRNO_CODES, options.stdlib, checks, (message) => report(machine.streams, message));
  const host = new Host(options, ffi);
  const machine: Machine = { options, core: compiled, module, image: parsed, cold: !parsed, stackPointer: stackPointerOf(module), library, putStdlib, ffi, host, streams };
  ffi.attach(module, (message) => report(streams, message));
  let restored: ReturnType<typeof restoreImage> | undefined;
  if (parsed) {
    images.register(machine, parsed.source);
    restored = restore(machine, parsed, () => prepareForImage(parsed, module, grow));
  } else {
    await options.fsInit?.(module.FS, { sitePackages: SITE_PACKAGES });
    startPython(ffi, streams, options, host.functions);
  }
  module.kraitLibraries.started();
  return runtimeOf(machine, restored);
}

/** Fills an instance with an image. */
export function restore({ options, module, ffi, host }: Machine, image: Image, prepare: () => void): ReturnType<typeof restoreImage> {
  const roots: Roots = { js: options.jsglobals, host: host.functions };
  return restoreImage(image, { module, ffi, roots }, prepare, options.image?.deserializer);
}

/** Makes a runtime of an interpreter that has been started or restored. */
export async function runtimeOf(machine: Machine, restored?: ReturnType<typeof restoreImage>): Promise<Runtime> {
  const { options, core, module, ffi, host, streams } = machine;
  const roots: Roots = { js: options.jsglobals, host: host.functions };
  if (restored) {
    await options.fsInit?.(module.FS, { sitePackages: SITE_PACKAGES });
    renew(ffi, options, machine.cold);
  }
  const pyodide = ffi.importModule("pyodide");
  if (options.checks.version) checkVersion(pyodide.__version__, options.stdlib.location);
  const complete = (publicObject: object) => {
    roots.pyodide_js = publicObject;
    if (restored) restored.complete(roots);
    else ffi.registerJsModule("pyodide_js", publicObject);
  };
  const reset = async (handlers: Record<StreamName, Handler>) => runtimeOf(machine, await resetMachine(machine, handlers));
  return { core, roots, complete, extra: restored?.extra, module, ffi, streams, pyodide, stackPointer: machine.stackPointer, reset };
}

/** Of a core without anything on its stack. */
export const stackPointerOf = (module: EmscriptenModule): number => (module.wasmExports.__stack_pointer as WebAssembly.Global).value;

async function openImage({ image }: BootOptions): Promise<Image | undefined> {
  const source = await image?.source;
  try {
    return source && parseImage(image!.what, source, buildId());
  } catch (error) {
    source!.close();
    throw error;
  }
}

/** A library that has to be checked whole must be there. */
function canWait({ stdlib, checks }: BootOptions): boolean {
  return stdlib.own && !checks.integrity && factsOf(STDLIB_FILE) !== undefined;
}

export function report(streams: Streams, message: string): void {
  streams.get("stderr").write?.(new TextEncoder().encode(`${message}\n`));
}

/** Tells a restored interpreter where it is now. */
function renew(ffi: Ffi, options: BootOptions, hasArguments: boolean): void {
  const { executable, args, fsInit } = options;
  const facts = [hasArguments ? [] : args, Object.entries(environment(options)).flat()].map((list) => ffi.toPy(list));
  ffi.withFunction("_pyodide._snapshot", "restored", (restored) => restored(executable, ...facts, hasArguments));
  if (fsInit) ffi.withFunction("_pyodide._snapshot", "read_site", (read) => read(SITE_PACKAGES));
  for (const fact of facts) fact.destroy();
}

function instantiate(
  factory: ModuleFactory,
  core: Promise<WebAssembly.Module>,
  ffi: Ffi,
  options: BootOptions,
): Promise<{ module: EmscriptenModule; streams: Streams; grow: (size: number) => boolean }> {
  const location = options.folder + CORE_FILE;
  const { handlers, env } = options;
  let streams: Streams | undefined;
  let grow: (size: number) => boolean;
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
      kraitReadSymbols: () => readSymbols(options.folder),
      kraitReadLibrary: () => readLibrary(options.folder),
      onAbort: (what) => reject(new Error(`the core stopped while it was starting: ${String(what)}`)),
      preRun: [
        (module) => {
          Object.assign(module.ENV, environment(options));
          makeFolders(module.FS, env.HOME!);
          streams = new Streams(module, handlers);
          streams.install();
          module.FS.initialized = true;
        },
      ],
      instantiateWasm: (imports, done) => {
        core
          .then(async (module) => {
            grow = followGrowth(imports, ffi);
            const instance = await instantiateCore(location, module, { ...imports, krait: ffi.imports });
            ffi.warmUp(instance);
            done(instance, module);
          })
          .catch(reject);
        return {};
      },
    }).then((module) => resolve({ module, streams: streams!, grow }), reject);
  });
}

/** Memory grows only through this import: the border takes new heap views right after it. */
function followGrowth(imports: WebAssembly.Imports, ffi: Ffi): (size: number) => boolean {
  const grow = imports.env!.emscripten_resize_heap as (size: number) => boolean;
  return (imports.env!.emscripten_resize_heap = (size: number) => {
    const grown = grow(size);
    ffi.refresh();
    return grown;
  });
}

function startPython(ffi: Ffi, streams: Streams, options: BootOptions, host: object): void {
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
    ffi.withFunction("_pyodide._startup", "finish_start", (finish) => finish());
    ffi.registerJsModule("_krait_host", host);
  } catch (error) {
    listener.fsync();
    const why = [error instanceof Error ? error.message : String(error), ...said.slice(-8)].join("\n");
    throw new Error(`Python did not start with the standard library "${options.stdlib.location}": ${why}`, { cause: error });
  } finally {
    streams.exchange("stderr", stderr);
  }
}

/** All of os.environ: what Emscripten's libc would add by itself, and what the caller wants. */
export function environment({ env, executable }: BootOptions): Record<string, string> {
  const language = (globalThis.navigator?.language ?? "C").replace("-", "_");
  return { USER: "web_user", LOGNAME: "web_user", PATH: "/", PWD: "/", LANG: `${language}.UTF-8`, _: executable, ...env };
}

function checkVersion(found: string, location: string): void {
  if (found === version) return;
  throw new Error(
    `loader and core are of different versions: the loader is ${version}, "${location}" is ${found}; ` +
      "deploy all files of one version together, or pass checkAPIVersion: false",
  );
}
