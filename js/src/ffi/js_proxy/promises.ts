// Promises that Python waits for.
import type { Border } from "../border";
import { writeThrown } from "../errors";
import { callPython } from "../py_proxy/call";
import type { KraitImports } from "../wire/contract.gen";
import { done } from "./arguments";

export function promiseImports(b: Border): Pick<KraitImports, "krait_then"> {
  return {
    // One of the two Python functions is called, once; then both are let go of. A promise that never settles keeps them,
    // as it would keep functions of JavaScript.
    krait_then(promise, resolve, reject, out) {
      b.crossings++;
      b.x.incref(resolve);
      b.x.incref(reject);
      let settled = false;
      const letGo = () => {
        settled = true;
        b.x.decref(resolve);
        b.x.decref(reject);
      };
      const settle = (callee: number) => (value: unknown) => {
        // Python that was waiting is gone after a reset.
        if (settled || b.ended) return;
        try {
          callPython(b, callee, [value]);
        } finally {
          letGo();
        }
      };
      try {
        promise.then(settle(resolve), settle(reject));
        return done(b, out);
      } catch (e) {
        if (!settled) letGo();
        return writeThrown(b, e, out);
      }
    },
  };
}
