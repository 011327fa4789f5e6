// Handlers of standard streams by themselves: what reads return piece by piece, what lines come out of which writes.

import assert from "node:assert/strict";
import test from "node:test";
import { ByteWriter, InputReader, LineWriter } from "./stream_handlers";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What `reads` reads of `size` bytes give for a handler that yields `items`, then undefined. */
function reads(items: unknown[], { size = 100, count = 5, autoEOF = true } = {}): string[] {
  const queue = [...items];
  const reader = new InputReader(() => queue.shift() as any, false, autoEOF);
  return Array.from({ length: count }, () => {
    const buffer = new Uint8Array(size);
    const n = reader.read(buffer);
    return new TextDecoder("latin1").decode(buffer.subarray(0, n));
  });
}

const INPUT: [name: string, items: unknown[], options: object, expected: string[]][] = [
  ["lines get a newline", ["a", "b\n", "c"], {}, ["a\n", "b\n", "c\n", "", ""]],
  ["an empty line is a line", ["", "x"], {}, ["\n", "x\n", "", "", ""]],
  ["bytes that end no line end the file", [bytes("a"), bytes("b\n"), bytes("c")], {}, ["a", "", "b\n", "c", ""]],
  ["without autoEOF reading goes on", [bytes("a"), "b", null, "c"], { autoEOF: false }, ["ab\n", "c\n", "", "", ""]],
  ["numbers are bytes and keep together", [65, 66, 10, 67, null, 68], {}, ["AB\nC", "", "D", "", ""]],
  ["numbers before a line", ["a", 65, "b"], {}, ["a\n", "Ab\n", "", "", ""]],
  ["a small buffer gets a line in parts", ["abc", "d"], { size: 3 }, ["abc", "\n", "d\n", "", ""]],
  ["a buffer that fits exactly", [bytes("abc"), bytes("d")], { size: 3 }, ["abc", "", "d", "", ""]],
  ["null is the end, and asking again goes on", [null, "a", undefined, "b"], {}, ["", "a\n", "", "b\n", ""]],
  ["ArrayBuffer and Int8Array", [bytes("a\n").buffer, new Int8Array([98, 10])], {}, ["a\n", "b\n", "", "", ""]],
  ["a part of a larger buffer", [bytes("xyz\n").subarray(2)], {}, ["z\n", "", "", "", ""]],
  ["text outside ASCII", ["é"], {}, ["\u00c3\u00a9\n", "", "", "", ""]],
];
for (const [name, items, options, expected] of INPUT) {
  test(`InputReader: ${name}`, () => assert.deepEqual(reads(items, options), expected));
}

test("InputReader refuses what is no input, and says what it was", () => {
  for (const item of [true, {}, new Uint16Array(1), Symbol.iterator]) {
    assert.throws(() => reads([item]), { name: "TypeError", message: /the stdin handler returned .*; expected a string/ });
  }
});

test("LineWriter: one call per line, characters cut by writes stay whole", () => {
  const lines: string[] = [];
  const writer = new LineWriter((line) => lines.push(line));
  const e = bytes("é");
  assert.equal(writer.write(bytes("a\nb\n\nrest")), 9);
  assert.deepEqual(lines, ["a", "b", ""]);
  writer.write(e.subarray(0, 1));
  writer.write(e.subarray(1));
  assert.deepEqual(lines.slice(3), []);
  writer.write(bytes("\n"));
  assert.deepEqual(lines.slice(3), ["resté"]);
  writer.write(new Uint8Array([0xff, 10]));
  assert.deepEqual(lines.slice(4), ["\ufffd"]);
  // A byte order mark is text like any other.
  writer.write(bytes("\ufeffx\n"));
  assert.deepEqual(lines.slice(5), ["\ufeffx"]);
});

test("LineWriter: fsync hands over the unfinished line once", () => {
  const lines: string[] = [];
  const writer = new LineWriter((line) => lines.push(line));
  writer.fsync();
  writer.write(bytes("half"));
  writer.fsync();
  writer.fsync();
  writer.write(bytes("other\n"));
  assert.deepEqual(lines, ["half", "other"]);
});

test("LineWriter: a handler that writes again, or throws, loses nothing but its line", () => {
  const lines: string[] = [];
  const writer: LineWriter = new LineWriter((line) => {
    lines.push(line);
    if (line === "again") writer.write(bytes("inner\n"));
    if (line === "throw") throw new Error("no");
  });
  writer.write(bytes("again\nafter\n"));
  assert.throws(() => writer.write(bytes("throw\nlost\n")), /no/);
  writer.write(bytes("end\n"));
  assert.deepEqual(lines, ["again", "inner", "after", "throw", "end"]);
});

test("LineWriter: a view that is detached by its handler ends the write where it was", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  const lines: string[] = [];
  const writer = new LineWriter((line) => {
    lines.push(line);
    memory.grow(1);
  });
  const view = new Uint8Array(memory.buffer, 0, 6);
  view.set(bytes("a\nb\nc\n"));
  assert.equal(writer.write(view), 2);
  assert.deepEqual(lines, ["a"]);
});

test("ByteWriter: every byte, in order", () => {
  const seen: number[] = [];
  const writer = new ByteWriter((byte) => seen.push(byte), true, undefined);
  assert.equal(writer.write(bytes("hé")), 3);
  assert.deepEqual(seen, [104, 195, 169]);
});
