// repeatableData() on a module written by hand: memory begins as before, and can be made so again.
import assert from 'node:assert/strict';
import test from 'node:test';
import { INIT_MEMORY, repeatableData } from './wasm_data.mjs';

const text = (name) => [name.length, ...Buffer.from(name)];
const section = (id, ...bytes) => [id, bytes.length, ...bytes];
const i32 = 0x7f;
const segment = (high, low, content) => [0, 0x41, 0x80 | low, high, 0x0b, ...text(content)];

/** Two functions, one of them imported; data at 256, 266 and 4096. */
function sample({ data = [3, ...segment(2, 0, 'first'), ...segment(2, 10, 'second'), ...segment(32, 0, 'far')], more = [] } = {}) {
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, 2, 0x60, 0, 1, i32, 0x60, 0, 0),
    ...section(2, 1, ...text('env'), ...text('f'), 0, 0),
    ...section(3, 1, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...text('memory'), 2, 0, ...text('seven'), 0, 1),
    ...more,
    ...section(12, 3),
    ...section(10, 1, 4, 0, 0x41, 7, 0x0b),
    ...section(11, ...data),
  ]);
}
const start = async (wasm) => (await WebAssembly.instantiate(wasm, { env: { f: () => 5 } })).instance.exports;
const content = ({ memory }) => Buffer.from(memory.buffer.slice(0)).toString('latin1');

test('memory begins with the same content, and has it again when asked', async () => {
  const before = content(await start(sample()));
  const exports = await start(repeatableData(sample()));
  assert.equal(content(exports), before);
  assert.match(before.slice(256), /^first\0{5}second\0+far\0/);
  for (let i = 0; i < 2; i++) {
    // Zeros in between belong to a joined segment; what lies apart from all segments is the caller's to clear.
    new Uint8Array(exports.memory.buffer).fill(255, 250, 300);
    new Uint8Array(exports.memory.buffer).fill(255, 4096, 4099);
    exports[INIT_MEMORY]();
    assert.equal(content(exports).slice(256, 272), 'first\0\0\0\0\0second');
    assert.equal(content(exports).slice(250, 256), '\xff'.repeat(6));
    assert.equal(content(exports).slice(4096, 4100), 'far\0');
  }
});

test('functions keep their numbers', async () => {
  assert.equal((await start(repeatableData(sample()))).seven(), 7);
});

test('the same input gives the same bytes', () => {
  assert.deepEqual(repeatableData(sample()), repeatableData(sample()));
});

test('what is not as expected is refused', () => {
  assert.throws(() => repeatableData(sample({ data: [1, 1, 1, 65] })), /data segment of another kind than an active one at a constant: flags 1/);
  assert.throws(() => repeatableData(sample({ data: [2, ...segment(2, 2, 'first'), ...segment(2, 0, 'x')] })), /a data segment at 256, below the end of the one before: 263/);
  assert.throws(() => repeatableData(sample({ more: section(8, 1) })), /has a start function already/);
});
