// Which JavaScript host this is, and the few facts about it that the rest of the loader needs.
//
// Guarantees: detection has no side effect and touches nothing of the page. Deno and Bun offer Node's API and are
// treated as Node. Must not decide anything about Python: that is the runtime's part.

type ProcessLike = {
  versions?: { node?: string };
  argv?: string[];
  type?: string;
  cwd?(): string;
};

const scope = globalThis as unknown as {
  process?: ProcessLike;
  window?: unknown;
  document?: { baseURI: string; currentScript?: { src?: string } | null };
  location?: { href: string };
  WorkerGlobalScope?: unknown;
  importScripts?: unknown;
};

/** Node, Deno and Bun. Electron's renderer has `process` too, but there files come by URL: it counts as a browser. */
export const IN_NODE =
  typeof scope.process === "object" &&
  typeof scope.process.versions?.node === "string" &&
  scope.process.type !== "renderer";

export const IN_BROWSER_MAIN_THREAD = !IN_NODE && typeof scope.document === "object" && typeof scope.window === "object";

export const IN_WORKER = !IN_NODE && typeof scope.WorkerGlobalScope === "function";

/** What relative URLs are relative to, outside Node. */
export function baseURI(): string {
  return scope.document?.baseURI ?? scope.location?.href ?? "";
}

/** The program that was started: the default of sys.executable. */
export function programName(): string {
  const name = IN_NODE ? scope.process?.argv?.[1] : undefined;
  return name ? name.replaceAll("\\", "/") : "python";
}
