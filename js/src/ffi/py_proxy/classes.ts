// The classes of PyProxies, as pyodide.ffi names them, and the methods that proxies have by what their object can do.
//
// A proxy's prototype is put together from its PyFlags, once per combination. The exported classes are never
// instantiated: `instanceof` asks a proxy for its flags.
import { getBuffer, PyBufferView } from "./buffer";
import { withResult } from "./call";
import { PyFlags } from "../wire/contract.gen";
import { dispose } from "../symbols";
import { DESTROYED, newProxy, proxyState } from "./state";
import { iterate, step } from "./iterate";
import * as traps from "./traps";
import { toJs, type ToJsOptions } from "./to_js";
import { asyncIterate, asyncStep, promiseOf } from "./awaitable";
import { getter, method, type Methods, stateOf } from "./methods";
import { callable } from "./callable";
import { jsonView } from "./json_view";

/** A class of pyodide.ffi: `instanceof` is true for proxies whose object has all of the flags. */
function declareClass(name: string, flags: number): any {
  const declared = class {
    constructor() {
      throw new TypeError(`${name} is not a constructor`);
    }
    static [Symbol.hasInstance](value: unknown): boolean {
      const state = proxyState(value);
      return state !== undefined && (state.flags & flags) === flags;
    }
  };
  Object.defineProperty(declared, "name", { value: name });
  return declared;
}

/** The classes that `pyodide.ffi` offers. */
export const proxyClasses = {
  PyProxy: declareClass("PyProxy", 0),
  PyProxyWithLength: declareClass("PyProxyWithLength", PyFlags.LENGTH),
  PyProxyWithGet: declareClass("PyProxyWithGet", PyFlags.GET),
  PyProxyWithSet: declareClass("PyProxyWithSet", PyFlags.SET),
  PyProxyWithHas: declareClass("PyProxyWithHas", PyFlags.CONTAINS),
  PyDict: declareClass("PyDict", PyFlags.DICT),
  PyIterable: declareClass("PyIterable", PyFlags.ITERABLE),
  PyAsyncIterable: declareClass("PyAsyncIterable", PyFlags.ASYNC_ITERABLE),
  PyIterator: declareClass("PyIterator", PyFlags.ITERATOR),
  PyAsyncIterator: declareClass("PyAsyncIterator", PyFlags.ASYNC_ITERATOR),
  PyGenerator: declareClass("PyGenerator", PyFlags.GENERATOR),
  PyAsyncGenerator: declareClass("PyAsyncGenerator", PyFlags.ASYNC_GENERATOR),
  PyAwaitable: declareClass("PyAwaitable", PyFlags.AWAITABLE),
  PyCallable: declareClass("PyCallable", PyFlags.CALLABLE),
  PyBuffer: declareClass("PyBuffer", PyFlags.BUFFER),
  PyBufferView,
  PySequence: declareClass("PySequence", PyFlags.SEQUENCE),
  PyMutableSequence: declareClass("PyMutableSequence", PyFlags.MUTABLE_SEQUENCE),
};

const base: Methods = {
  constructor: method(proxyClasses.PyProxy),
  [Symbol.toStringTag]: { value: "PyProxy", configurable: true },
  type: getter(function (this: any) {
    return traps.typeName(stateOf(this));
  }),
  toString: method(function (this: any): string {
    const s = stateOf(this);
    const object = s.address();
    return withResult(s.border, (cell) => s.border.x.str(object, cell));
  }),
  copy: method(function (this: any): unknown {
    const s = stateOf(this);
    const object = s.address();
    s.border.x.incref(object);
    const copy = newProxy(s.border, object, s.flags, true);
    const state = proxyState(copy)!;
    state.roundtrip = s.roundtrip;
    state.captureThis = s.captureThis;
    state.bound = s.bound;
    return copy;
  }),
  destroy: method(function (this: any, options: { message?: string; destroyRoundtrip?: boolean } = {}): void {
    const s = stateOf(this);
    if (s.roundtrip && options.destroyRoundtrip === false) return;
    s.release(options.message ? String(options.message) : DESTROYED);
  }),
  toJs: method(function (this: any, options: ToJsOptions = {}): unknown {
    return toJs(stateOf(this), options);
  }),
};
base[dispose] = method(function (this: any): void {
  stateOf(this).release(DESTROYED);
});

const withLength: Methods = {
  length: getter(function (this: any) {
    return traps.length(stateOf(this));
  }),
};
const withGet: Methods = {
  get: method(function (this: any, key: unknown) {
    return traps.getItem(stateOf(this), key);
  }),
};
const withSet: Methods = {
  set: method(function (this: any, key: unknown, value: unknown): void {
    traps.setItem(stateOf(this), key, value);
  }),
  delete: method(function (this: any, key: unknown): void {
    traps.deleteItem(stateOf(this), key);
  }),
};
const withHas: Methods = {
  has: method(function (this: any, key: unknown): boolean {
    return traps.contains(stateOf(this), key);
  }),
};

const iterable: Methods = {
  [Symbol.iterator]: method(function (this: any) {
    return iterate(stateOf(this));
  }),
};
const iterator: Methods = {
  [Symbol.iterator]: method(function (this: any) {
    return this;
  }),
  next: method(function (this: any, value?: unknown) {
    return step(stateOf(this), value, arguments.length > 0);
  }),
};
/** A (done, value) pair of _pyodide._border as an iterator result. */
function asStep(pair: any): IteratorResult<unknown> {
  const [done, value] = pair.toJs({ depth: 1 });
  pair.destroy();
  return { done, value };
}
const generator: Methods = {
  throw: method(function (this: any, error: unknown) {
    const s = stateOf(this);
    return asStep(s.border.helper("_pyodide._border", "throw_into")(this, error));
  }),
  return: method(function (this: any, value: unknown) {
    const s = stateOf(this);
    return asStep(s.border.helper("_pyodide._border", "return_from")(this, value));
  }),
};

const awaitable: Methods = {
  then: method(function (this: any, onFulfilled?: any, onRejected?: any) {
    return promiseOf(this, stateOf(this)).then(onFulfilled, onRejected);
  }),
  catch: method(function (this: any, onRejected?: any) {
    return promiseOf(this, stateOf(this)).catch(onRejected);
  }),
  finally: method(function (this: any, onFinally?: any) {
    return promiseOf(this, stateOf(this)).finally(onFinally);
  }),
};

const asyncIterable: Methods = {
  [Symbol.asyncIterator]: method(function (this: any) {
    return asyncIterate(this, stateOf(this));
  }),
};
const asyncIterator: Methods = {
  [Symbol.asyncIterator]: method(function (this: any) {
    return this;
  }),
  next: method(async function (this: any, ...value: unknown[]) {
    if (value.length === 0) return asyncStep(this, stateOf(this), "advance");
    return asyncStep(this, stateOf(this), "send_into", value[0]);
  }),
};
const asyncGenerator: Methods = {
  throw: method(async function (this: any, error: unknown) {
    return asyncStep(this, stateOf(this), "throw_into", error);
  }),
  return: method(async function (this: any, value: unknown) {
    return asyncStep(this, stateOf(this), "return_from", value);
  }),
};

/** A dict or list as JSON.parse would have made it, but live. */
const withJsonView: Methods = {
  asJsJson: method(function (this: any): unknown {
    const s = stateOf(this);
    return jsonView(s, s);
  }),
};

const buffer: Methods = {
  getBuffer: method(function (this: any, type?: string): PyBufferView {
    return getBuffer(stateOf(this), type);
  }),
};

// Array's own methods are generic: they need length and indices, which a sequence's proxy has.
const sequence: Methods = {};
for (const name of ["at", "concat", "entries", "every", "filter", "find", "findIndex", "forEach", "includes", "indexOf",
  "join", "keys", "lastIndexOf", "map", "reduce", "reduceRight", "slice", "some", "values"] as const)
  sequence[name] = method((Array.prototype as any)[name]);
sequence[Symbol.isConcatSpreadable] = getter(() => true);
sequence["toJSON"] = method(function (this: any) {
  return Array.prototype.slice.call(this); // iterating would destroy what it gives
});

// Those that change the length go through the list's own methods; the others work by index.
const mutableSequence: Methods = {
  push: method(function (this: any, ...items: unknown[]): number {
    return changeLength(this, this.length, 0, items).length;
  }),
  pop: method(function (this: any): unknown {
    return this.length === 0 ? undefined : changeLength(this, this.length - 1, 1, []).removed[0];
  }),
  shift: method(function (this: any): unknown {
    return changeLength(this, 0, 1, []).removed[0];
  }),
  unshift: method(function (this: any, ...items: unknown[]): number {
    return changeLength(this, 0, 0, items).length;
  }),
  splice: method(function (this: any, start?: number, count?: number, ...items: unknown[]): unknown[] {
    const length = this.length;
    const from = Math.trunc(Number(start)) || 0;
    const first = from < 0 ? Math.max(0, length + from) : Math.min(from, length);
    const most = arguments.length === 0 ? 0 : arguments.length === 1 ? length : Math.trunc(Number(count)) || 0;
    return changeLength(this, first, Math.min(Math.max(0, most), length - first), items).removed;
  }),
};
for (const name of ["copyWithin", "fill", "reverse", "sort"] as const)
  mutableSequence[name] = method(Array.prototype[name]);

/** Replaces `count` items from `start` on; what was removed, and the new length. */
function changeLength(proxy: any, start: number, count: number, items: unknown[]): { removed: unknown[]; length: number } {
  const s = stateOf(proxy);
  const removed = s.border.helper("_pyodide._border", "replace_items")(proxy, start, count, ...items);
  try {
    return { removed: removed.slice(), length: traps.length(s) };
  } finally {
    removed.destroy();
  }
}

const parts: [number, Methods][] = [
  [PyFlags.CALLABLE, callable], // first: a callable with a length has its own
  [PyFlags.LENGTH, withLength],
  [PyFlags.GET, withGet],
  [PyFlags.SET, withSet],
  [PyFlags.CONTAINS, withHas],
  [PyFlags.ITERABLE, iterable],
  [PyFlags.ITERATOR, iterator],
  [PyFlags.GENERATOR, generator],
  [PyFlags.ASYNC_ITERABLE, asyncIterable],
  [PyFlags.ASYNC_ITERATOR, asyncIterator],
  [PyFlags.ASYNC_GENERATOR, asyncGenerator],
  [PyFlags.AWAITABLE, awaitable],
  [PyFlags.BUFFER, buffer],
  [PyFlags.SEQUENCE, sequence],
  [PyFlags.MUTABLE_SEQUENCE, mutableSequence],
  [PyFlags.DICT, withJsonView],
  [PyFlags.SEQUENCE, withJsonView],
];

const prototypes = new Map<number, object>();

/** The class of proxies with these flags. */
export function classFor(flags: number): { prototype: any } {
  let prototype = prototypes.get(flags);
  if (prototype === undefined) {
    prototype = Object.create(flags & PyFlags.CALLABLE ? Function.prototype : Object.prototype, base) as object;
    for (const [flag, methods] of parts) if (flags & flag) Object.defineProperties(prototype, methods);
    prototypes.set(flags, prototype);
  }
  return { prototype };
}
