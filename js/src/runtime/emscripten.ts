// The part of Emscripten's module object that the runtime uses, as types. Nothing here exists at run time.
//
// Emscripten's JS library is not typed; what is declared here is what its documentation and its library_fs.js offer.

export interface ErrnoError extends Error {
  errno: number;
}

export interface FSNode {
  rdev: number;
  mode: number;
}

export interface TTY {
  ops: {
    ioctl_tcgets?(tty: TTY): unknown;
    ioctl_tcsets?(tty: TTY, action: number, data: unknown): number;
    ioctl_tiocgwinsz?(tty: TTY): [rows: number, columns: number];
  };
}

export interface FSStream {
  fd: number;
  flags: number;
  node: FSNode;
  tty?: TTY | null | undefined;
  seekable: boolean;
}

export interface StreamOps {
  open?(stream: FSStream): void;
  close?(stream: FSStream): void;
  dup?(stream: FSStream): void;
  fsync?(stream: FSStream): void;
  read?(stream: FSStream, buffer: Int8Array | Uint8Array, offset: number, length: number, position?: number): number;
  write?(stream: FSStream, buffer: Int8Array | Uint8Array, offset: number, length: number, position?: number): number;
  poll?(stream: FSStream, timeout: number): number;
}

/** Emscripten's file system object; the public API hands it out as it is. */
export interface FS {
  ErrnoError: { new (errno: number): ErrnoError };
  filesystems: Record<string, unknown>;
  initialized: boolean;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, ops: StreamOps): void;
  mkdev(path: string, mode: number, device: number): FSNode;
  mkdir(path: string): FSNode;
  mkdirTree(path: string): void;
  open(path: string, flags: number | string): FSStream;
  mount(type: unknown, options: object, mountpoint: string): unknown;
  readdir(path: string): string[];
  readFile(path: string, options?: { encoding?: "binary" | "utf8" }): Uint8Array;
  writeFile(path: string, data: Uint8Array | string, options?: { canOwn?: boolean }): void;
  unlink(path: string): void;
  stat(path: string): { mode: number };
  isDir(mode: number): boolean;
  analyzePath(path: string): { exists: boolean };
  chdir(path: string): void;
  cwd(): string;
  [name: string]: any;
}

export interface EmscriptenModule {
  FS: FS;
  PATH: Record<string, any>;
  ERRNO_CODES: Record<string, number>;
  ENV: Record<string, string | undefined>;
  wasmExports: WebAssembly.Exports;
  wasmMemory: WebAssembly.Memory;
  /** Of src/runtime/dynload.js. */
  kraitLibraries: { compile(paths: string[]): Promise<void>; save(): unknown[]; restore(saved: unknown[]): void; started(): void; reset(): void };
  /** Of src/runtime/reset.js. */
  kraitReset(dataEnd: number, runs: Uint32Array): void;
  [name: string]: any;
}

/** What pyodide.symbols.json says of the main module (tools/wasm_exports.mjs, tools/glue_split.mjs). */
export interface CoreSymbols {
  /** Places in the function table. */
  functions: Record<string, number>;
  /** Addresses. */
  data: Record<string, number>;
  /** Functions that pyodide.library.js adds. */
  library: string[];
}

export interface ModuleOptions {
  noInitialRun: true;
  noFSInit: true;
  arguments: string[];
  thisProgram: string;
  preRun: ((module: EmscriptenModule) => void)[];
  print(line: string): void;
  printErr(line: string): void;
  onAbort(what: unknown): void;
  locateFile(file: string): string;
  /** For src/runtime/dynload.js: the symbols of the main module, when the first side module wants them. */
  kraitReadSymbols(): CoreSymbols;
  /** For src/runtime/dynload.js: the JavaScript functions that only side modules call. */
  kraitReadLibrary(): string;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

/** The default export of pyodide.asm.mjs. */
export type ModuleFactory = (options: ModuleOptions) => Promise<EmscriptenModule>;
