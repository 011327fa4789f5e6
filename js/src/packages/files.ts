// What the packaging library does with Python's file system: batches of file operations, one crossing each.
//
// Guarantees: an operation that fails has changed nothing, and its errno stands in its record; those behind it were not
// tried. Must not decide anything: src/pkg/install does.
import type { PackedFiles } from "../ffi/packed_files.js";
import { FileOp, FileRecord } from "./contract.gen.js";

export interface FileNode {
  mode: number;
  contents?: unknown;
  usedBytes: number;
  mount: { type: unknown };
  stream_ops: object;
  node_ops: { mknod?(parent: FileNode, name: string, mode: number, device: number): FileNode };
}

/** What it needs of Emscripten's file system. */
export interface FileSystem {
  filesystems: { MEMFS: unknown };
  ErrnoError: new (errno: number) => Error;
  lookupPath(path: string, options?: { follow: boolean }): { node: FileNode };
  lookupNode(parent: FileNode, name: string): FileNode;
  /** 0, or the errno that making it would fail with: EEXIST for one. */
  mayCreate(parent: FileNode, name: string): number;
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

const S_IFREG = 0o100000;
// O_WRONLY | O_CREAT | O_EXCL as Emscripten's libc has them.
const NEW_FILE = 0o301;
const EIO = 29;
const EEXIST = 20;
const ENOENT = 44;

/** The library's memory. The views are those of now: memory may grow in alloc(). */
export interface LibraryMemory {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  /** Address of so many bytes, or 0. */
  alloc(size: number): number;
}

/** The import `files`: carries out `count` records (FileRecord) at an address. */
export function operate(memory: LibraryMemory, files: FileSystem, packed: PackedFiles, records: number, count: number): number {
  const batch = new Batch(memory, files, packed);
  for (let i = 0; i < count; i++) {
    const word = (records >>> 2) + i * FileRecord.SIZE;
    try {
      const data = batch.operate(word);
      if (data === null) continue;
      if (typeof data === "number") {
        memory.u32[word + FileRecord.DATA] = data;
      } else if (data) {
        const at = memory.alloc(data.length || 1);
        if (at === 0) throw new Error("no memory");
        memory.u8.set(data, at);
        memory.u32[word + FileRecord.DATA] = at;
        memory.u32[word + FileRecord.DATA_LENGTH] = data.length;
      }
      memory.u32[word + FileRecord.STATUS] = 1;
    } catch (e) {
      const errno: unknown = (e as any)?.errno;
      memory.u32[word + FileRecord.STATUS] = -(typeof errno === "number" ? errno : EIO);
      return i;
    }
  }
  return count;
}

/** One batch of operations. Folders are looked up once: a path costs more than making a file. */
class Batch {
  private readonly decoder = new TextDecoder();
  /** null: there is none. */
  private readonly folders = new Map<string, FileNode | null>();

  constructor(
    private readonly memory: LibraryMemory,
    private readonly files: FileSystem,
    private readonly packed: PackedFiles,
  ) {}

  /** null: there is no such file. A number or bytes are the record's DATA. */
  operate(word: number): Uint8Array | number | null | undefined {
    const { memory, files } = this;
    const field = (which: FileRecord): number => memory.u32[word + which]!;
    const text = (at: FileRecord, length: FileRecord): string => this.decoder.decode(memory.u8.subarray(field(at), field(at) + field(length)));
    const path = text(FileRecord.PATH, FileRecord.PATH_LENGTH);
    const op: FileOp = field(FileRecord.OP);
    switch (op) {
      case FileOp.KIND:
        return this.kind(path);
      case FileOp.READ:
        return this.kind(path) === 1 ? files.readFile(path) : null;
      case FileOp.LIST: {
        if (this.kind(path) !== 2) return null;
        const names = files.readdir(path).filter((name) => name !== "." && name !== "..");
        return new TextEncoder().encode(names.map((name) => `${name}\0`).join(""));
      }
      case FileOp.MAKE_FOLDER:
        files.mkdir(path);
        this.folders.delete(path);
        return undefined;
      case FileOp.WRITE:
      case FileOp.WRITE_PACKED: {
        const at = field(FileRecord.DATA);
        this.write(path, memory.u8.slice(at, at + field(FileRecord.DATA_LENGTH)), field(FileRecord.MODE), op === FileOp.WRITE_PACKED);
        return undefined;
      }
      case FileOp.RENAME: {
        const to = text(FileRecord.DATA, FileRecord.DATA_LENGTH);
        // rename() would replace it.
        if (this.kind(to) !== 0) throw new files.ErrnoError(EEXIST);
        files.rename(path, to);
        return undefined;
      }
      case FileOp.REMOVE:
        files.unlink(path);
        return undefined;
      case FileOp.REMOVE_FOLDER:
        files.rmdir(path);
        this.folders.delete(path);
        return undefined;
      default:
        throw new Error(`krait: no file operation ${op}`);
    }
  }

  private folder(path: string): FileNode | null {
    let node = this.folders.get(path);
    if (node === undefined) {
      try {
        node = this.files.lookupPath(path || "/", { follow: true }).node;
        if (!this.files.isDir(node.mode)) node = null;
      } catch {
        node = null;
      }
      this.folders.set(path, node);
    }
    return node;
  }

  /** The folder of a path, null if there is none, and the name in it. */
  private place(path: string): [FileNode | null, string] {
    const slash = path.lastIndexOf("/");
    return [this.folder(path.slice(0, slash)), path.slice(slash + 1)];
  }

  private kind(path: string): number {
    const [folder, name] = this.place(path);
    if (!folder) return 0;
    try {
      return this.files.isDir(this.files.lookupNode(folder, name).mode) ? 2 : 1;
    } catch {
      return 0;
    }
  }

  /** The file keeps the array, as its content or packed, where it lies in memory. */
  private write(path: string, bytes: Uint8Array, mode: number, packed: boolean): void {
    const { files } = this;
    const [folder, name] = this.place(path);
    if (!folder) throw new files.ErrnoError(ENOENT);
    const refused = files.mayCreate(folder, name);
    if (refused !== 0) throw new files.ErrnoError(refused);
    if (folder.mount.type === files.filesystems.MEMFS && folder.node_ops.mknod) {
      const node = folder.node_ops.mknod(folder, name, (mode & 0o7777) | S_IFREG, 0);
      if (packed) {
        this.packed.keep(node, bytes, path);
      } else {
        node.contents = bytes;
        node.usedBytes = bytes.length;
      }
      return;
    }
    try {
      files.writeFile(path, packed ? this.packed.unpack(bytes) : bytes, { mode, flags: NEW_FILE, canOwn: true });
    } catch (e) {
      try {
        files.unlink(path);
      } catch {
        // It was not made.
      }
      throw e;
    }
  }
}
