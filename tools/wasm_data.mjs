// Makes the initial content of memory one that can be written again:  repeatableData(wasm) -> wasm
//
// An active data segment is written when the module is instantiated, and dropped. Here all segments become passive; one function
// writes them, which is both what instantiation starts and the export krait_init_memory. With it a reset (js/src/runtime/reset.ts)
// has the static data back without a copy that somebody would have to keep.
//
// Segments that lie close together are joined: wasm-ld cuts them at every few zeros, and 36 are written in less time than 12,000.
//
// Guarantees: memory after instantiation is what it was before, no function, global or table entry gets another number; a module that
// is not as expected is an Error, not a guess.

import { KIND, OP, Reader, SECTION, s32, sections, u32 } from './wasm_exports.mjs';

export const INIT_MEMORY = 'krait_init_memory';

// Zeros in between cost less than another segment does.
const JOIN = 1024;
const FUNCTION_TYPE = 0x60;
// Vectors are counted before their content.
const counted = (body, added) => {
  const reader = new Reader(body);
  const count = reader.u32();
  return Buffer.concat([Buffer.from(u32(count + 1)), body.subarray(reader.at), Buffer.from(added)]);
};

/** The number of the type of functions without parameters and results. */
function plainType(body) {
  const reader = new Reader(body);
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    if (reader.u8() !== FUNCTION_TYPE) throw new Error(`type ${i} is no function type`);
    const sizes = [0, 0].map(() => {
      const size = reader.u32();
      reader.at += size; // value types of one byte
      return size;
    });
    if (sizes[0] + sizes[1] === 0) return i;
  }
  throw new Error('no function of the module has neither parameters nor results');
}

function importedFunctions(body) {
  const reader = new Reader(body);
  let functions = 0;
  for (let count = reader.u32(); count > 0; count--) {
    reader.name();
    reader.name();
    if (reader.importedKind() === KIND.FUNCTION) functions++;
  }
  return functions;
}

/** Active segments at constant addresses, in ascending order, joined. */
function readData(body) {
  const reader = new Reader(body);
  const joined = [];
  let end = -Infinity;
  for (let count = reader.u32(); count > 0; count--) {
    const flags = reader.u32();
    if (flags !== 0 || reader.u8() !== OP.I32_CONST) throw new Error(`a data segment of another kind than an active one at a constant: flags ${flags}`);
    const address = reader.s32() >>> 0;
    if (reader.u8() !== OP.END) throw new Error('a data segment whose address is more than one constant');
    const length = reader.u32();
    const bytes = body.subarray(reader.at, (reader.at += length));
    if (address < end) throw new Error(`a data segment at ${address}, below the end of the one before: ${end}`);
    if (address - end < JOIN) joined.at(-1).pieces.push(Buffer.alloc(address - end), bytes);
    else joined.push({ address, pieces: [bytes] });
    end = address + length;
  }
  return joined.map(({ address, pieces }) => ({ address, bytes: Buffer.concat(pieces) }));
}

export function repeatableData(wasm) {
  const parts = sections(wasm);
  const body = (id) => {
    const part = parts.find((candidate) => candidate.id === id);
    if (!part) throw new Error(`the module has no section ${id}`);
    return part.body;
  };
  if (parts.some(({ id }) => id === SECTION.START)) throw new Error('the module has a start function already');
  const data = readData(body(SECTION.DATA));
  const index = importedFunctions(body(SECTION.IMPORT)) + new Reader(body(SECTION.FUNCTION)).u32();
  const code = [0];
  data.forEach(({ address, bytes }, i) => {
    code.push(OP.I32_CONST, ...s32(address | 0), OP.I32_CONST, 0, OP.I32_CONST, ...s32(bytes.length), ...OP.MEMORY_INIT, ...u32(i), 0);
  });
  code.push(OP.END);
  const name = Buffer.from(INIT_MEMORY);
  const start = { id: SECTION.START, body: Buffer.from(u32(index)) };
  const replaced = new Map([
    [SECTION.FUNCTION, counted(body(SECTION.FUNCTION), u32(plainType(body(SECTION.TYPE))))],
    [SECTION.EXPORT, counted(body(SECTION.EXPORT), [...u32(name.length), ...name, KIND.FUNCTION, ...u32(index)])],
    [SECTION.CODE, counted(body(SECTION.CODE), [...u32(code.length), ...code])],
    [SECTION.DATA_COUNT, Buffer.from(u32(data.length))],
    [SECTION.DATA, Buffer.concat([Buffer.from(u32(data.length)), ...data.flatMap(({ bytes }) => [Buffer.from([1, ...u32(bytes.length)]), bytes])])],
  ]);
  const out = [Buffer.from(wasm.subarray(0, 8))];
  const write = (part) => {
    const content = replaced.get(part.id) ?? part.body;
    out.push(Buffer.from([part.id, ...u32(content.length)]), content);
    if (part.id === SECTION.EXPORT) write(start);
  };
  parts.forEach(write);
  return Buffer.concat(out);
}
