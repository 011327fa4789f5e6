// Buffer formats: Python's struct characters and JavaScript's typed arrays.

type ArrayConstructor = new (buffer: ArrayBuffer) => ArrayBufferView;

const constructors: Record<string, ArrayConstructor> = {
  b: Int8Array,
  B: Uint8Array,
  c: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: Int32Array, // long has 32 bits on wasm32
  L: Uint32Array,
  n: Int32Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  f: Float32Array,
  d: Float64Array,
};

/** A typed array over the bytes for a struct format character (its code). */
export function typedArrayFor(format: number, bytes: ArrayBuffer): ArrayBufferView {
  const constructor = constructors[String.fromCharCode(format)];
  if (constructor === undefined) throw new TypeError(`no typed array holds items of format '${String.fromCharCode(format)}'`);
  return new constructor(bytes);
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
