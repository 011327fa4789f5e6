// The driver of an installing session (src/pkg/install/session.h): fetches what it asks for, many at a time, and hands the
// bytes on as they arrive.
//
// Guarantees: every fetch that the session asks for ends in exactly one way, and at most LIMIT are under way. A session is
// closed however it ends. Must not decide what is needed or whether it is good: the session does.

import { IN_NODE } from "../host/environment.js";
import { reason } from "../host/files.js";
import { node } from "../host/node.js";
import type { FailureKind, Packages, PackageFetch, PackageSession, PackageStep } from "../ffi/packages.js";
import type { FS } from "./emscripten.js";

const LIMIT = 10;

export interface DriverEvents {
  log?(line: { level: string; text: string }): void;
  /** When all is decided and nothing has been changed. */
  plan?(plan: NonNullable<PackageStep["plan"]>): void;
}

export type Installation = NonNullable<PackageStep["done"]> & { kept: { name: string; version: string; source: string }[] };

/** Installs what the request asks for; throws an Error with the session's message when it cannot. */
export async function install(packages: Packages, files: FS, request: object, events: DriverEvents = {}): Promise<Installation> {
  const session = packages.openPackageSession(request);
  const cancel = new AbortController();
  const waiting: PackageFetch[] = [];
  const running = new Set<Promise<void>>();
  let kept: Installation["kept"] = [];
  try {
    for (;;) {
      const step = session.advance();
      for (const line of step.log ?? []) events.log?.(line);
      if (step.failed) throw new Error(step.failed.message);
      if (step.done) return { ...step.done, kept };
      if (step.plan) {
        kept = step.plan.keep;
        events.plan?.(step.plan);
        continue;
      }
      waiting.push(...step.fetch!);
      while (waiting.length > 0 && running.size < LIMIT) {
        const under = fetchOne(session, files, waiting.shift()!, cancel.signal).finally(() => running.delete(under));
        running.add(under);
      }
      if (running.size === 0) throw new Error("krait: an installation waits for nothing");
      await Promise.race(running);
    }
  } finally {
    cancel.abort();
    // Those that still run must not touch a session that is closed.
    await Promise.allSettled(running);
    session.close();
  }
}

/** Throws only for faults of our own. */
async function fetchOne(session: PackageSession, files: FS, wanted: PackageFetch, signal: AbortSignal): Promise<void> {
  const { id, url } = wanted;
  const fail = (kind: FailureKind, error: unknown): void => {
    if (!signal.aborted) session.failure(id, { kind, reason: reason(error) });
  };
  const scheme = /^[a-z]+(?=:)/i.exec(url)?.[0].toLowerCase();
  if (scheme === "emfs" || scheme === "file") {
    let bytes: Uint8Array;
    try {
      bytes = scheme === "emfs" ? readOwn(files, url) : await readHost(url);
    } catch (error) {
      return fail("missing", error);
    }
    if (signal.aborted || !session.response(id, { status: 200, url, contentType: "" })) return;
    if (session.bytes(id, bytes)) session.end(id);
    return;
  }
  let response: Response;
  try {
    response = await fetch(url, {
      signal,
      ...(wanted.accept === undefined ? {} : { headers: { accept: wanted.accept } }),
      ...(wanted.credentials === undefined ? {} : { credentials: wanted.credentials as RequestCredentials }),
    });
  } catch (error) {
    return fail(/redirect/i.test(causeOf(error)) ? "redirects" : "network", causeOf(error));
  }
  if (signal.aborted) return;
  const contentType = response.headers.get("content-type") ?? "";
  const reader = response.body?.getReader();
  if (!session.response(id, { status: response.status, url: response.url, contentType })) {
    return reader?.cancel().catch(() => {});
  }
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (signal.aborted) return;
      if (done) return session.end(id);
      if (!session.bytes(id, value)) return reader!.cancel().catch(() => {});
    }
  } catch (error) {
    fail("body", causeOf(error));
  }
}

/** "fetch failed" says nothing; what Node adds does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  return cause === undefined ? reason(error) : `${reason(error)}: ${reason(cause)}`;
}

function readOwn(files: FS, url: string): Uint8Array {
  const path = decodeURIComponent(url.slice("emfs:".length)).replace(/^\/\/(?=\/)/, "");
  if (!files.analyzePath(path).exists) throw new Error("there is no such file in Python's file system");
  return files.readFile(path);
}

async function readHost(url: string): Promise<Uint8Array> {
  if (!IN_NODE) throw new Error("pages cannot read files of their host");
  return new Uint8Array(node().fs.readFileSync(new URL(url)));
}
