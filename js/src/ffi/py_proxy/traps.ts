// The traps of a PyProxy: attributes of the Python object as properties, keys of dicts and indices of sequences beside them.
//
// The methods of the proxy's class (destroy, toJs, get, ...) come first, then Python attributes, then the keys of a dict.
import type { Border } from "../border";
import { argumentScratch, CELL, readResult, writeArgument } from "../wire/cell";
import { PyFlags, Tag } from "../wire/contract.gen";
import { allocText } from "../wire/text";
import { withArgument, withResult } from "./call";
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
  withArgument(b, key, (cell) => withSecond(b, value, (second) => b.x.set_item(object, cell, second)));
}
// The second argument of set_item; its cell holds no result.
function withSecond(b: Border, value: unknown, f: (cell: number) => unknown): unknown {
  const size = CELL + argumentScratch(value);
  const cell = b.stackAlloc(size);
  try {
    writeArgument(b, value, cell, cell + CELL);
    return f(cell);
  } finally {
    b.stackRestore(cell + size);
  }
}
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

export function get(s: ProxyState, key: PropertyKey, receiver: unknown): unknown {
  if (typeof key === "symbol") {
    if (key === kState) return s;
    if (s.symbols !== null && key in s.symbols) return s.symbols[key];
    return Reflect.get(s.methods, key, receiver);
  }
  const name = key as string;
  if (name === "length" && s.flags & PyFlags.LENGTH && (s.flags & PyFlags.CALLABLE) === 0) return length(s);
  if (name in s.methods) return Reflect.get(s.methods, name, receiver);
  if (name.charCodeAt(0) === 36 && name.length > 1) return plainAttribute(s, name.slice(1));
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) return getItem(s, Number(name));
  const value = getAttribute(s, name);
  if (value !== MISSING) return value;
  if (s.flags & PyFlags.DICT) return getItem(s, name);
  return undefined;
}

export function set(s: ProxyState, key: PropertyKey, value: unknown): boolean {
  const b = s.border;
  const object = s.address();
  if (typeof key === "symbol") {
    s.symbols ??= Object.create(null) as Record<symbol, unknown>;
    s.symbols[key] = value;
    return true;
  }
  const name = key as string;
  if (name in s.methods && !(name in Object.prototype)) return false;
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
  if (typeof key === "symbol") return (s.symbols !== null && key in s.symbols) || key in s.methods;
  const name = key as string;
  if (name in s.methods) return true;
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
  if (typeof key === "symbol") {
    if (s.symbols !== null) delete s.symbols[key];
    return true;
  }
  const name = key as string;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) {
    deleteItem(s, Number(name));
  } else if (s.flags & PyFlags.DICT && contains(s, name)) {
    deleteItem(s, name);
  } else {
    const py = pyName(s.border, name);
    withResult(s.border, (cell) => s.border.x.del_attr(object, py, cell));
  }
  return true;
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
  if (s.symbols !== null) for (const key of Object.getOwnPropertySymbols(s.symbols)) keys.add(key);
  return [...keys];
}

export function ownDescriptor(s: ProxyState, key: PropertyKey): PropertyDescriptor | undefined {
  s.address();
  const data = (value: unknown) => ({ value, writable: true, enumerable: true, configurable: true });
  if (typeof key === "symbol") {
    return s.symbols !== null && key in s.symbols ? data(s.symbols[key]) : undefined;
  }
  const name = key as string;
  if (s.flags & PyFlags.SEQUENCE && isIndex(name)) {
    return Number(name) < length(s) ? data(getItem(s, Number(name))) : undefined;
  }
  if (s.flags & PyFlags.DICT && contains(s, name)) return data(getItem(s, name));
  return undefined;
}
