// The options of loadPyodide: checked, with defaults filled in.

import type { PyodideConfig } from "../../types/pyodide.js";
import { programName } from "../host/environment.js";
import { folderOf, locate, locateFolder } from "../host/location.js";
import { getLoaderURL } from "../host/loader_url.js";
import { notYet } from "./not_yet.js";

export interface Settings {
  /** Folder of the runtime's files. */
  folder: string;
  stdlib: { location: string; own: boolean };
  args: string[];
  env: Record<string, string>;
  executable: string;
  jsglobals: object;
  runUntilComplete: boolean;
  checks: { version: boolean; integrity: boolean };
  /** To be loaded during the start. */
  packages: string[];
}

const HOME = "/home/pyodide";

export function settle(config: PyodideConfig): Settings {
  refuseUnready(config);
  const folder = config.indexURL === undefined ? folderOf(locate(getLoaderURL())) : locateFolder(config.indexURL);
  const own = config.stdLibURL === undefined;
  return {
    folder,
    stdlib: { location: own ? `${folder}python_stdlib.zip` : locate(config.stdLibURL!), own },
    args: stringList("args", config.args),
    // PYTHONINSPECT keeps the interpreter alive after SystemExit.
    env: { HOME, PYTHONINSPECT: "1", ...environment(config.env) },
    executable: config._sysExecutable ?? programName(),
    jsglobals: config.jsglobals ?? globalThis,
    runUntilComplete: config.enableRunUntilComplete !== false,
    checks: { version: config.checkAPIVersion !== false, integrity: config.checkIntegrity === true },
    packages: stringList("packages", config.packages),
  };
}

function stringList(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new TypeError(`loadPyodide: '${name}' must be an array of strings, not ${JSON.stringify(value)}`);
}

function environment(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`loadPyodide: 'env' must be an object, not ${JSON.stringify(value)}`);
  }
  const result: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    // Absent and undefined are the same, as in process.env.
    if (text === undefined) continue;
    if (typeof text !== "string") {
      throw new TypeError(`loadPyodide: 'env.${name}' must be a string, not ${JSON.stringify(text)}`);
    }
    result[name] = text;
  }
  return result;
}

/** Options whose machinery does not exist yet change the meaning of a program, so they are refused, not ignored. */
function refuseUnready(config: PyodideConfig): void {
  const options = [
    "pyproxyToStringRepr",
    "convertNullToNone",
    "toJsLiteralMap",
  ] as const;
  for (const option of options) {
    if (config[option]) throw notYet(`the option '${option}' of loadPyodide`);
  }
}
