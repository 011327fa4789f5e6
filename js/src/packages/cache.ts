// Wheels that were downloaded before, by their SHA-256: a folder in Node, the Cache API in a page.
//
// Guarantees: what comes out has the hash that it was asked for, and what does not is as good as absent; a cache that cannot be
// read or written changes nothing but the time it takes. Files appear whole: they are written beside and renamed.

import { IN_NODE } from "../host/environment.js";
import { sha256 } from "../host/files.js";
import { node } from "../host/node.js";

export interface WheelCache {
  find(hash: string, url: string): Promise<Uint8Array | undefined>;
  /** `bytes` have this hash. */
  keep(hash: string, url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** `folder`: of the host, in Node. Without it, or outside Node where `inBrowser` is not wanted, there is none. */
export function openCache(folder: string | undefined, inBrowser: boolean): WheelCache | undefined {
  if (IN_NODE) return folder === undefined ? undefined : folderCache(folder);
  return inBrowser && typeof globalThis.caches === "object" ? browserCache() : undefined;
}

/** A file's name in the cache: one that people know it by, and the hash, since one name may have had many contents. */
function fileName(hash: string, url: string): string {
  const name = /([^/\\?#]*)(?:[?#].*)?$/.exec(url)?.[1] ?? "";
  return `${hash}-${name.replaceAll(/[^\w.+-]/g, "_")}`;
}

function folderCache(folder: string): WheelCache {
  const { fs, path } = node();
  return {
    async find(hash, url) {
      // A folder that somebody filled with wheels has them by their names alone.
      for (const name of [fileName(hash, url), fileName(hash, url).slice(hash.length + 1)]) {
        const bytes = await fs.promises.readFile(path.join(folder, name)).catch(() => undefined);
        if (bytes && (await sha256(bytes)) === hash) return bytes;
      }
      return undefined;
    },
    async keep(hash, url, bytes) {
      const target = path.join(folder, fileName(hash, url));
      const partial = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}.partial`;
      try {
        await fs.promises.mkdir(folder, { recursive: true });
        await fs.promises.writeFile(partial, bytes);
        await fs.promises.rename(partial, target);
      } catch {
        await fs.promises.rm(partial, { force: true }).catch(() => {});
      }
    },
  };
}

const BROWSER_CACHE = "krait-wheels";

function browserCache(): WheelCache {
  // Any URL will do as the key; this one cannot be that of a real file.
  const key = (hash: string): string => new URL(`/.krait-wheels/${hash}`, globalThis.location.href).href;
  return {
    async find(hash) {
      try {
        const found = await (await caches.open(BROWSER_CACHE)).match(key(hash));
        const bytes = found && new Uint8Array(await found.arrayBuffer());
        return bytes && (await sha256(bytes)) === hash ? bytes : undefined;
      } catch {
        return undefined;
      }
    },
    async keep(hash, _url, bytes) {
      try {
        await (await caches.open(BROWSER_CACHE)).put(key(hash), new Response(bytes));
      } catch {
        // No room, or a page that may not store anything.
      }
    },
  };
}
