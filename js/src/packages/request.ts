// One attempt to fetch something over HTTP: the answer, its body in pieces, or a failure that says what is known of it.
//
// Guarantees: an attempt ends after `silence` milliseconds without a byte, or after `whole` in all; nothing of it goes on after
// that. Reasons do not repeat the URL: who quotes them names it. Must not decide whether to try again: download.ts does.

import { IN_NODE } from "../host/environment.js";
import { reason } from "../host/files.js";
import type { FailureKind } from "./library.js";

export interface Attempt {
  url: string;
  accept?: string | undefined;
  credentials?: string | undefined;
  /** Milliseconds. */
  silence: number;
  whole: number;
  signal: AbortSignal;
}

/** Why an attempt came to nothing. */
export interface Refusal {
  kind: FailureKind;
  reason: string;
  /** Whether the next attempt may go better. */
  again: boolean;
}

export interface Answer {
  status: number;
  url: string;
  contentType: string;
  /** Of the body, when the server says so and it can be trusted. */
  length: number | undefined;
  /** Seconds or a date, as the server has it. */
  retryAfter: string | null;
}

export interface Listener {
  /** False: the body is not wanted. */
  answer(answer: Answer): boolean;
  /** False: no more is wanted. */
  bytes(chunk: Uint8Array): boolean;
}

/** What Node says of connections that a moment later may work. */
const PASSING = /^(ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_SOCKET|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/;

/** Resolves to nothing when the whole body came, or when the listener wanted no more. */
export async function attempt(wanted: Attempt, listener: Listener): Promise<Refusal | undefined> {
  const leash = follow(wanted.signal);
  let late: Refusal | undefined;
  const limit = (milliseconds: number, why: string, again: boolean) =>
    setTimeout(() => ((late = { kind: "timeout", reason: why, again }), leash.abort()), milliseconds);
  const watch = () => limit(wanted.silence, `nothing came for ${seconds(wanted.silence)}`, true);
  let silence = watch();
  const whole = Number.isFinite(wanted.whole) ? limit(wanted.whole, `it was not complete after ${seconds(wanted.whole)}`, false) : undefined;
  const failed = async (error: unknown, began: boolean): Promise<Refusal> => {
    if (late) return late;
    if (wanted.signal.aborted) throw wanted.signal.reason;
    if (began) return { kind: "body", reason: `the download broke off: ${causeOf(error)}`, again: true };
    return explain(wanted, error);
  };
  // What the listener throws is no failure of the download.
  try {
    let response: Response;
    try {
      response = await fetch(wanted.url, {
        signal: leash.signal,
        ...(wanted.accept === undefined ? {} : { headers: { accept: wanted.accept } }),
        ...(wanted.credentials === undefined ? {} : { credentials: wanted.credentials as RequestCredentials }),
      });
    } catch (error) {
      return await failed(error, false);
    }
    const reader = response.body?.getReader();
    if (!listener.answer(answerOf(response, wanted.url))) return undefined;
    while (reader) {
      clearTimeout(silence);
      silence = watch();
      let piece: Awaited<ReturnType<typeof reader.read>>;
      try {
        piece = await reader.read();
      } catch (error) {
        return await failed(error, true);
      }
      if (piece.done || !listener.bytes(piece.value)) break;
    }
    return undefined;
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
    // Whatever is still to come is not wanted.
    leash.abort();
  }
}

/** A signal that is aborted with another one, with its reason, or by abort(), which also ends that. */
function follow(other: AbortSignal): { signal: AbortSignal; abort(): void } {
  const control = new AbortController();
  const stop = (): void => control.abort(other.reason);
  if (other.aborted) stop();
  other.addEventListener("abort", stop);
  return {
    signal: control.signal,
    abort() {
      other.removeEventListener("abort", stop);
      control.abort();
    },
  };
}

function answerOf(response: Response, url: string): Answer {
  const { headers } = response;
  // Of a body that was packed for the way this is the length of what was sent; and then the header of that is hidden or there.
  const length = Number(headers.get("content-encoding") === null ? (headers.get("content-length") ?? NaN) : NaN);
  return {
    status: response.status,
    url: response.url || url,
    contentType: headers.get("content-type") ?? "",
    length: Number.isSafeInteger(length) ? length : undefined,
    retryAfter: headers.get("retry-after"),
  };
}

/** There was no answer: why. Browsers do not tell, so they are asked other questions. */
async function explain(wanted: Attempt, error: unknown): Promise<Refusal> {
  const said = causeOf(error);
  if (/redirect count|too many redirect/i.test(said)) return { kind: "redirects", reason: said, again: false };
  if (IN_NODE) {
    const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? "");
    return { kind: "network", reason: said, again: PASSING.test(code) };
  }
  const { origin } = globalThis.location ?? {};
  if (isSameOrigin(wanted.url, origin)) {
    if ((await ask(wanted, { redirect: "manual" }))?.type === "opaqueredirect") return redirected(said);
    return { kind: "network", reason: `${said}: no connection`, again: true };
  }
  // What comes cannot be read this way, but that it comes says that the server is there.
  if (await ask(wanted, { mode: "no-cors" })) {
    return {
      kind: "network",
      reason:
        `the server answers, but does not let pages of ${origin} read it (CORS): expected the header ` +
        `"Access-Control-Allow-Origin: ${origin}" or "*"; fetch it from your own origin, or from a server that sends it`,
      again: false,
    };
  }
  if ((await ask(wanted, { redirect: "manual" }))?.type === "opaqueredirect") return redirected(said);
  return { kind: "network", reason: `${said}: no connection, or the browser refused to make one`, again: true };
}

const redirected = (said: string): Refusal => ({
  kind: "redirects",
  reason: `${said}: it redirects in a circle, or to where it may not be fetched from`,
  again: false,
});

function isSameOrigin(url: string, origin: string | undefined): boolean {
  try {
    return new URL(url).origin === origin;
  } catch {
    return false;
  }
}

async function ask({ url, silence, signal }: Attempt, how: RequestInit): Promise<Response | undefined> {
  const leash = follow(signal);
  const timer = setTimeout(leash.abort, Math.min(silence, 5000));
  try {
    return await fetch(url, { method: "HEAD", cache: "no-store", ...how, signal: leash.signal });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    leash.abort();
  }
}

/** "fetch failed" says nothing; what Node adds does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  return cause === undefined ? reason(error) : `${reason(error)}: ${reason(cause)}`;
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
