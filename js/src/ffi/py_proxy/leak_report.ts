// The leak report: what is alive on the border, for people who look for a proxy they forgot.
//
// The counts are always there. Which proxies are alive is known of those made with setDebug(true): remembering them costs
// each a stack trace. What the slots hold is told while debugging is on. The report keeps nothing alive, and runs no code but the
// traps of hostile Proxies.
import type { LeakReport, LiveProxies, LiveSlots } from "../../../types/ffi.js";
import type { Border } from "../border";
import { takenSlots } from "../slots";
import { withResult } from "./call";
import { isPyProxy } from "./state";

/** The name of a value's class, found without asking getters; of values without one, what typeof says. */
function typeOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  if (isPyProxy(value)) return "PyProxy";
  try {
    for (let object: object | null = value; object !== null; object = Object.getPrototypeOf(object)) {
      const constructor: unknown = Object.getOwnPropertyDescriptor(object, "constructor")?.value;
      if (typeof constructor !== "function") continue;
      const name: unknown = Object.getOwnPropertyDescriptor(constructor, "name")?.value;
      if (typeof name === "string" && name !== "") return name;
    }
  } catch {
    // A Proxy that refuses to be looked at.
  }
  return "object";
}

function liveSlots(b: Border): LiveSlots[] {
  const counts = new Map<string, number>();
  for (const slot of takenSlots(b)) {
    const type = typeOf(b.x.slot_get(slot));
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Array.from(counts, ([type, count]) => ({ type, count })).sort((x, y) => y.count - x.count);
}

export function leakReport(b: Border): LeakReport {
  const proxies = b.liveProxies;
  const slots = b.x.slot_count();
  const groups = new Map<string, LiveProxies>();
  for (const { object, created } of [...b.liveRecords]) {
    const type: string = withResult(b, (cell) => b.x.type_name(object, cell));
    const key = `${type}\n${created}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { type, count: 1, created });
    else group.count++;
  }
  const live = [...groups.values()].sort((x, y) => y.count - x.count);
  return { proxies, slots, live, liveSlots: b.debug ? liveSlots(b) : [] };
}
