// The leak report: what is alive on the border, for people who look for a proxy they forgot.
//
// The counts are always there. Which proxies are alive is known of those made with setDebug(true): remembering them costs
// each a stack trace. The report keeps nothing alive.
import type { LeakReport, LiveProxies } from "../../../types/ffi.js";
import type { Border } from "../border";
import { withResult } from "./call";

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
  return { proxies, slots, live: [...groups.values()].sort((x, y) => y.count - x.count) };
}
