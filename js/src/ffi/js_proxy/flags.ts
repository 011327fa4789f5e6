// What a JS object can do (JsFlags), for the Python type of its proxy.
//
// Built-in classes are looked at once per prototype. Plain objects and instances of user classes may carry methods of
// their own, so they are looked at each time. Nothing here may throw, whatever a Proxy or a getter does.
import { proxyState } from "../py_proxy/state";
import { JsFlags } from "../wire/contract.gen";

// By prototype, for prototypes of built-in classes. Shared by all runtimes: it holds facts about JS classes only.
const known = new WeakMap<object, number>();
const objectPrototype = Object.prototype;
const toStringTag = Object.prototype.toString;

const dispose: symbol | undefined = (Symbol as any).dispose;
const asyncDispose: symbol | undefined = (Symbol as any).asyncDispose;

let globalFlags: number | undefined;

export function jsFlags(value: object): number {
  try {
    if (typeof value === "function") return functionFlags(value);
    // The global object has hundreds of properties and is asked for often; it is what it was at first.
    if (value === globalThis) return (globalFlags ??= findFlags(value));
    const prototype = Object.getPrototypeOf(value);
    if (prototype === objectPrototype || prototype === null) return ownFlags(value);
    const cached = known.get(prototype);
    if (cached !== undefined) return cached;
    const flags = findFlags(value);
    if ((flags & JsFlags.DOUBLE_PROXY) === 0 && isBuiltIn(prototype) && Object.getPrototypeOf(prototype) !== null)
      known.set(prototype, flags);
    return flags;
  } catch {
    return 0; // a revoked Proxy, or one that throws: an object of which nothing is known
  }
}

function functionFlags(value: object): number {
  return proxyFlags(value) || JsFlags.CALLABLE;
}

/** The flags of a PyProxy; 0 for everything else. */
function proxyFlags(value: object): number {
  const state = proxyState(value);
  if (state === undefined) return 0;
  return (
    JsFlags.DOUBLE_PROXY | JsFlags.DISPOSABLE |
    (typeof value === "function" ? JsFlags.CALLABLE : 0) |
    (state.once ? JsFlags.ONCE : 0)
  );
}

/** A class of the engine or of the host: its instances have no methods of their own. */
function isBuiltIn(prototype: object): boolean {
  const constructor = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return (
    typeof constructor === "function" &&
    constructor.prototype === prototype &&
    /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(constructor))
  );
}

// A plain object mostly has none of these; `in` sees own and (polluted) inherited ones.
function ownFlags(value: object): number {
  if (
    "then" in value || "next" in value || "length" in value || "size" in value || "get" in value || "set" in value ||
    "has" in value || "includes" in value || Symbol.iterator in value || Symbol.asyncIterator in value ||
    (dispose !== undefined && dispose in value) || (asyncDispose !== undefined && asyncDispose in value)
  )
    return plainFlags(findFlags(value));
  // Symbol.toStringTag can make a plain object look like anything, but a Proxy of an array has Array.prototype.
  return JsFlags.PLAIN;
}

function plainFlags(flags: number): number {
  return flags & (JsFlags.DOUBLE_PROXY | JsFlags.ARRAY | JsFlags.BUFFER) ? flags : flags | JsFlags.PLAIN;
}

function isFunction(value: any, name: PropertyKey): boolean {
  return name in value && typeof value[name] === "function";
}

function findFlags(value: any): number {
  const proxy = proxyFlags(value);
  if (proxy !== 0) return proxy;
  const tag = toStringTag.call(value);
  let flags = 0;
  if (Array.isArray(value)) return JsFlags.ARRAY | JsFlags.HAS_LENGTH | JsFlags.HAS_INCLUDES | JsFlags.ITERABLE;
  if (ArrayBuffer.isView(value)) {
    flags |= JsFlags.BUFFER;
    if (tag !== "[object DataView]") flags |= JsFlags.TYPED_ARRAY;
  } else if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") {
    flags |= JsFlags.BUFFER;
  }
  if (isFunction(value, "then")) flags |= JsFlags.PROMISE;
  if (isFunction(value, "get")) flags |= JsFlags.HAS_GET;
  if (isFunction(value, "set")) flags |= JsFlags.HAS_SET;
  if (isFunction(value, "has")) flags |= JsFlags.HAS_HAS;
  if (isFunction(value, "includes")) flags |= JsFlags.HAS_INCLUDES;
  if (isFunction(value, "next")) {
    if (isFunction(value, Symbol.asyncIterator)) flags |= JsFlags.ASYNC_ITERATOR;
    else flags |= JsFlags.ITERATOR;
  }
  if (isFunction(value, Symbol.iterator)) flags |= JsFlags.ITERABLE;
  if (isFunction(value, Symbol.asyncIterator)) flags |= JsFlags.ASYNC_ITERABLE;
  if (hasNumber(value, "length")) {
    flags |= JsFlags.HAS_LENGTH;
    if (flags & JsFlags.ITERABLE) flags |= JsFlags.ARRAY_LIKE;
  } else if (hasNumber(value, "size")) {
    flags |= JsFlags.HAS_LENGTH;
  }
  if (tag === "[object Generator]") flags |= JsFlags.GENERATOR;
  if (tag === "[object AsyncGenerator]") flags |= JsFlags.ASYNC_GENERATOR;
  if (value instanceof Error || tag === "[object Error]" || tag === "[object DOMException]") flags |= JsFlags.ERROR;
  if (tag === "[object WeakRef]") flags |= JsFlags.WEAK_REF;
  if (tag === "[object Response]") flags |= JsFlags.RESPONSE;
  if (tag.endsWith("Element]") && value.nodeType === 1) flags |= JsFlags.DOM_ELEMENT;
  if (dispose !== undefined && isFunction(value, dispose)) flags |= JsFlags.DISPOSABLE;
  if (asyncDispose !== undefined && isFunction(value, asyncDispose)) flags |= JsFlags.ASYNC_DISPOSABLE;
  return flags;
}

function hasNumber(value: any, name: string): boolean {
  return name in value && (typeof value[name] === "number" || typeof value[name] === "bigint");
}
