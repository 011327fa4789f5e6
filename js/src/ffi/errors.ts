// Errors across the border: PythonError, and how thrown values become cells.
import type { Border } from "./border";
import { Tag } from "./wire/contract.gen";

const errorsOf = new WeakMap<object, { border: Border; exception: number }>();

/** A Python exception that reached JavaScript. `message` is the formatted traceback, `type` the exception's class name. */
export class PythonError extends Error {
  /** The name of the exception's class, such as "ValueError". */
  type: string;

  constructor(type: string, message: string, border: Border, exception: number) {
    super(message);
    this.type = type;
    errorsOf.set(this, { border, exception });
  }

  /** The exception object's address in wasm memory; kept for clients of Pyodide that look at it. */
  get __error_address(): number {
    return errorsOf.get(this)?.exception ?? 0;
  }
}
// Also in a minified bundle.
Object.defineProperty(PythonError, "name", { value: "PythonError", configurable: true });
Object.defineProperty(PythonError.prototype, "name", { value: "PythonError", writable: true, configurable: true });

// Lets go of the exception when nothing refers to its PythonError any more.
const registry = new FinalizationRegistry<{ border: Border; exception: number }>(({ border, exception }) => {
  border.x.decref(exception);
});

/** The PythonError for the exception at this address, whose reference it takes over. */
export function takePythonError(b: Border, exception: number): PythonError {
  const cells = b.stackAlloc(32);
  let type = "SystemError";
  let message = "";
  try {
    const value = b.x.exception_info(exception, cells, cells + 16);
    const word = cells >>> 2;
    if (b.i32[word] === Tag.JS) {
      type = b.x.slot_get(b.i32[word + 2]!);
      b.x.slot_free(b.i32[word + 2]!);
    }
    message = b.i32[word + 4] === Tag.JS ? value : `${type}: the exception could not be formatted`;
  } finally {
    b.stackRestore(cells + 32);
  }
  const error = new PythonError(type, message, b, exception);
  registry.register(error, { border: b, exception });
  return error;
}

/** The PythonError for an exception that somebody else holds. */
export function pythonErrorOf(b: Border, exception: number): PythonError {
  b.x.incref(exception);
  return takePythonError(b, exception);
}

/** Writes what was thrown into a cell; the return value is the import's val. */
export function writeThrown(b: Border, thrown: unknown, cell: number): unknown {
  const word = cell >>> 2;
  b.i32[word] = Tag.THROWN;
  const python = typeof thrown === "object" && thrown !== null ? errorsOf.get(thrown) : undefined;
  if (python !== undefined && python.border === b) {
    b.x.incref(python.exception);
    b.i32[word + 1] = 1;
    b.u32[word + 2] = python.exception;
    return null;
  }
  b.i32[word + 1] = 0;
  return thrown;
}
