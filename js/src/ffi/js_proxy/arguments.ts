// Arguments of imports: values that JavaScript keeps, and values that it only looks at.
import type { Border } from "../border";
import { writeThrown } from "../errors";
import { watch, type ProxyState } from "../py_proxy/state";
import { readArgument } from "../wire/cell";
import { Tag } from "../wire/contract.gen";
import { readText } from "../wire/text";

export const BORROWED =
  "This borrowed proxy was automatically destroyed at the end of a function call. " +
  "Try using create_proxy or create_once_callable.";

/** Reads a key or value that JavaScript may keep: a proxy made for it lives until it is collected. */
export function readKept(b: Border, cell: number): unknown {
  const made: ProxyState[] = [];
  const value = readArgument(b, cell, made);
  for (const state of made) watch(value as object, state);
  return value;
}

/** Runs `f` with a key that JavaScript only looks at; what it throws goes into the cell. */
export function withKey(b: Border, cell: number, f: (key: any) => unknown): unknown {
  const made: ProxyState[] = [];
  try {
    return f(readArgument(b, cell, made));
  } catch (e) {
    return writeThrown(b, e, cell);
  } finally {
    for (const state of made) state.release(BORROWED);
  }
}

export function readCellText(b: Border, cell: number): string {
  const word = cell >>> 2;
  return readText(b, b.i32[word]!, b.u32[word + 2]!, b.i32[word + 3]!, b.i32[word + 1]!);
}

/** The answer of an import that has no value. */
export function done(b: Border, cell: number): null {
  b.i32[cell >>> 2] = Tag.UNDEFINED;
  return null;
}

/** The answer of an import that is asked yes or no. */
export function truth(b: Border, cell: number, yes: boolean): null {
  b.i32[cell >>> 2] = Tag.BOOL;
  b.i32[(cell >>> 2) + 1] = yes ? 1 : 0;
  return null;
}

/** The answer of an import that found nothing. */
export function absent(b: Border, cell: number): null {
  b.i32[cell >>> 2] = Tag.ABSENT;
  return null;
}
