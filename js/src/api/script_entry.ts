// Entry of pyodide.js: a classic script that defines `loadPyodide`, and the CommonJS module of the package.

import { scriptOfStack, setLoaderURL } from "../host/loader_url.js";
import { loadPyodide, version } from "./load.js";

declare const __filename: string | undefined;
declare const module: { exports: unknown } | undefined;
declare const document: { currentScript?: { src?: string } | null } | undefined;

if (typeof module === "object" && typeof __filename === "string") {
  setLoaderURL(__filename);
} else {
  const tag = typeof document === "object" ? document.currentScript?.src : undefined;
  setLoaderURL(tag || scriptOfStack(new Error().stack));
}

(globalThis as { loadPyodide?: unknown }).loadPyodide = loadPyodide;
if (typeof module === "object") module.exports = { loadPyodide, version };
