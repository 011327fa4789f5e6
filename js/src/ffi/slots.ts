// Which slots hold JS values for Python and C++: for those who look at all of them.
import type { Border } from "./border";

/** The slots that hold a value, in ascending order. */
export function* takenSlots(b: Border): Iterable<number> {
  const free = new Set<number>();
  for (let slot = b.x.slot_next_free(0); slot !== 0; slot = b.x.slot_next_free(slot)) free.add(slot);
  const capacity = b.x.slot_capacity();
  for (let slot = 1; slot < capacity; slot++) if (!free.has(slot)) yield slot;
}
