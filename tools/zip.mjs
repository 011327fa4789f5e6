// Writes zip archives that depend on nothing but their entries: sorted by name, dated 1980, deflated at level 9 or stored.
//
//   zip([{ name: 'a/b.pyc', data: Uint8Array }], { store: false }) -> Buffer
//
// Guarantees: the same entries give the same bytes (with one zlib). Must not be used for more than 65,535 entries or
// 4 GB: it writes no zip64 and says so.

import { crc32 as nativeCrc32, deflateRawSync } from 'node:zlib';

const DOS_DATE_1980 = 0x21;
const VERSION = 20;
const UTF8_NAME = 0x800;
const DEFLATED = 8;
const STORED = 0;

const crcTable = new Uint32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

// zlib.crc32 came with Node 20.15.
const crc32 =
  nativeCrc32 ??
  ((data) => {
    let crc = 0xffffffff;
    for (const byte of data) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff];
    return (crc ^ 0xffffffff) >>> 0;
  });

export function zip(entries, { store = false } = {}) {
  if (entries.length > 0xffff) throw new Error(`${entries.length} zip entries: expected at most 65535`);
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [index, { name, data }] of sorted.entries()) {
    if (index > 0 && sorted[index - 1].name === name) throw new Error(`two zip entries are named ${JSON.stringify(name)}`);
    const nameBytes = Buffer.from(name, 'utf8');
    const deflated = store ? undefined : deflateRawSync(data, { level: 9 });
    const [method, body] = deflated && deflated.length < data.length ? [DEFLATED, deflated] : [STORED, data];

    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAME, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt16LE(0, 6);
    common.writeUInt16LE(DOS_DATE_1980, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);

    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, body);

    const tail = Buffer.alloc(14);
    // Regular file, rw-r--r--, so that Unix tools unpack readable files.
    tail.writeUInt32LE(0o100644 * 0x10000, 6);
    tail.writeUInt32LE(offset, 10);
    const madeByUnix = Buffer.from([VERSION, 3]);
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), madeByUnix, common, tail, nameBytes);

    offset += 4 + common.length + nameBytes.length + body.length;
  }
  if (offset > 0xffffffff) throw new Error('the zip is larger than 4 GB');
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(sorted.length, 8);
  end.writeUInt16LE(sorted.length, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directoryBytes, end]);
}
