// Text across the border: JS strings from memory and into it. Lone surrogates survive in both directions.
import type { Border } from "../border";
import { StrAux, Tag } from "./contract.gen";

const asciiDecoder = new TextDecoder("utf-8");
const encoder = new TextEncoder();
// Fatal, so that a lone surrogate is noticed instead of replaced.
const utf16Decoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });

// Below these lengths a loop beats the decoder: Node's Buffer takes 50 ns for a short text, a page's TextDecoder 300.
const SHORT_FOR_BUFFER = 24;
const SHORT_FOR_DECODER = 96;
const CHUNK = 8192; // arguments of one String.fromCharCode call

/** Reads text of the kind `tag` (STR1, STR2 or STR4), `length` characters long. */
export function readText(b: Border, tag: number, address: number, length: number, aux: number): string {
  if (length === 0) return "";
  if (length < HUGE) return readAnyText(b, tag, address, length, aux);
  try {
    return readAnyText(b, tag, address, length, aux);
  } catch (e) {
    throw new RangeError(`krait: a str of ${length} characters does not fit into a JavaScript string: ${e}`);
  }
}
// Engines hold 2^29 letters and more.
const HUGE = 2 ** 28;

function readAnyText(b: Border, tag: number, address: number, length: number, aux: number): string {
  if (tag === Tag.STR1) {
    if (isShort(b, length)) return shortText(b.u8, address, length);
    if (b.textBuffer !== null) return b.textBuffer.toString("latin1", address, address + length);
    if (aux & StrAux.ASCII) return asciiDecoder.decode(b.u8.subarray(address, address + length));
    return codeUnits(b.u8, address, length);
  }
  if (tag === Tag.STR2) return readUtf16(b, address, length);
  return readUcs4(b, address, length);
}

export function readUtf16(b: Border, address: number, length: number): string {
  const start = address >>> 1;
  if (isShort(b, length)) return shortText(b.u16, start, length);
  if (b.textBuffer !== null) return b.textBuffer.toString("utf16le", address, address + 2 * length);
  try {
    return utf16Decoder.decode(b.u16.subarray(start, start + length));
  } catch {
    return codeUnits(b.u16, start, length); // it has a lone surrogate
  }
}

function readUcs4(b: Border, address: number, length: number): string {
  const start = address >>> 2;
  let text = "";
  for (let i = 0; i < length; i += CHUNK) {
    const part = b.u32.subarray(start + i, start + Math.min(i + CHUNK, length));
    text += String.fromCodePoint.apply(null, part as unknown as number[]);
  }
  return text;
}

function isShort(b: Border, length: number): boolean {
  return length < (b.textBuffer === null ? SHORT_FOR_DECODER : SHORT_FOR_BUFFER);
}

function shortText(u: Uint8Array | Uint16Array, start: number, length: number): string {
  let text = "";
  let i = start;
  const end = start + length;
  // One call for 8 letters takes hardly longer than for one.
  for (; i + 8 <= end; i += 8)
    text += String.fromCharCode(u[i]!, u[i + 1]!, u[i + 2]!, u[i + 3]!, u[i + 4]!, u[i + 5]!, u[i + 6]!, u[i + 7]!);
  if (i + 4 <= end) {
    text += String.fromCharCode(u[i]!, u[i + 1]!, u[i + 2]!, u[i + 3]!);
    i += 4;
  }
  if (i + 2 <= end) {
    text += String.fromCharCode(u[i]!, u[i + 1]!);
    i += 2;
  }
  return i < end ? text + String.fromCharCode(u[i]!) : text;
}

function codeUnits(units: Uint8Array | Uint16Array, start: number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i += CHUNK)
    text += String.fromCharCode.apply(
      null,
      units.subarray(start + i, start + Math.min(i + CHUNK, length)) as unknown as number[],
    );
  return text;
}

/** Bytes that a text without memory of its own takes at most, a multiple of 16; 0 for longer ones. */
export function scratchFor(text: string): number {
  return text.length > MOST_SCRATCH ? 0 : (text.length * 2 + 15) & ~15;
}
const MOST_SCRATCH = 256;

/**
 * Writes a string into the cell at `cell`. `scratch` is the address of `room` bytes that live as long as the cell; text
 * that does not fit gets memory that the receiver frees.
 */
export function writeText(b: Border, text: string, cell: number, scratch: number, room: number): void {
  const length = text.length;
  if (length * 2 > room) {
    writeLongText(b, text, cell);
    return;
  }
  const u8 = b.u8;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    all |= unit;
    u8[scratch + i] = unit;
  }
  const word = cell >>> 2;
  b.i32[word + 2] = scratch;
  b.i32[word + 3] = length;
  b.i32[word + 1] = 0;
  if (all < 0x100) {
    b.i32[word] = Tag.STR1;
    return;
  }
  writeUnits(b.u16, text, scratch >>> 1);
  b.i32[word] = Tag.STR2;
}

function writeUnits(u16: Uint16Array, text: string, start: number): void {
  for (let i = 0, length = text.length; i < length; i++) u16[start + i] = text.charCodeAt(i);
}

// V8 keeps most text in one byte per letter, and knows of such text without looking that it does not match this.
const BEYOND_LATIN1 = /[^\0-\xff]/;
const BEYOND_ASCII = /[^\0-\x7f]/;
// As much as is looked at to guess what the rest is like.
const PREFIX = 256;

function writeLongText(b: Border, text: string, cell: number): void {
  if (!BEYOND_ASCII.test(text.slice(0, PREFIX)) && writeAscii(b, text, cell)) return;
  const narrow = !BEYOND_LATIN1.test(text);
  const bytes = narrow ? allocLatin1(b, text) : allocText16(b, text);
  const word = cell >>> 2;
  b.i32[word] = narrow ? Tag.STR1 : Tag.STR2;
  b.i32[word + 1] = StrAux.OWNED;
  b.u32[word + 2] = bytes;
  b.i32[word + 3] = text.length;
}

/** Encodes text straight into a new str; what does not fit its length is not ASCII, and false the answer. */
function writeAscii(b: Border, text: string, cell: number): boolean {
  const length = text.length;
  const target = b.x.new_str(length, 127, cell) >>> 0;
  if (target === 0) throw noMemory(text);
  const { read, written } = encoder.encodeInto(text, b.u8.subarray(target, target + length));
  if (read === length && written === length) return true;
  b.x.decref(b.u32[(cell >>> 2) + 2]!);
  return false;
}

function allocLatin1(b: Border, text: string): number {
  const length = text.length;
  const bytes = b.x.alloc(length) >>> 0;
  if (bytes === 0) throw noMemory(text);
  if (b.textBuffer !== null) b.textBuffer.write(text, bytes, length, "latin1");
  else {
    const u8 = b.u8;
    for (let i = 0; i < length; i++) u8[bytes + i] = text.charCodeAt(i);
  }
  return bytes;
}

function noMemory(text: string): RangeError {
  return new RangeError(`krait: no memory for a string of ${text.length} characters`);
}

/** Copies a string as UTF-16 into fresh memory and answers its address. */
export function allocText16(b: Border, text: string): number {
  const bytes = b.x.alloc(text.length * 2) >>> 0;
  if (bytes === 0) throw noMemory(text);
  if (b.textBuffer !== null) b.textBuffer.write(text, bytes, text.length * 2, "utf16le");
  else writeUnits(b.u16, text, bytes >>> 1);
  return bytes;
}

/** Copies a string into fresh memory, one byte per character if it is ASCII, else UTF-16. */
export function allocText(b: Border, text: string): { bytes: number; unit: 1 | 2 } {
  const length = text.length;
  const bytes = b.x.alloc(length + 1) >>> 0;
  if (bytes === 0) throw noMemory(text);
  const { read, written } = encoder.encodeInto(text, b.u8.subarray(bytes, bytes + length));
  if (read === length && written === length) return { bytes, unit: 1 };
  b.x.free(bytes);
  return { bytes: allocText16(b, text), unit: 2 };
}
