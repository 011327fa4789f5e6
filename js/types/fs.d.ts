// Emscripten's file system object as a type: `pyodide.FS`. The methods are those of Emscripten's File System API; the
// members that its documentation does not name are reachable but untyped.

export interface FSNode {
  id: number;
  name: string;
  mode: number;
  rdev: number;
  parent: FSNode;
  [member: string]: any;
}

export interface FSStream {
  fd: number;
  flags: number;
  position: number;
  path: string;
  node: FSNode;
  [member: string]: any;
}

export interface FSStats {
  dev: number;
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  atime: Date;
  mtime: Date;
  ctime: Date;
  blksize: number;
  blocks: number;
}

export interface AnalyzedPath {
  isRoot: boolean;
  exists: boolean;
  error: number;
  name: string | null;
  path: string | null;
  object: FSNode | null;
  parentExists: boolean;
  parentPath: string | null;
  parentObject: FSNode | null;
}

/** Called about changes of files. */
export interface TrackingDelegate {
  willMovePath?(oldPath: string, newPath: string): void;
  onMovePath?(oldPath: string, newPath: string): void;
  willDeletePath?(path: string): void;
  onDeletePath?(path: string): void;
  onOpenFile?(path: string, flags: number): void;
  onReadFile?(path: string, bytes: number): void;
  onWriteToFile?(path: string, bytes: number): void;
  onSeekFile?(path: string, position: number, whence: number): void;
  onCloseFile?(path: string): void;
  onMakeDirectory?(path: string, mode: number): void;
  onMakeSymlink?(target: string, path: string): void;
}

export interface EmscriptenFS {
  /** An error with a POSIX number: throw one from a stream handler and Python raises the matching OSError. */
  ErrnoError: { new (errno: number): Error & { errno: number }; prototype: Error & { errno: number } };
  /** MEMFS, NODEFS (in Node), IDBFS, WORKERFS, PROXYFS: the types that `mount` takes. */
  filesystems: Record<string, any>;
  trackingDelegate: TrackingDelegate;
  readonly root: FSNode;

  cwd(): string;
  chdir(path: string): void;
  lookupPath(path: string, options?: object): { path: string; node: FSNode };
  getPath(node: FSNode): string;
  analyzePath(path: string, dontResolveLastLink?: boolean): AnalyzedPath;

  mkdir(path: string, mode?: number): FSNode;
  mkdirTree(path: string, mode?: number): void;
  rmdir(path: string): void;
  readdir(path: string): string[];
  rename(oldPath: string, newPath: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string): FSNode;
  readlink(path: string): string;
  stat(path: string, dontFollow?: boolean): FSStats;
  lstat(path: string): FSStats;
  chmod(path: string, mode: number, dontFollow?: boolean): void;
  lchmod(path: string, mode: number): void;
  fchmod(fd: number, mode: number): void;
  chown(path: string, uid: number, gid: number, dontFollow?: boolean): void;
  truncate(path: string, length: number): void;
  ftruncate(fd: number, length: number): void;
  utime(path: string, atime: number, mtime: number): void;

  readFile(path: string, options: { encoding: "utf8"; flags?: string }): string;
  readFile(path: string, options?: { encoding?: "binary"; flags?: string }): Uint8Array;
  writeFile(path: string, data: string | ArrayBufferView, options?: { flags?: string; canOwn?: boolean }): void;
  open(path: string, flags: string | number, mode?: number): FSStream;
  close(stream: FSStream): void;
  llseek(stream: FSStream, offset: number, whence: number): number;
  read(stream: FSStream, buffer: ArrayBufferView, offset: number, length: number, position?: number): number;
  write(
    stream: FSStream,
    buffer: ArrayBufferView,
    offset: number,
    length: number,
    position?: number,
    canOwn?: boolean,
  ): number;

  mount(type: any, options: object, mountpoint: string): any;
  unmount(mountpoint: string): void;
  syncfs(populate: boolean, callback: (error: any) => void): void;
  syncfs(callback: (error: any) => void, populate?: boolean): void;

  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: object): void;
  mkdev(path: string, mode: number, device: number): FSNode;
  createDevice(
    parent: string | FSNode,
    name: string,
    input?: (() => number | null | undefined) | null,
    output?: ((byte: number) => void) | null,
  ): FSNode;
  createDataFile(
    parent: string | FSNode,
    name: string,
    data: ArrayBufferView | string,
    canRead: boolean,
    canWrite: boolean,
    canOwn?: boolean,
  ): void;
  createLazyFile(parent: string | FSNode, name: string, url: string, canRead: boolean, canWrite: boolean): FSNode;

  isFile(mode: number): boolean;
  isDir(mode: number): boolean;
  isLink(mode: number): boolean;
  isChrdev(mode: number): boolean;
  isBlkdev(mode: number): boolean;
  isSocket(mode: number): boolean;

  [member: string]: any;
}
