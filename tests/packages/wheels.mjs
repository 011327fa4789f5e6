// Wheels made for tests: small ones of text, and whatever else can be written into a zip.
//
// Guarantees: the same arguments give the same bytes. Must not judge: hostile wheels are written as they are asked for.
import { createHash } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

/** A zip of [name, text or bytes] pairs in this order. `declared` replaces the size that is written of each file. */
export function zip(files, { level = 6, declared } = {}) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const packed = level === 0 ? bytes : deflateRawSync(bytes, { level });
    const path = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(level === 0 ? 0 : 8, 4);
    facts.writeUInt32LE(0x21, 6);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(declared ?? bytes.length, 18);
    facts.writeUInt16LE(path.length, 22);
    local.push(Buffer.from("PK\x03\x04"), facts, path, packed);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(0o100644 * 0x10000, 6);
    end.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x03", "latin1"), facts, end, path);
    offset += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const tail = Buffer.alloc(22);
  tail.write("PK\x05\x06", "latin1");
  tail.writeUInt16LE(files.length, 8);
  tail.writeUInt16LE(files.length, 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, tail]);
}

export const sha256 = (bytes, encoding = "hex") => createHash("sha256").update(bytes).digest(encoding);

/** What a lock says of a wheel's modules: the top-level names among its files. */
function importsOf(paths) {
  const names = paths.map((path) => /^(\w+)(?:\/|(?:\.[\w-]+)?\.(?:py|so)$)/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/**
 * A wheel as the server serves it. `files` are name: text or bytes; `depends` is for the lock, where it is not what
 * `requires` (lines of Requires-Dist) says. `metadata` is the text of METADATA, instead of one of the name, the version,
 * `requires` and `extra`. `raw` are pairs that come last and are in no RECORD, whose lines `record` may
 * change.
 */
export function wheel({ name, version, requires = [], files, tag = "py3-none-any", extra = "", metadata: text, depends, imports, packageType = "package", raw = [], options, record: spelt = (line) => line }) {
  const info = `${name}-${version}.dist-info`;
  const metadata = text ?? `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((line) => `Requires-Dist: ${line}\n`).join("")}${extra}`;
  const members = Object.entries(files ?? { [`${name}/__init__.py`]: `version = "${version}"\n` });
  const paths = members.map(([path]) => path);
  members.push([`${info}/METADATA`, metadata], [`${info}/WHEEL`, `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`]);
  const record = members.map(([path, content]) => spelt(`${path},sha256=${sha256(Buffer.from(content), "base64url")},${Buffer.byteLength(content)}\n`));
  members.push([`${info}/RECORD`, `${record.join("")}${info}/RECORD,,\n`], ...raw);
  return packageOf(`${name}-${version}-${tag}.whl`, zip(members, options), {
    name,
    version,
    metadata,
    packageType,
    imports: imports ?? importsOf(paths),
    depends: depends ?? requires.filter((line) => !line.includes(";")).map((line) => /^[\w.-]+/.exec(line)[0]),
  });
}

/** The same for bytes that are there already. */
export function packageOf(filename, bytes, { name, version, metadata, imports = [], depends = [], packageType = "package", installDir = "site" }) {
  return { name, version, filename, bytes, sha256: sha256(bytes), metadata, imports, depends, packageType, installDir };
}
