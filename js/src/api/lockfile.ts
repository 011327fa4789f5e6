// The lock file: where it comes from, and whether it can be used.
//
// Guarantees: what comes out has `info` with our ABI and `packages`; anything else is an Error that says what was found
// and what was expected. What a lock means is the package manager's part.

import type { Lockfile, PyodideConfig } from "../../types/pyodide.js";
import { failure, readText, reason } from "../host/files.js";
import { IN_NODE, baseURI } from "../host/environment.js";
import { folderOf, locate, locateFolder } from "../host/location.js";
import type { LoadedLock } from "../packages/manager.js";

/** Wheels of the platform pyodide_2025_0 and nothing else can be loaded. */
export const ABI_VERSION = "2025_0";

export async function loadLock(config: PyodideConfig, folder: string): Promise<LoadedLock> {
  const { lockFileURL, lockFileContents, packageBaseUrl } = config;
  if (lockFileURL !== undefined && lockFileContents !== undefined) {
    throw new Error("loadPyodide: lockFileContents and lockFileURL cannot both be given");
  }
  const base = packageBaseUrl === undefined ? undefined : locateFolder(packageBaseUrl);
  if (lockFileContents !== undefined) {
    const contents = await lockFileContents;
    return { lockfile: check(parse(contents, "lockFileContents"), "lockFileContents"), baseURL: base };
  }
  const location = lockFileURL === undefined ? `${folder}pyodide-lock.json` : locate(lockFileURL);
  const text = await readText("the lock file", location);
  return { lockfile: check(parse(text, location), location), baseURL: base ?? lockFolder(lockFileURL, location) };
}

function lockFolder(given: string | undefined, location: string): string {
  // A bare file name has no folder of its own to speak of.
  if (given !== undefined && !given.includes("/")) return IN_NODE ? "." : baseURI();
  return folderOf(location);
}

function parse(contents: Lockfile | string, origin: string): unknown {
  if (typeof contents !== "string") return contents;
  try {
    return JSON.parse(contents);
  } catch (error) {
    const html = /^\s*</.test(contents) ? "it begins like an HTML page; " : "";
    throw failure("the lock file", origin, `${html}expected JSON: ${reason(error)}`, error);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(lock: unknown, origin: string): Lockfile {
  const refuse = (why: string): Error => failure("the lock file", origin, why);
  if (!isObject(lock)) throw refuse(`expected an object, found ${Array.isArray(lock) ? "an array" : typeof lock}`);
  for (const key of ["info", "packages"]) {
    if (!isObject(lock[key])) throw refuse(`expected an object under the key "${key}", found ${typeof lock[key]}`);
  }
  const { abi_version: abi } = lock.info as { abi_version?: unknown };
  // Locks from before 2024 have no ABI version; their packages are checked by their wheels' names.
  if (abi !== undefined && abi !== ABI_VERSION) {
    throw refuse(`its ABI version is "${String(abi)}", expected "${ABI_VERSION}": its packages were built for another runtime`);
  }
  return lock as unknown as Lockfile;
}
