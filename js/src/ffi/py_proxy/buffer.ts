// PyBufferView: the memory of a Python buffer, seen from JavaScript without a copy.
//
// A view keeps its buffer taken, and so the object alive, until release(); destroying the proxy it came from changes
// nothing. Growing wasm memory detaches every typed array over it: `data` is therefore a getter that makes a new one when
// memory has grown. Whoever keeps `data` in a variable must read it again after Python has run.
import { type Border, RESET } from "../border";
import { typedArrayOf } from "../convert/buffers";
import { BufferInfo } from "../wire/contract.gen";
import { dispose } from "../symbols";
import { withResult } from "./call";
import type { ProxyState } from "./state";

const types: Record<string, any> = {
  i8: Int8Array,
  u8: Uint8Array,
  u8clamped: Uint8ClampedArray,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
  dataview: DataView,
};

interface Token {
  readonly border: Border;
  readonly info: number;
}
function giveBack({ border, info }: Token): void {
  border.crossings++;
  border.x.release_buffer(info);
}
const forgotten = new FinalizationRegistry<Token>(giveBack);

const kMake = Symbol("krait.bufferview");

/** What getBuffer() answers with. */
export class PyBufferView {
  offset = 0;
  readonly!: boolean;
  format!: string;
  itemsize!: number;
  ndim!: number;
  nbytes!: number;
  shape!: number[];
  strides!: number[];
  c_contiguous!: boolean;
  f_contiguous!: boolean;
  #token: Token | null = null;
  #array: any;
  #address = 0;
  #extent = 0;
  #data: any = null;

  /** @private */
  constructor(key?: symbol, token?: Token, type?: unknown) {
    if (key !== kMake) throw new TypeError("PyBufferView is not a constructor");
    const { border, info } = token!;
    const word = (which: BufferInfo) => border.u32[(info >>> 2) + which]!;
    const start = word(BufferInfo.FORMAT);
    this.format = String.fromCharCode(...border.u8.subarray(start, start + word(BufferInfo.FORMAT_LENGTH)));
    this.itemsize = word(BufferInfo.ITEMSIZE);
    this.ndim = word(BufferInfo.NDIM);
    this.#address = word(BufferInfo.DATA);
    this.#extent = this.nbytes = word(BufferInfo.EXTENT);
    this.readonly = word(BufferInfo.READONLY) !== 0;
    this.c_contiguous = word(BufferInfo.C_CONTIGUOUS) !== 0;
    this.f_contiguous = word(BufferInfo.F_CONTIGUOUS) !== 0;
    this.#array = chooseArray(this.format, type);
    const unit = this.#array.BYTES_PER_ELEMENT ?? 1;
    if (this.#extent !== 0 && this.#address % unit !== 0) {
      throw new Error(
        `getBuffer: Buffer does not have valid alignment for a ${this.#array.name}: ` +
          `its address is ${this.#address}, expected a multiple of ${unit}`,
      );
    }
    if (this.#extent % unit !== 0) {
      throw new Error(`getBuffer: the buffer has ${this.#extent} bytes, expected a multiple of ${unit} for a ${this.#array.name}`);
    }
    const shape = word(BufferInfo.SHAPE) >>> 2;
    const strides = word(BufferInfo.STRIDES) >>> 2;
    this.shape = [...border.i32.subarray(shape, shape + this.ndim)];
    this.strides = [...border.i32.subarray(strides, strides + this.ndim)].map((stride) => stride / unit);
    this.offset = word(BufferInfo.START) / unit;
    this.#token = token!;
    forgotten.register(this, token!, token!);
  }

  /**
   * The memory itself, as a typed array or a DataView: items that are not contiguous have others between them. It is
   * renewed when memory has grown, so read it again after Python has run.
   */
  get data(): any {
    if (this.#token === null) throw new Error("This PyBufferView has already been released: its data belongs to Python again");
    const { border } = this.#token;
    if (border.ended) throw new Error(RESET);
    const { buffer } = border.u8;
    if (this.#data === null || this.#data.buffer !== buffer) {
      const unit = this.#array.BYTES_PER_ELEMENT ?? 1;
      const at = this.#extent === 0 ? 0 : this.#address;
      this.#data = new this.#array(buffer, at, this.#extent / unit);
    }
    return this.#data;
  }

  /** Lets the Python object go; a second call does nothing. */
  release(): void {
    const token = this.#token;
    if (token === null) return;
    this.#token = null;
    this.#data = null;
    forgotten.unregister(token);
    giveBack(token);
  }
}
Object.defineProperty(PyBufferView.prototype, dispose, {
  value: PyBufferView.prototype.release,
  writable: true,
  configurable: true,
});

function chooseArray(format: string, type: unknown): any {
  if (type !== undefined && type !== null) {
    if (typeof type === "string" && Object.hasOwn(types, type)) return types[type];
    throw new Error(`getBuffer: Unknown type ${String(type)}, expected one of ${Object.keys(types).join(", ")}`);
  }
  const hint = `pass an explicit type argument, such as getBuffer("dataview")`;
  if (/^[>!]/.test(format) && !/^.[bBc?]$/.test(format))
    throw new Error(`getBuffer: the items of format '${format}' are big endian, typed arrays are not: ${hint}; toJs() swaps the bytes of a copy`);
  const found = typedArrayOf(/^[@=<>!]/.test(format) ? format.slice(1) : format);
  if (found === undefined) throw new Error(`getBuffer: no typed array holds items of format '${format}': ${hint}`);
  return found;
}

/** The buffer of a proxy's object; the caller releases the view. */
export function getBuffer(state: ProxyState, type: unknown): PyBufferView {
  const { border } = state;
  const object = state.address();
  const info = withResult(border, (out) => border.x.get_buffer(object, out)) >>> 0;
  const token = { border, info };
  try {
    return new PyBufferView(kMake, token, type);
  } catch (e) {
    giveBack(token);
    throw e;
  }
}
