// Which image a start restores, if any.
//
// The image that comes with the build stands for a start with default settings. Options that change how CPython itself
// starts (interpreter arguments, PYTHON* variables, another standard library) are for a cold start, which takes
// longer and gives the same.

import type { PyodideConfig } from "../../types/pyodide.js";
import { type ByteSource, bytesSource, fetchFile, fileSource, isHTML } from "../host/files.js";
import { isURL } from "../host/location.js";
import { checkHash, checkSize, factsOf } from "../host/manifest.js";
import type { ImageSource } from "../runtime/boot.js";
import type { Settings } from "./config.js";

export const IMAGE_FILE = "python.image";
const WHAT = "the image of the started interpreter";

export function imageFor(config: PyodideConfig, settings: Settings): ImageSource | undefined {
  if (config._loadSnapshot === false) return undefined;
  if (config._loadSnapshot !== undefined) {
    return { what: "the image of _loadSnapshot", source: given(config._loadSnapshot), deserializer: config._snapshotDeserializer };
  }
  if (!startsAsUsual(settings) || factsOf(IMAGE_FILE) === undefined) return undefined;
  return { what: WHAT, source: openImage(settings) };
}

async function given(option: Exclude<PyodideConfig["_loadSnapshot"], false | undefined>): Promise<ByteSource> {
  const bytes: unknown = await option;
  if (bytes instanceof Uint8Array) return bytesSource(bytes);
  if (bytes instanceof ArrayBuffer) return bytesSource(new Uint8Array(bytes));
  throw new TypeError(`loadPyodide: '_loadSnapshot' must be a Uint8Array or an ArrayBuffer, not ${Object.prototype.toString.call(bytes)}`);
}

function startsAsUsual({ args, env, stdlib }: Settings): boolean {
  if (!stdlib.own || args.some((arg) => arg.startsWith("-"))) return false;
  return Object.entries(env).every(([name, value]) => !name.startsWith("PYTHON") || (name === "PYTHONINSPECT" && value === "1"));
}

/** Nothing when it cannot be had: the cold start needs none. A file that is there and is wrong is an error. */
async function openImage({ folder, checks }: Settings): Promise<ByteSource | undefined> {
  const location = folder + IMAGE_FILE;
  let source: ByteSource | undefined;
  try {
    source = isURL(location) ? await download(location) : fileSource(WHAT, location);
  } catch {
    return undefined;
  }
  if (source !== undefined) await check(location, source, checks);
  return source;
}

async function check(location: string, source: ByteSource, checks: Settings["checks"]): Promise<void> {
  try {
    if (checks.version) checkSize(WHAT, location, IMAGE_FILE, source.size);
    if (!checks.integrity) return;
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    await checkHash(WHAT, location, IMAGE_FILE, bytes);
  } catch (error) {
    source.close();
    throw error;
  }
}

async function download(location: string): Promise<ByteSource | undefined> {
  const response = await fetchFile(WHAT, location);
  return isHTML(response) ? undefined : bytesSource(new Uint8Array(await response.arrayBuffer()));
}
