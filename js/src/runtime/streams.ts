// Standard input, output and error as three character devices of the file system.
//
// One `write(2)` of Python is one call of a handler here: nothing is split into bytes unless a `raw` handler asks for
// it. The devices exist for the life of the instance; setStdin and its like only change the handler behind a device, so
// files that Python has open, copies made by dup() included, go on working.
//
// Errors: a handler reports a POSIX error by throwing FS.ErrnoError, or a host error with a `code` such as "EPIPE"; Python
// sees the matching OSError. Any other exception cannot pass through libc: it is printed to the console and becomes EIO.
// EAGAIN of the host (a non-blocking terminal or pipe) is retried unless the file was opened with O_NONBLOCK.

import type { FS, FSStream, StreamOps, TTY } from "./emscripten.js";
import { type Handler, LineWriter } from "./stream_handlers.js";

export type StreamName = "stdin" | "stdout" | "stderr";

// A number that no device of Emscripten's has.
const MAJOR = 70;
const O_NONBLOCK = 0o4000;
const DEFAULT_SIZE = { rows: 24, columns: 80 };
const RETRY_MS = 2;

export interface StreamsContext {
  FS: FS;
  ERRNO_CODES: Record<string, number>;
  /** Called between retries; the place where an interrupt ends the waiting. */
  poll?(): void;
}

export class Streams {
  readonly #context: StreamsContext;
  readonly #handlers: Record<StreamName, Handler>;

  constructor(context: StreamsContext, handlers: Record<StreamName, Handler>) {
    this.#context = context;
    this.#handlers = handlers;
  }

  /** Makes /dev/stdin, /dev/stdout and /dev/stderr and opens them as 0, 1 and 2. Call once, before Python starts. */
  install(): void {
    const { FS } = this.#context;
    const modes: Record<StreamName, string> = { stdin: "r", stdout: "w", stderr: "w" };
    let minor = 0;
    for (const name of ["stdin", "stdout", "stderr"] as const) {
      const device = FS.makedev(MAJOR, minor++);
      FS.registerDevice(device, this.#operations(name));
      FS.mkdev(`/dev/${name}`, 0o666, device);
    }
    for (const name of ["stdin", "stdout", "stderr"] as const) FS.open(`/dev/${name}`, modes[name]);
  }

  get(name: StreamName): Handler {
    return this.#handlers[name];
  }

  /** Replaces the handler of a device; what the old one still holds is handed over to its owner first. */
  set(name: StreamName, handler: Handler): void {
    const old = this.exchange(name, handler);
    // Only lines that wait for their end: a file needs no synchronising because something else is written to next.
    if (old instanceof LineWriter) {
      try {
        old.fsync();
      } catch {
        // The old handler is on its way out: its trouble is nobody's any more.
      }
    }
  }

  /** Replaces the handler of a device and gives back the old one untouched. */
  exchange(name: StreamName, handler: Handler): Handler {
    const old = this.#handlers[name];
    this.#handlers[name] = handler;
    return old;
  }

  #operations(name: StreamName): StreamOps {
    const prepare = (stream: FSStream) => {
      stream.seekable = false;
      // A getter, since a handler that is a terminal may be replaced by one that is not.
      Object.defineProperty(stream, "tty", { configurable: true, get: () => this.#tty(name) });
    };
    return {
      open: prepare,
      dup: prepare,
      close: (stream) => this.#sync(name, stream),
      fsync: (stream) => this.#sync(name, stream),
      read: (stream, buffer, offset, length) => this.#transfer(name, "read", stream, buffer, offset, length),
      write: (stream, buffer, offset, length) => this.#transfer(name, "write", stream, buffer, offset, length),
    };
  }

  #tty(name: StreamName): TTY | undefined {
    const handler = this.#handlers[name];
    if (!handler.isatty) return undefined;
    return {
      ops: {
        // A plain terminal in line mode; its settings can be read, and setting them is accepted without effect.
        ioctl_tcgets: () => ({ c_iflag: 0o22400, c_oflag: 0o5, c_cflag: 0o277, c_lflag: 0o105073, c_cc: new Array(32).fill(0) }),
        ioctl_tcsets: () => 0,
        ioctl_tiocgwinsz: () => {
          const size = handler.getTerminalSize?.() ?? DEFAULT_SIZE;
          return [size.rows, size.columns];
        },
      },
    };
  }

  #transfer(
    name: StreamName,
    operation: "read" | "write",
    stream: FSStream,
    heap: Int8Array | Uint8Array,
    offset: number,
    length: number,
  ): number {
    const method = this.#handlers[name][operation];
    // POSIX: the file was not opened for this.
    if (!method) throw this.#error("EBADF");
    // write(fd, "", 0) has nothing to say to a handler.
    if (length === 0) return 0;
    const view = new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
    const count = this.#guard(stream, operation, () => method.call(this.#handlers[name], view));
    if (typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= length) return count;
    console.error(
      `${name}: the ${operation} handler returned ${String(count)}; expected the number of bytes, from 0 to ${length}`,
    );
    throw this.#error("EIO");
  }

  #sync(name: StreamName, stream: FSStream): void {
    const handler = this.#handlers[name];
    if (handler.fsync) this.#guard(stream, "fsync", () => handler.fsync?.());
  }

  #guard<T>(stream: FSStream, operation: string, action: () => T): T {
    for (;;) {
      try {
        return action();
      } catch (error) {
        // What the file system itself raises is meant for Python (in debug builds it has a `code` too).
        const code = error instanceof this.#context.FS.ErrnoError ? undefined : (error as { code?: unknown } | null)?.code;
        if (code === "EAGAIN" && !(stream.flags & O_NONBLOCK)) {
          this.#context.poll?.();
          sleep(RETRY_MS);
          continue;
        }
        throw this.#asErrno(error, operation);
      }
    }
  }

  #asErrno(error: unknown, operation: string): unknown {
    const { FS, ERRNO_CODES } = this.#context;
    if (error instanceof FS.ErrnoError) return error;
    const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
    if (typeof code === "string") {
      const number = ERRNO_CODES[code];
      if (number !== undefined) return new FS.ErrnoError(number);
    } else if (typeof errno === "number" && Object.values(ERRNO_CODES).includes(errno)) {
      return new FS.ErrnoError(errno); // an ErrnoError of another instance, or one that a user made
    }
    console.error(`Error thrown by a ${operation} handler of a standard stream:`, error);
    return this.#error("EIO");
  }

  #error(code: string): Error {
    const { FS, ERRNO_CODES } = this.#context;
    return new FS.ErrnoError(ERRNO_CODES[code]!);
  }
}

/** Waits without giving up the thread, as a blocking system call does. Pages may not: there this returns at once. */
function sleep(milliseconds: number): void {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  } catch {
    // No SharedArrayBuffer, or the main thread of a page.
  }
}
