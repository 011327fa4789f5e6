// The part of `node:assert/strict` that tests/api uses, for a page. An import map puts it in that module's place.

export class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? `expected ${show(actual)} ${operator} ${show(expected)}`);
    this.name = "AssertionError";
    Object.assign(this, { actual, expected, operator });
  }
}

function show(value) {
  try {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (Object.is(value, -0)) return "-0";
    if (typeof value === "object" && value !== null) {
      if (value instanceof Error || value instanceof RegExp || value instanceof Date) return String(value);
      if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${show([...value])})`;
      if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${value}]`;
      return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item)) ?? String(value);
    }
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function check(condition, actual, expected, operator, message) {
  if (condition) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, actual, expected, operator });
}

function ownKeys(object) {
  return Reflect.ownKeys(object).filter((key) => Object.prototype.propertyIsEnumerable.call(object, key));
}

/** Strict deep equality: same prototypes, same values by Object.is; cycles are followed once. */
export function same(a, b, seen = new Map()) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Date || a instanceof Number || a instanceof String || a instanceof Boolean) {
    if (!Object.is(a.valueOf(), b.valueOf())) return false;
  }
  if (a instanceof RegExp && (String(a) !== String(b) || a.lastIndex !== b.lastIndex)) return false;
  if (a instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof ArrayBuffer) return same(new Uint8Array(a), new Uint8Array(b), seen);
  if (a instanceof DataView) {
    return same(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), new Uint8Array(b.buffer, b.byteOffset, b.byteLength), seen);
  }
  if (ArrayBuffer.isView(a)) return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
  if (a instanceof Map) {
    if (a.size !== b.size) return false;
    const rest = [...b];
    for (const [key, value] of a) {
      const at = rest.findIndex(([k, v]) => same(key, k, new Map(seen)) && same(value, v, new Map(seen)));
      if (at < 0) return false;
      rest.splice(at, 1);
    }
  }
  if (a instanceof Set) {
    if (a.size !== b.size) return false;
    const rest = [...b];
    for (const item of a) {
      const at = rest.findIndex((other) => same(item, other, new Map(seen)));
      if (at < 0) return false;
      rest.splice(at, 1);
    }
  }
  if (Array.isArray(a) && a.length !== b.length) return false;
  const keys = ownKeys(a);
  return keys.length === ownKeys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], seen));
}

function matches(error, expected, message) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) {
    check(expected.test(String(error)), String(error), expected, "to match", message);
  } else if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (expected === Error || Object.prototype.isPrototypeOf.call(Error, expected)) {
      // Not the expected class: what was thrown says more than our own message would.
      throw error;
    }
    check(expected.call({}, error) === true, error, expected, "to satisfy", message);
  } else if (typeof expected === "object") {
    const keys = expected instanceof Error ? [...Object.keys(expected), "name", "message"] : Object.keys(expected);
    for (const key of keys) {
      const wanted = expected[key];
      const found = error?.[key];
      const fine = wanted instanceof RegExp && typeof found === "string" ? wanted.test(found) : same(found, wanted);
      check(fine, found, wanted, `(property ${key} of the error) to be`, message);
    }
  }
}

function assert(value, message) {
  check(value, value, true, "to be truthy", message);
}

const NOTHING = Symbol("nothing was thrown");

Object.assign(assert, {
  AssertionError,
  ok: assert,
  fail: (message = "failed") => {
    throw message instanceof Error ? message : new AssertionError({ message });
  },
  equal: (a, b, message) => check(Object.is(a, b), a, b, "to be", message),
  notEqual: (a, b, message) => check(!Object.is(a, b), a, b, "not to be", message),
  deepEqual: (a, b, message) => check(same(a, b), a, b, "to deeply equal", message),
  notDeepEqual: (a, b, message) => check(!same(a, b), a, b, "not to deeply equal", message),
  match: (text, pattern, message) => check(typeof text === "string" && pattern.test(text), text, pattern, "to match", message),
  doesNotMatch: (text, pattern, message) =>
    check(typeof text !== "string" || !pattern.test(text), text, pattern, "not to match", message),
  throws: (fn, expected, message) => {
    if (typeof expected === "string") [expected, message] = [undefined, expected];
    let thrown = NOTHING;
    try {
      fn();
    } catch (error) {
      thrown = error;
    }
    check(thrown !== NOTHING, "nothing", expected, "to be thrown, expected", message);
    matches(thrown, expected, message);
  },
  doesNotThrow: (fn) => void fn(),
  rejects: async (promise, expected, message) => {
    if (typeof expected === "string") [expected, message] = [undefined, expected];
    let thrown = NOTHING;
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      thrown = error;
    }
    check(thrown !== NOTHING, "a fulfilled promise", expected, "to reject, expected", message);
    matches(thrown, expected, message);
  },
  doesNotReject: async (promise) => void (await (typeof promise === "function" ? promise() : promise)),
  ifError: (error) => {
    if (error !== null && error !== undefined) throw error;
  },
});
assert.strictEqual = assert.equal;
assert.notStrictEqual = assert.notEqual;
assert.deepStrictEqual = assert.deepEqual;
assert.notDeepStrictEqual = assert.notDeepEqual;
assert.strict = assert;

export default assert;
export const {
  ok, fail, equal, notEqual, strictEqual, notStrictEqual, deepEqual, deepStrictEqual, notDeepEqual, match, doesNotMatch,
  throws, doesNotThrow, rejects, doesNotReject, ifError,
} = assert;
