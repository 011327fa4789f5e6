// asJsJson(): a dict or list that looks to JavaScript like the object or array JSON.parse would have made, but live.
//
// A view is a PyProxy of the same Python object whose properties are its items: no attributes, and methods of a proxy only
// where there is no item of that name. Items that are dicts or lists are views in turn, other objects ordinary proxies.
//
// All that is reached from one call of asJsJson() lives together: an object has one proxy there, which is found again by
// the object's address, and all are destroyed with the first of them or with the proxy that asJsJson() was called on. Whoever
// still has one of them keeps all; the collector sees them as one thing.
import type { Border, LiveRecord } from "../border";
import { dispose } from "../symbols";
import { PyFlags, Tag } from "../wire/contract.gen";
import { withArgument } from "./call";
import { kState, newProxy, plainTarget, ProxyState, proxyState, registerProxy, WITH_PARENT } from "./state";
import * as traps from "./traps";

// Array.isArray() asks the target, whose `length` must be one of the view's properties then. Nothing writes to it.
const listTarget: object = [];

/** What the collector needs to give the references of a family of views back, without keeping it alive. */
interface Token {
  readonly border: Border;
  readonly held: Map<number, LiveRecord | null>;
  readonly siblings: Set<WeakRef<Views>> | null;
  readonly self: WeakRef<Views>;
}
const forgotten = new FinalizationRegistry<Token>(({ border, held, siblings, self }) => {
  siblings?.delete(self);
  border.crossings++;
  border.liveProxies -= held.size;
  for (const [object, record] of held) {
    if (record !== null) border.liveRecords.delete(record);
    border.x.decref(object);
  }
});

/** The views and proxies that live together. Each of their states refers to it, and it to the proxies. */
export class Views {
  private readonly proxies = new Map<number, object>();
  private readonly token: Token;

  constructor(
    private readonly border: Border,
    siblings: Set<WeakRef<Views>> | null,
  ) {
    this.token = { border, held: new Map(), siblings, self: new WeakRef(this) };
  }

  /** The proxy of an object, whose reference it takes over. */
  of(object: number, flags: number): object {
    const known = this.proxies.get(object);
    if (known !== undefined) {
      this.border.x.decref(object);
      return known;
    }
    const first = this.proxies.size === 0;
    if (first) {
      this.token.siblings?.add(this.token.self);
      forgotten.register(this, this.token, this.token);
    }
    const kind = flags & PyFlags.DICT ? dictTraps : flags & PyFlags.SEQUENCE ? listTraps : null;
    let proxy: object;
    if (kind === null) {
      proxy = newProxy(this.border, object, flags, false);
    } else {
      const viewing = Object.assign(new ProxyState(this.border, object, flags), kind);
      proxy = registerProxy(viewing, kind === listTraps ? listTarget : plainTarget);
    }
    const state = proxyState(proxy)!;
    Object.assign(state, {
      family: this,
      release: (because: string) => (first ? this.release(because, object) : this.releaseOne(object, because)),
    });
    this.proxies.set(object, proxy);
    this.token.held.set(object, state.record);
    return proxy;
  }

  private releaseOne(object: number, because: string): void {
    const proxy = this.proxies.get(object);
    if (proxy === undefined) return;
    this.proxies.delete(object);
    this.token.held.delete(object);
    ProxyState.prototype.release.call(proxyState(proxy)!, because);
  }

  /** Destroys all; `because` is what the use of `first` says, the others say that they went with it. */
  release(because: string, first = 0): void {
    for (const object of [...this.proxies.keys()]) this.releaseOne(object, object === first ? because : WITH_PARENT);
    this.token.siblings?.delete(this.token.self);
    forgotten.unregister(this.token);
  }
}

type ViewState = ProxyState & { readonly family: Views };
type Traps = ProxyHandler<object> & ThisType<ViewState>;

/** An item. Objects in it become members of the family without being ordinary proxies first. */
function item(s: ViewState, key: string | number): unknown {
  const { border } = s;
  const object = s.address();
  let found: object | undefined;
  const value = withArgument(border, key, (cell) => {
    const answer = border.x.get_item(object, cell);
    const word = cell >>> 2;
    if ((border.i32[word]! & 0xff) === Tag.PY) {
      const [address, flags] = [border.u32[word + 2]!, border.i32[word + 3]!];
      border.i32[word] = Tag.UNDEFINED; // taken over
      found = s.family.of(address, flags);
    }
    return answer;
  });
  return found ?? value;
}

const data = (value: unknown): PropertyDescriptor => ({ value, writable: true, enumerable: true, configurable: true });

/** A key as the dict has it: `view[1]` finds 1 where there is no "1". */
function keyOf(s: ProxyState, key: string): string | number {
  return traps.isIndex(key) && !traps.contains(s, key) ? Number(key) : key;
}
const holds = (s: ProxyState, key: PropertyKey): key is string =>
  typeof key === "string" && traps.contains(s, keyOf(s, key));

/** Can a property that is defined so be an item? */
const isItem = (d: PropertyDescriptor): boolean => "value" in d && d.configurable !== false && d.writable !== false;

/** What a view has beside its items. */
function method(s: ViewState, key: PropertyKey, receiver: unknown): unknown {
  if (key === kState) return s;
  if (key === "copy") return () => jsonView(s);
  if (key === dispose) return () => s.release("This view has been disposed of");
  return Reflect.get(s.methods, key, receiver);
}

const dictTraps: Traps = {
  get(_target, key, receiver) {
    return holds(this, key) ? item(this, keyOf(this, key)) : method(this, key, receiver);
  },
  has(_target, key) {
    return key === "copy" || key === "destroy" || holds(this, key);
  },
  set(_target, key, value) {
    if (typeof key === "symbol") return false;
    traps.setItem(this, keyOf(this, key), value);
    return true;
  },
  deleteProperty(_target, key) {
    if (holds(this, key)) traps.deleteItem(this, keyOf(this, key));
    return true;
  },
  defineProperty(target, key, descriptor) {
    return isItem(descriptor) && dictTraps.set!.call(this, target, key, descriptor.value, null);
  },
  ownKeys() {
    const keys = traps.dictKeys(this).filter((key) => typeof key === "string" || typeof key === "number");
    return [...new Set(keys.map(String))];
  },
  getOwnPropertyDescriptor(_target, key) {
    return holds(this, key) ? data(item(this, keyOf(this, key))) : undefined;
  },
};

const listItem = (s: ViewState, key: string): unknown =>
  Number(key) < traps.length(s) ? item(s, Number(key)) : undefined;

const listTraps: Traps = {
  get(_target, key, receiver) {
    if (traps.isIndex(key)) return listItem(this, key);
    if (key === "length") return traps.length(this);
    if (key === Symbol.iterator) return Array.prototype.values;
    return method(this, key, receiver);
  },
  has(_target, key) {
    if (traps.isIndex(key)) return Number(key) < traps.length(this);
    return key === "length" || key in this.methods;
  },
  set(_target, key, value) {
    return typeof key === "string" && traps.set(this, key, value, null);
  },
  defineProperty(target, key, descriptor) {
    return isItem(descriptor) && listTraps.set!.call(this, target, key, descriptor.value, null);
  },
  deleteProperty(_target, key) {
    if (key === "length") return false;
    if (traps.isIndex(key) && Number(key) < traps.length(this)) traps.deleteItem(this, Number(key));
    return true;
  },
  ownKeys() {
    return [...traps.dataKeys(this), "length"];
  },
  getOwnPropertyDescriptor(_target, key) {
    if (traps.isIndex(key) && Number(key) < traps.length(this)) return data(listItem(this, key));
    return key === "length" ? { value: traps.length(this), writable: true, enumerable: false, configurable: false } : undefined;
  },
};

/** A view of the proxy's object, with a reference of its own; it is destroyed with `origin`. */
export function jsonView(s: ProxyState, origin: ProxyState | null = null): object {
  const object = s.address();
  s.border.x.incref(object);
  return new Views(s.border, origin === null ? null : (origin.views ??= new Set())).of(object, s.flags);
}
