// Errors across the border: PythonError, how thrown values become cells, and the way that an error has come so far.
//
// A PythonError owns the exception that it stands for, until it is collected. Of a JS error that left Python on its way to
// other Python functions, the traceback so far is kept here (`trails`) and goes with it when it gets there.
import type { Border } from "./border";
import { captureStack, placesOf, stackText, withoutStack } from "./stacks";
import { Tag } from "./wire/contract.gen";

interface Carried {
  border: Border;
  exception: number;
  /** Where it was when it came to JavaScript. */
  at: Error;
  /** Have the JavaScript functions that it passed been added to its traceback? */
  told: boolean;
  /** The PythonErrors that were reached as causes, by the address of their exceptions: causes may form a circle. */
  chain: Map<number, PythonError> | null;
}

const errorsOf = new WeakMap<object, Carried>();

/** A Python exception that reached JavaScript. `message` is the formatted traceback, `type` the exception's class name. */
export class PythonError extends Error {
  /** The name of the exception's class, such as "ValueError". */
  type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }

  /** The exception object's address in wasm memory; kept for clients of Pyodide that look at it. */
  get __error_address(): number {
    return errorsOf.get(this)?.exception ?? 0;
  }
}
// Also in a minified bundle.
Object.defineProperty(PythonError, "name", { value: "PythonError", configurable: true });
Object.defineProperty(PythonError.prototype, "name", { value: "PythonError", writable: true, configurable: true });

/** An own property that is found when it is first read, and can be set. */
function found(name: string, find: (error: PythonError, carried: Carried) => unknown): PropertyDescriptor {
  const define = (error: object, value: unknown) =>
    Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: false });
  return {
    get(this: PythonError) {
      const carried = errorsOf.get(this);
      if (carried === undefined) return undefined;
      const value = find(this, carried);
      define(this, value);
      return value;
    },
    set(this: object, value: unknown) {
      define(this, value);
    },
    configurable: true,
    enumerable: false,
  };
}
const STACK = found("stack", (error, { at, border }) => stackText(`PythonError: ${error.message}`, at, border.debug));
// Not made in advance: the message tells of the causes already, and telling each one again would be quadratic.
const CAUSE = found("cause", findCause);

function findCause(error: PythonError, carried: Carried): unknown {
  const { border: b, exception } = carried;
  // Whoever prints an error looks at its cause; that must not fail.
  if (b.ended) return undefined;
  const cell = b.stackAlloc(16);
  const word = cell >>> 2;
  try {
    const value = b.x.exception_cause(exception, cell);
    if (b.i32[word] === Tag.JS) return value;
    if (b.i32[word] !== Tag.THROWN || b.i32[word + 1] !== 1) return undefined;
    const chain = (carried.chain ??= new Map([[exception, error]]));
    const address = b.u32[word + 2]!;
    const known = chain.get(address);
    if (known !== undefined) {
      b.x.decref(address);
      return known;
    }
    const cause = takePythonError(b, address);
    chain.set(address, cause);
    errorsOf.get(cause)!.chain = chain;
    return cause;
  } finally {
    b.stackRestore(cell + 16);
  }
}

// Lets go of the exception when nothing refers to its PythonError any more.
const registry = new FinalizationRegistry<{ border: Border; exception: number }>(({ border, exception }) => {
  border.x.decref(exception);
});

/** The PythonError for the exception at this address, whose reference it takes over. */
export function takePythonError(b: Border, exception: number): PythonError {
  const cells = b.stackAlloc(32);
  let type = "SystemError";
  let message = "";
  let hasCause = false;
  try {
    const value = b.x.exception_info(exception, cells, cells + 16);
    const word = cells >>> 2;
    if (b.i32[word] === Tag.JS) {
      type = b.x.slot_get(b.i32[word + 2]!);
      b.x.slot_free(b.i32[word + 2]!);
      hasCause = b.i32[word + 1] !== 0;
    }
    message = b.i32[word + 4] === Tag.JS ? value : `${type}: the exception could not be formatted`;
  } finally {
    b.stackRestore(cells + 32);
  }
  const error = withoutStack(() => new PythonError(type, message));
  errorsOf.set(error, { border: b, exception, at: captureStack(), told: false, chain: null });
  Object.defineProperty(error, "stack", STACK);
  if (hasCause) Object.defineProperty(error, "cause", CAUSE);
  registry.register(error, { border: b, exception });
  return error;
}

/** The PythonError for an exception that somebody else holds. */
export function pythonErrorOf(b: Border, exception: number): PythonError {
  b.x.incref(exception);
  return takePythonError(b, exception);
}

interface Trail {
  border: Border;
  /** Python's traceback so far: owned. */
  traceback: number;
  /** Where it left Python. */
  at: Error;
}
const trails = new WeakMap<object, Trail>();
const trailRegistry = new FinalizationRegistry<{ border: Border; traceback: number }>(({ border, traceback }) => {
  border.x.decref(traceback);
});

/** A JS error leaves Python; keeps the traceback, whose reference it takes over, for when it reaches Python again. */
export function keepTrail(b: Border, thrown: unknown, traceback: number): void {
  if (typeof thrown !== "object" || thrown === null) {
    b.x.decref(traceback);
    return;
  }
  dropTrail(thrown);
  trails.set(thrown, { border: b, traceback, at: captureStack() });
  trailRegistry.register(thrown, { border: b, traceback }, thrown);
}

function dropTrail(thrown: object): void {
  const trail = takeTrail(thrown);
  if (trail !== undefined) trail.border.x.decref(trail.traceback);
}

/** The trail, and with it the reference that it owns. */
function takeTrail(thrown: object): Trail | undefined {
  const trail = trails.get(thrown);
  if (trail !== undefined) {
    trails.delete(thrown);
    trailRegistry.unregister(thrown);
  }
  return trail;
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** Was it thrown because a stack is full? Then nothing more is asked of that stack, not even to compile a regular expression. */
function isStackEnd(error: any): boolean {
  if (!(error instanceof RangeError) && error.name !== "InternalError") return false;
  const message = String(error.message);
  return message.includes("call stack") || message.includes("recursion");
}

/** The traceback of a JS error that reaches Python: an owned address, or 0. */
function tracebackOf(b: Border, thrown: object): number {
  try {
    if (!isError(thrown) || isStackEnd(thrown)) return 0;
    const trail = trails.get(thrown);
    const places = placesOf(b, trail !== undefined && trail.border === b ? trail.at : thrown);
    let traceback = trail !== undefined && trail.border === b ? takeTrail(thrown)!.traceback : 0;
    for (const code of places) traceback = b.x.js_frame(traceback, code) >>> 0;
    return traceback;
  } catch {
    return 0; // a hostile `stack`, or a stack that is full: the error itself matters more
  }
}

/** Adds the JavaScript functions that a PythonError has passed to the traceback of its exception, once. */
function tellPlaces(b: Border, error: PythonError, carried: Carried): void {
  if (carried.told || error.type === "RecursionError") return;
  carried.told = true;
  try {
    for (const code of placesOf(b, carried.at)) b.x.js_frame_of(carried.exception, code);
  } catch {
    // As above.
  }
}

/** Writes what was thrown into a cell; the return value is the import's val. */
export function writeThrown(b: Border, thrown: unknown, cell: number): unknown {
  const object = typeof thrown === "object" && thrown !== null ? thrown : null;
  const python = object === null ? undefined : errorsOf.get(object);
  const word = cell >>> 2;
  if (python !== undefined && python.border === b) {
    tellPlaces(b, thrown as PythonError, python);
    b.x.incref(python.exception);
    b.i32[word] = Tag.THROWN;
    b.i32[word + 1] = 1;
    b.u32[word + 2] = python.exception;
    return null;
  }
  const traceback = object === null ? 0 : tracebackOf(b, object);
  b.i32[word] = Tag.THROWN;
  b.i32[word + 1] = 0;
  b.u32[word + 2] = traceback;
  return thrown;
}

/** Writes the cause of an error into a reply, if it is an error too; the return value is the import's val. */
export function writeCause(b: Border, error: any, reply: number, write: (cause: object) => unknown): unknown {
  const word = reply >>> 2;
  b.i32[word] = Tag.ABSENT;
  try {
    const cause: unknown = error.cause;
    if (typeof cause !== "object" || cause === null || !isError(cause)) return null;
    const python = errorsOf.get(cause);
    if (python === undefined || python.border !== b) return write(cause);
    b.x.incref(python.exception);
    b.i32[word] = Tag.PY;
    b.i32[word + 1] = 1;
    b.u32[word + 2] = python.exception;
  } catch {
    // A cause that cannot be read is none.
  }
  return null;
}
