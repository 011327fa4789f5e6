// Types of the package: `loadPyodide`, its options, and the object that it resolves to.
//
// js/src/api implements these declarations and is compiled against them, so they cannot drift apart.

import type { EmscriptenFS } from "./fs.js";
import type { PyDict, PyProxy, TypedArray, ffi } from "./ffi.js";

export type { TypedArray };

/** The version of this package in Python's notation; programs of the same major number run on it. */
export declare const version: string;

/**
 * Starts Python. Every call makes an instance of its own; several may live in one page.
 *
 * A start that fails rejects with an Error that names the file and the cause.
 *
 * @example
 * const pyodide = await loadPyodide();
 * console.log(pyodide.runPython("sum(range(10))")); // 45
 */
export declare function loadPyodide(options?: PyodideConfig): Promise<PyodideAPI>;

export interface PyodideConfig {
  /** The folder of the runtime's files, as a URL or (in Node) a path. Default: the folder of the loader. */
  indexURL?: string;
  /** Node: the folder where downloaded wheels are kept. Default: indexURL. */
  packageCacheDir?: string;
  /**
   * Whether wheels that were downloaded are kept, by their SHA-256, for the next time: in Node in packageCacheDir, in a page with the
   * Cache API. Default: true in Node, false in a page, whose user may not want that.
   */
  packageCache?: boolean;
  /** Milliseconds without a byte after which a download of a package is given up. Default: 30000. */
  packageTimeout?: number;
  /** Where the lock file is. Default: `pyodide-lock.json` in indexURL. Its folder is the default of packageBaseUrl. */
  lockFileURL?: string;
  /** The lock itself, instead of a file: an object, JSON text, or a promise of one of them. */
  lockFileContents?: Lockfile | string | Promise<Lockfile | string>;
  /** What relative file names in the lock are relative to. Default: the folder of lockFileURL. */
  packageBaseUrl?: string;
  /** @deprecated Has no effect: the whole standard library is always there. */
  fullStdLib?: boolean;
  /** Where the standard library is. Default: `python_stdlib.zip` in indexURL. */
  stdLibURL?: string;
  /** Asked for one line at a time; null ends the input. See `setStdin` for more. */
  stdin?: () => string | null;
  /** Called with each line of standard output, from the first moment on. See `setStdout` for more. */
  stdout?: (line: string) => void;
  /** Called with each line of standard error, from the first moment on. See `setStderr` for more. */
  stderr?: (line: string) => void;
  /** What `import js` gives in Python. Default: globalThis. */
  jsglobals?: object;
  /** Arguments of the Python program: interpreter options, then sys.argv. Default: []. */
  args?: string[];
  /** The environment. HOME is "/home/pyodide" unless given, and is where the program starts. */
  env?: { [name: string]: string };
  /** Packages to load during the start. */
  packages?: string[];
  /** Lets `loop.run_until_complete` block by stack switching, where the engine can. Default: true. */
  enableRunUntilComplete?: boolean;
  /**
   * Whether loader and files must be of the same version: sizes and the version of the Python part are compared.
   * Default: true.
   */
  checkAPIVersion?: boolean;
  /**
   * Whether the SHA-256 of the runtime's own files is compared with what the loader was built with. It costs about
   * 20 ms and compiling while downloading, so the default is false: sizes alone are compared.
   */
  checkIntegrity?: boolean;
  /** Called before the interpreter starts, to put files in place. @experimental */
  fsInit?: (FS: EmscriptenFS, info: { sitePackages: string }) => Promise<void>;
  /** @deprecated `toString` of proxies gives repr. */
  pyproxyToStringRepr?: boolean;
  /** @deprecated JavaScript's null becomes None. */
  convertNullToNone?: boolean;
  /** @deprecated dicts become LiteralMap. */
  toJsLiteralMap?: boolean;
  /** The default export of pyodide.asm.mjs, for hosts that forbid `import()`. @experimental */
  createPyodideModule?: (...args: any[]) => Promise<any>;
  /** The value of sys.executable. @ignore */
  _sysExecutable?: string;
  /** @ignore */
  _makeSnapshot?: boolean;
  /** @ignore */
  _loadSnapshot?: false | Uint8Array | ArrayBuffer | PromiseLike<Uint8Array | ArrayBuffer>;
  /** @ignore */
  _snapshotDeserializer?: (object: any) => any;
}

/** The options with every default filled in. @hidden */
export type PyodideConfigWithDefaults = Required<PyodideConfig>;

/** What a lock file says about the platform. `abi_version` must be that of the runtime; the rest informs. */
export interface LockfileInfo {
  arch: "wasm32";
  abi_version: string;
  /** Such as "emscripten_4_0_9". */
  platform: string;
  /** The version of the distribution that the lock was made with. */
  version: string;
  /** The version of Python that the lock was made with. */
  python: string;
}

export type PackageType = "package" | "cpython_module" | "shared_library" | "static_library";

/** One package of a lock file. */
export interface LockfilePackage {
  name: string;
  version: string;
  /** The wheel; relative names are resolved with packageBaseUrl. */
  file_name: string;
  package_type: PackageType;
  install_dir: "site" | "dynlib";
  sha256: string;
  /** The modules that the package offers. */
  imports: string[];
  /** Names of the packages that it needs. */
  depends: string[];
}

/** A lock file: which wheel stands for which package. */
export interface Lockfile {
  info: LockfileInfo;
  packages: Record<string, LockfilePackage>;
}

/** What is known about a package that was loaded. */
export interface PackageData {
  name: string;
  version: string;
  fileName: string;
  packageType: PackageType;
}

export interface LoadPackageOptions {
  messageCallback?: (message: string) => void;
  errorCallback?: (message: string) => void;
  /** Compare the SHA-256 of wheels with the lock. Default: true. */
  checkIntegrity?: boolean;
  /** Called while packages come, as often as bytes do. */
  progressCallback?: (progress: PackageProgress) => void;
  /** Gives up when it is aborted: the promise rejects with its reason, and nothing was installed. */
  signal?: AbortSignal;
}

/** How far a loadPackage has come. */
export interface PackageProgress {
  stage: "download" | "install" | "done";
  /** How many are to be installed. */
  packages: number;
  /** How many of them were downloaded. */
  packagesDone: number;
  /** Bytes that came. */
  bytes: number;
  /** Bytes that will have come in the end; undefined while servers have not said so. */
  bytesTotal: number | undefined;
  /** What the event is about, if it is about one package. */
  name?: string;
  url?: string;
}

export interface TerminalSize {
  rows: number;
  columns: number;
}

/** Options of `setStdin`: at most one of `stdin`, `read` and `error`. */
export interface StdinOptions {
  /** Gives a line, bytes, one byte, or null or undefined for the end of the file. */
  stdin?: () => null | undefined | string | ArrayBuffer | Uint8Array | number;
  /** Fills the buffer and returns how many bytes it wrote; 0 is the end of the file. */
  read?: (buffer: Uint8Array) => number;
  /** Every read fails with an OSError. */
  error?: boolean;
  /** What `isatty` says. Default: false. */
  isatty?: boolean;
  /** With `stdin`: end the file after each piece that does not end a line. Default: true. */
  autoEOF?: boolean;
}

/** Options of `setStdout` and `setStderr`: at most one of `batched`, `raw` and `write`. */
export type StdoutOptions =
  | {
      /** Called once per line, without the newline. */
      batched: (line: string) => void;
      isatty?: false;
    }
  | {
      /** Called once per byte. */
      raw: (byte: number) => void;
      isatty?: boolean;
      getTerminalSize?: () => TerminalSize | undefined;
    }
  | {
      /** Takes bytes and returns how many it took. The buffer is a view that is valid during the call. */
      write: (buffer: Uint8Array) => number;
      isatty?: boolean;
      /** Called by os.fsync and when the file is closed. */
      fsync?: () => void;
      getTerminalSize?: () => TerminalSize | undefined;
    }
  | { batched?: undefined; raw?: undefined; write?: undefined; isatty?: false };

export interface RunPythonOptions {
  /** The dict of globals. Default: `pyodide.globals`. */
  globals?: PyProxy;
  /** The mapping of locals. Default: the globals. */
  locals?: PyProxy;
  /** The file name in tracebacks. Default: "<exec>". */
  filename?: string;
  /** Whether to remove indentation that all lines share. Default: true. */
  dedent?: boolean;
}

export interface CanvasInterface {
  setCanvas2D(canvas: HTMLCanvasElement): void;
  getCanvas2D(): HTMLCanvasElement | undefined;
  setCanvas3D(canvas: HTMLCanvasElement): void;
  getCanvas3D(): HTMLCanvasElement | undefined;
}

/** The object that `loadPyodide` resolves to. Its methods do not need `this`. */
export interface PyodideAPI {
  readonly version: string;
  /** `__main__.__dict__`, where runPython runs by default. */
  readonly globals: PyDict;
  /** The Python package `pyodide`. */
  readonly pyodide_py: PyProxy;
  /** The classes of objects that cross, for `instanceof`. */
  readonly ffi: typeof ffi;

  /** Runs Python text; the value of the last expression is the result, unless a semicolon follows it. */
  runPython(code: string, options?: RunPythonOptions): any;
  /** The same for text with `await` at its top level. */
  runPythonAsync(code: string, options?: RunPythonOptions): Promise<any>;
  /** Imports a module, or an attribute of one: `pyimport("math.comb")(4, 2)`. */
  pyimport(name: string): any;
  /** Converts JavaScript data to Python data, as far as there is a conversion. */
  toPy(
    object: any,
    options?: {
      depth?: number;
      defaultConverter?: (
        value: any,
        convert: (value: any) => any,
        cacheConversion: (input: any, output: any) => void,
      ) => any;
    },
  ): any;
  /** Makes `import name` give the object; its attributes that are objects are its submodules. */
  registerJsModule(name: string, module: object): void;
  /** Undoes registerJsModule. */
  unregisterJsModule(name: string): void;
  /** Lets Comlink's proxies cross. */
  registerComlink(Comlink: any): void;

  /** Installs packages by name, or wheels by URL. */
  loadPackage(names: string | string[] | PyProxy, options?: LoadPackageOptions): Promise<PackageData[]>;
  /** Installs the packages that the text imports. */
  loadPackagesFromImports(code: string, options?: LoadPackageOptions): Promise<PackageData[]>;
  /** Names of the packages that are loaded, and where each came from. */
  loadedPackages: Record<string, string>;
  /** The lock in use. */
  readonly lockfile: Lockfile;
  /** What relative file names of the lock are relative to. */
  readonly lockfileBaseUrl: string | undefined;

  /** Unpacks an archive (zip, tar, gztar, bztar, xztar, wheel) into extractDir, by default the working folder. */
  unpackArchive(buffer: ArrayBuffer | TypedArray, format: string, options?: { extractDir?: string }): void;
  /** Mounts a folder of the user's machine that the browser gave a handle for. `syncfs` writes changes back. */
  mountNativeFS(path: string, handle: FileSystemDirectoryHandle): Promise<{ syncfs: () => Promise<void> }>;
  /** Node: mounts a folder of the host. */
  mountNodeFS(path: string, hostPath: string): void;
  /** Node: sockets of the host. @experimental */
  useNodeSockFS(options?: object): Promise<void>;

  /** Where Python reads standard input. Without options: the host's default. */
  setStdin(options?: StdinOptions): void;
  /** Where Python's standard output goes. Without options: the host's default. */
  setStdout(options?: StdoutOptions): void;
  /** Where Python's standard error goes. Without options: the host's default. */
  setStderr(options?: StdoutOptions): void;

  /** The cell that another thread writes a signal's number to. */
  setInterruptBuffer(buffer?: TypedArray): void;
  /** Raises what the interrupt buffer asks for. */
  checkInterrupt(): void;
  /** Switches detailed error messages on or off; the result is the old setting. */
  setDebug(debug: boolean): boolean;
  /**
   * Puts a fresh interpreter in the place of this one, as loadPyodide would have started it, without loading anything; also after a
   * fatal error. Everything that Python had is gone: variables, modules, packages, files, mounts, tasks. Proxies and errors of before
   * refuse to work, promises of before are rejected. `globals`, `pyodide_py` and `loadedPackages` are other objects afterwards;
   * functions of this object stay usable. Rejects when Python is running, that is, when Python has called it. An extension of
   * krait: Pyodide has no counterpart.
   */
  reset(): Promise<void>;
  /** @private */
  makeMemorySnapshot(options?: { serializer?: (object: any) => any }): Uint8Array;

  /** Emscripten's file system object. */
  readonly FS: EmscriptenFS;
  /** Emscripten's helpers for paths. */
  readonly PATH: any;
  /** POSIX error names and their numbers. */
  readonly ERRNO_CODES: { [name: string]: number };
  /** Canvases for programs that draw. */
  readonly canvas: CanvasInterface;

  /** Emscripten's module object. @private */
  readonly _module: any;
  /** Internals that tools depend on. @private */
  readonly _api: any;
}

export type PyodideInterface = PyodideAPI;
