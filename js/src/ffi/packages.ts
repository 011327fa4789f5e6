// The packaging library in wasm, as JavaScript calls it: sessions (src/pkg/install/session.h describes the protocol), and
// what is installed.
//
// Guarantees: plain objects in and out; one crossing a call, whatever its size. Must not fetch: the driver does.
import type { Border } from "./border";
import { PkgCall } from "./wire/contract.gen";

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

export function createPackages(b: Border): Packages {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();

  function call(what: PkgCall, session: number, id: number, bytes: Uint8Array): any {
    const at = b.x.alloc(bytes.length || 1) >>> 0;
    if (at === 0) throw new Error(`krait: no memory for ${bytes.length} bytes of a package`);
    try {
      b.u8.set(bytes, at);
      const answer = b.x.pkg(what, session, id, at, bytes.length) >>> 2;
      const start = b.u32[answer]!;
      return JSON.parse(decoder.decode(b.u8.subarray(start, start + b.u32[answer + 1]!)));
    } catch (error) {
      // The library itself throws nothing.
      throw error instanceof WebAssembly.Exception ? new Error("krait: there is no memory left for the packages", { cause: error }) : error;
    } finally {
      b.x.free(at);
    }
  }
  const ask = (what: PkgCall, argument: unknown = null, session = 0, id = 0): any => {
    const answer = call(what, session, id, encoder.encode(JSON.stringify(argument)));
    if (answer !== null && typeof answer === "object" && typeof answer.error === "string") throw new Error(answer.error);
    return answer;
  };

  return {
    openPackageSession(request) {
      const session: number = ask(PkgCall.OPEN, request).session;
      return {
        advance: () => ask(PkgCall.ADVANCE, null, session),
        response: (id, response) => ask(PkgCall.RESPONSE, response, session, id),
        bytes(id, chunk) {
          // A driver may have all of a large file at once; wasm's memory does not shrink again.
          for (let at = 0; at < chunk.length; at += PIECE) {
            if (!call(PkgCall.BYTES, session, id, chunk.subarray(at, at + PIECE))) return false;
          }
          return true;
        },
        end: (id) => ask(PkgCall.END, null, session, id),
        failure: (id, failure) => ask(PkgCall.FAILURE, failure, session, id),
        close: () => ask(PkgCall.CLOSE, null, session),
      };
    },
    site: () => ask(PkgCall.SITE).packages,
    uninstall: (names) => ask(PkgCall.UNINSTALL, names),
    tree: () => ask(PkgCall.TREE).text,
    check: () => ask(PkgCall.CHECK).problems,
    freeze: (options) => ask(PkgCall.FREEZE, options).text,
  };
}
