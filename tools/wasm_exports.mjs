// Takes the symbols of the main module out of its exports:  hideExports(wasm, glue) -> { wasm, glue, symbols }
//
// MAIN_MODULE=1 exports 7,000 symbols, since any side module may want any of them, and an engine makes an object for each
// whenever it instantiates the module; Emscripten's loader then walks over all of them several times. Most programs
// load no side module. So only what the glue itself names stays an export. Every other function gets a place in the function
// table, where it may have one already (which it keeps: pointers to one function must be equal), and the list of
// names goes into a file of its own that is read when the first side module is loaded: pyodide.symbols.json,
//
//   {"functions": {NAME: index in the table, ...}, "data": {NAME: address, ...}}
//
// Binary format: WebAssembly Core Specification 3.0, section "Binary Format". Guarantees: nothing but the table, export and element
// sections changes; the same input gives the same bytes; a module that is not as expected is an Error, not a guess.

export const SECTION = { TYPE: 1, IMPORT: 2, FUNCTION: 3, TABLE: 4, GLOBAL: 6, EXPORT: 7, START: 8, ELEMENT: 9, CODE: 10, DATA: 11, DATA_COUNT: 12 };
export const KIND = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3, TAG: 4 };
export const OP = { I32_CONST: 0x41, REF_FUNC: 0xd2, END: 0x0b, MEMORY_INIT: [0xfc, 8] };

export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  u8() {
    if (this.at >= this.bytes.length) throw new Error(`the wasm file breaks off after ${this.bytes.length} bytes`);
    return this.bytes[this.at++];
  }
  u32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
  s32() {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      byte = this.u8();
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return shift < 32 && byte & 0x40 ? value | (~0 << shift) : value;
  }
  name() {
    const length = this.u32();
    this.at += length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length).toString('utf8');
  }
  limits() {
    const flags = this.u32();
    return { flags, min: this.u32(), max: flags & 1 ? this.u32() : undefined };
  }
  /** What an import is, behind its names. */
  importedKind() {
    const kind = this.u8();
    if (kind === KIND.FUNCTION) this.u32();
    else if (kind === KIND.GLOBAL) this.at += 2;
    else if (kind === KIND.MEMORY) this.limits();
    else if (kind === KIND.TABLE) this.u8(), this.limits();
    else if (kind === KIND.TAG) this.u8(), this.u32();
    else throw new Error(`an import of the unknown kind ${kind}`);
    return kind;
  }
}

export function u32(value) {
  const bytes = [];
  do {
    bytes.push((value % 128) | (value >= 128 ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}
export function s32(value) {
  for (const bytes = []; ; ) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

export function sections(wasm) {
  const reader = new Reader(wasm);
  const magic = Buffer.from(wasm.subarray(0, 8)).toString('hex');
  if (magic !== '0061736d01000000') throw new Error(`not a WebAssembly module of version 1: it begins with ${magic}`);
  reader.at = 8;
  const found = [];
  while (reader.at < wasm.length) {
    const id = reader.u8();
    const size = reader.u32();
    found.push({ id, body: wasm.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  return found;
}

/** How many globals are imported, and the constants of those that are made of one (undefined for others). */
function readGlobals(imports, globals) {
  const values = [];
  const list = new Reader(imports);
  for (let count = list.u32(); count > 0; count--) {
    list.name();
    list.name();
    if (list.importedKind() === KIND.GLOBAL) values.push(undefined);
  }
  const reader = new Reader(globals);
  for (let count = reader.u32(); count > 0; count--) {
    reader.at += 2;
    const start = reader.u8();
    if (start === OP.I32_CONST) {
      values.push(reader.s32() >>> 0);
      if (reader.u8() !== OP.END) throw new Error('a global whose value is more than one constant');
    } else {
      values.push(undefined);
      while (reader.u8() !== OP.END);
    }
  }
  return values;
}

function readExports(body) {
  const reader = new Reader(body);
  return Array.from({ length: reader.u32() }, () => ({ name: reader.name(), kind: reader.u8(), index: reader.u32() }));
}

/** The one active segment of function indices that Emscripten's linker makes: where it begins, and the functions. */
function readElements(body) {
  const reader = new Reader(body);
  const count = reader.u32();
  const flags = reader.u32();
  if (count !== 1 || flags !== 0 || reader.u8() !== OP.I32_CONST) throw new Error(`expected one active element segment, found ${count} with flags ${flags}`);
  const start = reader.s32();
  if (reader.u8() !== OP.END) throw new Error('an element segment whose offset is more than one constant');
  return { start, functions: Array.from({ length: reader.u32() }, () => reader.u32()) };
}

/** The table's own limits; there must be one table. */
function readTable(body) {
  const reader = new Reader(body);
  const count = reader.u32();
  const tables = Array.from({ length: count }, () => ({ type: reader.u8(), ...reader.limits() }));
  if (reader.at !== body.length) throw new Error('a table with an initial value');
  return tables;
}

const EXPORT_USE = /wasmExports(?:\["([^"]+)"\]|\.([A-Za-z_$][\w$]*))/g;
const WRAPPED = /wasmExports\["([^"]+)"\]=makeWrapper_\w*\(wasmExports\["\1"\]\);/g;

/** Names that the glue reads from the exports, the bulk of sign conversions aside. */
export function namesOfGlue(glue) {
  return new Set([...glue.replace(WRAPPED, '').matchAll(EXPORT_USE)].map(([, quoted, plain]) => quoted ?? plain));
}

export function hideExports(wasm, glue, keep = []) {
  const parts = sections(wasm);
  const body = (id) => {
    const part = parts.find((candidate) => candidate.id === id);
    if (!part) throw new Error(`the module has no section ${id}`);
    return part.body;
  };
  const exported = readExports(body(SECTION.EXPORT));
  const globals = readGlobals(body(SECTION.IMPORT), body(SECTION.GLOBAL));
  const elements = readElements(body(SECTION.ELEMENT));
  const tables = readTable(body(SECTION.TABLE));
  const table = tables[0];
  const visible = namesOfGlue(glue);
  for (const name of keep) visible.add(name);

  const places = new Map();
  elements.functions.forEach((index, i) => places.has(index) || places.set(index, elements.start + i));
  const added = [];
  const symbols = { functions: {}, data: {} };
  const stay = [];
  for (const entry of exported) {
    const { name, kind, index } = entry;
    if (visible.has(name) || (kind !== KIND.FUNCTION && kind !== KIND.GLOBAL)) stay.push(entry);
    if (kind === KIND.FUNCTION) {
      if (!places.has(index)) {
        places.set(index, table.min + added.length);
        added.push(index);
      }
      symbols.functions[name] = places.get(index);
    } else if (kind === KIND.GLOBAL && globals[index] !== undefined) {
      symbols.data[name] = globals[index];
    } else if (kind === KIND.GLOBAL && !visible.has(name)) {
      throw new Error(`the exported global ${name} is not a constant`);
    }
  }

  const grown = [...u32(tables.length)];
  tables.forEach(({ type, flags, min, max }, i) => {
    const more = i === 0 ? added.length : 0;
    grown.push(type, ...u32(flags), ...u32(min + more), ...(max === undefined ? [] : u32(max + more)));
  });
  const kept = [...u32(stay.length)];
  for (const { name, kind, index } of stay) kept.push(...u32(Buffer.byteLength(name)), ...Buffer.from(name), kind, ...u32(index));
  const segment = (start, functions) => [0, OP.I32_CONST, ...s32(start), OP.END, ...u32(functions.length), ...functions.flatMap(u32)];
  const placed = [...u32(2), ...segment(elements.start, elements.functions), ...segment(table.min, added)];
  const replaced = new Map([
    [SECTION.TABLE, grown],
    [SECTION.EXPORT, kept],
    [SECTION.ELEMENT, placed],
  ]);
  const out = [Buffer.from(wasm.subarray(0, 8))];
  for (const { id, body: old } of parts) {
    const content = Buffer.from(replaced.get(id) ?? old);
    out.push(Buffer.from([id, ...u32(content.length)]), content);
  }
  return {
    wasm: Buffer.concat(out),
    glue: glue.replace(WRAPPED, (text, name) => (visible.has(name) ? text : '')),
    symbols,
  };
}
