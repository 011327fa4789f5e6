// The packaging library, as the rest of JavaScript calls it: sessions (src/pkg/install/session.h describes the protocol), and
// what is installed.
//
// Guarantees: plain objects in and out. Memory that an installation took is given back after it. Must not fetch what is installed: the
// driver does.
import { PkgCall } from "./contract.gen.js";
import { LibraryInstance, type LibrarySurroundings } from "./library_instance.js";
import type { LibraryModule } from "./library_module.js";

export interface PackageFetch {
  id: number;
  kind: "page" | "metadata" | "wheel" | "archive" | "lock";
  url: string;
  name: string;
  accept?: string;
  sha256?: string;
  size?: number;
  credentials?: string;
}

export interface PlannedInstall {
  name: string;
  version: string;
  source: "index" | "url" | "lock";
  url: string;
  file: string;
  requested: boolean;
  extras: string[];
  sha256?: string;
  size?: number;
  replaces?: string;
}

export interface PackageStep {
  fetch?: PackageFetch[];
  plan?: {
    install: PlannedInstall[];
    remove: { name: string; version: string }[];
    keep: { name: string; version: string; source: string }[];
  };
  done?: {
    installed: (PlannedInstall & { folder: string; dist_info: string; dynlibs: string[]; imports: string[] })[];
    removed: { name: string; version: string; files: string[] }[];
    problems: string[];
  };
  failed?: { message: string; problems: string[] };
  log?: { level: "info" | "verbose" | "warning"; text: string }[];
}

export type FailureKind = "network" | "body" | "redirects" | "timeout" | "missing";

export interface PackageSession {
  advance(): PackageStep;
  /** false: the body is not wanted; nothing more may be told of this fetch. The same for bytes(). */
  response(id: number, response: { status: number; url: string; contentType: string }): boolean;
  bytes(id: number, chunk: Uint8Array): boolean;
  end(id: number): void;
  failure(id: number, failure: { reason: string; kind: FailureKind }): void;
  /** Must be called at last. */
  close(): void;
}

export interface InstalledPackage {
  name: string;
  version: string;
  source: string;
  url: string;
  installer: string;
  requested: boolean;
  dist_info: string;
}

export interface Packages {
  /** Whether prepare() has nothing to do. */
  readonly isReady: boolean;
  /** Gets the library itself, which the other functions do too, but without letting anybody else run meanwhile. */
  prepare(): Promise<void>;
  /** A request that makes no sense throws. */
  openPackageSession(request: object): PackageSession;
  /** What is installed in site-packages. */
  site(): InstalledPackage[];
  /** All or none; names that are not installed are in `missing`. */
  uninstall(names: string[]): { removed: { name: string; version: string; files: string[] }[]; missing: string[]; log?: PackageStep["log"] };
  tree(): string;
  check(): string[];
  /** A lock file of what is installed. `lock`: the one that packages came from. */
  freeze(options: { format: "pyodide" | "pylock"; lock?: { text: string; base_url: string } }): string;
}

const PIECE = 1 << 18;
/** Bytes of memory above which an instance that nobody uses is not kept for long: one that has read wheels may have a hundred million. */
const LARGE = 8 << 20;
/** Milliseconds that it is kept for the next installation: to make memory of that size costs more than all else about a wheel. */
const REST = 10_000;

export function createPackages(module: LibraryModule, surroundings: LibrarySurroundings): Packages {
  const encoder = new TextEncoder();
  let last: LibraryInstance | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const instance = (): LibraryInstance => {
    surroundings.mustLive();
    clearTimeout(rest);
    if (last?.hasFailed) last = undefined;
    return (last ??= new LibraryInstance(module.now(), surroundings));
  };
  const tidy = (library: LibraryInstance): void => {
    if (last !== library || library.sessions > 0 || library.size <= LARGE) return;
    clearTimeout(rest);
    rest = setTimeout(() => (last = undefined), REST);
    // No reason for a process to go on.
    (rest as { unref?(): void }).unref?.();
  };
  const ask = (library: LibraryInstance, what: PkgCall, argument: unknown = null, session = 0, id = 0): any => {
    const answer = library.call(what, session, id, encoder.encode(JSON.stringify(argument)));
    if (answer !== null && typeof answer === "object" && typeof answer.error === "string") throw new Error(answer.error);
    return answer;
  };
  const askOnce = (what: PkgCall, argument: unknown = null): any => {
    const library = instance();
    try {
      return ask(library, what, argument);
    } finally {
      tidy(library);
    }
  };

  return {
    get isReady() {
      return module.isReady;
    },
    prepare: () => module.prepare(),
    openPackageSession(request) {
      const library = instance();
      const session: number = ask(library, PkgCall.OPEN, request).session;
      library.sessions++;
      return {
        advance: () => ask(library, PkgCall.ADVANCE, null, session),
        response: (id, response) => ask(library, PkgCall.RESPONSE, response, session, id),
        bytes(id, chunk) {
          // A driver may have all of a large file at once; wasm's memory does not shrink again.
          for (let at = 0; at < chunk.length; at += PIECE) {
            if (!library.call(PkgCall.BYTES, session, id, chunk.subarray(at, at + PIECE))) return false;
          }
          return true;
        },
        end: (id) => ask(library, PkgCall.END, null, session, id),
        failure: (id, failure) => ask(library, PkgCall.FAILURE, failure, session, id),
        close() {
          library.sessions--;
          if (!library.hasFailed) ask(library, PkgCall.CLOSE, null, session);
          tidy(library);
        },
      };
    },
    site: () => askOnce(PkgCall.SITE).packages,
    uninstall: (names) => askOnce(PkgCall.UNINSTALL, names),
    tree: () => askOnce(PkgCall.TREE).text,
    check: () => askOnce(PkgCall.CHECK).problems,
    freeze: (options) => askOnce(PkgCall.FREEZE, options).text,
  };
}
