// What need not be downloaded: files of Python's file system ("emfs:/path") and, in Node, of the host ("file:///path"); and
// what people write for them.

import { IN_NODE, baseURI } from "../host/environment.js";
import { node } from "../host/node.js";

/** What is needed of Emscripten's file system. */
export interface OwnFiles {
  readFile(path: string): Uint8Array;
  analyzePath(path: string): { exists: boolean };
}

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]+:/; // two characters at least: "C:\" is a path

export function isLocal(url: string): boolean {
  return /^(emfs|file):/i.test(url);
}

/** Throws when there is no such file; the message does not repeat the URL. */
export async function readLocal(url: string, own: OwnFiles): Promise<Uint8Array> {
  if (/^emfs:/i.test(url)) {
    const path = decodeURIComponent(url.slice("emfs:".length)).replace(/^\/\/(?=\/)/, "");
    if (!own.analyzePath(path).exists) throw new Error("there is no such file in Python's file system");
    return own.readFile(path);
  }
  if (!IN_NODE) throw new Error("pages cannot read files of their host: give the file to Python first, and use \"emfs:\"");
  try {
    return await node().fs.promises.readFile(new URL(url));
  } catch (error) {
    const { code } = error as { code?: string };
    throw code === "ENOENT" ? new Error("there is no such file", { cause: error }) : error;
  }
}

/** The absolute URL of what a user wrote for a wheel or a folder of wheels: a URL, or a path, or relative to one. */
export function absoluteURL(text: string): string {
  if (SCHEME.test(text)) return text;
  if (IN_NODE) {
    const { path, url } = node();
    const end = /[\\/]$/.test(text) ? "/" : "";
    return url.pathToFileURL(path.resolve(text)).href.replace(/\/$/, "") + end;
  }
  return new URL(text, baseURI() || undefined).href;
}
