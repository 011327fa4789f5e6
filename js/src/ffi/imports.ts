// The import module `krait`: what JavaScript does for wasm, one function per operation.
//
// Only stack_full() throws into wasm: else an error goes into the result cell (THROWN) with what was thrown as the val.
import type { Border } from "./border";
import { buildTape } from "./convert/build";
import { flattenValue } from "./convert/flatten";
import { writeCause, writeThrown } from "./errors";
import { DESTROYED, newProxy, proxyState, watch, type ProxyState } from "./py_proxy/state";
import { CELL, readArgument, REPLY, writeResult } from "./wire/cell";
import { Describe, Keys, ProxyKind, Tag, type KraitImports } from "./wire/contract.gen";
import { absent, BORROWED, done, readCellText, readKept, truth, withKey } from "./js_proxy/arguments";
import { jsFlags } from "./js_proxy/flags";
import { bufferImports } from "./js_proxy/buffer";
import { generatorImports } from "./js_proxy/generators";
import { promiseImports } from "./js_proxy/promises";
import { propertyImports } from "./js_proxy/properties";
import { sequenceImports } from "./js_proxy/sequences";
import { withoutStack } from "./stacks";
import { callPromising, waitImports } from "./stack_switch";
import { readText } from "./wire/text";

// A Python attribute cannot be spelled like a keyword; with an underscore behind it stands for the JS name without it.
const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield match case type"
  ).split(" "),
);

/** The name without underscores behind it. No regular expression: compiling one is more than the last bit of a full stack allows. */
function withoutUnderscores(name: string): string {
  let end = name.length;
  while (end > 0 && name.charCodeAt(end - 1) === 95) end--;
  return name.slice(0, end);
}

/** The JS property that a Python attribute name means: `class_` is `class`, `class__` is `class_`. */
export function propertyName(name: string): string {
  if (!name.endsWith("_")) return name;
  return KEYWORDS.has(withoutUnderscores(name)) ? name.slice(0, -1) : name;
}

const PROMISED =
  "This borrowed proxy was automatically destroyed when the promise of the call that it was made for was settled. " +
  "Try using create_proxy or create_once_callable.";

/** Ends the life of the proxies that were made for a call's arguments: now, or when what was returned is done with them. */
function endBorrow(made: ProxyState[], proxies: unknown[], result: any): void {
  if (made.length === 0) return;
  if (result !== null && typeof result === "object") {
    const tag = Object.prototype.toString.call(result);
    if (tag === "[object Promise]" || (proxyState(result) === undefined && typeof result.then === "function")) {
      // What the promise brings may be one of the proxies: whoever awaits it already sees it before it goes.
      const release = () => void Promise.resolve().then(() => made.forEach((state) => state.release(PROMISED)));
      result.then(release, release);
      return;
    }
    if (tag === "[object Generator]" || tag === "[object AsyncGenerator]") {
      for (const proxy of proxies) {
        const state = proxyState(proxy);
        if (state !== undefined && made.includes(state)) watch(proxy as object, state);
      }
      return;
    }
  }
  for (const state of made) state.release(BORROWED);
}

const settles = new Set<unknown>([Promise.prototype.then, Promise.prototype.catch, Promise.prototype.finally]);

/** A Python function that a promise will call may wait inside that call: the promise takes promises for results anyway. */
function asReaction(b: Border, arg: unknown, made: ProxyState[]): unknown {
  const state = proxyState(arg);
  if (typeof arg !== "function" || state === undefined || !made.includes(state)) return arg;
  return (...args: unknown[]) => {
    // After a reset there is nobody to be called, and nobody who would look at a rejection.
    if (b.ended) return new Promise(() => {});
    return b.promisingCall === null ? (arg as any)(...args) : callPromising(b, state.address(), args);
  };
}

/** A property as text; errors are described even when their getters fail. */
function textOf(value: any, property: string, otherwise: string): string {
  try {
    const found = value[property];
    return found === undefined || found === null ? otherwise : String(found);
  } catch {
    return otherwise;
  }
}

function isError(value: any): boolean {
  try {
    if (value instanceof Error || Object.prototype.toString.call(value) === "[object Error]") return true;
    return typeof value === "object" && value !== null && "message" in value;
  } catch {
    return false;
  }
}

/** `Name: message` of whatever was thrown. */
function errorText(error: any): string {
  if (isError(error)) {
    const name = textOf(error, "name", "Error");
    const message = textOf(error, "message", "");
    return message === "" ? name : `${name}: ${message}`;
  }
  if (typeof error === "string") return `Error: ${error}`;
  let shown: string;
  try {
    shown = String(error);
  } catch {
    shown = "a value that cannot be shown";
  }
  return `Error: a value of type ${error === null ? "null" : typeof error} was thrown: ${shown}`;
}

function describe(value: any, what: Describe): unknown {
  switch (what) {
    case Describe.TO_STRING:
      if (typeof value === "symbol") return value.toString();
      if (typeof value.toString !== "function") return Object.prototype.toString.call(value);
      return value.toString();
    case Describe.TYPEOF:
      return typeof value;
    case Describe.CONSTRUCTOR_NAME:
      return String(value?.constructor?.name ?? "");
    case Describe.ERROR_NAME:
      return textOf(value, "name", "Error");
    case Describe.ERROR_MESSAGE:
      return typeof value === "string" ? value : textOf(value, "message", "");
    case Describe.ERROR_STACK:
      return textOf(value, "stack", "");
    case Describe.ERROR_TEXT:
      return errorText(value);
    case Describe.BUFFER_SIZE:
      return value.byteLength;
  }
}

/** Property names for dir(): own and inherited, as Python would write them. */
function dirNames(value: any): string[] {
  const names = new Set<string>();
  for (let o = value; o !== null && o !== undefined; o = Object.getPrototypeOf(o))
    for (const name of Object.getOwnPropertyNames(Object(o)))
      if (/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) names.add(KEYWORDS.has(withoutUnderscores(name)) ? `${name}_` : name);
  return [...names];
}

export function createImports(b: Border): KraitImports {
  const fail = (thrown: unknown, cell: number) => writeThrown(b, thrown, cell);
  const answer = (value: unknown, cell: number) => writeResult(b, value, cell, false);
  const getAttribute = (object: any, name: string, out: number): unknown => {
    try {
      const value = object[name];
      if (value === undefined && !(name in Object(object))) return absent(b, out);
      return writeResult(b, value, out, false);
    } catch (e) {
      return fail(e, out);
    }
  };

  /** Reads the arguments of a call; keyword arguments become one object behind the others. */
  const readArguments = (cells: number, argc: number, kwargc: number, made: ProxyState[]): unknown[] => {
    const args = new Array<unknown>(argc + (kwargc === 0 ? 0 : 1));
    let cell = cells + REPLY;
    for (let i = 0; i < argc; i++, cell += CELL) args[i] = readArgument(b, cell, made);
    if (kwargc !== 0) {
      const kwargs: Record<string, unknown> = {};
      for (let i = 0; i < kwargc; i++, cell += 2 * CELL)
        kwargs[readCellText(b, cell)] = readArgument(b, cell + CELL, made);
      args[argc] = kwargs;
    }
    return args;
  };

  const finish = (result: unknown, cells: number, made: ProxyState[], args: unknown[]): unknown => {
    if (made.length === 0) return writeResult(b, result, cells, false);
    // The result may be one of the proxies: Python takes its own reference before they go.
    const value = writeResult(b, result, cells, true);
    endBorrow(made, args, result);
    return value;
  };

  return {
    ...sequenceImports(b),
    ...generatorImports(b),
    ...propertyImports(b),
    ...promiseImports(b),
    ...bufferImports(b),
    ...waitImports(b),
    krait_define_name(name, tag, bytes, length) {
      b.crossings++;
      b.names[name] = propertyName(readText(b, tag, bytes >>> 0, length, 0));
    },
    krait_text(tag, bytes, length, aux) {
      return readText(b, tag, bytes >>> 0, length, aux);
    },
    krait_get_attr(object, name, out) {
      b.crossings++;
      return getAttribute(object, b.names[name]!, out);
    },
    krait_get_attr_text(object, name, out) {
      b.crossings++;
      return getAttribute(object, propertyName(readCellText(b, name)), out);
    },
    krait_set_attr(object, name, value) {
      b.crossings++;
      try {
        object[propertyName(readCellText(b, name))] = readKept(b, value);
        return done(b, name);
      } catch (e) {
        return fail(e, name);
      }
    },
    krait_del_attr(object, name) {
      b.crossings++;
      try {
        const property = propertyName(readCellText(b, name));
        if (!Reflect.deleteProperty(object, property))
          throw new TypeError(`Cannot delete property '${property}' of ${String(object)}`);
        return done(b, name);
      } catch (e) {
        return fail(e, name);
      }
    },
    krait_call(fn, self, cells, argc, kwargc) {
      b.crossings++;
      const made: ProxyState[] = [];
      let args: unknown[] = [];
      try {
        args = readArguments(cells, argc, kwargc, made);
        const given = made.length > 0 && settles.has(fn) ? args.map((arg) => asReaction(b, arg, made)) : args;
        return finish(Reflect.apply(fn, self === null ? undefined : self, given), cells, made, args);
      } catch (e) {
        endBorrow(made, args, undefined);
        return fail(e, cells);
      }
    },
    krait_construct(constructor, cells, argc, kwargc) {
      b.crossings++;
      const made: ProxyState[] = [];
      let args: unknown[] = [];
      try {
        args = readArguments(cells, argc, kwargc, made);
        return finish(Reflect.construct(constructor, args), cells, made, args);
      } catch (e) {
        endBorrow(made, args, undefined);
        return fail(e, cells);
      }
    },
    krait_get_index(object, index, out) {
      b.crossings++;
      try {
        if (index >= object.length) return absent(b, out);
        return writeResult(b, object[index], out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_set_index(object, index, value) {
      b.crossings++;
      try {
        object[index] = readKept(b, value);
        return done(b, value);
      } catch (e) {
        return fail(e, value);
      }
    },
    krait_get_item(object, key) {
      b.crossings++;
      return withKey(b, key, (k) => {
        const value = object.get(k);
        if (value === undefined && typeof object.has === "function" && !object.has(k)) return absent(b, key);
        return writeResult(b, value, key, true);
      });
    },
    krait_set_item(object, key, value) {
      b.crossings++;
      try {
        object.set(readKept(b, key), readKept(b, value));
        return done(b, key);
      } catch (e) {
        return fail(e, key);
      }
    },
    krait_del_item(object, key) {
      b.crossings++;
      return withKey(b, key, (k) => {
        return object.delete(k) === false ? absent(b, key) : done(b, key);
      });
    },
    krait_contains(object, key) {
      b.crossings++;
      return withKey(b, key, (k) => {
        return truth(b, key, typeof object.has === "function" ? object.has(k) : object.includes(k));
      });
    },
    // The ordinary case; -1 sends wasm to krait_length, which tells what is wrong.
    krait_quick_length(object) {
      b.crossings++;
      try {
        const length = typeof object.length === "number" ? object.length : object.size;
        return (length | 0) === length && length >= 0 ? length : -1;
      } catch {
        return -1;
      }
    },
    krait_length(object, out) {
      b.crossings++;
      try {
        const length = typeof object.length === "number" ? object.length : object.size;
        return answer(typeof length === "number" && Number.isInteger(length) ? length : undefined, out);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_has_room(blocks) {
      try {
        withoutStack(() => b.x.dig(blocks, 0));
        return 1;
      } catch {
        return 0;
      }
    },
    krait_stack_full() {
      throw new RangeError("Maximum call stack size exceeded: the stack in WebAssembly's memory is full");
    },
    krait_equal(a, c) {
      b.crossings++;
      return a === c ? 1 : 0;
    },
    krait_identity(object) {
      b.crossings++;
      return b.identity(object);
    },
    krait_truth(object) {
      b.crossings++;
      try {
        if (!object) return 0;
        if (typeof object === "object") {
          if (Array.isArray(object)) return object.length > 0 ? 1 : 0;
          if (typeof object.size === "number" && typeof object[Symbol.iterator] === "function") return object.size > 0 ? 1 : 0;
          if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return object.byteLength > 0 ? 1 : 0;
        }
      } catch {
        // An object that cannot be asked is an object, and objects are true.
      }
      return 1;
    },
    krait_describe(object, what, out) {
      b.crossings++;
      try {
        return writeResult(b, describe(object, what), out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_keys(object, what, out) {
      b.crossings++;
      try {
        const lists = {
          [Keys.DIR]: dirNames,
          [Keys.OWN]: Object.keys,
          [Keys.VALUES]: Object.values,
          [Keys.ENTRIES]: Object.entries,
        };
        return writeResult(b, lists[what as Keys](object), out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_build(words, doubles, blob, hooks, out) {
      b.crossings++;
      try {
        const value = buildTape(b, words >>> 0, doubles >>> 0, readCellText(b, blob), hooks);
        // What was built is a JS value even where it is a proxy: it is not unwrapped on its way back.
        if (typeof value === "object" || typeof value === "function") {
          b.i32[out >>> 2] = value === null ? Tag.NULL : Tag.JS;
          b.i32[(out >>> 2) + 1] = value === null ? 0 : jsFlags(value as object);
          return value;
        }
        // The cell may outlive the room behind it: what needs room is the val.
        if (typeof value === "string" || typeof value === "bigint") {
          b.i32[out >>> 2] = typeof value === "string" ? Tag.STR1 : Tag.BIGINT;
          return value;
        }
        return writeResult(b, value, out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_settle(value, out) {
      b.crossings++;
      return writeResult(b, value, out, false);
    },
    krait_flatten(object, depth, out) {
      b.crossings++;
      try {
        const header = flattenValue(b, object, depth);
        if (header === 0) return absent(b, out);
        b.i32[out >>> 2] = Tag.INT;
        b.u32[(out >>> 2) + 2] = header;
        return null;
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_make_proxy(object, flags, kind, out) {
      b.crossings++;
      b.x.incref(object);
      const once = (kind & ProxyKind.ONCE) !== 0;
      const proxy = newProxy(b, object >>> 0, flags, false);
      const state = proxyState(proxy)!;
      state.roundtrip = once || (kind & ProxyKind.ROUNDTRIP) !== 0;
      state.captureThis = (kind & ProxyKind.CAPTURE_THIS) !== 0;
      state.once = once;
      state.promising = (kind & ProxyKind.PROMISING) !== 0;
      b.i32[out >>> 2] = Tag.JS;
      b.i32[(out >>> 2) + 1] = jsFlags(proxy);
      return proxy;
    },
    krait_destroy_proxy(proxy, message) {
      b.crossings++;
      proxyState(proxy)?.release(DESTROYED);
      return done(b, message);
    },
    krait_destroy_proxies(array, out) {
      b.crossings++;
      try {
        for (const proxy of array) {
          const state = proxyState(proxy);
          if (state !== undefined) state.release(DESTROYED);
          else proxy.destroy();
        }
        return done(b, out);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_unwrap_proxy(proxy) {
      b.crossings++;
      return proxyState(proxy)?.object ?? 0;
    },
    krait_weak_ref(object, out) {
      b.crossings++;
      try {
        return writeResult(b, new WeakRef(object), out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
    krait_make_error(message, out) {
      b.crossings++;
      const error = new Error(message);
      b.i32[out >>> 2] = Tag.JS;
      b.i32[(out >>> 2) + 1] = jsFlags(error);
      return error;
    },
    krait_error_cause(error, out) {
      b.crossings++;
      return writeCause(b, error, out, (cause) => writeResult(b, cause, out, false));
    },
    krait_run_js(source, out) {
      b.crossings++;
      try {
        // Indirect eval: the code runs in the global scope.
        return writeResult(b, (0, eval)(readCellText(b, source)), out, false);
      } catch (e) {
        return fail(e, out);
      }
    },
  };
}
