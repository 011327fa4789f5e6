// to_js: builds a JS value from a tape (src/ffi/wire/tape.h says how it is written).
//
// The tape's text is one string; every text on it is cut from there in order, so only lengths are on the tape.
import type { Border } from "../border";
import { conversionError } from "../py_proxy/conversion_error";
import { CELL } from "../wire/cell";
import { Hook, TapeConst, TapeOp, Tag } from "../wire/contract.gen";
import { copyOfBuffer } from "./buffers";
import { Conversion } from "./conversion";

/** Where a dict_converter will put its result. */
const UNFINISHED = Symbol("unfinished");

class Builder {
  at: number;
  position = 0;
  readonly keys: string[] = [];
  readonly containers: any[] = [];
  plainObjects = true; // dicts become objects, here or by Object.fromEntries
  uniqueKeys = true; // and keys that collide are an error

  constructor(
    readonly b: Border,
    words: number,
    readonly doubles: number,
    readonly text: string,
    private conversion: Conversion | null,
    /** The address of the container that this tape is a piece for, or 0. */
    private readonly piece: number,
  ) {
    this.at = words >>> 2;
    const dictConverter = conversion === null ? null : conversion.dictConverter;
    if (dictConverter === Object.fromEntries) {
      this.uniqueKeys = false;
    } else if (dictConverter !== null) {
      this.plainObjects = false;
    }
  }

  value(): any {
    const words = this.b.i32; // read anew: hooks may make memory grow
    const word = words[this.at++]!;
    const n = word >>> 4;
    switch ((word & 15) as TapeOp) {
      case TapeOp.STR: {
        const start = this.position;
        return this.text.substring(start, (this.position = start + n));
      }
      case TapeOp.SMALL:
        return word >> 4;
      case TapeOp.DOUBLE:
        return this.b.f64[(this.doubles >>> 3) + n];
      case TapeOp.CONST:
        switch (n as TapeConst) {
          case TapeConst.UNDEFINED:
            return undefined;
          case TapeConst.NULL:
            return null;
          default:
            return n === TapeConst.TRUE;
        }
      case TapeOp.DICT:
        return this.plainObjects ? this.object(n >>> 1, (n & 1) !== 0) : this.converted(n >>> 1);
      case TapeOp.LIST: {
        const list = new Array(n);
        this.containers.push(list);
        for (let i = 0; i < n; i++) list[i] = this.value();
        return list;
      }
      case TapeOp.KEY:
        return this.keys[n];
      case TapeOp.NEWKEY: {
        const start = this.position;
        const key = this.text.substring(start, (this.position = start + n));
        this.keys.push(key);
        return key;
      }
      case TapeOp.SET: {
        const set = new Set();
        this.containers.push(set);
        for (let i = 0; i < n; i++) set.add(this.value());
        return set;
      }
      case TapeOp.BACKREF:
        if (this.containers[n] === UNFINISHED) throw this.conversion!.containsItself();
        return this.containers[n];
      case TapeOp.PYTHON: {
        const address = words[this.at++]! >>> 0;
        return this.python(address, n, words[this.at++]!);
      }
      case TapeOp.SLOT:
        return this.b.x.slot_get(n);
      case TapeOp.BIGINT: {
        const count = n >>> 1;
        const limbs = words.subarray(this.at, this.at + count);
        this.at += count;
        return bigIntFrom(limbs, (n & 1) !== 0);
      }
      case TapeOp.INTS: {
        const list = new Array(n);
        this.containers.push(list);
        const start = this.at;
        for (let i = 0; i < n; i++) list[i] = words[start + i];
        this.at = start + n;
        return list;
      }
      case TapeOp.DOUBLES: {
        const list = new Array(n);
        this.containers.push(list);
        const start = (this.doubles >>> 3) + words[this.at++]!;
        const f64 = this.b.f64;
        for (let i = 0; i < n; i++) list[i] = f64[start + i];
        return list;
      }
      case TapeOp.BUFFER: {
        const address = words[this.at++]! >>> 0;
        const size = words[this.at++]! >>> 0;
        const shape = [...words.subarray(this.at, (this.at += n >>> 8))];
        const value = copyOfBuffer(this.b, n & 255, address, size, shape);
        this.containers.push(value);
        return value;
      }
    }
  }

  private object(count: number, mixed: boolean): object {
    const object: Record<string, unknown> = {};
    this.containers.push(object);
    if (mixed) {
      for (let i = 0; i < count; i++) this.mixedKey(object);
      return object;
    }
    for (let i = 0; i < count; i++) {
      const key = this.value();
      object[key] = this.value();
    }
    return object;
  }

  // Keys that are no text become property names; two of them may become the same.
  private mixedKey(object: Record<string, unknown>): void {
    const name = String(this.value());
    if (this.uniqueKeys && (name === "__proto__" || Object.hasOwn(object, name))) {
      throw conversionError(
        this.b,
        `Key collision when converting Python dictionary to JavaScript. Key: '${name}'`,
      );
    }
    const value = this.value();
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }

  private converted(count: number): unknown {
    const conversion = this.conversion!;
    const number = this.containers.push(UNFINISHED) - 1;
    const whole = number === 0 && this.piece !== 0;
    if (whole) conversion.begin(this.piece);
    try {
      const entries: [unknown, unknown][] = [];
      for (let i = 0; i < count; i++) entries.push([this.value(), this.value()]);
      return (this.containers[number] = conversion.dict(entries));
    } finally {
      if (whole) conversion.finish(this.piece);
    }
  }

  private python(address: number, flags: number, depth: number): unknown {
    const conversion = (this.conversion ??= new Conversion(this.b));
    if (this.piece !== 0) {
      if (this.containers.length === 0) return conversion.unknown(address, flags, depth);
      this.remember();
      return conversion.pending(address, flags, depth);
    }
    if (conversion.defaultConverter !== null || conversion.eagerConverter !== null)
      return conversion.pending(address, flags, depth);
    return conversion.proxyOf(address, flags);
  }

  /** The container of a piece is known from before its items are converted. */
  private remember(): void {
    const container = this.containers[0];
    if (container !== undefined && container !== UNFINISHED) this.conversion!.remember(this.piece, container);
  }

  /** The value of the whole tape, which takes the conversion to its end unless it is a piece of a larger one. */
  whole(): unknown {
    if (this.piece !== 0) {
      const value = this.value();
      this.remember();
      return value;
    }
    let failed = true;
    try {
      const value = this.value();
      failed = false;
      return value;
    } finally {
      this.conversion?.close(failed);
    }
  }
}

function bigIntFrom(limbs: Int32Array, negative: boolean): bigint {
  let hex = "0x";
  for (let i = limbs.length - 1; i >= 0; i--) hex += (limbs[i]! >>> 0).toString(16).padStart(8, "0");
  return negative ? -BigInt(hex) : BigInt(hex);
}

/** Builds the value that the tape holds. `hooks` is the address of Hook.COUNT cells. */
export function buildTape(b: Border, words: number, doubles: number, text: string, hooks: number): unknown {
  const word = (hooks + Hook.CONVERSION * CELL) >>> 2;
  if (b.i32[word] === Tag.JS) {
    const conversion: Conversion = b.x.slot_get(b.i32[word + 2]!);
    return new Builder(b, words, doubles, text, conversion, b.u32[word + 3]!).whole();
  }
  return new Builder(b, words, doubles, text, Conversion.read(b, hooks), 0).whole();
}
