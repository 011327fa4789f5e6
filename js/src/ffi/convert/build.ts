// to_js: builds a JS value from a tape (src/ffi/wire/tape.h says how it is written).
//
// The tape's text is one string; every text on it is cut from there in order, so only lengths are on the tape.
import type { Border } from "../border";
import { conversionError } from "../py_proxy/conversion_error";
import { newProxy, proxyState, watch } from "../py_proxy/state";
import { CELL, readArgument } from "../wire/cell";
import { Hook, TapeConst, TapeOp, Tag } from "../wire/contract.gen";
import { typedArrayFor } from "./buffers";

type Converter = (...args: any[]) => any;

class Builder {
  at: number;
  position = 0;
  readonly keys: string[] = [];
  readonly containers: any[] = [];
  dictConverter: Converter | null = null;
  defaultConverter: Converter | null = null;
  pyproxies: unknown[] | null = null;
  plainObjects = true; // dicts become objects, here or by Object.fromEntries
  uniqueKeys = true; // and keys that collide are an error
  cache = new Map<number, unknown>();

  constructor(
    readonly b: Border,
    words: number,
    readonly doubles: number,
    readonly text: string,
  ) {
    this.at = words >>> 2;
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
        return this.containers[n];
      case TapeOp.PYTHON:
        return this.python(words[this.at++]! >>> 0, n);
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
        const array = typedArrayFor(n, this.b.u8.slice(address, address + size).buffer);
        this.containers.push(array);
        return array;
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
    const number = this.containers.push(undefined) - 1;
    const entries: [unknown, unknown][] = [];
    for (let i = 0; i < count; i++) entries.push([this.value(), this.value()]);
    return (this.containers[number] = this.dictConverter!(entries));
  }

  private python(object: number, flags: number): unknown {
    const { b } = this;
    const known = this.cache.get(object);
    if (known !== undefined) return known;
    b.x.incref(object);
    const proxy = newProxy(b, object, flags, false);
    const state = proxyState(proxy)!;
    if (this.defaultConverter === null) {
      watch(proxy, state);
      this.pyproxies?.push(proxy);
      this.cache.set(object, proxy);
      return proxy;
    }
    // The converter may keep the proxy: it answers for it, and the collector for what it forgets.
    watch(proxy, state);
    const convert = (value: unknown) => {
      const inner = proxyState(value as object);
      if (inner === undefined) return value;
      return (value as any).toJs({
        dict_converter: this.dictConverter ?? undefined,
        default_converter: this.defaultConverter ?? undefined,
      });
    };
    const cacheConversion = (input: unknown, value: unknown) => {
      const inner = proxyState(input as object);
      if (inner !== undefined) this.cache.set(inner.address(), value);
    };
    return this.defaultConverter(proxy, convert, cacheConversion);
  }
}

function bigIntFrom(limbs: Int32Array, negative: boolean): bigint {
  let hex = "0x";
  for (let i = limbs.length - 1; i >= 0; i--) hex += (limbs[i]! >>> 0).toString(16).padStart(8, "0");
  return negative ? -BigInt(hex) : BigInt(hex);
}

/** Builds the value that the tape holds. `hooks` is the address of Hook.COUNT cells. */
export function buildTape(b: Border, words: number, doubles: number, text: string, hooks: number): unknown {
  const builder = new Builder(b, words, doubles, text);
  const hook = (which: Hook): any => {
    const cell = hooks + which * CELL;
    if (b.i32[cell >>> 2] === Tag.UNDEFINED) return null;
    const value: any = readArgument(b, cell, []);
    const state = proxyState(value);
    if (state !== undefined && b.i32[cell >>> 2] === Tag.PY) watch(value, state);
    return value;
  };
  const dictConverter = hook(Hook.DICT_CONVERTER);
  builder.defaultConverter = hook(Hook.DEFAULT_CONVERTER);
  builder.pyproxies = hook(Hook.PYPROXIES);
  if (dictConverter === Object.fromEntries) {
    builder.uniqueKeys = false;
  } else if (dictConverter !== null) {
    builder.plainObjects = false;
    builder.dictConverter = dictConverter;
  }
  return builder.value();
}
