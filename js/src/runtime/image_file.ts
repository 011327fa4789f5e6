// The file of an image: which bytes of linear memory differ from those of a fresh instance, and what else belongs to them.
//
//   0   "krait image\n"     12 bytes
//   12  u32                 version of this format
//   16  build id            32 bytes, ASCII: the image fits this build of the core and the library, and no other
//   48  u32                 bytes of linear memory
//   52  u32 n, u32 m        number of runs, bytes of JSON
//   60  n x (u32, u32)      runs: address and length, ascending
//       m bytes             JSON: what lies outside of memory (see snapshot.ts), then zeros up to a multiple of 16
//       ...                 the runs' bytes, one after another; then the files' bytes, in the order of the JSON
//
// All numbers are little-endian. The file is not compressed: servers and packages do that, and better as a whole.
// Guarantees: parseImage() refuses a file that is damaged or of another build with an Error that says so, before
// anything has been changed.

import { type ByteSource } from "../host/files.js";

const MAGIC = "krait image\n";
const VERSION = 1;
const HEADER = 60;
const ID = 32;

export interface Image {
  /** Bytes of linear memory. */
  memorySize: number;
  /** What does not lie in memory. */
  state: any;
  /** Address, length, address, length, ... */
  runs: Uint32Array;
  source: ByteSource;
  /** Where in the source the runs' bytes begin, and behind them the files'. */
  start: number;
}

const encoder = new TextEncoder();
const padded = (size: number) => (size + 15) & ~15;

export function encodeImage(buildId: string, memory: Uint8Array, base: Uint8Array, state: object, files: readonly Uint8Array[]): Uint8Array {
  const runs = differences(memory, base);
  const json = encoder.encode(JSON.stringify(state));
  const start = padded(HEADER + runs.length * 4 + json.length);
  let size = start;
  for (let i = 1; i < runs.length; i += 2) size += runs[i]!;
  for (const file of files) size += file.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(MAGIC));
  bytes.set(encoder.encode(buildId.padEnd(ID).slice(0, ID)), 16);
  view.setUint32(12, VERSION, true);
  [memory.length, runs.length / 2, json.length].forEach((value, i) => view.setUint32(48 + 4 * i, value, true));
  runs.forEach((value, i) => view.setUint32(HEADER + 4 * i, value, true));
  bytes.set(json, HEADER + runs.length * 4);
  let at = start;
  for (let i = 0; i < runs.length; i += 2) {
    bytes.set(memory.subarray(runs[i], runs[i]! + runs[i + 1]!), at);
    at += runs[i + 1]!;
  }
  for (const file of files) {
    bytes.set(file, at);
    at += file.length;
  }
  return bytes;
}

// Runs closer together than a page are one: the bytes in between cost a page nothing, a run costs a call.
const UNIT = 64;
const JOIN = 4096;

function differences(memory: Uint8Array, base: Uint8Array): number[] {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  const old = new Int32Array(base.buffer, base.byteOffset, base.length >> 2);
  const runs: number[] = [];
  const step = UNIT >> 2;
  let end = -JOIN;
  for (let at = 0; at < words.length; at += step) {
    let same = true;
    for (let i = at; i < at + step; i++) {
      if (words[i] !== (i < old.length ? old[i] : 0)) {
        same = false;
        break;
      }
    }
    if (same) continue;
    const address = at * 4;
    if (address - end < JOIN) runs[runs.length - 1] = address + UNIT - runs[runs.length - 2]!;
    else runs.push(address, UNIT);
    end = address + UNIT;
  }
  return runs;
}

/** `what` names the file in errors. */
export function parseImage(what: string, source: ByteSource, buildId: string): Image {
  const cut = () => new Error(`${what} is damaged: it breaks off after ${source.size} bytes`);
  const header = piece(source, 0, Math.min(HEADER, source.size));
  const text = (at: number, length: number) => String.fromCharCode(...header.subarray(at, at + length));
  if (source.size < HEADER || text(0, MAGIC.length) !== MAGIC) {
    throw new Error(`${what} is not an image of krait: it has ${source.size} bytes and begins with ${JSON.stringify(text(0, 12))}`);
  }
  const view = new DataView(header.buffer);
  const version = view.getUint32(12, true);
  if (version !== VERSION) throw new Error(`${what} is in version ${version} of the format, expected ${VERSION}`);
  const id = text(16, ID).trimEnd();
  if (id !== buildId) {
    throw new Error(`${what} was made by another build: it is for ${id}, this is ${buildId || "an unbundled loader"}; make it again with this one`);
  }
  const [memorySize, count, jsonSize] = [48, 52, 56].map((at) => view.getUint32(at, true)) as [number, number, number];
  const start = padded(HEADER + count * 8 + jsonSize);
  if (start > source.size) throw cut();
  const runs = new Uint32Array(piece(source, HEADER, count * 8).buffer);
  let total = 0;
  let last = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const end = runs[i]! + runs[i + 1]!;
    if (runs[i]! < last || end > memorySize) throw new Error(`${what} is damaged: its run ${i / 2} lies outside of memory`);
    last = end;
    total += runs[i + 1]!;
  }
  let state: any;
  try {
    state = JSON.parse(new TextDecoder().decode(piece(source, HEADER + count * 8, jsonSize)));
  } catch (error) {
    throw new Error(`${what} is damaged: ${(error as Error).message}`, { cause: error });
  }
  for (const { size } of state.files ?? []) total += size ?? 0;
  if (start + total > source.size) throw cut();
  return { memorySize, state, runs, source, start };
}

function piece(source: ByteSource, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  source.read(offset, bytes);
  return bytes;
}
