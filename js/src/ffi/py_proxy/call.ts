// Calls of Python from JavaScript: arguments and result in cells on the wasm stack, one crossing.
import type { Border } from "../border";
import { argumentScratch, CELL, readResult, writeArgument } from "../wire/cell";

/** Calls the object at this address. `names` and `values` are keyword arguments. */
export function callPython(
  b: Border,
  object: number,
  args: ArrayLike<unknown>,
  names: string[] | null = null,
  values: unknown[] | null = null,
): any {
  b.crossings++;
  const argc = args.length;
  const kwargc = names === null ? 0 : names.length;
  const cellsSize = CELL * (1 + argc + 2 * kwargc);
  let size = cellsSize;
  for (let i = 0; i < argc; i++) {
    const arg = args[i];
    if (typeof arg === "string" || typeof arg === "bigint") size += argumentScratch(arg);
  }
  for (let i = 0; i < kwargc; i++) size += argumentScratch(names![i]) + argumentScratch(values![i]);
  const cells = b.stackAlloc(size);
  let scratch = cells + cellsSize;
  let cell = cells + CELL;
  let written = 0;
  let before: number | null = null;
  try {
    for (let i = 0; i < argc; i++) {
      const arg = args[i];
      writeArgument(b, arg, cell, scratch);
      written++;
      cell += CELL;
      if (typeof arg === "string" || typeof arg === "bigint") scratch += argumentScratch(arg);
    }
    for (let i = 0; i < kwargc; i++) {
      for (const value of [names![i], values![i]]) {
        writeArgument(b, value, cell, scratch);
        written++;
        cell += CELL;
        scratch += argumentScratch(value);
      }
    }
    before = b.epoch;
    return readResult(b, b.x.call(object, cells, argc, kwargc), cells);
  } finally {
    b.stackRestore(cells + size);
    // Wasm owns the arguments from its entry on.
    if (written > 0 && (before === null || before === b.epoch)) discard(b, cells + CELL, written);
  }
}

/** Gives back what arguments own that were written for a call that does not happen. */
function discard(b: Border, first: number, count: number): void {
  for (let i = 0; i < count; i++) b.x.discard(first + i * CELL);
}

/** Gives `f` the address of a cell that the value was written to, which is `f`'s to take. */
export function withWritten<T>(b: Border, value: unknown, f: (cell: number) => T): T {
  const size = CELL + argumentScratch(value);
  const cell = b.stackAlloc(size);
  let before: number | null = null;
  try {
    writeArgument(b, value, cell, cell + CELL);
    before = b.epoch;
    return f(cell);
  } finally {
    b.stackRestore(cell + size);
    if (before === b.epoch) discard(b, cell, 1);
  }
}

/** An operation with one cell: `f` is given its address, after the value was written there. */
export function withArgument(b: Border, value: unknown, f: (cell: number) => unknown): any {
  b.crossings++;
  return withWritten(b, value, (cell) => readResult(b, f(cell), cell));
}

/** An operation whose only cell is its result. */
export function withResult(b: Border, f: (cell: number) => unknown): any {
  b.crossings++;
  const cell = b.stackAlloc(CELL);
  try {
    return readResult(b, f(cell), cell);
  } finally {
    b.stackRestore(cell + CELL);
  }
}
