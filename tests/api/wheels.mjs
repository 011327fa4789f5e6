// Wheels made for tests, and a server on loopback that serves them as a package index. Node only.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { deflateRawSync, crc32 } from "node:zlib";

/** A zip of [name, text or bytes] pairs. */
export function zip(files) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes, { level: 6 });
    const path = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(0x21, 6);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
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

const sha256 = (bytes, encoding) => createHash("sha256").update(bytes).digest(encoding);

/** { filename, bytes, sha256, metadata } of a wheel; `files` are name: text; `record` may change the lines of RECORD. */
export function wheel({ name, version, requires = [], files, tag = "py3-none-any", extra = "", record: spelt = (line) => line }) {
  const info = `${name}-${version}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((line) => `Requires-Dist: ${line}\n`).join("")}${extra}`;
  const members = Object.entries(files ?? { [`${name}/__init__.py`]: `version = "${version}"\n` });
  members.push([`${info}/METADATA`, metadata], [`${info}/WHEEL`, `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`]);
  const record = members.map(([path, text]) => spelt(`${path},sha256=${sha256(Buffer.from(text), "base64url")},${Buffer.byteLength(text)}\n`));
  members.push([`${info}/RECORD`, `${record.join("")}${info}/RECORD,,\n`]);
  const bytes = zip(members);
  return { name, filename: `${name}-${version}-${tag}.whl`, bytes, sha256: sha256(bytes, "hex"), metadata };
}

/** Serves the wheels, and those of add(), at url + "/simple"; `faults` are functions (request, response) by path; `cors`: pages of other origins may read. */
export async function serveIndex(initial, { json = false, metadata = true, cors = false } = {}) {
  const wheels = [...initial];
  const faults = {};
  const asked = [];
  const files = new Map(wheels.map((item) => [`/files/${item.filename}`, item]));
  const page = (name) => {
    const found = wheels.filter((item) => item.name.replaceAll("_", "-") === name);
    if (found.length === 0) return undefined;
    if (json) {
      return JSON.stringify({
        meta: { "api-version": "1.0" },
        name,
        files: found.map(({ filename, sha256: hash, bytes }) => ({ filename, url: `/files/${filename}`, hashes: { sha256: hash }, size: bytes.length, "core-metadata": metadata })),
      });
    }
    const link = ({ filename, sha256: hash }) => `<a href="/files/${filename}#sha256=${hash}"${metadata ? ' data-core-metadata="true"' : ""}>${filename}</a>`;
    return `<!DOCTYPE html><html><body>${found.map(link).join("\n")}</body></html>`;
  };
  const server = createServer((request, response) => {
    const path = request.url.split("?")[0];
    asked.push(path);
    if (cors) response.setHeader("access-control-allow-origin", "*");
    if (faults[path]) return faults[path](request, response);
    const send = (type, body) => response.writeHead(200, { "content-type": type }).end(body);
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    const text = project && page(project);
    if (text) return send(json ? "application/vnd.pypi.simple.v1+json" : "text/html", text);
    const item = files.get(path);
    if (item) return send("application/octet-stream", item.bytes);
    const described = path.endsWith(".metadata") && files.get(path.slice(0, -".metadata".length));
    if (described && metadata) return send("text/plain", described.metadata);
    response.writeHead(404).end("not here");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}`;
  const add = (item) => (wheels.includes(item) || wheels.push(item), files.set(`/files/${item.filename}`, item));
  return { url, index: `${url}/simple`, asked, faults, add, close: () => new Promise((closed) => (server.closeAllConnections(), server.close(closed))) };
}
