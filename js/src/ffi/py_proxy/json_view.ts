// asJsJson(): a dict or list that looks to JavaScript like the object or array JSON.parse would have made, but live.
//
// A view is a PyProxy of the same Python object whose properties are its items and nothing else: no attributes, and of a
// proxy's methods only `copy` and `destroy` come before the keys. Items that are dicts or lists are views in turn.
import { PyFlags } from "../wire/contract.gen";
import { kState, ProxyState, proxyState, registerProxy } from "./state";
import * as traps from "./traps";

const FIRST: PropertyKey[] = ["copy", "destroy"];
const kContainer = PyFlags.DICT | PyFlags.SEQUENCE;


/** An item, as a view if it is a container. Text is a sequence only in Python. */
function viewed(value: unknown): unknown {
  const state = proxyState(value);
  if (state === undefined || (state.flags & kContainer) === 0) return value;
  const view = jsonView(state);
  state.release("This proxy has become a view for asJsJson()");
  return view;
}

const data = (value: unknown): PropertyDescriptor => ({ value, writable: true, enumerable: true, configurable: true });

/** A key as the dict has it: `view[1]` finds 1 where there is no "1". */
function keyOf(s: ProxyState, key: string): string | number {
  return traps.isIndex(key) && !traps.contains(s, key) ? Number(key) : key;
}
const holds = (s: ProxyState, key: PropertyKey): key is string =>
  typeof key === "string" && traps.contains(s, keyOf(s, key));
const item = (s: ProxyState, key: string): unknown => viewed(traps.getItem(s, keyOf(s, key)));

type Traps = ProxyHandler<object> & ThisType<ProxyState>;

const dictTraps: Traps = {
  get(_target, key, receiver) {
    if (key === kState) return this;
    if (!FIRST.includes(key) && holds(this, key)) return item(this, key as string);
    return key === "copy" ? () => jsonView(this) : Reflect.get(this.methods, key, receiver);
  },
  has(_target, key) {
    return FIRST.includes(key) || holds(this, key);
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
  ownKeys() {
    const keys = traps.dictKeys(this).filter((key) => typeof key === "string" || typeof key === "number");
    return [...new Set(keys.map(String))];
  },
  getOwnPropertyDescriptor(_target, key) {
    return holds(this, key) ? data(item(this, key)) : undefined;
  },
};

const listItem = (s: ProxyState, key: string): unknown =>
  Number(key) < traps.length(s) ? viewed(traps.getItem(s, Number(key))) : undefined;

const listTraps: Traps = {
  get(_target, key, receiver) {
    if (key === kState) return this;
    if (traps.isIndex(key)) return listItem(this, key);
    if (key === "length") return traps.length(this);
    if (key === "copy") return () => jsonView(this);
    if (key === Symbol.iterator) return Array.prototype.values;
    return Reflect.get(this.methods, key, receiver);
  },
  has(_target, key) {
    if (traps.isIndex(key)) return Number(key) < traps.length(this);
    return key === "length" || key in this.methods;
  },
  ownKeys() {
    return [...traps.dataKeys(this), "length"];
  },
  getOwnPropertyDescriptor(_target, key) {
    if (traps.isIndex(key) && Number(key) < traps.length(this)) return data(listItem(this, key));
    return key === "length" ? { ...data(traps.length(this)), enumerable: false } : undefined;
  },
};

/** A view of the proxy's object, with a reference of its own. */
export function jsonView(s: ProxyState): object {
  const object = s.address();
  s.border.x.incref(object);
  const state = new ProxyState(s.border, object, s.flags);
  return registerProxy(Object.assign(state, s.flags & PyFlags.DICT ? dictTraps : listTraps));
}
