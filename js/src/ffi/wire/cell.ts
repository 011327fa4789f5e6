// Cells: single values between JavaScript and linear memory. The layout is in src/ffi/wire/cell.h, the tags in the
// contract. Objects are recognised by their JsFlags; what becomes a proxy is said by convert/.
import type { Border } from "../border";
import { jsFlags } from "../js_proxy/flags";
import { newProxy, proxyState, type ProxyState } from "../py_proxy/state";
import { keepTrail, takePythonError } from "../errors";
import { JsFlags, Step, Tag } from "./contract.gen";
import { readText, scratchFor, writeText } from "./text";

export const CELL = 16;
/** Bytes behind a Reply's cell; kReplyRoom in cell.h. */
export const REPLY_ROOM = 112;
export const REPLY = CELL + REPLY_ROOM;

/** Writes a number, which needs no memory beside its cell. */
export function writeNumber(b: Border, value: number, cell: number): void {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    b.i32[cell >>> 2] = Tag.INT;
    b.i32[(cell >>> 2) + 2] = value;
  } else {
    b.i32[cell >>> 2] = Tag.DOUBLE;
    b.f64[(cell + 8) >>> 3] = value;
  }
}

/** Writes a BigInt; `scratch` holds `room` bytes, larger values get memory that the receiver frees. */
function writeBigInt(b: Border, value: bigint, cell: number, scratch: number, room: number): void {
  const negative = value < 0n;
  const hex = (negative ? -value : value).toString(16);
  const count = Math.ceil(hex.length / 8);
  const owned = count * 4 > room;
  const address = owned ? b.x.alloc(count * 4) >>> 0 : scratch;
  if (address === 0) throw new RangeError(`krait: no memory for a BigInt of ${hex.length} hexadecimal digits`);
  for (let i = 0; i < count; i++) {
    const end = hex.length - 8 * i;
    b.u32[(address >>> 2) + i] = parseInt(hex.slice(Math.max(0, end - 8), end), 16);
  }
  const word = cell >>> 2;
  b.i32[word] = Tag.BIGINT;
  b.i32[word + 1] = (negative ? 1 : 0) | (owned ? 2 : 0);
  b.u32[word + 2] = address;
  b.i32[word + 3] = count;
}

export function readBigInt(b: Border, address: number, count: number, negative: boolean): bigint {
  let hex = "0x";
  for (let i = count - 1; i >= 0; i--) hex += b.u32[(address >>> 2) + i]!.toString(16).padStart(8, "0");
  const value = BigInt(hex);
  return negative ? -value : value;
}

/**
 * Writes the result of an import into the Reply at `reply`; the return value is the import's val. With `owned`, a Python
 * object is given a reference of its own, for when the proxy that holds it may go before Python looks.
 */
export function writeResult(b: Border, value: unknown, reply: number, owned: boolean): unknown {
  switch (typeof value) {
    case "number":
      writeNumber(b, value, reply);
      return null;
    case "string":
      writeText(b, value, reply, reply + CELL, REPLY_ROOM);
      return null;
    case "undefined":
      b.i32[reply >>> 2] = Tag.UNDEFINED;
      return null;
    case "boolean":
      b.i32[reply >>> 2] = Tag.BOOL;
      b.i32[(reply >>> 2) + 1] = value ? 1 : 0;
      return null;
    case "bigint":
      writeBigInt(b, value, reply, reply + CELL, REPLY_ROOM);
      return null;
    default:
      return writeObject(b, value as object | symbol | null, reply, owned);
  }
}

function writeObject(b: Border, value: object | symbol | null, reply: number, owned: boolean): unknown {
  const word = reply >>> 2;
  if (value === null) {
    b.i32[word] = Tag.NULL;
    return null;
  }
  const flags = typeof value === "symbol" ? 0 : jsFlags(value);
  if (flags & JsFlags.DOUBLE_PROXY) {
    const state = proxyState(value)!;
    if (state.border === b && !state.roundtrip) {
      writePython(b, state, word, owned);
      return null;
    }
  }
  b.i32[word] = Tag.JS;
  b.i32[word + 1] = flags;
  return value;
}

function writePython(b: Border, state: ProxyState, word: number, owned: boolean): void {
  const object = state.address();
  if (owned) b.x.incref(object);
  b.i32[word] = Tag.PY;
  b.i32[word + 1] = owned ? 1 : 0;
  b.i32[word + 2] = object;
}

const BIGINT_SCRATCH = 64;

/** Writes an argument of an export; objects take a slot, which wasm then owns. */
export function writeArgument(b: Border, value: unknown, cell: number): void {
  switch (typeof value) {
    case "number":
      writeNumber(b, value, cell);
      return;
    case "string": {
      const scratch = b.scratch(cell, scratchFor(value));
      writeText(b, value, cell, scratch, scratch === 0 ? 0 : scratchFor(value));
      return;
    }
    case "undefined":
      b.i32[cell >>> 2] = Tag.UNDEFINED;
      return;
    case "boolean":
      b.i32[cell >>> 2] = Tag.BOOL;
      b.i32[(cell >>> 2) + 1] = value ? 1 : 0;
      return;
    case "bigint": {
      const scratch = b.scratch(cell, BIGINT_SCRATCH);
      writeBigInt(b, value, cell, scratch, scratch === 0 ? 0 : BIGINT_SCRATCH);
      return;
    }
  }
  const object = writeObject(b, value as object | symbol | null, cell, false);
  if (object !== null) b.i32[(cell >>> 2) + 2] = b.x.slot_new(object);
}

/** Reads an argument of an import. Python objects become proxies, which are added to `made`. */
export function readArgument(b: Border, cell: number, made: ProxyState[]): unknown {
  const word = cell >>> 2;
  const i32 = b.i32;
  switch (i32[word] as Tag) {
    case Tag.UNDEFINED:
      return undefined;
    case Tag.NULL:
      return null;
    case Tag.BOOL:
      return i32[word + 1] !== 0;
    case Tag.INT:
      return i32[word + 2];
    case Tag.DOUBLE:
      return b.f64[(cell + 8) >>> 3];
    case Tag.STR1:
    case Tag.STR2:
    case Tag.STR4:
      return readText(b, i32[word]!, b.u32[word + 2]!, i32[word + 3]!, i32[word + 1]!);
    case Tag.BIGINT:
      return readBigInt(b, b.u32[word + 2]!, i32[word + 3]!, (i32[word + 1]! & 1) !== 0);
    case Tag.JS:
      return b.x.slot_get(i32[word + 2]!);
    case Tag.PY: {
      const proxy = newProxy(b, b.u32[word + 2]!, i32[word + 3]!, false);
      made.push(proxyState(proxy)!);
      return proxy;
    }
    default:
      throw new Error(`krait: a cell with the unknown tag ${i32[word]} came from Python`);
  }
}

/** What an export answered: its value, or its error thrown. ABSENT reads as undefined. */
export function readResult(b: Border, value: unknown, cell: number): any {
  const word = cell >>> 2;
  const i32 = b.i32;
  switch ((i32[word]! & 0xff) as Tag) {
    case Tag.UNDEFINED:
    case Tag.ABSENT:
      return undefined;
    case Tag.INT:
      return i32[word + 2];
    case Tag.JS:
      return value;
    case Tag.DOUBLE:
      return b.f64[(cell + 8) >>> 3];
    case Tag.BOOL:
      return (i32[word + 1]! & 1) !== 0;
    case Tag.NULL:
      return null;
    case Tag.PY:
      return newProxy(b, b.u32[word + 2]!, i32[word + 3]!, true);
    case Tag.BIGINT: {
      const address = b.u32[word + 2]!;
      const big = readBigInt(b, address, i32[word + 3]!, (i32[word + 1]! & 1) !== 0);
      if (i32[word + 1]! & 2) b.x.free(address);
      return big;
    }
    case Tag.THROWN:
      if (i32[word + 1] === 1) throw takePythonError(b, b.u32[word + 2]!);
      if (i32[word + 2] !== 0) keepTrail(b, value, b.u32[word + 2]!);
      throw value;
    default:
      throw new Error(`krait: a cell with the unknown tag ${i32[word]} came from Python`);
  }
}

/** True when a step of an iteration answered with the return value. */
export function hasReturned(b: Border, cell: number): boolean {
  return (b.i32[(cell >>> 2) + 1]! & Step.RETURNED) !== 0;
}
