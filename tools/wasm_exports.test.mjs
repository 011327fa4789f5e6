// hideExports() on a module written by hand: one function in the table, two that are not, a constant, a memory.
import assert from 'node:assert/strict';
import test from 'node:test';
import { hideExports, namesOfGlue } from './wasm_exports.mjs';

const text = (name) => [name.length, ...Buffer.from(name)];
const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const i32 = 0x7f;

/** Functions answer 7, 8 and 9; `one` has the table's index 1. */
function sample({ elements = [1, 0, 0x41, 1, 0x0b, 1, 0] } = {}) {
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 1, 0x60, 0, 1, i32),
    ...section(2, 1, ...text('env'), ...text('g'), 3, i32, 0),
    ...section(3, 3, 0, 0, 0),
    ...section(4, 1, 0x70, 0, 2),
    ...section(5, 1, 0, 1),
    ...section(6, 1, i32, 0, 0x41, ...[0x80, 0x08], 0x0b),
    ...section(7, 6, ...text('memory'), 2, 0, ...text('one'), 0, 0, ...text('two'), 0, 1, ...text('three'), 0, 2, ...text('address'), 3, 1, ...text('table'), 1, 0),
    ...section(9, ...elements),
    ...section(10, 3, 4, 0, 0x41, 7, 0x0b, 4, 0, 0x41, 8, 0x0b, 4, 0, 0x41, 9, 0x0b),
  ]);
}
const GLUE = 'a=wasmExports["two"];wasmExports.memory;wasmExports["table"];wasmExports["three"]=makeWrapper_p(wasmExports["three"]);wasmExports["two"]=makeWrapper_p(wasmExports["two"]);';

test('names of the glue: quoted, plain, but not those that it only wraps', () => {
  assert.deepEqual([...namesOfGlue(GLUE)].sort(), ['memory', 'table', 'two']);
});

test('what the glue does not name is in the table instead, at the place that the list says', async () => {
  const { wasm, glue, symbols } = hideExports(sample(), GLUE);
  assert.deepEqual(symbols, { functions: { one: 1, two: 2, three: 3 }, data: { address: 1024 } });
  const { instance } = await WebAssembly.instantiate(wasm, { env: { g: 0 } });
  assert.deepEqual(Object.keys(instance.exports).sort(), ['memory', 'table', 'two']);
  assert.equal(instance.exports.table.length, 4);
  assert.deepEqual([1, 2, 3].map((i) => instance.exports.table.get(i)()), [7, 8, 9]);
  assert.equal(glue, 'a=wasmExports["two"];wasmExports.memory;wasmExports["table"];wasmExports["two"]=makeWrapper_p(wasmExports["two"]);');
});

test('names to keep stay exports', async () => {
  const { wasm } = hideExports(sample(), GLUE, ['three']);
  const { instance } = await WebAssembly.instantiate(wasm, { env: { g: 0 } });
  assert.equal(instance.exports.three(), 9);
});

test('the same input gives the same bytes', () => {
  assert.deepEqual(hideExports(sample(), GLUE).wasm, hideExports(sample(), GLUE).wasm);
});

test('what is no such module is refused', () => {
  assert.throws(() => hideExports(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), GLUE), /not a WebAssembly module of version 1: it begins with 0102/);
  assert.throws(() => hideExports(sample({ elements: [0] }), GLUE), /expected one active element segment, found 0|breaks off/);
  assert.throws(() => hideExports(sample().subarray(0, 60), GLUE), /has no section|breaks off/);
});
