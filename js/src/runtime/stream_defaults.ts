// Where the standard streams lead when nobody says otherwise: in Node to the process's own descriptors, in browsers to
// prompt() and the console.

import { IN_NODE } from "../host/environment.js";
import { node } from "../host/node.js";
import { type Handler, InputReader, LineWriter } from "./stream_handlers.js";
import type { StreamName } from "./streams.js";

export function defaultHandler(name: StreamName): Handler {
  if (IN_NODE) return new DescriptorHandler(name === "stdin" ? 0 : name === "stdout" ? 1 : 2);
  if (name === "stdin") return new InputReader(promptLine, false, true);
  // Looked up at each line: pages and tests replace console methods.
  return new LineWriter(name === "stdout" ? (line) => console.log(line) : (line) => console.warn(line));
}

function promptLine(): string | null {
  const { prompt } = globalThis as { prompt?: (message?: string) => string | null };
  if (typeof prompt !== "function") {
    throw Object.assign(new Error("this host has no prompt(): pass a handler to setStdin"), { code: "EIO" });
  }
  return prompt();
}

class DescriptorHandler implements Handler {
  readonly isatty: boolean;

  constructor(readonly fd: number) {
    this.isatty = node().tty.isatty(fd);
  }

  read(buffer: Uint8Array): number {
    try {
      return node().fs.readSync(this.fd, buffer);
    } catch (error) {
      // Windows reports the end of a pipe this way.
      if ((error as { code?: string }).code === "EOF") return 0;
      throw error;
    }
  }

  write(buffer: Uint8Array): number {
    return node().fs.writeSync(this.fd, buffer);
  }

  fsync(): void {
    try {
      node().fs.fsyncSync(this.fd);
    } catch (error) {
      // Terminals, pipes and closed descriptors cannot be synchronised, and need not be.
      if (!["EINVAL", "ENOTSUP", "EROFS", "EBADF", "EPERM"].includes((error as { code?: string }).code ?? "")) throw error;
    }
  }

  getTerminalSize(): { rows: number; columns: number } | undefined {
    const stream = this.fd === 2 ? process.stderr : process.stdout;
    return stream.isTTY ? { rows: stream.rows, columns: stream.columns } : undefined;
  }
}
