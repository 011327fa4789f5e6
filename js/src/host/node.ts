// Node's built-in modules, loaded once and only in Node, so that bundlers and browsers never meet them.
//
// Guarantees: `node()` may be called only after `await loadNode()`; the loader does that before anything else.

export interface NodeModules {
  fs: typeof import("node:fs");
  path: typeof import("node:path");
  url: typeof import("node:url");
  tty: typeof import("node:tty");
  crypto: typeof import("node:crypto");
}

let modules: NodeModules | undefined;

export async function loadNode(): Promise<NodeModules> {
  if (!modules) {
    const [fs, path, url, tty, crypto] = await Promise.all([
      import("node:fs"),
      import("node:path"),
      import("node:url"),
      import("node:tty"),
      import("node:crypto"),
    ]);
    // V8 before 12 (Node 20) can end the process ("unreachable code") when JavaScript that has a call of WebAssembly
    // inlined is deoptimised by an exception, as in a loop that catches errors of Python.
    if (Number.parseInt(process.versions.v8, 10) < 12) {
      const { setFlagsFromString } = await import("node:v8");
      setFlagsFromString("--no-turbo-inline-js-wasm-calls");
    }
    // Modules of the host, the same for every instance: sharing them is no state of ours.
    modules = { fs, path, url, tty, crypto };
  }
  return modules;
}

export function node(): NodeModules {
  if (!modules) throw new Error("internal: node() called before loadNode()");
  return modules;
}
