// Locations: where a file is, as the host says it. In Node a path or a URL, elsewhere a URL; always absolute.
//
// Guarantees: a folder's location ends with "/". Nothing is read here.

import { IN_NODE, baseURI } from "./environment.js";
import { node } from "./node.js";

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]+:/; // two characters at least: "C:\" is a path

/** True when `location` must be fetched, false when it is a path that Node can open. */
export function isURL(location: string): boolean {
  return !IN_NODE || SCHEME.test(location);
}

/** The absolute location of a path or URL that a user wrote. */
export function locate(pathOrURL: string): string {
  if (!IN_NODE) {
    try {
      return new URL(pathOrURL, baseURI() || undefined).href;
    } catch (cause) {
      throw new Error(`cannot resolve the URL "${pathOrURL}" against "${baseURI()}"`, { cause });
    }
  }
  const { url, path } = node();
  if (pathOrURL.startsWith("file:")) return url.fileURLToPath(pathOrURL);
  if (SCHEME.test(pathOrURL)) return pathOrURL;
  return path.resolve(pathOrURL);
}

export function locateFolder(pathOrURL: string): string {
  const location = locate(pathOrURL);
  return location.endsWith("/") || (!isURL(location) && location.endsWith("\\")) ? location : `${location}/`;
}

/** The folder that a file lies in; query and fragment of a URL do not belong to it. */
export function folderOf(location: string): string {
  const plain = isURL(location) ? location.replace(/[?#].*$/s, "") : location.replaceAll("\\", "/");
  return plain.slice(0, plain.lastIndexOf("/") + 1);
}

/** What `import()` takes. */
export function importable(location: string): string {
  return isURL(location) ? location : node().url.pathToFileURL(location).href;
}
