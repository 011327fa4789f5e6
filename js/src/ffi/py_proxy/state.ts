// The state behind a PyProxy: which Python object it stands for and what becomes of it.
//
// A PyProxy is a Proxy whose handler is its ProxyState: the traps read their own fields and no property of the target.
// The target is shared; it only decides whether the proxy is callable. A state owns one reference to its object and gives it
// back when the proxy is destroyed, or collected without having been destroyed.
import type { Border, LiveRecord } from "../border";
import { PyFlags } from "../wire/contract.gen";
import { classFor } from "./classes";
import { callPromising } from "../stack_switch";
import type { Views } from "./json_view";
import { callPython, withResult } from "./call";
import * as traps from "./traps";

/** Asking a PyProxy for this symbol gives its state. */
export const kState: unique symbol = Symbol("krait.pyproxy");

// PyProxies, without asking the object (which may be a hostile Proxy).
const states = new WeakMap<object, ProxyState>();

// A WeakMap knows nothing of primitives, and says so: these take any value.
export function isPyProxy(value: unknown): boolean {
  return states.has(value as object);
}
export function proxyState(value: unknown): ProxyState | undefined {
  return states.get(value as object);
}

/** What the collector needs to give a reference back; it must not keep the proxy's state, whose methods are proxies too. */
interface Token {
  readonly border: Border;
  readonly object: number;
  readonly record: LiveRecord | null;
  /** The reference has been given back. */
  collected: boolean;
}
const registry = new FinalizationRegistry<Token>((token) => {
  const { border, object, record } = token;
  token.collected = true;
  border.liveProxies--;
  if (record !== null) border.liveRecords.delete(record);
  border.crossings++;
  border.x.decref(object);
});
/** What the use of a proxy says that was destroyed without a reason of its own. */
export const DESTROYED = "Object has already been destroyed";
export const WITH_PARENT =
  "This borrowed attribute proxy was automatically destroyed in the process of destroying the proxy it was borrowed from. " +
  "Try using the 'copy' method.";
const HINT = "For more information about the cause of this error, use `pyodide.setDebug(true)`";

const CALLED = "create_once_callable: this function has been called already";

export class ProxyState implements ProxyHandler<object> {
  roundtrip = false;
  /** Made by captureThis(): JavaScript's `this` is the first argument. */
  captureThis = false;
  /** Made by bind(). */
  bound: { self: unknown; args: unknown[] } | null = null;
  once = false;
  /** With `once`: the call answers with a promise, and Python can wait inside it. */
  promising = false;
  /** What the collector holds, once watch() was called. */
  token: Token | null = null;
  /** Proxies of methods by their names: an access makes a new bound method, but no new proxy. */
  methodProxies: Map<string, object> | null = null;
  destroyedBecause = DESTROYED;
  /** JS properties that a user has put on the proxy: with symbols as keys, or by Object.defineProperty(). */
  own: Record<PropertyKey, unknown> | null = null;
  /** What asJsJson() has made, which is destroyed with the proxy. */
  views: Set<WeakRef<Views>> | null = null;
  /** The Promise that an awaitable has become. */
  promise: Promise<unknown> | null = null;
  /** With setDebug(true): where the proxy was made, and where it was destroyed. */
  created = "";
  destroyed = "";
  /** What the leak report knows of the proxy, if it was made with setDebug(true). */
  record: LiveRecord | null = null;
  readonly methods: any;

  constructor(
    readonly border: Border,
    public object: number,
    readonly flags: number,
  ) {
    this.methods = classFor(flags).prototype;
    border.liveProxies++;
    if (border.debug) {
      this.created = new Error().stack ?? "";
      this.record = { object, created: this.created };
      border.liveRecords.add(this.record);
    }
  }

  /** The object's address; throws after destroy(). */
  address(): number {
    if (this.object === 0) this.throwDestroyed();
    return this.object;
  }

  throwDestroyed(): never {
    const { debug } = this.border;
    let details = HINT;
    if (debug) {
      details = `The object was ${this.describedAs || "made or destroyed before setDebug(true)"}`;
      if (this.created) details += `\nThe proxy was made here:\n${this.created}`;
      if (this.destroyed) details += `\nIt was destroyed here:\n${this.destroyed}`;
    }
    throw new Error(`${this.destroyedBecause}\n${details}`);
  }
  private describedAs = "";

  /** Does the state still own a reference? Who keeps a state without its proxy must ask before release(). */
  get live(): boolean {
    return this.object !== 0 && this.token?.collected !== true;
  }

  /** Gives the reference back. Later use throws `because`. */
  release(because: string): void {
    const object = this.object;
    if (object === 0) return;
    const b = this.border;
    if (b.debug) {
      this.describedAs = describe(this);
      this.destroyed = new Error().stack ?? "";
    }
    this.object = 0;
    this.destroyedBecause = because;
    b.liveProxies--;
    b.crossings++;
    if (this.record !== null) b.liveRecords.delete(this.record);
    if (this.token !== null) registry.unregister(this.token);
    if (this.methodProxies !== null) {
      for (const proxy of this.methodProxies.values()) proxyState(proxy)!.release(WITH_PARENT);
      this.methodProxies = null;
    }
    if (this.views !== null) for (const views of this.views) views.deref()?.release(WITH_PARENT);
    b.x.decref(object);
  }

  get(_target: object, key: PropertyKey, receiver: unknown): unknown {
    return traps.get(this, key, receiver);
  }
  set(_target: object, key: PropertyKey, value: unknown, receiver: unknown): boolean {
    return traps.set(this, key, value, receiver);
  }
  has(_target: object, key: PropertyKey): boolean {
    return traps.has(this, key);
  }
  deleteProperty(_target: object, key: PropertyKey): boolean {
    return traps.remove(this, key);
  }
  ownKeys(_target: object): (string | symbol)[] {
    return traps.ownKeys(this);
  }
  getOwnPropertyDescriptor(_target: object, key: PropertyKey): PropertyDescriptor | undefined {
    return traps.ownDescriptor(this, key);
  }
  defineProperty(_target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
    return traps.define(this, key, descriptor);
  }
  getPrototypeOf(): object {
    return this.methods;
  }
  setPrototypeOf(_target: object, prototype: object | null): boolean {
    return prototype === this.methods;
  }
  preventExtensions(): boolean {
    return false;
  }
}

/** For the message about a destroyed object; an object whose repr() fails is described by its type. */
function describe(s: ProxyState): string {
  const type = `of type "${traps.typeName(s)}"`;
  try {
    const repr = withResult(s.border, (cell) => s.border.x.repr(s.object, cell)) as string;
    return `${type} and had repr "${repr.length > 200 ? `${repr.slice(0, 200)}...` : repr}"`;
  } catch {
    return `${type}; its repr() failed`;
  }
}

class CallableState extends ProxyState {
  apply(_target: object, self: unknown, args: unknown[]): unknown {
    if (this.bound !== null) {
      self = this.bound.self;
      args = [...this.bound.args, ...args];
    }
    if (this.captureThis) args = [self, ...args];
    if (this.once) return this.promising ? this.applyPromising(args) : this.applyOnce(args);
    return callPython(this.border, this.address(), args);
  }

  private applyOnce(args: unknown[]): unknown {
    const result = callPython(this.border, this.address(), args);
    this.release(CALLED);
    return result;
  }

  private applyPromising(args: unknown[]): Promise<unknown> {
    const object = this.address();
    const call = this.border.promisingCall === null ? callPython : callPromising;
    // A stack keeps the object while it waits.
    const result = (async () => call(this.border, object, args))();
    this.release(CALLED);
    return result;
  }
}

export const plainTarget: object = Object.create(null);
// A method has neither `prototype` nor [[Construct]]: nothing that ownKeys would have to report.
const callableTarget: object = {
  pyproxy() {},
}.pyproxy;

/**
 * Makes a PyProxy that takes over a reference to the object. `collect`: the reference is given back when the proxy is
 * collected; proxies for the arguments of a call are destroyed by the call instead.
 */
export function newProxy(b: Border, object: number, flags: number, collect: boolean): object {
  const callable = (flags & PyFlags.CALLABLE) !== 0;
  const state = callable ? new CallableState(b, object, flags) : new ProxyState(b, object, flags);
  const proxy = new Proxy(callable ? callableTarget : plainTarget, state);
  states.set(proxy, state);
  if (collect) watch(proxy, state);
  return proxy;
}

/** A proxy of a state whose traps are of another kind; it is not callable, and nobody watches it. */
export function registerProxy(state: ProxyState, target: object): object {
  const proxy = new Proxy(target, state);
  states.set(proxy, state);
  return proxy;
}

/**
 * A proxy that is called in another way than `proxy`, and is the same in everything else: they are destroyed together.
 * Its handler inherits from the state, so that there is one reference and one address.
 */
export function variant(proxy: object, s: ProxyState, changes: Pick<Partial<ProxyState>, "bound" | "captureThis">): object {
  s.address();
  s.methodProxies ??= new Map();
  s.own ??= Object.create(null) as Record<PropertyKey, unknown>;
  s.views ??= new Set();
  const handler = Object.create(s) as ProxyState;
  // `origin` keeps the first proxy from being collected, which would give the reference back.
  Object.assign(handler, changes, { origin: proxy, release: (because: string) => s.release(because) });
  const made = new Proxy(callableTarget, handler);
  states.set(made, handler);
  return made;
}

/** Lets the collector destroy the proxy if nobody else does. */
export function watch(proxy: object, state: ProxyState): void {
  state.token = { border: state.border, object: state.object, record: state.record, collected: false };
  registry.register(proxy, state.token, state.token);
}
