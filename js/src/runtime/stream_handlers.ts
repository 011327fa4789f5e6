// The kinds of handlers that setStdin, setStdout and setStderr offer, built upon the two basic operations of a device:
// fill a buffer, take a buffer.
//
// Must not know devices or the file system: a handler is an object with read or write, see streams.ts.

/** What stands behind a device. */
export interface Handler {
  isatty: boolean;
  read?(buffer: Uint8Array): number;
  write?(buffer: Uint8Array): number;
  fsync?(): void;
  getTerminalSize?: (() => { rows: number; columns: number } | undefined) | undefined;
}

export type InputFunction = () => null | undefined | string | ArrayBufferLike | ArrayBufferView | number;

const NEWLINE = 10;

/**
 * Input that comes piece by piece: a line (the newline is added when it is missing), bytes, one byte, or null for the end
 * of the file.
 *
 * A read ends with the piece that it has begun, as a terminal's read ends with the line. A number is a piece only
 * together with its neighbours, so reading goes on over numbers. With autoEOF, a piece that does not end a line is
 * followed by an end of file, so that `read()` comes back; without it, reading goes on until the handler says null.
 */
export class InputReader implements Handler {
  readonly #next: InputFunction;
  readonly #autoEOF: boolean;
  #rest: Uint8Array = new Uint8Array(0);
  #endPending = false;

  constructor(
    next: InputFunction,
    readonly isatty: boolean,
    autoEOF: boolean,
  ) {
    this.#next = next;
    this.#autoEOF = autoEOF;
  }

  read(buffer: Uint8Array): number {
    if (this.#endPending) {
      this.#endPending = false;
      return 0;
    }
    let count = 0;
    while (count < buffer.length) {
      if (this.#rest.length === 0) {
        const item = this.#next();
        if (typeof item === "number") {
          buffer[count++] = item;
          continue;
        }
        if (item === null || item === undefined) return this.#ended(buffer, count);
        this.#rest = bytesOf(item);
        if (this.#rest.length === 0) return this.#ended(buffer, count);
      }
      const part = this.#rest.subarray(0, buffer.length - count);
      buffer.set(part, count);
      count += part.length;
      this.#rest = this.#rest.subarray(part.length);
      if (this.#rest.length === 0 && this.#autoEOF) return this.#ended(buffer, count);
    }
    return count;
  }

  #ended(buffer: Uint8Array, count: number): number {
    this.#endPending = this.#autoEOF && count > 0 && buffer[count - 1] !== NEWLINE;
    return count;
  }
}

function bytesOf(item: string | ArrayBufferLike | ArrayBufferView): Uint8Array {
  if (typeof item === "string") return new TextEncoder().encode(item.endsWith("\n") ? item : `${item}\n`);
  if (ArrayBuffer.isView(item)) {
    if ((item as Uint8Array).BYTES_PER_ELEMENT === 1) return new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
  } else if (item instanceof ArrayBuffer || Object.prototype.toString.call(item) === "[object SharedArrayBuffer]") {
    return new Uint8Array(item);
  }
  throw new TypeError(
    `the stdin handler returned ${Object.prototype.toString.call(item)}; expected a string, a number, an ArrayBuffer, a view with elements of one byte, null or undefined`,
  );
}

/** Every read fails with EIO. */
export class FailingReader implements Handler {
  readonly isatty = false;
  read(): number {
    throw Object.assign(new Error("standard input was closed by setStdin({error: true})"), { code: "EIO" });
  }
}

/**
 * Calls `batched` once per line, without the newline. A line is decoded when it is whole, so a character that arrives
 * in two writes stays one; bytes that are no UTF-8 become U+FFFD. An unfinished line is handed over by fsync.
 */
export class LineWriter implements Handler {
  readonly isatty = false;
  readonly #batched: (line: string) => void;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #pending: Uint8Array[] = [];

  constructor(batched: (line: string) => void) {
    this.#batched = batched;
  }

  write(buffer: Uint8Array): number {
    let start = 0;
    for (;;) {
      const end = buffer.indexOf(NEWLINE, start);
      if (end < 0) break;
      const tail = buffer.subarray(start, end);
      // Decode first and forget first: the handler may run Python, which may print, or throw.
      const line = this.#pending.length === 0 ? this.#decoder.decode(copyIfShared(tail)) : this.#take(tail);
      start = end + 1;
      this.#batched(line);
      // The handler may have made memory grow, which detaches the view. What was taken stays taken.
      if (buffer.length === 0) return start;
    }
    if (start < buffer.length) this.#pending.push(buffer.slice(start));
    return buffer.length;
  }

  fsync(): void {
    if (this.#pending.length > 0) this.#batched(this.#take(new Uint8Array(0)));
  }

  #take(tail: Uint8Array): string {
    const parts = this.#pending;
    this.#pending = [];
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, tail.length));
    let at = 0;
    for (const part of [...parts, tail]) {
      whole.set(part, at);
      at += part.length;
    }
    return this.#decoder.decode(whole);
  }
}

/** TextDecoder refuses shared memory in browsers. */
function copyIfShared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}

/** Calls `raw` once per byte. */
export class ByteWriter implements Handler {
  readonly #raw: (byte: number) => void;
  readonly getTerminalSize: Handler["getTerminalSize"];

  constructor(
    raw: (byte: number) => void,
    readonly isatty: boolean,
    getTerminalSize: Handler["getTerminalSize"],
  ) {
    this.#raw = raw;
    this.getTerminalSize = getTerminalSize;
  }

  write(buffer: Uint8Array): number {
    // A copy, for the handler may make memory grow under the view.
    const bytes = buffer.slice();
    for (const byte of bytes) this.#raw(byte);
    return bytes.length;
  }
}
