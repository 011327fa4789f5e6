// PyProxy.toJs: the deep conversion of to_js(), asked for from JavaScript.
import { CELL, readResult } from "../wire/cell";
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
  default_converter?: ToJsConverter;
  /** Asked first for all but strings, numbers, booleans, None and JsProxies. */
  eager_converter?: ToJsConverter;
}
type ToJsConverter = (value: any, convert: (value: any) => any, cacheConversion: (input: any, output: any) => void) => any;

function checkOptions(options: ToJsOptions): void {
  for (const name of ["dict_converter", "default_converter", "eager_converter"] as const) {
    const hook = options[name];
    if (hook !== undefined && hook !== null && typeof hook !== "function")
      throw new TypeError(`toJs: ${name} must be a function, not ${typeof hook}`);
  }
  const { pyproxies } = options;
  if (pyproxies !== undefined && pyproxies !== null && !Array.isArray(pyproxies))
    throw new TypeError(`toJs: pyproxies must be an Array, not ${typeof pyproxies}`);
}

export function toJs(s: ProxyState, options: ToJsOptions): unknown {
  checkOptions(options);
  const b = s.border;
  const object = s.address();
  b.crossings++;
  const size = CELL * (1 + Hook.COUNT);
  const out = b.stackAlloc(size);
  const hooks = out + CELL;
  const given: [Hook, unknown][] = [
    [Hook.DICT_CONVERTER, options.dict_converter],
    [Hook.DEFAULT_CONVERTER, options.default_converter],
    [Hook.EAGER_CONVERTER, options.eager_converter],
    [Hook.PYPROXIES, options.pyproxies],
    [Hook.CONVERSION, undefined],
  ];
  const slots: number[] = [];
  try {
    for (const [hook, value] of given) {
      const cell = hooks + hook * CELL;
      b.i32[cell >>> 2] = Tag.UNDEFINED;
      if (value === undefined || value === null) continue;
      // As it is, also where it is a PyProxy.
      const slot = b.x.slot_new(value);
      slots.push(slot);
      b.i32[cell >>> 2] = Tag.JS;
      b.i32[(cell >>> 2) + 2] = slot;
    }
    let flags = options.create_pyproxies === false && !options.default_converter ? 0 : ConvertFlags.PYPROXIES;
    if (options.default_converter || options.eager_converter) flags |= ConvertFlags.IN_PIECES;
    return readResult(b, b.x.to_js(object, options.depth ?? -1, flags, hooks, out), out);
  } finally {
    for (const slot of slots) b.x.slot_free(slot);
    b.stackRestore(out + size);
  }
}
