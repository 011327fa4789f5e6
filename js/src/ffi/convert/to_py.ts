// pyodide.toPy: the deep conversion of to_py(), asked for from JavaScript.
import type { Border } from "../border";
import { proxyState, type ProxyState } from "../py_proxy/state";
import { CELL, readResult, writeArgument } from "../wire/cell";

export interface ToPyOptions {
  /** How many levels to convert; -1, the default, is all. */
  depth?: number;
  /** Converts what has no counterpart. */
  defaultConverter?: (value: any, convert: (value: any) => any, cacheConversion: (input: any, output: any) => void) => any;
}

const ENDED = "This proxy was made by convert() for a defaultConverter and destroyed when the conversion ended. Use its copy() method to keep it.";

export function toPy(b: Border, value: unknown, options: ToPyOptions): any {
  const { defaultConverter, depth = -1 } = options;
  const given = defaultConverter !== undefined && defaultConverter !== null;
  if (given && typeof defaultConverter !== "function")
    throw new TypeError(`toPy: defaultConverter must be a function, not ${typeof defaultConverter}`);
  if (typeof value !== "object" || value === null)
    if (!given || (typeof value !== "function" && typeof value !== "symbol")) return value;
  const made: ProxyState[] = [];
  // Python gives the hook functions of its own; what they answer with is of no use after the conversion.
  const hook = (object: unknown, convert: any, cacheConversion: any) =>
    defaultConverter!(
      object,
      (part) => {
        const converted = convert(part);
        const state = proxyState(converted);
        if (state !== undefined) made.push(state);
        return converted;
      },
      (input, output) => cacheConversion(input, output),
    );
  b.crossings++;
  const cells = b.stackAlloc(2 * CELL);
  try {
    writeArgument(b, value, cells);
    writeArgument(b, given ? hook : undefined, cells + CELL);
    return readResult(b, b.x.from_js(cells, cells + CELL, depth), cells);
  } finally {
    b.stackRestore(cells + 2 * CELL);
    for (const state of made) state.release(ENDED);
  }
}
