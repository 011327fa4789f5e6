// Can this engine run the core at all? Asked before anything is instantiated, since an old engine otherwise says only
// "invalid opcode".
//
// Each probe is the smallest module that uses one feature; WebAssembly.validate costs microseconds.

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const PROBES: [feature: string, module: number[]][] = [
  // (type (func)) (func try catch_all end): the exceptions that wheels of the platform are built with.
  ["WebAssembly exception handling", [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 0x06, 0x40, 0x19, 0x0b, 0x0b]],
  // (type (func (param externref)))
  ["WebAssembly reference types", [1, 5, 1, 0x60, 1, 0x6f, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b]],
  // (func i32.const 0 i32.const 0 i32.const 0 memory.fill) with a memory
  [
    "WebAssembly bulk memory operations",
    [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 0, 10, 13, 1, 11, 0, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0, 0x0b],
  ],
];

/** The features that are missing; empty when the core can run. */
export function missingFeatures(): string[] {
  if (typeof WebAssembly !== "object" || typeof WebAssembly.instantiate !== "function") return ["WebAssembly"];
  const missing = PROBES.filter(([, body]) => !WebAssembly.validate(new Uint8Array([...HEADER, ...body]))).map(
    ([feature]) => feature,
  );
  if (typeof BigInt64Array === "undefined") missing.push("BigInt");
  if (typeof FinalizationRegistry === "undefined") missing.push("FinalizationRegistry");
  return missing;
}

export function checkEngine(): void {
  const missing = missingFeatures();
  if (missing.length === 0) return;
  throw new Error(
    `loadPyodide: this JavaScript engine lacks ${missing.join(", ")}; expected Node.js >= 20, Chromium >= 95, Firefox >= 100, Safari >= 15.2 or newer`,
  );
}
