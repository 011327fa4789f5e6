// The import `files`: batches of file operations for the packaging library, one crossing each.
//
// Guarantees: an operation that fails has changed nothing, and its errno stands in its record; those behind it were not
// tried. Must not decide anything: src/pkg/install does.
import type { Border } from "./border";
import { openingUnpacks, unpacked, unpackLater } from "./packed_files";
import { FileOp, FileRecord, type KraitImports } from "./wire/contract.gen";

export interface FileNode {
  mode: number;
  contents?: unknown;
  usedBytes: number;
  mount: { type: unknown };
  stream_ops: object;
  node_ops: { mknod?(parent: FileNode, name: string, mode: number, device: number): FileNode };
}

/** What it needs of Emscripten's file system. */
interface FileSystem {
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

export function fileImports(b: Border): Pick<KraitImports, "krait_files"> {
  return {
    krait_files(records, count) {
      b.crossings++;
      const batch = new Batch(b, b.files as unknown as FileSystem);
      for (let i = 0; i < count; i++) {
        const word = (records >>> 2) + i * FileRecord.SIZE;
        try {
          const data = batch.operate(word);
          if (data === null) continue;
          if (typeof data === "number") {
            b.u32[word + FileRecord.DATA] = data;
          } else if (data) {
            // May move memory: the record's words are read anew.
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

/** One batch of operations. Folders are looked up once: a path costs more than making a file. */
class Batch {
  private readonly decoder = new TextDecoder();
  /** null: there is none. */
  private readonly folders = new Map<string, FileNode | null>();
  private packedOperations: object | undefined;

  constructor(
    private readonly b: Border,
    private readonly files: FileSystem,
  ) {}

  /** null: there is no such file. A number or bytes are the record's DATA. */
  operate(word: number): Uint8Array | number | null | undefined {
    const { b, files } = this;
    const field = (which: FileRecord): number => b.u32[word + which]!;
    const text = (at: FileRecord, length: FileRecord): string => this.decoder.decode(b.u8.subarray(field(at), field(at) + field(length)));
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
        this.write(path, b.u8.slice(at, at + field(FileRecord.DATA_LENGTH)), field(FileRecord.MODE), op === FileOp.WRITE_PACKED);
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
    const { b, files } = this;
    const [folder, name] = this.place(path);
    if (!folder) throw new files.ErrnoError(ENOENT);
    const refused = files.mayCreate(folder, name);
    if (refused !== 0) throw new files.ErrnoError(refused);
    if (folder.mount.type === files.filesystems.MEMFS && folder.node_ops.mknod) {
      const node = folder.node_ops.mknod(folder, name, (mode & 0o7777) | S_IFREG, 0);
      if (packed) {
        node.stream_ops = this.packedOperations ??= openingUnpacks(node.stream_ops);
        unpackLater(b, node, bytes, path, (errno) => new files.ErrnoError(errno));
      } else {
        node.contents = bytes;
        node.usedBytes = bytes.length;
      }
      return;
    }
    try {
      files.writeFile(path, packed ? unpacked(b, bytes) : bytes, { mode, flags: NEW_FILE, canOwn: true });
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
