// Types of the objects that cross between JavaScript and Python: what `pyodide.ffi` holds at run time.
//
// Use them for annotations (`import type { PyProxy } from "pyodide/ffi"`); the classes themselves are members of
// `pyodide.ffi`, and `instanceof` works with them.

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Uint8ClampedArray
  | Float32Array
  | Float64Array;

/** Options of `toJs`. */
export interface ToJsOptions {
  /** How many levels to convert; all of them by default. */
  depth?: number;
  /** Collects every proxy that the conversion makes, so that they can be destroyed together. */
  pyproxies?: PyProxy[];
  /** When false, an object that has no conversion is an error instead of a PyProxy. Default: true. */
  create_pyproxies?: boolean;
  /** Makes the result for a dict out of its pairs: `Object.fromEntries`, `Array.from`, `(pairs) => new Map(pairs)`. */
  dict_converter?: (pairs: Iterable<[key: string, value: any]>) => any;
  /** Asked for objects that have no conversion. */
  default_converter?: ToJsConverter;
  /** Asked for every object that is not immutable, before the default conversions. */
  eager_converter?: ToJsConverter;
}

/** `convert` converts a part of the object; `cacheConversion` tells the result early, for objects that contain themselves. */
export type ToJsConverter = (
  object: PyProxy,
  convert: (object: PyProxy) => any,
  cacheConversion: (object: PyProxy, result: any) => void,
) => any;

/**
 * A Python object in JavaScript. Properties that the class does not define are the attributes of the object.
 *
 * A proxy keeps its object alive: call `destroy()` when you are done, or declare it with `using`.
 */
export interface PyProxy {
  [attribute: string]: any;
}
export declare class PyProxy {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyProxy;
  get [Symbol.toStringTag](): string;
  /** The name of the Python type, with its module unless that is builtins or __main__. */
  get type(): string;
  /** `str(object)`. */
  toString(): string;
  /** Releases the Python object. Later use throws an Error with `message`. Destroying twice is allowed. */
  destroy(options?: { message?: string; destroyRoundtrip?: boolean }): void;
  [Symbol.dispose](): void;
  /** Another proxy for the same object, with a life of its own. */
  copy(): PyProxy;
  /** A copy of the object as JavaScript data, as far as there is one; other objects become proxies. */
  toJs(options?: ToJsOptions): any;
}

/** The object has `__len__`. */
export interface PyProxyWithLength extends PyProxy {
  /** `len(object)`. */
  readonly length: number;
}
export declare class PyProxyWithLength {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyProxyWithLength;
}

/** The object has `__getitem__`. */
export interface PyProxyWithGet extends PyProxy {
  /** `object[key]`, or undefined when there is no such key or index. */
  get(key: any): any;
  /** A view whose properties are the items of the object, nested ones too. */
  asJsJson(): PyProxy & {};
}
export declare class PyProxyWithGet {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyProxyWithGet;
}

/** The object has `__setitem__` or `__delitem__`. */
export interface PyProxyWithSet extends PyProxy {
  /** `object[key] = value`. */
  set(key: any, value: any): void;
  /** `del object[key]`. */
  delete(key: any): void;
}
export declare class PyProxyWithSet {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyProxyWithSet;
}

/** The object has `__contains__`. */
export interface PyProxyWithHas extends PyProxy {
  /** `key in object`. */
  has(key: any): boolean;
}
export declare class PyProxyWithHas {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyProxyWithHas;
}

/** The object has `__iter__`. */
export interface PyIterable extends PyProxy {
  /** `iter(object)`. */
  [Symbol.iterator](): Iterator<any, any, any>;
}
export declare class PyIterable {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyIterable;
}

/** The object has `__aiter__`. */
export interface PyAsyncIterable extends PyProxy {
  /** `aiter(object)`. */
  [Symbol.asyncIterator](): AsyncIterator<any, any, any>;
}
export declare class PyAsyncIterable {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyAsyncIterable;
}

/** The object has `__next__`. */
export interface PyIterator extends PyProxy {
  [Symbol.iterator](): this;
  /** `next(object)`; an argument is sent to a generator. */
  next(value?: any): IteratorResult<any, any>;
}
export declare class PyIterator {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyIterator;
}

/** The object is a generator. */
export interface PyGenerator extends PyIterator {
  /** Raises `error` where the generator waits. */
  throw(error: any): IteratorResult<any, any>;
  /** Raises GeneratorExit where the generator waits; the result is `value` unless the generator gives another. */
  return(value: any): IteratorResult<any, any>;
}
export declare class PyGenerator {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyGenerator;
}

/** The object has `__anext__`. */
export interface PyAsyncIterator extends PyProxy {
  [Symbol.asyncIterator](): this;
  /** `anext(object)`; an argument is sent to an asynchronous generator. */
  next(value?: any): Promise<IteratorResult<any, any>>;
}
export declare class PyAsyncIterator {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyAsyncIterator;
}

/** The object is an asynchronous generator. */
export interface PyAsyncGenerator extends PyAsyncIterator {
  /** Raises `error` where the generator waits. */
  throw(error: any): Promise<IteratorResult<any, any>>;
  /** Raises GeneratorExit where the generator waits. */
  return(value: any): Promise<IteratorResult<any, any>>;
}
export declare class PyAsyncGenerator {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyAsyncGenerator;
}

/** The object has `__await__`: `await` works on it. */
export interface PyAwaitable extends PyProxy, Promise<any> {}
export declare class PyAwaitable {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyAwaitable;
}

/** The object is callable, and so is its proxy. */
export interface PyCallable extends PyProxy {
  (...args: any[]): any;
  /** As Function.prototype.apply; `thisArg` is passed on only after `captureThis`. */
  apply(thisArg: any, args: any): any;
  /** As Function.prototype.call; `thisArg` is passed on only after `captureThis`. */
  call(thisArg: any, ...args: any[]): any;
  /** A call with any mixture of the options that the methods below stand for. */
  callWithOptions(options: { relaxed?: boolean; kwargs?: boolean; promising?: boolean }, ...args: any[]): any;
  /** The last argument is an object with keyword arguments. */
  callKwargs(...args: any[]): any;
  /** Surplus arguments are dropped, as JavaScript functions do. */
  callRelaxed(...args: any[]): any;
  /** The last argument is an object with keyword arguments; surplus arguments are dropped. */
  callKwargsRelaxed(...args: any[]): any;
  /** A call inside which Python can wait for promises. @experimental */
  callPromising(...args: any[]): Promise<any>;
  /** The same with keyword arguments in the last argument. @experimental */
  callPromisingKwargs(...args: any[]): Promise<any>;
  /** As Function.prototype.bind. The result lives as long as this proxy. */
  bind(thisArg: any, ...args: any[]): PyProxy;
  /** A proxy that passes `this` as the first argument. It lives as long as this proxy. */
  captureThis(): PyProxy;
}
export declare class PyCallable {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyCallable;
}

/** The object offers the buffer protocol. */
export interface PyBuffer extends PyProxy {
  /**
   * A view of the buffer without copying. Release it when you are done.
   * @param type `"i8"`, `"u8"`, `"u8clamped"`, `"i16"`, `"u16"`, `"i32"`, `"u32"`, `"i64"`, `"u64"`, `"f32"`, `"f64"` or
   * `"dataview"`; by default what the buffer's format says.
   */
  getBuffer(type?: string): PyBufferView;
}
export declare class PyBuffer {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyBuffer;
}

/** A view of the memory of a Python buffer: the item at index `[i, j]` is `data[offset + i * strides[0] + j * strides[1]]`. */
export declare class PyBufferView {
  private constructor();
  /**
   * The memory itself. Do not write to it when `readonly`. Growing memory detaches arrays over it: read `data` again after
   * Python has run, it is renewed then. An error after release().
   */
  readonly data: TypedArray;
  /** Index of the first item in `data`. */
  offset: number;
  readonly: boolean;
  /** Format of an item, in the notation of Python's struct module. */
  format: string;
  /** Bytes per item. */
  itemsize: number;
  /** Number of dimensions. */
  ndim: number;
  /** Bytes of `data`. */
  nbytes: number;
  /** Length of each dimension. */
  shape: number[];
  /** Items to skip for the next item of each dimension. */
  strides: number[];
  c_contiguous: boolean;
  f_contiguous: boolean;
  /** Lets the Python object go. */
  release(): void;
  [Symbol.dispose](): void;
}

/** The object is a dict. */
export interface PyDict extends PyProxyWithGet, PyProxyWithSet, PyProxyWithHas, PyProxyWithLength, PyIterable {}
export declare class PyDict {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyDict;
}

/** The object is a Sequence. The methods are those of Array. */
export interface PySequence extends PyProxy {
  readonly length: number;
  get [Symbol.isConcatSpreadable](): boolean;
  [Symbol.iterator](): Iterator<any, any, any>;
  join(separator?: string): string;
  slice(start?: number, stop?: number): any;
  indexOf(item: any, fromIndex?: number): number;
  lastIndexOf(item: any, fromIndex?: number): number;
  forEach(callback: (item: any, index: number, sequence: any) => void, thisArg?: any): void;
  map<U>(callback: (item: any, index: number, sequence: any) => U, thisArg?: any): U[];
  filter(predicate: (item: any, index: number, sequence: any) => boolean, thisArg?: any): any[];
  some(predicate: (item: any, index: number, sequence: any) => unknown, thisArg?: any): boolean;
  every(predicate: (item: any, index: number, sequence: any) => unknown, thisArg?: any): boolean;
  reduce(callback: (previous: any, item: any, index: number, sequence: any) => any, initialValue?: any): any;
  reduceRight(callback: (previous: any, item: any, index: number, sequence: any) => any, initialValue?: any): any;
  at(index: number): any;
  concat(...rest: ConcatArray<any>[]): any[];
  includes(item: any): boolean;
  entries(): IterableIterator<[number, any]>;
  keys(): IterableIterator<number>;
  values(): IterableIterator<any>;
  find(predicate: (item: any, index: number, sequence: any) => any, thisArg?: any): any;
  findIndex(predicate: (item: any, index: number, sequence: any) => any, thisArg?: any): number;
  toJSON(): unknown[];
  asJsJson(): PyProxy & {};
}
export declare class PySequence {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PySequence;
}

/** The object is a MutableSequence. The methods are those of Array. */
export interface PyMutableSequence extends PySequence {
  reverse(): PyMutableSequence;
  sort(compare?: (a: any, b: any) => number): PyMutableSequence;
  splice(start: number, deleteCount?: number, ...items: any[]): any[];
  push(...items: any[]): number;
  pop(): any;
  shift(): any;
  unshift(...items: any[]): number;
  copyWithin(target: number, start?: number, end?: number): any;
  fill(value: any, start?: number, end?: number): any;
}
export declare class PyMutableSequence {
  private constructor();
  static [Symbol.hasInstance](object: any): object is PyMutableSequence;
}

/**
 * A Python exception that left Python. The message ends with the traceback's last line. The exception itself is
 * `sys.last_exc` in Python; the error does not keep it alive.
 */
export declare class PythonError extends Error {
  private constructor();
  /** The name of the exception's class, such as "KeyError". */
  type: string;
}

/** What `leakReport()` tells of the proxies that were made with `setDebug(true)`: one entry for each type and place. */
export interface LiveProxies {
  /** The Python type of the objects. */
  type: string;
  /** Proxies of that type made at that place. */
  count: number;
  /** JavaScript's stack when they were made. */
  created: string;
}

/** What `leakReport()` tells of the slots while `setDebug(true)` is on. */
export interface LiveSlots {
  /** The name of the values' class, such as "Map"; what `typeof` says of functions, symbols and primitive values. */
  type: string;
  count: number;
}

/** What is alive on the border between the languages. */
export interface LeakReport {
  /** PyProxies that hold a Python object. */
  proxies: number;
  /** JavaScript values that Python holds. */
  slots: number;
  /** The proxies made with `setDebug(true)`, by type and place, the most frequent first. */
  live: LiveProxies[];
  /** What the slots hold, the most frequent first; empty unless `setDebug(true)` is on. */
  liveSlots: LiveSlots[];
}

/** The classes, as `pyodide.ffi` has them. */
export declare const ffi: {
  /** Counts what is alive on the border; with `setDebug(true)` also what it is and where it was made. */
  leakReport(): LeakReport;
  PyProxy: typeof PyProxy;
  PyProxyWithLength: typeof PyProxyWithLength;
  PyProxyWithGet: typeof PyProxyWithGet;
  PyProxyWithSet: typeof PyProxyWithSet;
  PyProxyWithHas: typeof PyProxyWithHas;
  PyDict: typeof PyDict;
  PyIterable: typeof PyIterable;
  PyAsyncIterable: typeof PyAsyncIterable;
  PyIterator: typeof PyIterator;
  PyAsyncIterator: typeof PyAsyncIterator;
  PyGenerator: typeof PyGenerator;
  PyAsyncGenerator: typeof PyAsyncGenerator;
  PyAwaitable: typeof PyAwaitable;
  PyCallable: typeof PyCallable;
  PyBuffer: typeof PyBuffer;
  PyBufferView: typeof PyBufferView;
  PythonError: typeof PythonError;
  PySequence: typeof PySequence;
  PyMutableSequence: typeof PyMutableSequence;
};
