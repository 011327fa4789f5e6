// setStdin, setStdout and setStderr: options become handlers.
//
// Guarantees: options that contradict each other raise a TypeError that names them, and leave the stream as it was.

import type { PyodideConfig, StdinOptions, StdoutOptions } from "../../types/pyodide.js";
import { defaultHandler } from "../runtime/stream_defaults.js";
import { ByteWriter, FailingReader, type Handler, InputReader, LineWriter } from "../runtime/stream_handlers.js";
import type { StreamName } from "../runtime/streams.js";

function checkOptions(function_: string, options: unknown): asserts options is Record<string, unknown> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${function_}: options must be an object, not ${options === null ? "null" : typeof options}`);
  }
}

function checkFunctions(function_: string, options: Record<string, unknown>, names: string[]): string[] {
  const given = names.filter((name) => options[name] !== undefined && options[name] !== false);
  for (const name of given) {
    if (name !== "error" && typeof options[name] !== "function") {
      throw new TypeError(`${function_}: '${name}' must be a function, not ${typeof options[name]}`);
    }
  }
  return given;
}

export function inputHandler(options: StdinOptions = {}): Handler {
  checkOptions("setStdin", options);
  const { stdin, read, error, isatty, autoEOF, fsync } = options as StdinOptions & { fsync?: () => void };
  const given = checkFunctions("setStdin", options as Record<string, unknown>, ["stdin", "read", "error"]);
  if (given.length > 1) {
    throw new TypeError(`setStdin: at most one of 'stdin', 'read' and 'error' can be given, not ${listed(given)}`);
  }
  if (autoEOF !== undefined && !stdin) {
    throw new TypeError("setStdin: the 'autoEOF' option belongs to the 'stdin' option, which is not given");
  }
  if (error) return new FailingReader();
  if (stdin) return new InputReader(stdin.bind(options), Boolean(isatty), autoEOF ?? true);
  if (read) {
    const handler: Handler = { isatty: Boolean(isatty), read: read.bind(options) };
    if (fsync) handler.fsync = fsync.bind(options);
    return handler;
  }
  return defaultHandler("stdin");
}

export function outputHandler(name: "stdout" | "stderr", options: StdoutOptions = {}): Handler {
  const function_ = name === "stdout" ? "setStdout" : "setStderr";
  checkOptions(function_, options);
  const { batched, raw, write, isatty, fsync, getTerminalSize } = options as {
    batched?: (line: string) => void;
    raw?: (byte: number) => void;
    write?: (buffer: Uint8Array) => number;
    isatty?: boolean;
    fsync?: () => void;
    getTerminalSize?: Handler["getTerminalSize"];
  };
  const all = options as Record<string, unknown>;
  const given = checkFunctions(function_, all, ["batched", "raw", "write"]);
  checkFunctions(function_, all, ["fsync", "getTerminalSize"]);
  if (given.length > 1) {
    throw new TypeError(`${function_}: at most one of 'batched', 'raw' and 'write' can be given, not ${listed(given)}`);
  }
  if (isatty && !raw && !write) {
    throw new TypeError(`${function_}: 'isatty' can be true only with 'raw' or 'write'`);
  }
  const size = getTerminalSize?.bind(options);
  if (batched) return new LineWriter(batched.bind(options));
  if (raw) return new ByteWriter(raw.bind(options), Boolean(isatty), size);
  if (write) {
    const handler: Handler = { isatty: Boolean(isatty), write: write.bind(options) };
    if (fsync) handler.fsync = fsync.bind(options);
    if (size) handler.getTerminalSize = size;
    return handler;
  }
  return defaultHandler(name);
}

function listed(names: string[]): string {
  return names.map((name) => `'${name}'`).join(" and ");
}

/** The handlers that a new instance begins with. */
export function initialHandlers(config: PyodideConfig): Record<StreamName, Handler> {
  const { stdin, stdout, stderr } = config;
  return {
    stdin: inputHandler(stdin ? { stdin } : {}),
    stdout: outputHandler("stdout", stdout ? { batched: stdout } : {}),
    stderr: outputHandler("stderr", stderr ? { batched: stderr } : {}),
  };
}
