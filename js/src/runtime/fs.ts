// The file system as a place: the folders that Python expects. Which file system it is, is decided in
// docs/decisions/0001-file-system.md; the rest of the code sees only this file and the public `FS` object.
//
// Restore story: the tree is made again by the same calls on a restored start, then overlaid with the image's files.

import { IN_NODE } from "../host/environment.js";
import { node } from "../host/node.js";
import type { EmscriptenModule, FS } from "./emscripten.js";
import { PYTHON_FOLDER, SITE_PACKAGES } from "./stdlib.js";

/** Makes the folders of a fresh instance and goes to the home folder. */
export function makeFolders(fs: FS, home: string): void {
  for (const folder of ["/tmp", `${PYTHON_FOLDER}/lib-dynload`, SITE_PACKAGES, "/usr/lib", home]) {
    fs.mkdirTree(folder);
  }
  fs.chdir(home);
}

/** Makes `path` an empty folder to mount upon, or says why it cannot be one. */
export function prepareMountpoint(fs: FS, path: string): void {
  if (!fs.analyzePath(path).exists) {
    fs.mkdirTree(path);
    return;
  }
  if (!fs.isDir(fs.stat(path).mode)) throw new Error(`cannot mount on "${path}": it is a file, expected a folder`);
  // "." and ".." are always there.
  if (fs.readdir(path).length > 2) throw new Error(`cannot mount on "${path}": the folder is not empty`);
}

export function mountHostFolder(module: EmscriptenModule, path: string, hostPath: string): void {
  if (!IN_NODE) throw new Error("mountNodeFS works in Node only: this host has no folders to mount");
  const folder = node().path.resolve(hostPath);
  const facts = node().fs.statSync(folder, { throwIfNoEntry: false });
  if (!facts) throw new Error(`hostPath "${hostPath}" does not exist`);
  if (!facts.isDirectory()) throw new Error(`hostPath "${hostPath}" is a file, expected a folder`);
  prepareMountpoint(module.FS, path);
  module.FS.mount(module.FS.filesystems.NODEFS, { root: folder }, path);
}
