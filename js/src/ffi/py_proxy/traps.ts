// The traps of a PyProxy: attributes of the Python object as properties, keys of dicts and indices of sequences beside them.
//
// Properties that were defined in JavaScript come first, then the methods of the proxy's class (destroy, toJs, get, ...), Python
// attributes, the keys of a dict.
//
// The target of a proxy is shared by all and never changed: properties are kept in the state and reported as configurable,
// and the proxy stays extensible. So no answer of a trap is one that the engine refuses.
import type { Border } from "../border";
import { CELL, readResult } from "../wire/cell";
import { PyFlags, Tag } from "../wire/contract.gen";
import { allocText } from "../wire/text";
import { withArgument, withResult, withWritten } from "./call";
import { kState, proxyState, type ProxyState } from "./state";

// Beyond this many names the table starts anew: programs that make up names do not fill memory.
const MOST_NAMES = 1 << 16;

/** The interned Python string for an attribute name. */
export function pyName(b: Border, name: string): number {
  const known = b.pyNames.get(name);
  if (known !== undefined) return known;
  if (b.pyNames.size >= MOST_NAMES) {
    for (const old of b.pyNames.values()) b.x.decref(old);
    b.pyNames.clear();
  }
  const { bytes, unit } = allocText(b, name);
  const address = b.x.intern(unit === 1 ? Tag.STR1 : Tag.STR2, bytes, name.length) >>> 0;
  b.x.free(bytes);
  if (address === 0) throw new RangeError("krait: no memory for an attribute name");
  b.pyNames.set(name, address);
  return address;
}

const MISSING = Symbol("missing");

/** As readResult, but ABSENT is told from undefined. */
function getAttribute(s: ProxyState, key: string): unknown {
  const b = s.border;
  const object = s.address();
  b.crossings++;
  const name = pyName(b, key);
  const known = s.methodProxies?.get(key);
  const cell = b.stackAlloc(CELL);
  try {
    b.u32[(cell >>> 2) + 2] = known === undefined ? 0 : proxyState(known)!.object;
    const value = b.x.get_attr(object, name, cell);
    const tag = b.i32[cell >>> 2];
    if (tag === Tag.ABSENT) return MISSING;
    if (tag === Tag.SAME) return known;
    const isMethod = tag === Tag.PY && b.i32[(cell >>> 2) + 1] === 2;
    const result = readResult(b, value, cell);
    if (isMethod) (s.methodProxies ??= new Map()).set(key, result);
    return result;
  } finally {
    b.stackRestore(cell + CELL);
  }
}

/** Is the key a whole number, written as an Array's indices are? */
export function isIndex(key: PropertyKey): key is `${number}` {
  if (typeof key !== "string") return false;
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(0|[1-9]\d{0,9})$/.test(key);
}

export function getItem(s: ProxyState, key: unknown): any {
  const object = s.address();
  return withArgument(s.border, key, (cell) => s.border.x.get_item(object, cell));
}
export function setItem(s: ProxyState, key: unknown, value: unknown): void {
  const b = s.border;
  const object = s.address();
  withArgument(b, key, (cell) => withWritten(b, value, (second) => b.x.set_item(object, cell, second)));
}
// The second argument of set_item; its cell holds no result.
export function deleteItem(s: ProxyState, key: unknown): void {
  const object = s.address();
  withArgument(s.border, key, (cell) => s.border.x.del_item(object, cell));
}
export function contains(s: ProxyState, key: unknown): boolean {
  const object = s.address();
  return withArgument(s.border, key, (cell) => s.border.x.contains(object, cell));
}
export function length(s: ProxyState): number {
  const object = s.address();
  s.border.crossings++;
  const quick = s.border.x.quick_length(object);
  if (quick >= 0) return quick;
  return withResult(s.border, (cell) => s.border.x.length(object, cell));
}
export function typeName(s: ProxyState): string {
  const object = s.address();
  return withResult(s.border, (cell) => s.border.x.type_name(object, cell));
}
function hasAttribute(s: ProxyState, key: string): boolean {
  const object = s.address();
  const name = pyName(s.border, key);
  return withResult(s.border, (cell) => s.border.x.has_attr(object, name, cell));
}

/** `proxy.$name`: the Python attribute, also where a method of the proxy has its name. */
function plainAttribute(s: ProxyState, name: string): unknown {
  const value = getAttribute(s, name);
  return value === MISSING ? undefined : value;
}

/** What functions of JavaScript have and a callable's proxy only if it is an attribute. */
const functionData = new Set<PropertyKey>(["name", "length", "arguments", "caller"]);
const isFunctionData = (s: ProxyState, key: PropertyKey): boolean =>
  (s.flags & PyFlags.CALLABLE) !== 0 && functionData.has(key);
const isMethod = (s: ProxyState, key: PropertyKey): boolean => key in s.methods && !isFunctionData(s, key);

export function get(s: ProxyState, key: PropertyKey, receiver: unknown): unknown {
  if (typeof key === "symbol") {
    if (key === kState) return s;
    if (s.own !== null && key in s.own) return Reflect.get(s.own, key, receiver);
    return Reflect.get(s.methods, key, receiver);
  }
  const name = key as string;
  if (s.own !== null && name in s.own) return Reflect.get(s.own, name, receiver);
  if (name === "length" && s.flags & PyFlags.LENGTH && (s.flags & PyFlags.CALLABLE) === 0) return length(s);
  if (name in s.methods) {
    const method: unknown = Reflect.get(s.methods, name, receiver);
    if (method !== undefined || !isFunctionData(s, name)) return method;
  }
  if (name.charCodeAt(0) === 36 && name.length > 1) return plainAttribute(s, name.slice(1));
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) return getItem(s, Number(name));
  const value = getAttribute(s, name);
  if (value !== MISSING) return value;
  if (s.flags & PyFlags.DICT) return getItem(s, name);
  return undefined;
}

export function set(s: ProxyState, key: PropertyKey, value: unknown, receiver: unknown): boolean {
  const b = s.border;
  const object = s.address();
  if (s.own !== null && key in s.own) return Reflect.set(s.own, key, value, receiver);
  if (typeof key === "symbol") {
    s.own ??= Object.create(null) as Record<PropertyKey, unknown>;
    s.own[key] = value;
    return true;
  }
  const name = key as string;
  if (isMethod(s, name) && !(name in Object.prototype)) return false;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) {
    const index = Number(name);
    if (index >= length(s)) return false;
    setItem(s, index, value);
    return true;
  }
  if (s.flags & PyFlags.DICT) {
    setItem(s, name, value);
    return true;
  }
  const py = pyName(b, name);
  withArgument(b, value, (cell) => b.x.set_attr(object, py, cell));
  return true;
}

export function has(s: ProxyState, key: PropertyKey): boolean {
  s.address();
  if ((s.own !== null && key in s.own) || isMethod(s, key)) return true;
  if (typeof key === "symbol") return false;
  const name = key as string;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) return Number(name) < length(s);
  try {
    if (hasAttribute(s, name)) return true;
  } catch {
    return false; // a property whose getter fails is not there, as for Python's old hasattr
  }
  return (s.flags & PyFlags.DICT) !== 0 && contains(s, name);
}

export function remove(s: ProxyState, key: PropertyKey): boolean {
  const object = s.address();
  if (s.own !== null && key in s.own) return Reflect.deleteProperty(s.own, key);
  if (typeof key === "symbol") return true;
  const name = key as string;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) {
    if (s.flags & PyFlags.MUTABLE_SEQUENCE && Number(name) >= length(s)) return false;
    deleteItem(s, Number(name));
  } else if (s.flags & PyFlags.DICT && contains(s, name)) {
    deleteItem(s, name);
  } else {
    // What is in no dict is refused; a method of the proxy's class is no property of its own.
    const method = isMethod(s, name);
    if ((method || s.flags & PyFlags.DICT) && !hasAttribute(s, name)) return method;
    const py = pyName(s.border, name);
    withResult(s.border, (cell) => s.border.x.del_attr(object, py, cell));
  }
  return true;
}

/**
 * Object.defineProperty: what is defined so is kept in JavaScript and comes before everything of Python. An item of a
 * sequence is what it is. Proxies share their target, so no property can be said to be there for good.
 */
export function define(s: ProxyState, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
  s.address();
  if (descriptor.configurable === false) return false;
  if (s.flags & PyFlags.SEQUENCE && isIndex(key)) {
    const plain = "value" in descriptor && descriptor.writable !== false;
    return plain && set(s, key, descriptor.value, undefined);
  }
  s.own ??= Object.create(null) as Record<PropertyKey, unknown>;
  return Reflect.defineProperty(s.own, key, { ...descriptor, configurable: true });
}

/** The text keys of a dict, the indices of a sequence. */
export function dataKeys(s: ProxyState): string[] {
  if (s.flags & PyFlags.SEQUENCE) return Array.from({ length: length(s) }, (_, i) => String(i));
  if ((s.flags & PyFlags.DICT) === 0) return [];
  return dictKeys(s).filter((key): key is string => typeof key === "string");
}

/** The keys of a dict; those without a counterpart in JavaScript are proxies, destroyed already. */
export function dictKeys(s: ProxyState): unknown[] {
  const object = s.address();
  const keys: unknown[] = withResult(s.border, (cell) => s.border.x.dict_keys(object, cell));
  for (const key of keys) proxyState(key)?.release("a key that was looked at");
  return keys;
}

export function ownKeys(s: ProxyState): (string | symbol)[] {
  const object = s.address();
  const names: string[] = withResult(s.border, (cell) => s.border.x.dir(object, cell));
  const keys = new Set<string | symbol>(names);
  for (const key of dataKeys(s)) keys.add(key);
  if (s.flags & PyFlags.SEQUENCE) keys.add("length");
  if (s.own !== null) for (const key of Reflect.ownKeys(s.own)) keys.add(key);
  return [...keys];
}

export function ownDescriptor(s: ProxyState, key: PropertyKey): PropertyDescriptor | undefined {
  s.address();
  const data = (value: unknown) => ({ value, writable: true, enumerable: true, configurable: true });
  if (s.own !== null && key in s.own) return Reflect.getOwnPropertyDescriptor(s.own, key);
  if (typeof key === "symbol") return undefined;
  const name = key as string;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) {
    return Number(name) < length(s) ? data(getItem(s, Number(name))) : undefined;
  }
  if (s.flags & PyFlags.DICT && contains(s, name)) return data(getItem(s, name));
  return undefined;
}
