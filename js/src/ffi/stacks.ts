// JavaScript's stacks: what the program's part of one is, as text for JavaScript and as frames of a Python traceback.
//
// V8 writes `    at name (url:line:column)` or `    at url:line:column`, SpiderMonkey and JavaScriptCore
// `name@url:line:column`. Lines of another form are kept in texts and left out of tracebacks. Nothing here throws, whatever
// a stack's getter does.
import type { Border } from "./border";
import { Tag } from "./wire/contract.gen";
import { allocText } from "./wire/text";

// Frames of our own that may lie above the program's on a stack: room for them beside what the program asks for.
const OUR_FRAMES = 12;
// Beyond this many places the table starts anew.
const MOST_PLACES = 2048;

const PLACE = /^\s*at (?:(.*?) \((.*):(\d+):\d+\)|(.*):(\d+):\d+)$|^([^@]*)@(.*):(\d+):\d+$/;
const OWN_FILE = /\/pyodide(?:\.asm)?\.m?js(?:[?#][^/]*)?:\d+:\d+\)?$/;

/** What a line of a stack is that stands for no code object. */
const NO_PLACE = 0;
const WASM = -1;

function isWasm(line: string): boolean {
  return line.includes("wasm://") || line.includes("wasm-function") || line.includes("[wasm code]");
}

/** False if that cannot be: a program may have frozen Error. */
function setLimit(frames: number): boolean {
  return Reflect.set(Error, "stackTraceLimit", frames);
}

/** An Error made here, with the stack's frames that the program asked for below those of our own. */
export function captureStack(): Error {
  const limit = Error.stackTraceLimit;
  if (typeof limit !== "number" || limit <= 0 || !setLimit(limit + OUR_FRAMES)) return new Error();
  try {
    return new Error();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Runs `make` where an Error that it makes costs no stack of its own. */
export function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  if (typeof limit !== "number" || !setLimit(0)) return make();
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Has JavaScript been called from wasm? True also where that cannot be found out. */
export function wasmIsOnStack(): boolean {
  const limit = Error.stackTraceLimit;
  if (limit !== undefined && !setLimit(Infinity)) return true;
  try {
    return String(new Error().stack ?? "wasm://").split("\n").some(isWasm);
  } finally {
    if (limit !== undefined) setLimit(limit);
  }
}

/** The stack as the `stack` of an error with this headline; lines of the border's own files are left out unless `whole`. */
export function stackText(headline: string, at: Error, whole: boolean): string {
  const stack = String(at.stack ?? "");
  const lines = stack.split("\n");
  const hasHeadline = lines[0] === "Error";
  let kept = hasHeadline ? lines.slice(1) : lines;
  if (!whole) {
    kept = kept.filter((line) => !OWN_FILE.test(line) && !isWasm(line));
    const limit = Error.stackTraceLimit;
    if (typeof limit === "number" && limit > 0) kept = kept.slice(0, limit);
  }
  return hasHeadline ? [headline, ...kept].join("\n") : kept.join("\n");
}

function intern(b: Border, text: string): number {
  const { bytes, unit } = allocText(b, text);
  const address = b.x.intern(unit === 1 ? Tag.STR1 : Tag.STR2, bytes, text.length) >>> 0;
  b.x.free(bytes);
  return address;
}

function makePlace(b: Border, line: string): number {
  if (isWasm(line)) return WASM;
  if (OWN_FILE.test(line)) return NO_PLACE;
  const match = PLACE.exec(line);
  if (match === null) return NO_PLACE;
  let file = match[2] ?? match[4] ?? match[7]!;
  // Code of eval: `eval at name (where), <anonymous>`.
  if (file.startsWith("eval at ")) file = file.slice(file.lastIndexOf(", ") + 2);
  const name = intern(b, match[1] || match[6] || "<anonymous>");
  const path = intern(b, file);
  const code = b.x.js_code(name, path, Number(match[3] ?? match[5] ?? match[8])) >>> 0;
  b.x.decref(name);
  b.x.decref(path);
  return code;
}

/**
 * The code objects of the stack's places, innermost first, up to where JavaScript was called from wasm. They belong to
 * the border, which may let go of them the next time.
 */
export function placesOf(b: Border, error: { stack?: unknown }): number[] {
  const stack = error.stack;
  if (typeof stack !== "string") return [];
  const places = b.jsPlaces;
  if (places.size >= MOST_PLACES) {
    for (const code of places.values()) if (code > 0) b.x.decref(code);
    places.clear();
  }
  const found: number[] = [];
  for (const line of stack.split("\n")) {
    let place = places.get(line);
    if (place === undefined) places.set(line, (place = makePlace(b, line)));
    if (place === WASM) break;
    if (place !== NO_PLACE) found.push(place);
  }
  return found;
}
