// Arrays as Python sequences: slices, changes of length, repetition, and items in batches.
import type { Border } from "../border";
import { writeThrown } from "../errors";
import { CELL, writeNumber, writeResult } from "../wire/cell";
import { ArrayOp, Batch, StrAux, Tag, type KraitImports } from "../wire/contract.gen";
import { done, readKept } from "./arguments";

// More arguments than this would not fit on the stack of a call.
const MOST_ARGUMENTS = 10000;

function spliceMany(array: any[], start: number, count: number, values: unknown[]): unknown[] {
  if (values.length <= MOST_ARGUMENTS) return array.splice(start, count, ...values);
  const tail = array.splice(start);
  const removed = tail.splice(0, count);
  for (const list of [values, tail]) for (const value of list) array.push(value);
  return removed;
}

/** Writes an item into a cell of a batch; the bytes of text that it took, or -1 if it cannot travel like this. */
function writeItem(b: Border, value: unknown, cell: number, text: number, room: number): number {
  const word = cell >>> 2;
  switch (typeof value) {
    case "number":
      writeNumber(b, value, cell);
      return 0;
    case "boolean":
      b.i32[word] = Tag.BOOL;
      b.i32[word + 1] = value ? 1 : 0;
      return 0;
    case "string": {
      const { length } = value;
      if (length > room || length > 128) return -1;
      const { u8 } = b;
      let all = 0;
      for (let i = 0; i < length; i++) {
        const unit = value.charCodeAt(i);
        all |= unit;
        u8[text + i] = unit;
      }
      if (all > 0xff) return -1;
      b.i32[word] = Tag.STR1;
      b.i32[word + 1] = all < 0x80 ? StrAux.ASCII : 0;
      b.i32[word + 2] = text;
      b.i32[word + 3] = length;
      return length;
    }
    default:
      return -1;
  }
}

type SequenceImports = Pick<KraitImports, "krait_slice" | "krait_array_op" | "krait_get_items" | "krait_splice">;

export function sequenceImports(b: Border): SequenceImports {
  return {
    krait_slice(array, start, count, step, out) {
      b.crossings++;
      try {
        if (step === 1) return writeResult(b, Array.prototype.slice.call(array, start, start + count), out, false);
        const items = new Array<unknown>(count);
        for (let i = 0; i < count; i++) items[i] = array[start + i * step];
        return writeResult(b, items, out, false);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_splice(array, start, count, items, itemCount, out) {
      b.crossings++;
      try {
        const values = Array.from({ length: itemCount }, (_, i) => readKept(b, items + i * CELL));
        return writeResult(b, spliceMany(array, start, count, values), out, false);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_array_op(array, what, times, out) {
      b.crossings++;
      try {
        switch (what as ArrayOp) {
          case ArrayOp.REVERSE:
            Array.prototype.reverse.call(array);
            return done(b, out);
          case ArrayOp.REPEAT: {
            const once: unknown[] = Array.prototype.slice.call(array);
            const all: unknown[] = [];
            for (let i = 0; i < times; i++) for (const value of once) all.push(value);
            return writeResult(b, all, out, false);
          }
          case ArrayOp.REPEAT_IN_PLACE: {
            const once: unknown[] = array.slice();
            if (times === 0) array.length = 0;
            for (let i = 1; i < times; i++) for (const value of once) array.push(value);
            return done(b, out);
          }
        }
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    // Stops at the first item that needs a crossing of its own; what throws is met again there.
    krait_get_items(array, index, batch, count) {
      b.crossings++;
      try {
        const end = Math.min(count, array.length - index);
        let text = (batch >>> 0) + Batch.MOST * CELL;
        let room: number = Batch.TEXT;
        for (let i = 0; i < end; i++) {
          const used = writeItem(b, array[index + i], (batch >>> 0) + i * CELL, text, room);
          if (used < 0) return i;
          text += used;
          room -= used;
        }
        return end;
      } catch {
        return 0;
      }
    },
  };
}
