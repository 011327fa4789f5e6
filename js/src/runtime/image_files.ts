// The files of an image: all that a program has put into the file system in memory.
//
// What every start makes itself (devices, /proc, the standard library's archive) is left out. Mounts and open files belong
// to the process that they were made in and are refused by name. Guarantees: restoreFiles() gives each file the mode and the
// time it had.

import type { ByteSource } from "../host/files.js";
import type { FS } from "./emscripten.js";
import { STDLIB_PATH } from "./stdlib.js";

export interface SavedFile {
  path: string;
  mode: number;
  /** Last modified, milliseconds. */
  mtime: number;
  /** Bytes of a regular file. */
  size?: number;
  /** Target of a symbolic link. */
  link?: string;
}

const LEFT_OUT = new Set(["/dev", "/proc", STDLIB_PATH]);

export function collectFiles(fs: FS): { facts: SavedFile; bytes?: Uint8Array }[] {
  const open = (fs.streams as any[]).filter((stream) => stream && stream.fd > 2).map((stream) => stream.path ?? `descriptor ${stream.fd}`);
  if (open.length > 0) throw new Error(`cannot make an image while files are open: ${open.join(", ")}; close them first`);
  const found: { facts: SavedFile; bytes?: Uint8Array }[] = [];
  const visit = (path: string) => {
    for (const name of fs.readdir(path)) {
      if (name === "." || name === "..") continue;
      const whole = path === "/" ? `/${name}` : `${path}/${name}`;
      if (LEFT_OUT.has(whole)) continue;
      const { node } = fs.lookupPath(whole, { follow: false });
      if (node.mounted || node.mount.mountpoint !== "/") {
        throw new Error(`cannot make an image while something is mounted on "${whole}": unmount it first`);
      }
      const facts: SavedFile = { path: whole, mode: node.mode, mtime: Number(new Date(node.mtime ?? node.timestamp ?? 0)) };
      if (fs.isDir(node.mode)) {
        found.push({ facts });
        visit(whole);
      } else if (fs.isLink(node.mode)) {
        found.push({ facts: { ...facts, link: fs.readlink(whole) } });
      } else if (fs.isFile(node.mode)) {
        const bytes = fs.readFile(whole);
        found.push({ facts: { ...facts, size: bytes.length }, bytes });
      } else {
        throw new Error(`cannot put "${whole}" into an image: expected files, folders and symbolic links`);
      }
    }
  };
  visit("/");
  return found;
}

/** The files' bytes lie one after another in `source` from `at` on. */
export function restoreFiles(fs: FS, files: readonly SavedFile[], source: ByteSource, at: number): void {
  for (const { path, mode, mtime, size, link } of files) {
    if (link !== undefined) {
      fs.symlink(link, path);
      continue;
    }
    if (size !== undefined) {
      const bytes = new Uint8Array(size);
      source.read(at, bytes);
      at += size;
      fs.writeFile(path, bytes, { canOwn: true });
    } else if (!fs.analyzePath(path).exists) fs.mkdir(path);
    fs.chmod(path, mode & 0o7777);
    if (size !== undefined) fs.utime(path, mtime, mtime);
  }
  // Folders last: what is made in them changes their times.
  for (const { path, mtime, size, link } of files) if (size === undefined && link === undefined) fs.utime(path, mtime, mtime);
}
