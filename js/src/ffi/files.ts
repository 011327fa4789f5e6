// The import `files`: batches of file operations for the packaging library, one crossing each.
//
// Guarantees: an operation that fails has changed nothing, and its errno stands in its record; those behind it were not
// tried. Must not decide anything: src/pkg/install does.
import type { Border } from "./border";
import { FileOp, FileRecord, type KraitImports } from "./wire/contract.gen";

/** What it needs of Emscripten's file system. */
interface FileSystem {
  lookupPath(path: string): { node: { mode: number } };
  isFile(mode: number): boolean;
  isDir(mode: number): boolean;
  readFile(path: string): Uint8Array;
  readdir(path: string): string[];
  mkdir(path: string): unknown;
  writeFile(path: string, bytes: Uint8Array, options: { mode: number; flags: number; canOwn: boolean }): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
}

// O_WRONLY | O_CREAT | O_EXCL as Emscripten's libc has them.
const NEW_FILE = 0o301;
const EIO = 29;
const EEXIST = 20;

export function fileImports(b: Border): Pick<KraitImports, "krait_files"> {
  return {
    krait_files(records, count) {
      b.crossings++;
      const files = b.files as unknown as FileSystem;
      const decoder = new TextDecoder();
      const text = (at: number, length: number): string => decoder.decode(b.u8.subarray(at, at + length));
      for (let i = 0; i < count; i++) {
        const word = (records >>> 2) + i * FileRecord.SIZE;
        const field = (which: FileRecord): number => b.u32[word + which]!;
        const path = text(field(FileRecord.PATH), field(FileRecord.PATH_LENGTH));
        try {
          const data = operate(b, files, field(FileRecord.OP), path, field(FileRecord.DATA), field(FileRecord.DATA_LENGTH), field(FileRecord.MODE), text);
          if (data === null) continue;
          if (typeof data === "number") {
            b.u32[word + FileRecord.DATA] = data;
          } else if (data) {
            // May move memory: fields are read anew.
            const at = b.x.alloc(data.length || 1) >>> 0;
            if (at === 0) throw new Error("no memory");
            b.u8.set(data, at);
            b.u32[word + FileRecord.DATA] = at;
            b.u32[word + FileRecord.DATA_LENGTH] = data.length;
          }
          b.u32[word + FileRecord.STATUS] = 1;
        } catch (e) {
          const errno: unknown = (e as any)?.errno;
          b.i32[word + FileRecord.STATUS] = -(typeof errno === "number" ? errno : EIO);
          return i;
        }
      }
      return count;
    },
  };
}

/** null: there is no such file. A number or bytes are the record's DATA. */
function operate(
  b: Border,
  files: FileSystem,
  op: FileOp,
  path: string,
  data: number,
  length: number,
  mode: number,
  text: (at: number, length: number) => string,
): Uint8Array | number | null | undefined {
  switch (op) {
    case FileOp.KIND:
      return kindOf(files, path);
    case FileOp.READ:
      return kindOf(files, path) === 1 ? files.readFile(path) : null;
    case FileOp.LIST: {
      if (kindOf(files, path) !== 2) return null;
      const names = files.readdir(path).filter((name) => name !== "." && name !== "..");
      return new TextEncoder().encode(names.map((name) => `${name}\0`).join(""));
    }
    case FileOp.MAKE_FOLDER:
      files.mkdir(path);
      return undefined;
    case FileOp.WRITE:
      write(files, path, b.u8.slice(data, data + length), mode);
      return undefined;
    case FileOp.RENAME: {
      const to = text(data, length);
      // rename() would replace it.
      if (kindOf(files, to) !== 0) throw Object.assign(new Error(`"${to}" exists`), { errno: EEXIST });
      files.rename(path, to);
      return undefined;
    }
    case FileOp.REMOVE:
      files.unlink(path);
      return undefined;
    case FileOp.REMOVE_FOLDER:
      files.rmdir(path);
      return undefined;
    default:
      throw new Error(`krait: no file operation ${op}`);
  }
}

function kindOf(files: FileSystem, path: string): number {
  let mode: number;
  try {
    mode = files.lookupPath(path).node.mode;
  } catch {
    return 0;
  }
  return files.isDir(mode) ? 2 : 1;
}

/** The file keeps the array as its content, where it lies in memory. */
function write(files: FileSystem, path: string, bytes: Uint8Array, mode: number): void {
  if (kindOf(files, path) !== 0) throw Object.assign(new Error(`"${path}" exists`), { errno: EEXIST });
  try {
    files.writeFile(path, bytes, { mode, flags: NEW_FILE, canOwn: true });
  } catch (e) {
    try {
      files.unlink(path);
    } catch {
      // It was not made.
    }
    throw e;
  }
}
