// Where the loader itself lies: the default of `indexURL`.
//
// The two bundles know it in two ways: pyodide.mjs by import.meta.url, pyodide.js (a classic script, or CommonJS) by
// document.currentScript, __filename, or, in a worker's importScripts, by the address in a stack trace. Each entry file
// calls `setLoaderURL` once while it is evaluated; currentScript is gone later.

let loaderURL: string | undefined;

export function setLoaderURL(url: string | undefined): void {
  loaderURL = url || undefined;
}

export function getLoaderURL(): string {
  if (!loaderURL) {
    throw new Error(
      "loadPyodide: cannot tell where the loader was loaded from; pass the folder of the runtime's files as `indexURL`",
    );
  }
  return loaderURL;
}

/** The address of the script that is on top of this stack trace, as every engine prints it. */
export function scriptOfStack(stack: string | undefined): string | undefined {
  return stack?.match(/((?:https?|file|blob|chrome-extension|moz-extension):[^\s()]+?):\d+:\d+/)?.[1];
}
