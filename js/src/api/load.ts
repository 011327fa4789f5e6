// loadPyodide: options in, a running instance out.

import type { PyodideAPI, PyodideConfig } from "../../types/pyodide.js";
import { IN_NODE } from "../host/environment.js";
import { version } from "../host/manifest.js";
import { loadNode } from "../host/node.js";
import type { Downloader } from "../packages/download.js";
import type { FileSystem } from "../packages/files.js";
import { createPackages } from "../packages/library.js";
import { LibraryModule } from "../packages/library_module.js";
import { type LoadedLock, PackageManager } from "../packages/manager.js";
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
  const library = new LibraryModule(settings.folder, settings.checks);
  // Hashes take time, which Python cannot wait for later.
  const checked = settings.checks.integrity ? library.prepare() : undefined;
  if (settings.packages.length > 0) library.prepare().catch(() => {}); // loadPackage() will say it
  const reading = loadLock(options, settings.folder).then((lock) => {
    // They come while the interpreter starts.
    PackageManager.prefetch(settings.packages, lock, downloader);
    return lock;
  });
  try {
    const [started, lock] = await Promise.all([start, reading, checked]);
    runtime = started;
    packages = managerOf(runtime, lock, library, downloader);
    const reset = async () => {
      runtime = await runtime!.reset(initialHandlers(options));
      packages = managerOf(runtime, lock, library, downloader);
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

function managerOf(runtime: Runtime, lock: LoadedLock, library: LibraryModule, downloader: Downloader): PackageManager {
  const { ffi, module, streams, extra } = runtime;
  const files = module.FS as unknown as FileSystem;
  return new PackageManager({
    lock,
    packages: createPackages(library, { files, packed: ffi.packedFiles, mustLive: () => ffi.mustLive() }),
    downloader,
    invalidateCaches() {
      ffi.withFunction("importlib", "invalidate_caches", (invalidate) => invalidate());
    },
    compileLibraries: (paths) => module.kraitLibraries.compile(paths),
    say: (stream, message) => void streams.get(stream).write?.(new TextEncoder().encode(`${message}\n`)),
    loaded: (extra as { loadedPackages?: Record<string, string> } | undefined)?.loadedPackages,
  });
}
