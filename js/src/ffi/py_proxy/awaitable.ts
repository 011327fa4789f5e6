// Awaitables as promises, and asynchronous iteration: what `await` and `for await` find on a PyProxy.
//
// Python does the waiting (py/_pyodide/_promise.py and _async_iteration.py); it answers by calling one of two functions.
import type { Border } from "../border";
import { pythonErrorOf } from "../errors";
import { PyFlags } from "../wire/contract.gen";
import { isPyProxy, proxyState, type ProxyState } from "./state";
import * as traps from "./traps";

/** Arguments of a call are borrowed: what outlives it is copied. */
function keep(value: unknown): unknown {
  return isPyProxy(value) ? (value as any).copy() : value;
}

/** What a promise is rejected with, for what Python passed to its `reject`. */
function asReason(b: Border, error: unknown): unknown {
  const state = proxyState(error);
  return state === undefined ? error : pythonErrorOf(b, state.address());
}

/** The promise for an awaitable: made once, since a coroutine can be awaited once. */
export function promiseOf(proxy: object, s: ProxyState): Promise<unknown> {
  if (s.promise !== null) return s.promise;
  s.address();
  // A coroutine is used up by being awaited; a future or a task may be asked again.
  const usedUp = traps.typeName(s) === "coroutine";
  s.promise = s.border.promise((resolve, reject) => {
    s.border.helper("_pyodide._promise", "settle")(
      proxy,
      (value: unknown) => resolve(keep(value)),
      (error: unknown) => reject(asReason(s.border, error)),
    );
  });
  if (usedUp) s.release("this coroutine has been awaited already: its proxy is used up");
  return s.promise;
}

/** One step of an asynchronous iterator. `how` is a function of _pyodide._async_iteration. */
export function asyncStep(
  proxy: object,
  s: ProxyState,
  how: "advance" | "send_into" | "throw_into" | "return_from",
  ...value: unknown[]
): Promise<IteratorResult<unknown>> {
  s.address();
  return s.border.promise((resolve, reject) => {
    s.border.helper("_pyodide._async_iteration", how)(
      proxy,
      (done: boolean, item: unknown) => resolve({ done, value: keep(item) }),
      (error: unknown) => reject(asReason(s.border, error)),
      ...value,
    );
  });
}

/** Walks an asynchronous iterator of its own, which is given back at the end, also when the loop is left early. */
export async function* asyncIterate(proxy: object, s: ProxyState): AsyncGenerator<unknown, void, unknown> {
  s.address();
  const iterator: any = s.border.helper("_pyodide._async_iteration", "get_iterator")(proxy);
  if (!isPyProxy(iterator)) {
    yield* iterator; // a JavaScript object that went through Python
    return;
  }
  const state = proxyState(iterator)!;
  let ended = false;
  try {
    for (;;) {
      let item: IteratorResult<unknown>;
      try {
        item = await asyncStep(iterator, state, "advance");
      } catch (e) {
        ended = true;
        throw e;
      }
      if (item.done) {
        ended = true;
        return;
      }
      yield item.value;
    }
  } finally {
    try {
      if (!ended && state.flags & PyFlags.ASYNC_GENERATOR) await asyncStep(iterator, state, "return_from", undefined);
    } finally {
      (iterator as any).destroy();
    }
  }
}
