// The demo's worker: loads krait from dist/, runs the analysis, posts progress and the result.
// Guarantees: ends with exactly one message of kind "result" or "failure".
import { analyse, check, kFiles } from "../demo.mjs";

// Relative to this file: demo/ and dist/ may be served side by side below any path.
const demo = new URL("../", import.meta.url);

async function fetchBytes(url, hint) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}. ${hint}`);
  return new Uint8Array(await response.arrayBuffer());
}

const post = (kind, more) => self.postMessage({ kind, ...more });

try {
  const started = performance.now();
  post("progress", { stage: "loading", done: 0, total: 1 });
  const data = Promise.all(kFiles.map(async (name) =>
    [name, await fetchBytes(new URL(`data/${name}`, demo), "Run ./dev demo once: it fetches the data.")]));
  const source = fetchBytes(new URL("analysis.py", demo), "Expected demo/ to be served.");
  const { loadPyodide } = await import(new URL("../dist/pyodide.mjs", demo));
  const pyodide = await loadPyodide();
  const [files, program] = [Object.fromEntries(await data), new TextDecoder().decode(await source)];
  const loaded = performance.now();
  const result = analyse(pyodide, program, files, (stage, done, total) => post("progress", { stage, done, total }));
  const finished = performance.now();
  check(result, files);
  post("result", {
    result, version: pyodide.runPython("import sys; sys.version.split()[0]"),
    megabytes: Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0) / 1e6,
    seconds: { load: (loaded - started) / 1000, work: (finished - loaded) / 1000 },
  });
} catch (error) {
  post("failure", { message: String(error?.message ?? error) });
}
