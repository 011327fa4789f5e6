// Calls of Python from JavaScript: arguments and result in cells on the wasm stack, one crossing.
import type { Border } from "../border";
import { CELL, readResult, writeArgument } from "../wire/cell";

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
  const size = CELL * (1 + argc + 2 * kwargc);
  const cells = b.stackAlloc(size);
  let cell = cells + CELL;
  let before: number | null = null;
  try {
    for (let i = 0; i < argc; i++) {
      writeArgument(b, args[i], cell);
      cell += CELL;
    }
    for (let i = 0; i < kwargc; i++) {
      writeArgument(b, names![i], cell);
      cell += CELL;
      writeArgument(b, values![i], cell);
      cell += CELL;
    }
    before = b.epoch;
    return readResult(b, b.x.call(object, cells, argc, kwargc), cells);
  } finally {
    b.stackRestore(cells + size);
    // Wasm owns the arguments from its entry on.
    if (before === null || before === b.epoch) discard(b, cells + CELL, cell);
  }
}

/** Gives back what the arguments in the cells from `first` to `end` own: the call does not happen. */
function discard(b: Border, first: number, end: number): void {
  for (let cell = first; cell < end; cell += CELL) b.x.discard(cell);
}

/** Gives `f` the address of a cell that the value was written to, which is `f`'s to take. */
export function withWritten<T>(b: Border, value: unknown, f: (cell: number) => T): T {
  const cell = b.stackAlloc(CELL);
  let before: number | null = null;
  try {
    writeArgument(b, value, cell);
    before = b.epoch;
    return f(cell);
  } finally {
    b.stackRestore(cell + CELL);
    if (before === b.epoch) discard(b, cell, cell + CELL);
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
