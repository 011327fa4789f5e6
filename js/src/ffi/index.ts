// The border's JavaScript side, put together: what js/src/runtime and js/src/api use of it.
//
// createFfi() makes the border of one runtime; nothing here is shared between runtimes but the classes of proxies.
import { Border, type BorderState, type Files } from "./border";
import { toPy, type ToPyOptions } from "./convert/to_py";
import { PythonError } from "./errors";
import { createImports } from "./imports";
import { createPackedFiles, type PackedFiles } from "./packed_files";
import { withArgument, withResult } from "./py_proxy/call";
import { proxyClasses } from "./py_proxy/classes";
import { leakReport } from "./py_proxy/leak_report";
import { type Roots, type Serializer, type SlotOrigin, originsOf, refillSlots } from "./slot_origins";
import { proxyState } from "./py_proxy/state";
import { canSwitchStacks, enterPromising, suspending } from "./stack_switch";
import { CELL } from "./wire/cell";
import { importSwitch } from "./wire/import_switch.gen";
import { type KraitExports, Tag } from "./wire/contract.gen";
import { readText } from "./wire/text";

/** What start() needs to know. Strings are what CPython sees as its command line. */
export interface StartConfig {
  /** sys.argv and interpreter options, without argv[0]. */
  args: string[];
  /** sys.executable. */
  executable: string;
  /** The object behind the module `js`. */
  jsglobals: object;
}

/** What the border needs of the Emscripten module. */
export interface FfiModule {
  wasmExports: WebAssembly.Exports;
  wasmMemory: WebAssembly.Memory;
  FS: object;
}

export interface FfiState {
  border: BorderState;
  slots: SlotOrigin[];
  /** Where the static data of the core ends. */
  dataEnd: number;
}

export type { Roots, Serializer };

export interface FfiStats {
  /** JS values that Python or C++ keep. */
  slots: number;
  /** PyProxies that own a reference. */
  proxies: number;
  /** Promising calls that have not ended. */
  stacks: number;
  /** Operations that crossed the border so far. */
  crossings: number;
}

export interface Ffi {
  /** The import module `krait`, for instantiation. */
  imports: WebAssembly.ModuleImports;
  /** Makes the engine compile what every program needs, while the rest starts. May be called before attach(). */
  warmUp(instance: WebAssembly.Instance): void;
  /** Must be called after instantiation, before start(). */
  /** `report`: says what nobody can be thrown an error for. */
  /** `restored`: memory is about to become an image's. */
  attach(module: FfiModule, report: (message: string) => void, restored?: boolean): void;
  /**
   * Ends this border: all that it has made refuses to work. Answers the one that the imports lead to from then on, for
   * another interpreter in the same instance.
   */
  next(): Ffi;
  /** Tells the border of a promise that follows those of Python: its rejection by next() needs no handler. Until unfollow(). */
  follow<T>(promise: Promise<T>): Promise<T>;
  unfollow(promise: Promise<unknown>): void;
  /** Must be called whenever wasm memory has grown. */
  refresh(): void;
  /**
   * What an image of linear memory needs besides the memory, as plain data. Afterwards references that JavaScript held
   * inside are gone for good in the image and unharmed here. Throws an Error that names values that cannot be brought back.
   */
  saveState(roots: Roots, serializer?: Serializer): FfiState;
  /**
   * After linear memory was replaced by an image's, instead of start(). Answers a function that fills in the slots of
   * roots that did not exist yet.
   */
  restoreState(state: FfiState, roots: Roots, deserializer?: Serializer): (roots: Roots) => void;
  /** Initialises CPython; throws an Error with CPython's reason if that fails. */
  start(config: StartConfig): void;
  /** Imports a module by its dotted name and answers its PyProxy; its errors are PythonErrors. */
  importModule(name: string): any;
  /** Gives `use` a function of a Python module (dotted name); its proxy lives as long as the call. */
  withFunction<T>(module: string, name: string, use: (f: any) => T): T;
  readonly globals: any;
  /** JavaScript data to Python, `depth` levels deep; what has no counterpart comes back as it is. */
  toPy(value: any, options?: ToPyOptions): any;
  /** Calls a Python function of the runtime's own, without arguments, so that Python can wait inside it if the engine can. */
  enter(callback: any): void;
  /** Does the engine let Python wait? */
  readonly canSwitchStacks: boolean;
  registerJsModule(name: string, module: object): void;
  unregisterJsModule(name: string): void;
  /** Files of wheels that stay packed until they are opened. */
  readonly packedFiles: PackedFiles;
  /** Throws an Error that says so when next() has ended this border. */
  mustLive(): void;
  /** What pyodide.ffi offers: the classes of proxies, PythonError and leakReport. */
  classes: Record<string, any>;
  stats(): FfiStats;
  /** Turns detailed messages on or off; the old setting. */
  setDebug(on: boolean): boolean;
}

export function createFfi(): Ffi {
  const b = new Border();
  const turn = importSwitch(createImports(b));
  return ffiOf(b, turn, suspending(turn.imports) as unknown as WebAssembly.ModuleImports);
}

function ffiOf(b: Border, turn: ReturnType<typeof importSwitch>, imports: WebAssembly.ModuleImports): Ffi {
  const helpers = new Map<string, any>();
  let globals: any;

  const importModule = (name: string): any => withArgument(b, name, (cell) => b.x.import_module(cell));

  const attributeOf = (module: string, name: string): any => {
    const root = importModule(module);
    try {
      return root[name];
    } finally {
      root.destroy();
    }
  };
  const withFunction = <T>(module: string, name: string, use: (f: any) => T): T => {
    const f = attributeOf(module, name);
    try {
      return use(f);
    } finally {
      f.destroy();
    }
  };

  const helper = (module: string, name: string): any => {
    const key = `${module}.${name}`;
    let found = helpers.get(key);
    if (found === undefined) {
      found = attributeOf(module, name);
      helpers.set(key, found);
    }
    return found;
  };
  b.helper = helper;
  b.makeConversionError = (message) => {
    const raise = helper("_pyodide._border", "raise_conversion_error");
    try {
      raise(message);
    } catch (e) {
      return e as Error;
    }
    return new Error(message);
  };

  return {
    imports,

    warmUp(instance) {
      (instance.exports.krait_warm_up as KraitExports["warm_up"])();
    },
    next() {
      b.end();
      const successor = new Border();
      turn.lead(createImports(successor));
      return ffiOf(successor, turn, imports);
    },
    follow: (promise) => b.follow(promise),
    unfollow: (promise) => b.unfollow(promise),
    attach(module, report, restored) {
      b.report = report;
      b.attach({ exports: module.wasmExports, memory: module.wasmMemory }, restored);
      b.files = module.FS as Files;
    },
    refresh() {
      b.refresh();
    },

    start({ args, executable, jsglobals }) {
      const bytes = new TextEncoder().encode([executable, "python", ...args].map((s) => `${s}\0`).join(""));
      const size = CELL + ((bytes.length + 15) & ~15);
      const cell = b.stackAlloc(size);
      b.u8.set(bytes, cell + CELL);
      const word = cell >>> 2;
      b.i32[word] = Tag.STR1;
      b.i32[word + 1] = 0;
      b.u32[word + 2] = cell + CELL;
      b.i32[word + 3] = bytes.length;
      try {
        b.x.start(cell);
        if (b.i32[word] !== Tag.UNDEFINED) {
          const why = readText(b, Tag.STR1, b.u32[word + 2]!, b.i32[word + 3]!, 0);
          throw new Error(`Python could not be started: ${why}`);
        }
      } finally {
        b.stackRestore(cell + size);
      }
      this.registerJsModule("js", jsglobals);
    },

    saveState(roots, serializer) {
      const slots = originsOf(b, roots, serializer);
      b.x.clear_free_memory();
      return { border: b.saveState(), slots, dataEnd: b.x.data_end() >>> 0 };
    },
    restoreState(state, roots, deserializer) {
      b.restoreState(state.border);
      let missing = refillSlots(b, state.slots, roots, deserializer);
      return (more) => {
        missing = refillSlots(b, missing, more, deserializer);
        if (missing.length > 0) throw new Error(`krait: the image needs the object ${JSON.stringify(missing[0])}`);
      };
    },

    importModule,
    withFunction,

    get globals() {
      return (globals ??= withResult(b, (cell) => b.x.globals(cell)));
    },

    toPy: (value, options = {}) => toPy(b, value, options),

    enter(callback) {
      if (b.ended) return;
      const state = proxyState(callback);
      if (b.promisingCall === null || state === undefined) callback();
      else enterPromising(b, state.address());
    },
    canSwitchStacks,

    registerJsModule(name, module) {
      helper("_pyodide._importhook", "register_js_module")(name, module);
    },
    unregisterJsModule(name) {
      helper("_pyodide._importhook", "unregister_js_module")(name);
    },

    packedFiles: createPackedFiles(b),
    mustLive: () => b.mustLive(),

    classes: { ...proxyClasses, PythonError, leakReport: () => leakReport(b) },

    stats: () => ({ slots: b.x.slot_count(), stacks: b.x.stack_count(), proxies: b.liveProxies, crossings: b.crossings }),

    setDebug(on) {
      const before = b.debug;
      b.debug = Boolean(on);
      return before;
    },
  };
}

