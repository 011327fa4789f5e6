// Border: the state of one runtime's side of the border. Nothing of it is at module level, so that several runtimes can
// live in one page.
//
// It holds wasm's exports, the heap views (always current: they are renewed when memory grows) and the tables that
// make crossings cheap. It must not convert anything: that is wire/ and convert/.
import { makePromising } from "./stack_switch";
import { type KraitExports, takeExports } from "./wire/contract.gen";

/** What everything says that belonged to an interpreter which was reset. */
export const RESET =
  "This object belonged to the interpreter before reset(), which is gone with all of its objects. Take what you need from pyodide again";

// Exports that give something back. Memory is another one now: there is nothing to give back any more.
const GIVES_BACK = new Set(["krait_decref", "krait_discard", "krait_free", "krait_release_buffer", "krait_slot_free"]);

/** What the border needs of the Emscripten module once it is instantiated. */
export interface WasmInstance {
  exports: WebAssembly.Exports;
  memory: WebAssembly.Memory;
}

type StackExports = {
  _emscripten_stack_alloc(size: number): number;
  _emscripten_stack_restore(pointer: number): void;
};

/** Node's Buffer over wasm memory: its text methods beat TextDecoder on short strings. */
export interface TextBuffer {
  toString(encoding: "latin1" | "utf16le", start: number, end: number): string;
  write(text: string, offset: number, length: number, encoding: "latin1" | "utf16le"): number;
}

/** An open file, as far as buffers are copied to and from it. `usedBytes` is 0 of an empty file in memory. */
export interface OpenFile {
  readonly node: { readonly mode: number; readonly usedBytes?: number };
  readonly position: number;
}

/** What the border needs of Emscripten's file system. */
export interface Files {
  ErrnoError: new (errno: number) => Error;
  getStream(descriptor: number): OpenFile | null | undefined;
  isFile(mode: number): boolean;
  read(file: OpenFile, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write(file: OpenFile, buffer: Uint8Array, offset: number, length: number, position?: number, canOwn?: boolean): number;
}

/** Bytes of the stack of cells; a multiple of 16. */
const CELL_STACK = 1 << 15;

/** What is known of a live proxy; it does not keep the proxy alive. */
export interface LiveRecord {
  readonly object: number;
  /** JavaScript's stack when the proxy was made. */
  readonly created: string;
}

/** See saveState(); plain data. */
export interface BorderState {
  names: string[];
  cells: number;
  identity: number;
}

export class Border {
  /** wasm's exports; calling one before attach() is a TypeError. */
  x!: KraitExports;
  /** `call_promising` on a stack of its own; null where the engine cannot switch stacks. */
  promisingCall: ((object: number, cells: number, argc: number, kwargc: number) => Promise<void>) | null = null;
  u8 = new Uint8Array(0);
  u16 = new Uint16Array(0);
  i32 = new Int32Array(0);
  u32 = new Uint32Array(0);
  f64 = new Float64Array(0);
  textBuffer: TextBuffer | null = null;
  /** Set when the interpreter is started. */
  files: Files | null = null;
  /** Says what went wrong where nobody can be thrown an error; set by index.ts. */
  report: (message: string) => void = (message) => console.error(message);

  /** Attribute names that Python has sent, by their number. */
  readonly names: string[] = [""];
  /** Interned Python strings by attribute name. */
  readonly pyNames = new Map<string, number>();
  /** What the lines of JavaScript's stacks stand for: code objects by line, or what stacks.ts says of it. */
  readonly jsPlaces = new Map<string, number>();

  // Counters: what tests assert and what `stats` shows.
  crossings = 0;
  liveProxies = 0;
  /** Live proxies that were made with setDebug(true). */
  readonly liveRecords = new Set<LiveRecord>();
  debug = false;

  /** Makes the PythonError for a ConversionError; set by index.ts, which can import Python modules. */
  makeConversionError: (message: string) => Error = (message) => new Error(message);
  /** A function of a Python module, imported when it is first needed; set by index.ts. */
  helper: (module: string, name: string) => any = (module, name) => {
    throw new Error(`krait: ${module}.${name} was asked for before the interpreter was started`);
  };

  /** Memory for the words of the next tape to Python, unless a conversion uses it. */
  spareWords: Int32Array | null = null;

  // What hash() of a JsProxy is made of.
  private readonly identities = new WeakMap<object, number>();
  private nextIdentity = 1;

  private memory: WebAssembly.Memory | null = null;

  /** Set by end(): the interpreter on the other side is gone, and memory belongs to another border. */
  ended = false;
  // Promises that only Python can settle, and how they are rejected; those without a function follow others.
  private readonly promises = new Map<Promise<unknown>, ((error: Error) => void) | undefined>();

  /** Of a promise that follows one of promise(): should both be rejected at the end, nobody has to have noticed. */
  follow<T>(promise: Promise<T>): Promise<T> {
    this.promises.set(promise, undefined);
    return promise;
  }
  unfollow(promise: Promise<unknown>): void {
    this.promises.delete(promise);
  }

  /** A promise that Python settles, unless the interpreter ends before: then it is rejected. */
  promise<T>(settle: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    let resolve!: (value: T) => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<T>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    const settled = () => void this.promises.delete(promise);
    const fail = (error: unknown) => (settled(), reject(error));
    this.promises.set(promise, reject);
    try {
      settle((value) => (settled(), resolve(value)), fail);
    } catch (error) {
      fail(error);
    }
    return promise;
  }

  mustLive(): void {
    if (this.ended) throw new Error(RESET);
  }

  /**
   * Lets go of everything, and makes it impossible to touch the memory: proxies, errors, views and functions of this border may
   * live on for long.
   */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    const refuse = (): never => {
      throw new Error(RESET);
    };
    this.x = takeExports((name) => (GIVES_BACK.has(name) ? () => 0 : refuse));
    if (this.promisingCall !== null) this.promisingCall = refuse;
    this.wasmStackAlloc = refuse;
    this.wasmStackRestore = () => {};
    this.cells = this.top = 0;
    this.helper = refuse;
    this.makeConversionError = () => new Error(RESET);
    this.memory = this.textBuffer = this.files = this.spareWords = null;
    this.takeViews(new ArrayBuffer(0));
    this.names.length = 1;
    this.pyNames.clear();
    this.jsPlaces.clear();
    this.liveRecords.clear();
    const waiting = [...this.promises];
    this.promises.clear();
    for (const [promise, reject] of waiting) {
      // Who waits for it is told. A promise that was forgotten is no unhandled rejection, which would end a process.
      promise.catch(() => {});
      reject?.(new Error(RESET));
    }
  }

  // Where C++ counts the crossings.
  private epochWord = 0;
  /** Another number after each entry into Python: the same means that wasm did not take the arguments of a call. */
  get epoch(): number {
    return this.i32[this.epochWord]!;
  }

  // Room for the cells of operations that are under way: a stack of its own, since moving wasm's stack pointer costs two
  // calls an operation. What does not fit any more goes onto wasm's stack.
  private cells = 0;
  private top = 0;
  private wasmStackAlloc!: StackExports["_emscripten_stack_alloc"];
  private wasmStackRestore!: StackExports["_emscripten_stack_restore"];

  /** `size` bytes, a multiple of 16, until stackRestore(): last taken, first given back. */
  stackAlloc(size: number): number {
    const at = this.top - size;
    if (at < this.cells) return this.wasmStackAlloc(size);
    return (this.top = at);
  }
  /**
   * Memory for what belongs to the value in this cell, a multiple of 16 bytes, given back with the cell: 0 if there is none, or
   * if the cell does not lie on the stack of cells.
   */
  scratch(cell: number, size: number): number {
    const at = this.top - size;
    if (at < this.cells || cell < this.top || cell >= this.cells + CELL_STACK) return 0;
    return (this.top = at);
  }
  /** Gives back what stackAlloc() answered with `end - size`, and all that was taken since. */
  stackRestore(end: number): void {
    if (end >= this.cells && end <= this.cells + CELL_STACK) this.top = end;
    else this.wasmStackRestore(end);
  }

  /** A number for the life of the object; all primitives share one. */
  identity(value: any): number {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return 1;
    return this.identities.get(value) ?? this.setIdentity(value, this.nextIdentity + 1);
  }
  /** The number of `value`, if it has been asked for before. */
  findIdentity(value: object): number | undefined {
    return this.identities.get(value);
  }
  setIdentity(value: object, id: number): number {
    this.identities.set(value, id);
    if (id > this.nextIdentity) this.nextIdentity = id;
    return id;
  }

  /** What belongs to linear memory's content but does not lie in it. */
  saveState(): BorderState {
    return { names: this.names.slice(1), cells: this.cells, identity: this.nextIdentity };
  }
  /** After linear memory was replaced by that of the border that the state comes from. */
  restoreState(state: BorderState): void {
    this.names.length = 1;
    this.names.push(...state.names);
    this.pyNames.clear();
    this.cells = state.cells;
    this.top = state.cells + CELL_STACK;
    this.nextIdentity = state.identity;
    this.x.slots_regrow();
  }

  /** `restored`: memory is an image's, or will be; restoreState() follows and tells where the cells are. */
  attach(instance: WasmInstance, restored = false): void {
    this.x = takeExports((name) => {
      const f = instance.exports[name];
      if (typeof f !== "function")
        throw new Error(`krait: the wasm file does not export ${name}: it was not made for this loader`);
      return f;
    });
    this.promisingCall = makePromising(this.x.call_promising);
    const stack = instance.exports as unknown as StackExports;
    this.wasmStackAlloc = stack._emscripten_stack_alloc;
    this.wasmStackRestore = stack._emscripten_stack_restore;
    this.memory = instance.memory;
    this.epochWord = this.x.epoch() >>> 2;
    if (!restored) {
      this.cells = this.x.alloc(CELL_STACK) >>> 0;
      if (this.cells === 0) throw new Error(`krait: no memory for the border's ${CELL_STACK} bytes`);
      this.top = this.cells + CELL_STACK;
    }
    this.refresh();
  }

  /** Takes new views after memory has grown. */
  refresh(): void {
    if (this.memory === null) return;
    const buffer = this.memory.buffer;
    if (buffer === this.u8.buffer) return;
    this.takeViews(buffer);
    const node = (globalThis as any).Buffer;
    if (typeof node?.from === "function" && typeof (globalThis as any).process?.versions?.node === "string")
      this.textBuffer = node.from(buffer);
  }

  private takeViews(buffer: ArrayBuffer): void {
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}
