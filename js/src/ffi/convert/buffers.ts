// Buffer formats: Python's struct characters and JavaScript's typed arrays.
import type { Border } from "../border";

const constructors: Record<string, any> = {
  b: Int8Array,
  B: Uint8Array,
  c: Uint8Array,
  "?": Uint8Array,
  s: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: Int32Array, // long has 32 bits on wasm32
  L: Uint32Array,
  n: Int32Array,
  N: Uint32Array,
  P: Uint32Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  f: Float32Array,
  d: Float64Array,
};

/** The typed array for items of a struct format character; undefined when there is none. */
export function typedArrayOf(format: string): any {
  return Object.hasOwn(constructors, format) ? constructors[format] : undefined;
}

/**
 * A copy of items that lie in C order in wasm memory. One dimension, or none, is a typed array (booleans: an Array, `s`: a
 * string); more are Arrays of such rows. Each byte is copied once.
 */
export function copyOfBuffer(b: Border, format: number, address: number, size: number, shape: number[]): unknown {
  const character = String.fromCharCode(format);
  const row = (from: number, to: number): unknown => {
    // From a view rather than slice(), which clears the new memory first.
    const bytes = new Uint8Array(b.u8.subarray(from, to));
    if (character === "?") return Array.from(bytes, Boolean);
    if (character === "s") return new TextDecoder().decode(bytes);
    return new (typedArrayOf(character))(bytes.buffer);
  };
  const part = (dimension: number, from: number, to: number): unknown => {
    if (dimension >= shape.length - 1) return row(from, to);
    const count = shape[dimension]!;
    const step = count === 0 ? 0 : (to - from) / count;
    return Array.from({ length: count }, (_, i) => part(dimension + 1, from + i * step, from + (i + 1) * step));
  };
  return part(0, address, address + size);
}

/** The struct format character (its code) of a typed array's items; bytes for other buffers. */
export function formatOf(value: ArrayBufferView | ArrayBufferLike): number {
  const formats: Record<string, string> = {
    Int8Array: "b",
    Int16Array: "h",
    Uint16Array: "H",
    Int32Array: "i",
    Uint32Array: "I",
    BigInt64Array: "q",
    BigUint64Array: "Q",
    Float32Array: "f",
    Float64Array: "d",
  };
  return (formats[(value as any)[Symbol.toStringTag]] ?? "B").charCodeAt(0);
}
