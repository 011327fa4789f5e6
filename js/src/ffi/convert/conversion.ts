// The hooks of one deep conversion to JavaScript, and what they share: results by object, proxies that were made.
//
// default_converter and eager_converter look at single objects and may ask for the conversion of others, which may be
// parts of what is being converted. So with them a conversion goes in pieces: a tape holds one container, the objects in it
// are PYTHON words, and what became of an object is remembered by its address. Each remembered object is kept alive until
// the conversion ends: an address must not come to mean another object.
//
// Guarantees: what the conversion made for its own use (proxies for hooks, references) is given back when it ends.
import type { Border } from "../border";
import { PythonError } from "../errors";
import { conversionError } from "../py_proxy/conversion_error";
import { isPyProxy, newProxy, proxyState, watch, type ProxyState } from "../py_proxy/state";
import { CELL, readArgument, readResult } from "../wire/cell";
import { ConvertFlags, Hook, Tag } from "../wire/contract.gen";

type DictConverter = (entries: [unknown, unknown][]) => unknown;
type ObjectConverter = (value: any, convert: (value: any) => any, cacheConversion: (input: any, output: any) => void) => any;

const AFTER_HOOK =
  "This proxy was made for a converter and destroyed when it returned. Use its copy() method to keep it.";
const FAILED = "This proxy was destroyed because the conversion that made it failed.";
const ENDED = "The conversion that this converter was given to has ended.";

export class Conversion {
  dictConverter: DictConverter | null = null;
  defaultConverter: ObjectConverter | null = null;
  eagerConverter: ObjectConverter | null = null;
  private pyproxies: unknown[] | null = null;
  private flags = 0;
  private slot = 0;
  private open = true;
  /** Proxies of the hooks themselves, where they are Python functions. */
  private readonly borrowed: ProxyState[] = [];
  private readonly made = new Set<ProxyState>();
  /** What is in pyproxies by this conversion's doing. */
  private readonly collected = new Set<object>();
  private readonly proxies = new Map<number, object>();
  private readonly results = new Map<number, unknown>();
  /** Dicts whose items are being converted, for a dict_converter that makes the result from all of them. */
  private readonly unfinished = new Set<number>();

  constructor(private readonly b: Border) {}

  /** Reads the hooks from Hook.COUNT cells; null when there are none. */
  static read(b: Border, hooks: number): Conversion | null {
    let conversion: Conversion | null = null;
    const hook = (which: Hook): any => {
      const cell = hooks + which * CELL;
      if (b.i32[cell >>> 2] === Tag.UNDEFINED) return null;
      conversion ??= new Conversion(b);
      const value = readArgument(b, cell, conversion.borrowed);
      b.i32[cell >>> 2] = Tag.UNDEFINED; // taken over
      return value;
    };
    const dictConverter = hook(Hook.DICT_CONVERTER);
    const defaultConverter = hook(Hook.DEFAULT_CONVERTER);
    const eagerConverter = hook(Hook.EAGER_CONVERTER);
    const pyproxies = hook(Hook.PYPROXIES);
    const flags = hook(Hook.CONVERSION);
    return conversion === null
      ? null
      : Object.assign<Conversion, object>(conversion, { dictConverter, defaultConverter, eagerConverter, pyproxies, flags });
  }

  /** Ends the conversion: gives back what it held. After a failure nobody can have the proxies it made. */
  close(failed: boolean): void {
    const { b } = this;
    this.open = false;
    if (failed && this.pyproxies === null) for (const state of this.made) state.release(FAILED);
    for (const state of this.borrowed) state.release(ENDED);
    for (const address of this.results.keys()) b.x.decref(address);
    this.results.clear();
    if (this.slot !== 0) b.x.slot_free(this.slot);
  }

  /** The proxy of an object without counterpart: one for each object. */
  proxyOf(address: number, flags: number): object {
    const known = this.proxies.get(address);
    if (known !== undefined && proxyState(known)!.object === address) return known;
    this.b.x.incref(address);
    const proxy = newProxy(this.b, address, flags, true);
    this.made.add(proxyState(proxy)!);
    this.proxies.set(address, proxy);
    this.collect(proxy);
    return proxy;
  }

  /** An object of a piece that has not been looked at; `eager`: eager_converter is asked first. */
  pending(address: number, flags: number, depth: number, eager = true): unknown {
    if (this.results.has(address)) return this.results.get(address);
    if (this.unfinished.has(address)) throw this.containsItself();
    if (eager && this.eagerConverter !== null && depth !== 0)
      return this.hooked("eager_converter", this.eagerConverter, address, flags, depth);
    return this.piece(address, depth);
  }

  /** The object of a piece when it is no container, or too deep. */
  unknown(address: number, flags: number, depth: number): unknown {
    if (this.defaultConverter === null) return this.proxyOf(address, flags);
    return this.hooked("default_converter", this.defaultConverter, address, flags, depth);
  }

  remember(address: number, result: unknown): void {
    if (!this.results.has(address)) this.b.x.incref(address);
    this.results.set(address, result);
  }

  /** Calls dict_converter. */
  dict(entries: [unknown, unknown][]): unknown {
    const hook = this.dictConverter!;
    try {
      return this.collect(hook(entries));
    } catch (error) {
      throw this.failure("dict_converter", error);
    }
  }
  begin(address: number): void {
    this.unfinished.add(address);
  }
  finish(address: number): void {
    this.unfinished.delete(address);
  }
  containsItself(): Error {
    return conversionError(
      this.b,
      "Cannot convert a dict that contains itself with a dict_converter: its result is needed before it is made. " +
        "Expected no dict_converter, Object.fromEntries, or a dict without cycles.",
    );
  }

  /** Asks wasm for one container. */
  private piece(address: number, depth: number): unknown {
    const { b } = this;
    b.crossings++;
    if (this.slot === 0) this.slot = b.x.slot_new(this);
    const size = CELL * (1 + Hook.COUNT);
    const out = b.stackAlloc(size);
    const hooks = out + CELL;
    try {
      for (let i = 0; i < Hook.COUNT; i++) b.i32[(hooks + i * CELL) >>> 2] = Tag.UNDEFINED;
      const word = (hooks + Hook.CONVERSION * CELL) >>> 2;
      b.i32[word] = Tag.JS;
      b.i32[word + 2] = this.slot;
      b.i32[word + 3] = address;
      const flags = (this.flags & ConvertFlags.PYPROXIES) | ConvertFlags.PIECE;
      return readResult(b, b.x.to_js(address, depth, flags, hooks, out), out);
    } finally {
      b.stackRestore(out + size);
    }
  }

  private hooked(name: string, hook: ObjectConverter, address: number, flags: number, depth: number): unknown {
    const { b } = this;
    b.x.incref(address);
    const proxy = newProxy(b, address, flags, false);
    const state = proxyState(proxy)!;
    const next = depth > 0 ? depth - 1 : depth; // the hook is a level of its own
    const python = proxyState(hook) !== undefined;
    // A Python hook is given objects, not proxies: the proxies that convert() answers with are of no use afterwards.
    const handed: ProxyState[] = [];
    const convert = (value: unknown): unknown => {
      const before = this.made.size;
      const converted = this.convert(value, address, next);
      if (python && this.made.size !== before) {
        const inner = proxyState(converted);
        if (inner !== undefined && this.made.has(inner)) {
          this.takeOut(converted as object, inner);
          handed.push(inner);
        }
      }
      return converted;
    };
    const cacheConversion = (input: unknown, output: unknown): void => {
      const inner = proxyState(input);
      if (this.open && inner !== undefined && inner.border === b) this.remember(inner.address(), output);
    };
    let result: unknown;
    try {
      result = hook(proxy, convert, cacheConversion);
    } catch (error) {
      throw this.failure(name, error);
    } finally {
      if (result !== proxy) state.release(AFTER_HOOK);
      for (const inner of handed) inner.release(AFTER_HOOK);
    }
    if (result === proxy && state.object !== 0) watch(proxy, state);
    return this.collect(result);
  }

  /** What convert() of a hook does; the object that the hook was given does not go to eager_converter again. */
  private convert(value: unknown, given: number, depth: number): unknown {
    const state = proxyState(value);
    if (state === undefined || state.border !== this.b) return value;
    if (!this.open) throw new Error("convert() was called after the conversion that it belongs to has ended");
    const address = state.address();
    return this.pending(address, state.flags, depth, address !== given);
  }

  /** A proxy that belongs to the conversion's result. */
  private collect(result: unknown): unknown {
    const { pyproxies, collected } = this;
    if (pyproxies !== null && isPyProxy(result) && !collected.has(result as object)) {
      collected.add(result as object);
      pyproxies.push(result);
    }
    return result;
  }

  /** A proxy that does not become a part of the result after all. */
  private takeOut(proxy: object, state: ProxyState): void {
    this.proxies.delete(state.object);
    if (!this.collected.delete(proxy)) return;
    const at = this.pyproxies!.lastIndexOf(proxy);
    if (at >= 0) this.pyproxies!.splice(at, 1);
  }

  /** ConversionError for what a hook threw, with that as its cause. */
  private failure(name: string, error: unknown): unknown {
    // An inner conversion has said already what is wrong.
    if (error instanceof PythonError && error.type === "ConversionError") return error;
    try {
      this.b.helper("_pyodide._border", "raise_conversion_failed")(() => {
        throw error;
      }, name);
    } catch (wrapped) {
      return wrapped;
    }
    return error;
  }
}
