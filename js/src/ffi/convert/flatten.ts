// to_py: writes a JS value as a tape, for wasm to build Python objects from in one walk.
//
// The words are collected on this side and copied into memory at the end, so that getters and Proxies may do what they
// like meanwhile. Objects without a Python counterpart take a slot, which the reader owns.
//
// Plain objects mostly come in a few shapes: the same keys in the same order. A shape's keys are on the tape once; objects
// that repeat it are only their values, and the reader copies a dict that has the keys already.
import type { Border } from "../border";
import { jsFlags } from "../js_proxy/flags";
import { conversionError } from "../py_proxy/conversion_error";
import { proxyState } from "../py_proxy/state";
import { FlatHeader, TapeConst, TapeOp } from "../wire/contract.gen";
import { allocText } from "../wire/text";
import { formatOf } from "./buffers";

const SMALL_LIMIT = 1 << 27;
const MOST_SHAPE_KEYS = 64;
const SHAPES_COMPARED = 8;
const LONGEST_SHARED = 16;
const SHARING_CREDIT = 32;
const MOST_SPARE_WORDS = 1 << 16;
const toStringTag = Object.prototype.toString;
const objectPrototype = Object.prototype;
const arrayPrototype = Array.prototype;

class Flattener {
  words: Int32Array;
  size = 0;
  doubles: number[] = [];
  text = "";
  objects: object[] = []; // become slots
  keys = new Map<string, number>();
  /** Falls with each short text that is new and rises with each that is not; below 0 it is not worth looking. */
  private sharing = SHARING_CREDIT;
  private readonly shapes: string[][] = [];
  private lastShape = 0;
  /** The shape that came after this one the last time. */
  private readonly nextShape: number[] = [];
  /** Containers in the order of their numbers. */
  private readonly containers = new Set<object>();
  /** Their numbers, once a container has been met twice. */
  private numbers: Map<object, number> | null = null;

  constructor(readonly b: Border) {
    this.words = b.spareWords ?? new Int32Array(1024);
    b.spareWords = null;
  }

  /** Lets the next conversion use the words' memory. */
  release(): void {
    if (this.words.length <= MOST_SPARE_WORDS) this.b.spareWords = this.words;
  }

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
        if (value.length <= LONGEST_SHARED && this.sharing >= 0) return this.sharedText(value);
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
        if (!this.container(value, depth)) this.slot(value);
        return;
      default:
        return this.slot(value as object);
    }
  }

  /** Writes what has a counterpart; false for everything else. */
  container(value: any, depth: number): boolean {
    if (depth === 0) return this.python(value);
    const prototype = prototypeOf(value);
    if (prototype === arrayPrototype && Array.isArray(value)) {
      if (!this.seen(value)) this.list(value, depth - 1);
      return true;
    }
    if (prototype === objectPrototype) return this.expected(value, depth - 1) || this.dict(value, depth - 1);
    if (prototype === null) return this.dict(value, depth - 1);
    return this.python(value) || (prototype !== undefined && this.special(value, prototype, depth));
  }

  /** A Python object behind a PyProxy comes out as itself. */
  private python(value: object): boolean {
    const state = proxyState(value);
    if (state === undefined || state.border !== this.b || state.roundtrip) return false;
    this.op(TapeOp.PYTHON, 0);
    this.push(state.address() | 0);
    return true;
  }

  /** Containers that are neither ordinary arrays nor plain objects of this realm. */
  private special(value: any, prototype: object, depth: number): boolean {
    if (Array.isArray(value)) {
      if (!this.seen(value)) this.list(value, depth - 1);
      return true;
    }
    if (isForeignPlain(value, prototype)) return this.dict(value, depth - 1);
    switch (toStringTag.call(value)) {
      case "[object Map]":
        if (!this.seen(value)) this.map(value, depth - 1);
        return true;
      case "[object Set]":
        if (!this.seen(value)) this.set(value);
        return true;
      case "[object ArrayBuffer]":
      case "[object SharedArrayBuffer]":
        break;
      default:
        if (!ArrayBuffer.isView(value)) return false;
    }
    if (!this.seen(value)) this.buffer(value, value.byteLength);
    return true;
  }

  /** True when the container was met before and is written as a back-reference; else it takes the next number. */
  private seen(container: object): boolean {
    const { containers } = this;
    const before = containers.size;
    containers.add(container);
    if (containers.size !== before) {
      if (this.numbers !== null) this.numbers.set(container, before);
      return false;
    }
    if (this.numbers === null) {
      this.numbers = new Map();
      for (const known of containers) this.numbers.set(known, this.numbers.size);
    }
    this.op(TapeOp.BACKREF, this.numbers.get(container)!);
    return true;
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

  private list(list: unknown[], depth: number): void {
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

  // Half of the short texts of most documents are words of a few: those are made once, as keys are.
  private sharedText(text: string): void {
    const known = this.keys.get(text);
    if (known !== undefined) {
      this.sharing += 2;
      return this.op(TapeOp.KEY, known);
    }
    this.sharing--;
    this.newKey(text);
  }

  private key(key: string): void {
    const known = this.keys.get(key);
    if (known !== undefined) return this.op(TapeOp.KEY, known);
    this.newKey(key);
  }

  private newKey(key: string): void {
    this.keys.set(key, this.keys.size);
    this.text += key;
    this.op(TapeOp.NEWKEY, key.length);
  }

  /** Writes an object that has the shape that came next the last time; false if it has another. */
  private expected(object: Record<string, unknown>, depth: number): boolean {
    const shape = this.nextShape[this.lastShape];
    if (shape === undefined) return false;
    const keys = this.shapes[shape]!;
    if (!hasKeys(object, keys)) return false;
    if (this.seen(object)) return true;
    this.lastShape = shape;
    this.op(TapeOp.SHAPED, shape);
    let i = 0;
    // Engines read the properties that such a loop names without looking them up.
    for (const key in object) {
      if (key !== keys[i]) break; // a getter has changed the object
      this.value(object[key], depth);
      i++;
    }
    for (; i < keys.length; i++) this.value(object[keys[i]!], depth);
    return true;
  }

  private dict(object: Record<string, unknown>, depth: number): boolean {
    const keys = Object.keys(object);
    const count = keys.length;
    // Math, JSON and other namespaces look plain, but nothing of them can be copied.
    if (count === 0 && toStringTag.call(object) !== "[object Object]") return false;
    if (this.seen(object)) return true;
    const shape = this.shapeOf(keys);
    if (shape >= 0) {
      this.op(TapeOp.SHAPED, shape);
      for (let i = 0; i < count; i++) this.value(object[keys[i]!], depth);
      return true;
    }
    const defines = count !== 0 && count <= MOST_SHAPE_KEYS;
    this.op(TapeOp.DICT, (count << 1) | (defines ? 1 : 0));
    for (let i = 0; i < count; i++) {
      this.key(keys[i]!);
      this.value(object[keys[i]!], depth);
    }
    // Only now: the reader knows the keys when it has read them all.
    if (defines) this.lastShape = this.shapes.push(keys) - 1;
    return true;
  }

  /** The number of the shape that has these keys; -1 if there is none, or it was too long ago. */
  private shapeOf(keys: string[]): number {
    const { shapes } = this;
    const last = this.lastShape;
    for (let i = shapes.length - 1, end = Math.max(0, shapes.length - SHAPES_COMPARED); i >= end; i--)
      if (sameKeys(shapes[i]!, keys)) {
        this.nextShape[last] = i;
        return (this.lastShape = i);
      }
    return -1;
  }

  /** A key of a Map or an item of a Set: only what Python can hash. */
  private hashable(key: unknown, kind: string): void {
    if (typeof key === "string") return this.key(key);
    if ((typeof key === "object" && key !== null) || typeof key === "function") {
      const state = proxyState(key);
      if (state === undefined)
        throw conversionError(this.b, `Cannot use key of type ${constructorName(key)} as a key to a Python ${kind}`);
    }
    this.value(key, 0);
  }

  private map(map: Map<unknown, unknown>, depth: number): void {
    this.refuseEqualKeys(map, "Map");
    const entries = [...map.entries()];
    this.op(TapeOp.DICT, entries.length << 1);
    for (const [key, value] of entries) {
      this.hashable(key, "dict");
      this.value(value, depth);
    }
  }

  private set(set: Set<unknown>): void {
    this.refuseEqualKeys(set, "Set");
    const items = [...set];
    this.op(TapeOp.SET, items.length);
    for (const item of items) this.hashable(item, "set");
  }

  // 1 == True in Python: one of the two would be lost.
  private refuseEqualKeys(keys: { has(key: unknown): boolean }, kind: string): void {
    for (const [number, boolean] of [[1, true], [0, false]] as const)
      if (keys.has(number) && keys.has(boolean))
        throw conversionError(
          this.b,
          `Cannot faithfully convert ${kind} into Python since it contains both ${number} and ${boolean} as keys.`,
        );
  }

  private buffer(value: ArrayBufferView | ArrayBufferLike, size: number): void {
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

/** The prototype; undefined for an object that will not tell, such as a revoked Proxy. */
function prototypeOf(value: object): object | null | undefined {
  try {
    return Object.getPrototypeOf(value);
  } catch {
    return undefined;
  }
}

/** Are these the enumerable keys of a plain object? Inherited ones, which nobody should have put there, count as well. */
function hasKeys(object: object, keys: string[]): boolean {
  const { length } = keys;
  let i = 0;
  for (const key in object) {
    if (i === length || keys[i] !== key) return false;
    i++;
  }
  return i === length;
}

function sameKeys(a: string[], b: string[]): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function constructorName(value: object): string {
  try {
    return String((value as any).constructor?.name ?? "Object");
  } catch {
    return "Object";
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
  try {
    return flattener.container(value, depth) ? flattener.store() : 0;
  } finally {
    flattener.release();
  }
}
