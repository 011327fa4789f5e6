// Files of wheels that stay packed until their content is first asked for (src/pkg/wheel/packed_file.h).
//
// Guarantees: the content is checked before anyone sees it. One that is not what its wheel promised cannot be opened (EIO);
// what is wrong is told once. Must not know where packages lie.
//
// Files are unpacked when they are opened, not when they are read: unpacking may grow wasm's memory, and read() has been given a
// view of it by then, which would be detached.
import type { Border } from "./border";
import type { FileNode } from "./files";

const EIO = 29;

/** Throws an Error that says what is wrong. */
export function unpacked(b: Border, packed: Uint8Array): Uint8Array {
  const at = b.x.alloc(packed.length || 1) >>> 0;
  if (at === 0) throw new Error(`there is no memory for its ${packed.length} bytes`);
  let words: number;
  try {
    b.u8.set(packed, at);
    words = b.x.unpack(at, packed.length) >>> 2;
  } finally {
    b.x.free(at);
  }
  const start = b.u32[words + 1]!;
  const end = start + b.u32[words + 2]!;
  if (b.u32[words] === 0) throw new Error(new TextDecoder().decode(b.u8.subarray(start, end)));
  const content = b.u8.slice(start, end);
  b.x.free(start);
  return content;
}

/** `operations` of a file of MEMFS, for those that are unpacked later. */
export function openingUnpacks(operations: object): object {
  return { ...operations, open: (stream: { node: FileNode }) => void stream.node.contents };
}

/** Makes a node of MEMFS, with operations of openingUnpacks(), one that is unpacked when its content is first asked for. */
export function unpackLater(b: Border, node: FileNode, packed: Uint8Array, path: string, fail: (errno: number) => Error): void {
  // A packed file begins with the size of its content.
  node.usedBytes = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  let told = false;
  const settle = (value: unknown): void => void Object.defineProperty(node, "contents", { configurable: true, enumerable: true, writable: true, value });
  Object.defineProperty(node, "contents", {
    configurable: true,
    enumerable: true,
    set: settle,
    get() {
      let content: Uint8Array;
      try {
        content = unpacked(b, packed);
      } catch (error) {
        if (!told) b.report(`${path} cannot be unpacked: ${(error as Error).message}`);
        told = true;
        throw fail(EIO);
      }
      settle(content);
      return content;
    },
  });
}
