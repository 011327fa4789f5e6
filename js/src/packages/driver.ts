// The driver of an installing session (src/pkg/install/session.h): has what it asks for downloaded, and hands the bytes on as they
// arrive.
//
// Guarantees: every fetch that the session asks for ends in exactly one way. A session is closed however it ends, and then nothing
// of it is under way. Must not decide what is needed or whether it is good: the session does.

import type { Downloader, Sink } from "./download.js";
import type { PackageFetch, PackageSession, PackageStep, Packages } from "./library.js";

export interface DriverEvents {
  log?(line: { level: string; text: string }): void;
  /** When all is decided and nothing has been changed. */
  plan?(plan: NonNullable<PackageStep["plan"]>): void;
  /** A file begins to come; `total` bytes, if that is known. */
  began?(fetch: PackageFetch, total: number | undefined): void;
  received?(fetch: PackageFetch, bytes: number): void;
  /** It came, or it did not. */
  ended?(fetch: PackageFetch): void;
}

export type Installation = NonNullable<PackageStep["done"]> & { kept: NonNullable<PackageStep["plan"]>["keep"] };

/**
 * Installs what the request asks for; throws an Error with the session's message when it cannot, and the signal's reason when
 * that is aborted: then nothing was installed.
 */
export async function install(
  packages: Packages,
  downloader: Downloader,
  request: object,
  events: DriverEvents = {},
  signal?: AbortSignal,
): Promise<Installation> {
  signal?.throwIfAborted();
  const session = packages.openPackageSession(request);
  const control = new AbortController();
  const stop = (): void => control.abort(signal!.reason);
  signal?.addEventListener("abort", stop);
  const aborted = new Promise<never>((_, reject) => control.signal.addEventListener("abort", () => reject(control.signal.reason)));
  aborted.catch(() => {});
  const running = new Set<Promise<void>>();
  // Each fetch has a signal of its own: Node warns of one that more than ten listen to.
  const signals = new Set<AbortController>();
  control.signal.addEventListener("abort", () => {
    for (const one of signals) one.abort(control.signal.reason);
  });
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
      for (const fetch of step.fetch!) {
        const one = new AbortController();
        signals.add(one);
        const under: Promise<void> = downloader.run(fetch, sinkOf(session, fetch, events, one.signal), one.signal).finally(() => {
          running.delete(under);
          signals.delete(one);
        });
        running.add(under);
      }
      if (running.size === 0) throw new Error("krait: an installation waits for nothing");
      await Promise.race([...running, aborted]);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    control.abort();
    // Those that still run must not touch a session that is closed.
    await Promise.allSettled(running);
    session.close();
  }
}

function sinkOf(session: PackageSession, fetch: PackageFetch, events: DriverEvents, signal: AbortSignal): Sink {
  const { id } = fetch;
  const ended = (): void => events.ended?.(fetch);
  return {
    response(response, length) {
      if (signal.aborted) return false;
      if (!session.response(id, response)) return (ended(), false);
      events.began?.(fetch, fetch.size ?? length);
      return true;
    },
    bytes(chunk) {
      if (signal.aborted) return false;
      if (!session.bytes(id, chunk)) return (ended(), false);
      events.received?.(fetch, chunk.length);
      return true;
    },
    end() {
      if (signal.aborted) return;
      session.end(id);
      ended();
    },
    failure(failure) {
      if (signal.aborted) return;
      session.failure(id, failure);
      ended();
    },
  };
}
