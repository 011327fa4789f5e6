// PyProxy.toJs: the deep conversion of to_js(), asked for from JavaScript.
import { CELL, readResult, writeArgument } from "../wire/cell";
import { ConvertFlags, Hook, Tag } from "../wire/contract.gen";
import type { ProxyState } from "./state";

export interface ToJsOptions {
  /** How many levels to convert; -1, the default, is all. */
  depth?: number;
  /** An array to which the proxies are added that the conversion makes. */
  pyproxies?: unknown[];
  /** false: what has no counterpart is a ConversionError instead of a proxy. */
  create_pyproxies?: boolean;
  /** Makes the JavaScript value of a dict from its [key, value] pairs. */
  dict_converter?: (entries: Iterable<[unknown, unknown]>) => unknown;
  /** Converts what has no counterpart. */
  default_converter?: (value: any, convert: (value: any) => any, cacheConversion: (input: any, output: any) => void) => any;
  eager_converter?: Function;
}

export function toJs(s: ProxyState, options: ToJsOptions): unknown {
  if (options.eager_converter) throw new Error("toJs: eager_converter is not there yet");
  const b = s.border;
  const object = s.address();
  b.crossings++;
  const size = CELL * (1 + Hook.COUNT);
  const out = b.stackAlloc(size);
  const hooks = out + CELL;
  const given: [Hook, unknown][] = [
    [Hook.DICT_CONVERTER, options.dict_converter],
    [Hook.DEFAULT_CONVERTER, options.default_converter],
    [Hook.EAGER_CONVERTER, undefined],
    [Hook.PYPROXIES, options.pyproxies],
  ];
  const slots: number[] = [];
  try {
    for (const [hook, value] of given) {
      const cell = hooks + hook * CELL;
      b.i32[cell >>> 2] = Tag.UNDEFINED;
      if (value === undefined || value === null) continue;
      writeArgument(b, value, cell, 0);
      if (b.i32[cell >>> 2] === Tag.JS) slots.push(b.i32[(cell >>> 2) + 2]!);
    }
    const flags =
      options.create_pyproxies === false && !options.default_converter ? 0 : ConvertFlags.PYPROXIES;
    return readResult(b, b.x.to_js(object, options.depth ?? -1, flags, hooks, out), out);
  } finally {
    for (const slot of slots) b.x.slot_free(slot);
    b.stackRestore(out + size);
  }
}
