// What JsBuffer asks of JavaScript's buffers: bytes in one copy, and text.
import type { Border } from "../border";
import { writeThrown } from "../errors";
import { readArgument, writeResult } from "../wire/cell";
import { BufferBytes, type KraitImports } from "../wire/contract.gen";
import { absent, done } from "./arguments";

function bytesOf(buffer: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

/** The imports that serve the methods of JsBuffer. */
export function bufferImports(b: Border): Pick<KraitImports, "krait_buffer_bytes" | "krait_buffer_text"> {
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
