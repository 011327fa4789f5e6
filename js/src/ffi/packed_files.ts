// Files of wheels that stay packed until their content is first asked for (src/pkg/wheel/packed_file.h).
//
// Guarantees: the content is checked before anyone sees it. One that is not what its wheel promised cannot be opened (EIO);
// what is wrong is told once. Must not know where packages lie.
//
// Files are unpacked when they are opened, not when they are read: unpacking may grow wasm's memory, and read() has been given a
// view of it by then, which would be detached.
import type { Border } from "./border";

const EIO = 29;

/** What it needs of a node of MEMFS. */
interface Node {
  contents?: unknown;
  usedBytes: number;
  stream_ops: object;
}

export interface PackedFiles {
  /** The content of a packed file. Throws an Error that says what is wrong. */
  unpack(packed: Uint8Array): Uint8Array;
  /** Makes a new node of MEMFS one that keeps `packed` and is unpacked when its content is first asked for. `path`: for messages. */
  keep(node: Node, packed: Uint8Array, path: string): void;
}

export function createPackedFiles(b: Border): PackedFiles {
  // MEMFS has one object of operations for all files.
  const opening = new Map<object, object>();

  function unpack(packed: Uint8Array): Uint8Array {
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

  function openingUnpacks(operations: object): object {
    let found = opening.get(operations);
    if (!found) {
      found = { ...operations, open: (stream: { node: Node }) => void stream.node.contents };
      opening.set(operations, found);
    }
    return found;
  }

  return {
    unpack,
    keep(node, packed, path) {
      node.stream_ops = openingUnpacks(node.stream_ops);
      // A packed file begins with the size of its content.
      node.usedBytes = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
      const { ErrnoError } = b.files!;
      let told = false;
      const settle = (value: unknown): void => void Object.defineProperty(node, "contents", { configurable: true, enumerable: true, writable: true, value });
      Object.defineProperty(node, "contents", {
        configurable: true,
        enumerable: true,
        set: settle,
        get() {
          let content: Uint8Array;
          try {
            content = unpack(packed);
          } catch (error) {
            if (!told) b.report(`${path} cannot be unpacked: ${(error as Error).message}`);
            told = true;
            throw new ErrnoError(EIO);
          }
          settle(content);
          return content;
        },
      });
    },
  };
}
