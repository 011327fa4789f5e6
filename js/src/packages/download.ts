// Downloads for installing sessions: many at a time but not too many, tried again when that may help, from a cache when they
// were here before, begun before anybody asks for them when somebody is going to.
//
// Guarantees: each run() tells its sink a response and pieces and an end, or a failure at any point, and nothing after that, nor
// after its signal is aborted; at most `atOnce` connections are open. The bytes of a second attempt are those behind the ones
// that the first attempt gave. Must not judge contents: the session does, by their hashes.

import { reason, sha256 } from "../host/files.js";
import type { WheelCache } from "./cache.js";
import type { FailureKind, PackageFetch } from "./library.js";
import { type OwnFiles, isLocal, readLocal } from "./local.js";
import { type Answer, type Refusal, attempt } from "./request.js";

export type Wanted = Pick<PackageFetch, "url" | "kind"> & Partial<Pick<PackageFetch, "accept" | "credentials" | "sha256" | "size">>;

export interface Sink {
  /** `length`: of the body, if it is known. False: the body is not wanted. */
  response(response: { status: number; url: string; contentType: string }, length: number | undefined): boolean;
  /** False: no more is wanted. */
  bytes(chunk: Uint8Array): boolean;
  end(): void;
  failure(failure: { reason: string; kind: FailureKind }): void;
}

export interface DownloadSettings {
  atOnce: number;
  /** Milliseconds without a byte before an attempt is given up. */
  silence: number;
  /** Milliseconds before the second attempt, the third, and so on; there are no more attempts than that. */
  pauses: number[];
  cache: WheelCache | undefined;
  /** Python's file system, which is there when somebody asks for a file of it. */
  own: () => OwnFiles;
}

/** Whatever is small must be there after that many times the silence that is allowed: an index that dribbles is no use. */
const WHOLE = 4;
/** A server that wants a longer pause is told of instead of waited for. */
const LONGEST_PAUSE = 10_000;
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);

export class Downloader {
  readonly #settings: DownloadSettings;
  #open = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #early = new Map<string, Relay>();

  constructor(settings: DownloadSettings) {
    this.#settings = settings;
  }

  /** Begins what a run() with the same URL will want. */
  prefetch(wanted: Wanted): void {
    if (isLocal(wanted.url) || this.#early.has(wanted.url)) return;
    const relay = new Relay();
    this.#early.set(wanted.url, relay);
    this.#perform(wanted, relay, relay.signal).catch((error: unknown) => relay.failure({ kind: "network", reason: reason(error) }));
  }

  /** Gives up what was begun and not asked for. */
  dropPrefetched(): void {
    for (const relay of this.#early.values()) relay.cancel();
    this.#early.clear();
  }

  /** Rejects only when the signal is aborted, and for faults of our own. */
  async run(wanted: Wanted, sink: Sink, signal: AbortSignal): Promise<void> {
    const relay = this.#early.get(wanted.url);
    if (relay) {
      this.#early.delete(wanted.url);
      return relay.follow(sink, signal);
    }
    return this.#perform(wanted, sink, signal);
  }

  async #perform(wanted: Wanted, sink: Sink, signal: AbortSignal): Promise<void> {
    if (isLocal(wanted.url)) return this.#local(wanted, sink, signal);
    const { cache } = this.#settings;
    const hash = wanted.kind === "wheel" || wanted.kind === "archive" ? wanted.sha256 : undefined;
    const kept = hash === undefined ? undefined : await cache?.find(hash, wanted.url);
    signal.throwIfAborted();
    if (kept) return give(sink, wanted.url, kept);
    await this.#take(signal);
    try {
      await this.#http(wanted, cache && hash !== undefined ? new Collector(sink, cache, hash, wanted.url) : sink, signal);
    } finally {
      this.#give();
    }
  }

  async #local({ url }: Wanted, sink: Sink, signal: AbortSignal): Promise<void> {
    let bytes: Uint8Array;
    try {
      bytes = await readLocal(url, this.#settings.own());
    } catch (error) {
      signal.throwIfAborted();
      return sink.failure({ kind: "missing", reason: reason(error) });
    }
    signal.throwIfAborted();
    give(sink, url, bytes);
  }

  async #http(wanted: Wanted, sink: Sink, signal: AbortSignal): Promise<void> {
    const { silence, pauses } = this.#settings;
    const isSmall = wanted.kind !== "wheel" && wanted.kind !== "archive";
    // What the sink knows already.
    let given = 0;
    let told = false;
    for (let tries = 0; ; tries++) {
      let over = false;
      // The answer was one that passes: nobody is told of it.
      let passed = false;
      let skip = given;
      const usual = pauses[tries];
      let pause = usual ?? 0;
      const refusal = await attempt(
        { url: wanted.url, accept: wanted.accept, credentials: wanted.credentials, silence, whole: isSmall ? silence * WHOLE : Infinity, signal },
        {
          answer(answer) {
            const wait = usual !== undefined && PASSING_STATUS.has(answer.status) ? pauseOf(answer, usual) : undefined;
            if (wait !== undefined) {
              pause = wait;
              passed = true;
              return false;
            }
            if (told && answer.status !== 200) {
              sink.failure({ kind: "body", reason: `the download broke off, and then the server answered with status ${answer.status}` });
              over = true;
              return false;
            }
            if (told) return true;
            told = true;
            over = !sink.response({ status: answer.status, url: answer.url, contentType: answer.contentType }, answer.length);
            return !over;
          },
          bytes(chunk) {
            const fresh = chunk.subarray(Math.min(skip, chunk.length));
            skip -= chunk.length - fresh.length;
            if (fresh.length === 0) return true;
            given += fresh.length;
            over = !sink.bytes(fresh);
            return !over;
          },
        },
      );
      signal.throwIfAborted();
      if (over) return;
      if (refusal) {
        // A server that says nothing twice will not be asked a third time: that takes long.
        const again = usual !== undefined && refusal.again && (refusal.kind !== "timeout" || tries === 0);
        if (!again) return sink.failure(tried(refusal, tries));
      } else if (!passed) {
        // A second attempt gave less than the first: another body.
        if (skip > 0) return sink.failure({ kind: "body", reason: "the download broke off, and then the server gave another file" });
        return sink.end();
      }
      await sleep(pause, signal);
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    if (this.#open >= this.#settings.atOnce) {
      await new Promise<void>((go, stop) => {
        const turn = (): void => (signal.removeEventListener("abort", leave), go());
        const leave = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          stop(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        this.#waiting.push(turn);
      });
    } else {
      this.#open++;
    }
  }

  /** The place goes to the one who waits longest. */
  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#open--;
  }
}

/** All of it is here. */
function give(sink: Sink, url: string, bytes: Uint8Array): void {
  if (sink.response({ status: 200, url, contentType: "" }, bytes.length) && sink.bytes(bytes)) sink.end();
}

function tried(refusal: Refusal, tries: number): { kind: FailureKind; reason: string } {
  return { kind: refusal.kind, reason: tries > 0 ? `${refusal.reason} (tried ${tries + 1} times)` : refusal.reason };
}

/** Milliseconds; undefined: longer than anybody would wait. */
function pauseOf({ retryAfter }: Answer, usual: number): number | undefined {
  if (retryAfter === null) return usual;
  const wanted = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  if (Number.isNaN(wanted)) return usual;
  return wanted > LONGEST_PAUSE ? undefined : Math.max(wanted, usual);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((go, stop) => {
    const timer = setTimeout(() => (signal.removeEventListener("abort", wake), go()), milliseconds);
    const wake = (): void => (clearTimeout(timer), stop(signal.reason));
    signal.addEventListener("abort", wake, { once: true });
  });
}

/** Keeps a wheel for the next time, if it is the one that was promised. */
class Collector implements Sink {
  readonly #chunks: Uint8Array[] = [];

  constructor(
    readonly sink: Sink,
    readonly cache: WheelCache,
    readonly hash: string,
    readonly url: string,
  ) {}

  response(...facts: Parameters<Sink["response"]>): boolean {
    return this.sink.response(...facts);
  }
  bytes(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    return this.sink.bytes(chunk);
  }
  end(): void {
    // Nobody waits for it.
    void this.#keep();
    this.sink.end();
  }
  failure(failure: Parameters<Sink["failure"]>[0]): void {
    this.sink.failure(failure);
  }

  async #keep(): Promise<void> {
    const bytes = new Uint8Array(await new Blob(this.#chunks as BlobPart[]).arrayBuffer());
    if ((await sha256(bytes)) === this.hash) await this.cache.keep(this.hash, this.url, bytes);
  }
}

type Event = (sink: Sink) => boolean;

/** What was begun early: remembers what came until somebody wants it, and hands on what comes then. */
class Relay implements Sink {
  readonly #control = new AbortController();
  readonly #past: Event[] = [];
  #sink: Sink | undefined;
  #over = false;
  #finish: (() => void) | undefined;

  get signal(): AbortSignal {
    return this.#control.signal;
  }
  cancel(): void {
    this.#control.abort();
  }

  async follow(sink: Sink, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const event of this.#past.splice(0)) {
      if (!event(sink)) return this.cancel();
    }
    if (this.#over) return;
    this.#sink = sink;
    const stop = (): void => this.cancel();
    signal.addEventListener("abort", stop, { once: true });
    await new Promise<void>((finish) => {
      this.#finish = finish;
      this.signal.addEventListener("abort", () => finish(), { once: true });
    });
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
  }

  #tell(event: Event, isLast = false): boolean {
    if (this.signal.aborted) return false;
    if (isLast) this.#over = true;
    if (!this.#sink) return void this.#past.push(event) === undefined;
    const goesOn = event(this.#sink);
    if (isLast || !goesOn) this.#finish?.();
    return goesOn;
  }

  response(...facts: Parameters<Sink["response"]>): boolean {
    return this.#tell((sink) => sink.response(...facts));
  }
  bytes(chunk: Uint8Array): boolean {
    return this.#tell((sink) => sink.bytes(chunk));
  }
  end(): void {
    this.#tell((sink) => (sink.end(), true), true);
  }
  failure(failure: Parameters<Sink["failure"]>[0]): void {
    this.#tell((sink) => (sink.failure(failure), true), true);
  }
}
