// Where the JS values come from that Python holds: what an image says of them instead of the values themselves.
//
// A value is found again by its path from a root, an object that every runtime has (the object behind the module `js`, the
// host's functions, the public object); a PyProxy is made anew around its Python object, whose address the image keeps;
// anything else is for the caller's serializer. Guarantees: originsOf() names every slot it cannot account for in one
// error, and changes nothing.
import type { Border } from "./border";
import { ProxyKind } from "./wire/contract.gen";
import { newProxy, proxyState } from "./py_proxy/state";
import { takenSlots } from "./slots";

/** Objects that every runtime has, by name. */
export type Roots = Record<string, object | undefined>;

/** The origin of one slot's value, as plain data. */
export type SlotOrigin = { slot: number; identity?: number } & (
  | { root: string; path: string[] }
  | { object: number; flags: number; kind: number }
  | { serialized: unknown }
);

export type Serializer = (value: any) => unknown;

// How far from a root a value is looked for: `js.document`, `js.Math.sin`. One step more is a hundred times the work.
const DEPTH = 2;
// An object with more properties than this is data, not a namespace.
const MOST_PROPERTIES = 4096;

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";

/** Paths of the wanted objects, breadth first, so that the shortest is found. */
function findPaths(wanted: Set<unknown>, roots: Roots): Map<unknown, { root: string; path: string[] }> {
  const found = new Map<unknown, { root: string; path: string[] }>();
  const seen = new Set<unknown>();
  let level: { value: object; root: string; path: string[] }[] = [];
  const visit = (value: unknown, root: string, path: string[], next: typeof level) => {
    if (!isObject(value) || seen.has(value)) return;
    seen.add(value);
    if (wanted.has(value)) found.set(value, { root, path });
    next.push({ value, root, path });
  };
  for (const [root, value] of Object.entries(roots)) visit(value, root, [], level);
  for (let depth = 0; depth < DEPTH && found.size < wanted.size; depth++) {
    const next: typeof level = [];
    for (const { value, root, path } of level) {
      if (proxyState(value) !== undefined || Array.isArray(value) || ArrayBuffer.isView(value)) continue;
      let names: string[];
      try {
        names = Object.getOwnPropertyNames(value);
      } catch {
        continue; // a Proxy that does not say, or another origin's window
      }
      if (names.length > MOST_PROPERTIES) continue;
      for (const name of names) {
        let property: unknown;
        try {
          const descriptor = Object.getOwnPropertyDescriptor(value, name);
          // A getter may do anything; those of a root, such as window.document, are what programs take from it.
          if (descriptor?.get && depth > 0) continue;
          property = descriptor && "value" in descriptor ? descriptor.value : (value as any)[name];
        } catch {
          continue;
        }
        visit(property, root, [...path, name], next);
      }
    }
    level = next;
  }
  return found;
}

function described(value: unknown): string {
  if (!isObject(value)) return `a ${typeof value}`;
  try {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    const text = typeof value === "function" ? `function ${value.name || "(anonymous)"}` : (value.constructor?.name ?? tag);
    return typeof value === "function" ? text : `an object of type ${text || tag}`;
  } catch {
    return "an object that cannot be shown";
  }
}

/**
 * What an image says of the slots. `serializer` is asked for values without a path: it answers plain data (JSON) that its
 * counterpart turns into the value again, or undefined for what it does not know.
 */
export function originsOf(b: Border, roots: Roots, serializer?: Serializer): SlotOrigin[] {
  const values = new Map<number, unknown>();
  for (const slot of takenSlots(b)) values.set(slot, b.x.slot_get(slot));
  const wanted = [...values.values()].filter((value) => proxyState(value) === undefined);
  const paths = findPaths(new Set(wanted), roots);
  const missing: string[] = [];
  const origins: SlotOrigin[] = [];
  for (const [slot, value] of values) {
    const identity = isObject(value) ? b.findIdentity(value) : undefined;
    const common = identity === undefined ? { slot } : { slot, identity };
    const state = proxyState(value);
    const path = paths.get(value);
    if (state !== undefined && state.object !== 0) {
      const kind = state.once ? ProxyKind.ONCE : (state.roundtrip ? ProxyKind.ROUNDTRIP : 0) | (state.captureThis ? ProxyKind.CAPTURE_THIS : 0);
      origins.push({ ...common, object: state.object, flags: state.flags, kind });
    } else if (path !== undefined) {
      origins.push({ ...common, ...path });
    } else {
      const serialized = serializer?.(value);
      if (serialized !== undefined) origins.push({ ...common, serialized });
      else missing.push(described(value));
    }
  }
  if (missing.length > 0) {
    const shown = [...new Set(missing)].slice(0, 20).join(", ");
    throw new Error(
      `Python holds ${missing.length} JavaScript value(s) that an image cannot bring back: ${shown}. Expected values that can be ` +
        "reached from globalThis by a path of names, PyProxies, or what the serializer of makeMemorySnapshot({serializer}) knows. " +
        "Delete the references before the image is made, or take them again when it is loaded",
    );
  }
  return origins;
}

/**
 * Puts values into the slots of a memory that has been restored. Roots that do not exist yet are answered: their slots are
 * still empty, and refillSlots() is to be called for them again.
 */
export function refillSlots(b: Border, origins: readonly SlotOrigin[], roots: Roots, deserializer?: Serializer): SlotOrigin[] {
  const later: SlotOrigin[] = [];
  for (const origin of origins) {
    let value: any;
    if ("root" in origin) {
      value = roots[origin.root];
      if (value === undefined) {
        later.push(origin);
        continue;
      }
      for (const name of origin.path) {
        value = value?.[name];
        if (value === undefined) {
          throw new Error(`the image needs ${origin.root}.${origin.path.join(".")}, which this host does not have`);
        }
      }
    } else if ("object" in origin) {
      // The image's memory holds the reference that this proxy owns.
      value = newProxy(b, origin.object, origin.flags, false);
      const state = proxyState(value)!;
      state.once = (origin.kind & ProxyKind.ONCE) !== 0;
      state.roundtrip = state.once || (origin.kind & ProxyKind.ROUNDTRIP) !== 0;
      state.captureThis = (origin.kind & ProxyKind.CAPTURE_THIS) !== 0;
    } else {
      if (deserializer === undefined) {
        throw new Error("the image holds values of a serializer: expected the option _snapshotDeserializer");
      }
      value = deserializer(origin.serialized);
    }
    b.x.slot_refill(origin.slot, value);
    if (origin.identity !== undefined && isObject(value)) b.setIdentity(value, origin.identity);
  }
  return later;
}
