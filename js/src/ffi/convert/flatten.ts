// to_py: writes a JS value as a tape, for wasm to build Python objects from in one walk.
//
// The words are collected on this side and copied into memory at the end, so that getters and Proxies may do what they
// like meanwhile. Objects without a Python counterpart take a slot, which the reader owns.
import type { Border } from "../border";
import { jsFlags } from "../js_proxy/flags";
import { proxyState } from "../py_proxy/state";
import { FlatHeader, TapeConst, TapeOp } from "../wire/contract.gen";
import { allocText } from "../wire/text";
import { formatOf } from "./buffers";

const SMALL_LIMIT = 1 << 27;
const toStringTag = Object.prototype.toString;

class Flattener {
  words = new Int32Array(256);
  size = 0;
  doubles: number[] = [];
  text = "";
  objects: object[] = []; // become slots
  keys = new Map<string, number>();
  containers = new Map<object, number>();

  constructor(readonly b: Border) {}

  push(word: number): void {
    if (this.size === this.words.length) {
      const bigger = new Int32Array(this.size * 2);
      bigger.set(this.words);
      this.words = bigger;
    }
    this.words[this.size++] = word;
  }
  op(code: TapeOp, operand: number): void {
    this.push(code | (operand << 4));
  }

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        this.text += value;
        return this.op(TapeOp.STR, value.length);
      case "number":
        return this.number(value);
      case "boolean":
        return this.op(TapeOp.CONST, value ? TapeConst.TRUE : TapeConst.FALSE);
      case "undefined":
        return this.op(TapeOp.CONST, TapeConst.UNDEFINED);
      case "bigint":
        return this.bigint(value);
      case "object":
        if (value === null) return this.op(TapeOp.CONST, TapeConst.NULL);
        if (this.container(value, depth)) return;
        return this.slot(value);
      default:
        return this.slot(value as object);
    }
  }

  /** Writes what has a counterpart; false for everything else. */
  container(value: any, depth: number): boolean {
    const known = this.containers.get(value);
    if (known !== undefined) {
      this.op(TapeOp.BACKREF, known);
      return true;
    }
    const state = proxyState(value);
    if (state !== undefined && state.border === this.b) {
      if (state.roundtrip) return false;
      this.op(TapeOp.PYTHON, 0);
      this.push(state.address() | 0);
      return true;
    }
    if (depth === 0) return false;
    if (Array.isArray(value)) {
      this.list(value, depth - 1);
      return true;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null || isForeignPlain(value, prototype)) {
      const tag = prototype === null ? "[object Object]" : toStringTag.call(value);
      if (tag === "[object Error]") return false;
      this.dict(value, depth - 1);
      return true;
    }
    switch (toStringTag.call(value)) {
      case "[object Map]":
        this.map(value, depth - 1);
        return true;
      case "[object Set]":
        this.set(value, depth - 1);
        return true;
      case "[object ArrayBuffer]":
      case "[object SharedArrayBuffer]":
        this.buffer(value, value.byteLength);
        return true;
    }
    if (ArrayBuffer.isView(value)) {
      this.buffer(value, value.byteLength);
      return true;
    }
    return false;
  }

  private number(value: number): void {
    if ((value | 0) === value && value < SMALL_LIMIT && value >= -SMALL_LIMIT) return this.op(TapeOp.SMALL, value);
    this.op(TapeOp.DOUBLE, this.doubles.length);
    this.doubles.push(value);
  }

  private bigint(value: bigint): void {
    const negative = value < 0n;
    let rest = negative ? -value : value;
    const limbs: number[] = [];
    do {
      limbs.push(Number(rest & 0xffffffffn) | 0);
      rest >>= 32n;
    } while (rest > 0n);
    this.op(TapeOp.BIGINT, (limbs.length << 1) | (negative ? 1 : 0));
    for (const limb of limbs) this.push(limb);
  }

  private slot(value: object | symbol): void {
    this.op(TapeOp.SLOT, this.objects.length);
    this.push(typeof value === "symbol" ? 0 : jsFlags(value));
    this.objects.push(value as object);
  }

  private remember(value: object): void {
    this.containers.set(value, this.containers.size);
  }

  private list(list: unknown[], depth: number): void {
    this.remember(list);
    const count = list.length;
    let i = 0;
    while (i < count && typeof list[i] === "number" && ((list[i] as number) | 0) === list[i]) i++;
    if (i === count && count > 3) {
      this.op(TapeOp.INTS, count);
      for (let k = 0; k < count; k++) this.push(list[k] as number);
      return;
    }
    this.op(TapeOp.LIST, count);
    for (let k = 0; k < count; k++) this.value(list[k], depth);
  }

  private key(key: string): void {
    const known = this.keys.get(key);
    if (known !== undefined) return this.op(TapeOp.KEY, known);
    this.keys.set(key, this.keys.size);
    this.text += key;
    this.op(TapeOp.NEWKEY, key.length);
  }

  private dict(object: Record<string, unknown>, depth: number): void {
    this.remember(object);
    const keys = Object.keys(object);
    this.op(TapeOp.DICT, keys.length << 1);
    for (const key of keys) {
      this.key(key);
      this.value(object[key], depth);
    }
  }

  /** A key of a Map or an item of a Set: only what Python can hash. */
  private hashable(key: unknown, kind: string): void {
    if (typeof key === "string") return this.key(key);
    if ((typeof key === "object" && key !== null) || typeof key === "function") {
      const state = proxyState(key);
      if (state === undefined)
        throw new Error(`Cannot use key of type ${(key as any).constructor?.name ?? "Object"} as a key to a Python ${kind}`);
    }
    this.value(key, 0);
  }

  private map(map: Map<unknown, unknown>, depth: number): void {
    this.refuseEqualKeys(map, "Map");
    this.remember(map);
    const entries = [...map.entries()];
    this.op(TapeOp.DICT, entries.length << 1);
    for (const [key, value] of entries) {
      this.hashable(key, "dict");
      this.value(value, depth);
    }
  }

  private set(set: Set<unknown>, _depth: number): void {
    this.refuseEqualKeys(set, "Set");
    this.remember(set);
    const items = [...set];
    this.op(TapeOp.SET, items.length);
    for (const item of items) this.hashable(item, "set");
  }

  // 1 == True in Python: one of the two would be lost.
  private refuseEqualKeys(keys: { has(key: unknown): boolean }, kind: string): void {
    for (const [number, boolean] of [[1, true], [0, false]] as const)
      if (keys.has(number) && keys.has(boolean))
        throw new Error(`Cannot faithfully convert ${kind} into Python since it contains both ${number} and ${boolean} as keys.`);
  }

  private buffer(value: ArrayBufferView | ArrayBufferLike, size: number): void {
    this.remember(value);
    this.op(TapeOp.BUFFER, formatOf(value));
    this.push(this.objects.length);
    this.push(size);
    this.objects.push(value);
  }

  /** Copies the tape into memory and answers the address of its header (FlatHeader). */
  store(): number {
    const { b } = this;
    const doublesAt = (FlatHeader.SIZE * 4 + 7) & ~7;
    const wordsAt = doublesAt + this.doubles.length * 8;
    const slotsAt = wordsAt + this.size * 4;
    const blob = allocText(b, this.text);
    // The blob lies apart, since its size is not known before it is encoded; it is moved behind the rest.
    const blobSize = this.text.length * blob.unit;
    const blobAt = slotsAt + this.objects.length * 4;
    const header = b.x.alloc(blobAt + blobSize + 2) >>> 0;
    if (header === 0) {
      b.x.free(blob.bytes);
      throw new RangeError(`krait: no memory for a value of ${blobAt + blobSize} bytes`);
    }
    b.u8.copyWithin(header + ((blobAt + 1) & ~1), blob.bytes, blob.bytes + blobSize);
    b.x.free(blob.bytes);
    const u32 = b.u32;
    const word = header >>> 2;
    u32[word + FlatHeader.WORDS] = header + wordsAt;
    u32[word + FlatHeader.DOUBLES] = header + doublesAt;
    u32[word + FlatHeader.BLOB] = header + ((blobAt + 1) & ~1);
    u32[word + FlatHeader.BLOB_UNIT] = blob.unit;
    u32[word + FlatHeader.SLOTS] = header + slotsAt;
    u32[word + FlatHeader.SLOT_COUNT] = this.objects.length;
    b.f64.set(this.doubles, (header + doublesAt) >>> 3);
    b.i32.set(this.words.subarray(0, this.size), (header + wordsAt) >>> 2);
    for (let i = 0; i < this.objects.length; i++)
      b.u32[((header + slotsAt) >>> 2) + i] = b.x.slot_new(this.objects[i]);
    return header;
  }
}

/** A plain object of another realm: its prototype is that realm's Object.prototype. */
function isForeignPlain(value: object, prototype: object): boolean {
  return (
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty") &&
    (prototype as any).constructor?.name === "Object" &&
    toStringTag.call(value) === "[object Object]"
  );
}

/** Writes the value `depth` levels deep into memory; the header's address, or 0 if it has no Python counterpart. */
export function flattenValue(b: Border, value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  const flattener = new Flattener(b);
  if (!flattener.container(value, depth)) return 0;
  return flattener.store();
}
