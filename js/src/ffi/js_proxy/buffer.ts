// What JsBuffer asks of JavaScript's buffers: bytes in one copy, to and from Python's memory and files, and text.
import type { Border, OpenFile } from "../border";
import { writeThrown } from "../errors";
import { readArgument, writeResult } from "../wire/cell";
import { BufferBytes, FileBytes, type KraitImports, Tag } from "../wire/contract.gen";
import { absent, done } from "./arguments";

function bytesOf(buffer: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

/** An empty file takes the buffer itself only if nobody can shrink it or write to it from elsewhere. */
const canGive = (file: OpenFile, { buffer }: Uint8Array): boolean =>
  file.node.usedBytes === 0 && file.position === 0 && buffer instanceof ArrayBuffer && (buffer as any).resizable !== true;

/** Copies between a buffer and an open file; how many bytes, or null if the file is no regular one. */
function copyFile(b: Border, bytes: Uint8Array, descriptor: number, direction: FileBytes, position: number): number | null {
  const { files } = b;
  const file = files?.getStream(descriptor);
  if (files == null || file == null || !files.isFile(file.node.mode)) return null;
  if (direction === FileBytes.READ) return files.read(file, bytes, 0, bytes.length, position);
  if (direction === FileBytes.GIVE && canGive(file, bytes)) return files.write(file, bytes, 0, bytes.length, undefined, true);
  let written = 0;
  // The host's files may take a part.
  while (written < bytes.length) {
    const taken = files.write(file, bytes, written, bytes.length - written);
    if (taken <= 0) throw new Error(`the file took ${taken} of ${bytes.length - written} bytes`);
    written += taken;
  }
  return written;
}

/** The imports that serve the methods of JsBuffer. */
export function bufferImports(b: Border): Pick<
  KraitImports,
  "krait_buffer_bytes" | "krait_buffer_text" | "krait_file_bytes"
> {
  return {
    krait_buffer_bytes(buffer, target, size, direction, out) {
      b.crossings++;
      try {
        const bytes = bytesOf(buffer);
        const fits = direction === BufferBytes.START_FROM_PYTHON ? bytes.length >= size : bytes.length === size;
        if (!fits) throw new RangeError(`the buffer has ${bytes.length} bytes now, expected ${size}`);
        const memory = b.u8.subarray(target >>> 0, (target >>> 0) + size);
        if (direction === BufferBytes.ALL_TO_PYTHON) memory.set(bytes);
        else bytes.set(memory);
        return done(b, out);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_file_bytes(buffer, descriptor, direction, out) {
      b.crossings++;
      try {
        const count = copyFile(b, bytesOf(buffer), descriptor, direction, b.f64[(out + 8) >>> 3]!);
        if (count === null) return absent(b, out);
        b.i32[out >>> 2] = Tag.INT;
        b.i32[(out >>> 2) + 2] = count;
        return null;
      } catch (e) {
        const errno: unknown = (e as any)?.name === "ErrnoError" ? (e as any).errno : undefined;
        if (typeof errno !== "number") return writeThrown(b, e, out);
        b.i32[out >>> 2] = Tag.INT;
        b.i32[(out >>> 2) + 2] = -errno;
        return null;
      }
    },
    // ABSENT: the bytes are no text in that encoding.
    krait_buffer_text(buffer, encoding) {
      b.crossings++;
      try {
        const name = readArgument(b, encoding, []) as string | undefined;
        const decoder = new TextDecoder(name, { fatal: true });
        let bytes = bytesOf(buffer);
        // A decoder refuses memory that others may change meanwhile.
        if (!(bytes.buffer instanceof ArrayBuffer) || (bytes.buffer as any).resizable) bytes = bytes.slice();
        let text: string;
        try {
          text = decoder.decode(bytes);
        } catch {
          return absent(b, encoding);
        }
        return writeResult(b, text, encoding, true);
      } catch (e) {
        return writeThrown(b, e, encoding);
      }
    },
  };
}
