// loadPyodide: options in, a running instance out.

import type { PyodideAPI, PyodideConfig } from "../../types/pyodide.js";
import { IN_NODE } from "../host/environment.js";
import { loadNode } from "../host/node.js";
import { boot } from "../runtime/boot.js";
import type { ModuleFactory } from "../runtime/emscripten.js";
import { version } from "../runtime/manifest.js";
import { settle } from "./config.js";
import { imageFor } from "./images.js";
import { loadLock } from "./lockfile.js";
import { makePublic } from "./public.js";
import { initialHandlers } from "./streams.js";

export { version };

export async function loadPyodide(options: PyodideConfig = {}): Promise<PyodideAPI> {
  if (IN_NODE) await loadNode();
  const settings = settle(options);
  const handlers = initialHandlers(options);
  const [runtime, lock] = await Promise.all([
    boot({
      ...settings,
      handlers,
      image: imageFor(options, settings),
      fsInit: options.fsInit as any,
      factory: options.createPyodideModule as ModuleFactory | undefined,
    }),
    loadLock(options, settings.folder),
  ]);
  const pyodide = makePublic({ runtime, lock, config: { ...options, ...settings } });
  runtime.complete(pyodide);
  if (options.packages?.length) await pyodide.loadPackage(options.packages);
  return pyodide;
}
