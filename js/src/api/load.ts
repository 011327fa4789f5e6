// loadPyodide: options in, a running instance out.

import type { PyodideAPI, PyodideConfig } from "../../types/pyodide.js";
import { IN_NODE } from "../host/environment.js";
import { version } from "../host/manifest.js";
import { loadNode } from "../host/node.js";
import { PackageManager } from "../packages/manager.js";
import { pythonFunctions } from "../packages/python_functions.js";
import { type Runtime, boot } from "../runtime/boot.js";
import type { ModuleFactory } from "../runtime/emscripten.js";
import { settle } from "./config.js";
import { makeDownloader } from "./downloads.js";
import { imageFor } from "./images.js";
import { loadLock } from "./lockfile.js";
import { makePublic } from "./public.js";
import { initialHandlers } from "./streams.js";

export { version };

export async function loadPyodide(options: PyodideConfig = {}): Promise<PyodideAPI> {
  if (IN_NODE) await loadNode();
  const settings = settle(options);
  const handlers = initialHandlers(options);
  let runtime: Runtime | undefined;
  let packages: PackageManager | undefined;
  const downloader = makeDownloader(options, settings.folder, () => runtime!.module.FS);
  const start = boot({
    ...settings,
    handlers,
    image: imageFor(options, settings),
    fsInit: options.fsInit as any,
    factory: options.createPyodideModule as ModuleFactory | undefined,
    packages: pythonFunctions(() => packages),
  });
  const reading = loadLock(options, settings.folder).then((lock) => {
    // They come while the interpreter starts.
    PackageManager.prefetch(settings.packages, lock, downloader);
    return lock;
  });
  try {
    const [started, lock] = await Promise.all([start, reading]);
    runtime = started;
    packages = managerOf(runtime, lock, downloader);
    const reset = async () => {
      runtime = await runtime!.reset(initialHandlers(options));
      packages = managerOf(runtime, lock, downloader);
      return { runtime, packages };
    };
    const pyodide = makePublic({ runtime, lock, packages, config: { ...options, ...settings }, reset });
    runtime.complete(pyodide);
    if (settings.packages.length > 0) await pyodide.loadPackage(settings.packages);
    return pyodide;
  } finally {
    downloader.dropPrefetched();
  }
}

function managerOf(runtime: Runtime, lock: Awaited<ReturnType<typeof loadLock>>, downloader: ReturnType<typeof makeDownloader>): PackageManager {
  const { ffi, module, streams, extra } = runtime;
  return new PackageManager({
    lock,
    packages: ffi.packages,
    downloader,
    invalidateCaches() {
      ffi.withFunction("importlib", "invalidate_caches", (invalidate) => invalidate());
    },
    compileLibraries: (paths) => module.kraitLibraries.compile(paths),
    say: (stream, message) => void streams.get(stream).write?.(new TextEncoder().encode(`${message}\n`)),
    loaded: (extra as { loadedPackages?: Record<string, string> } | undefined)?.loadedPackages,
  });
}
