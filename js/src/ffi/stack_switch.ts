// Stack switching on JavaScript's side: calls of Python that answer with a promise, since Python may wait inside them, and
// the import through which it waits. How stacks are put aside is told in src/runtime/stack_switch.cc.
//
// Guarantees: where the engine has no JS Promise Integration nothing here is used by wasm, and calls that ask for it are
// rejected with an Error that says so. Ordinary calls and imports are not touched.
import type { Border } from "./border";
import { writeThrown } from "./errors";
import { CELL, readResult, writeArgument, writeResult } from "./wire/cell";
import { type KraitImports, Tag } from "./wire/contract.gen";

type Callable = (...args: any[]) => any;
const { Suspending, promising } = WebAssembly as unknown as {
  Suspending?: new (f: Callable) => Callable;
  promising?: (f: Callable) => (...args: any[]) => Promise<void>;
};

/** Does the engine have JS Promise Integration? */
export const canSwitchStacks = typeof Suspending === "function" && typeof promising === "function";

export const NO_STACK_SWITCHING = "WebAssembly stack switching not supported in this JavaScript runtime";

/** An export as a function that runs on a wasm stack of its own; null where there is no stack switching. */
export function makePromising(f: unknown): ((...args: number[]) => Promise<void>) | null {
  return canSwitchStacks ? promising!(f as Callable) : null;
}

/** What a stack that waits will be told. */
interface Wait {
  failed: boolean;
  value: unknown;
}

/** The import through which Python waits, as wasm has to be given it. */
export function suspending(imports: KraitImports): KraitImports {
  return { ...imports, krait_wait: canSwitchStacks ? (new Suspending!(imports.krait_wait) as KraitImports["krait_wait"]) : () => {} };
}

export function waitImports(b: Border): Pick<KraitImports, "krait_wait" | "krait_outcome"> {
  // By the address of the stack.
  const waits = new Map<number, Wait>();
  // Must not touch the stack's memory or cells: they are away while it waits. Hence the outcome is fetched, not brought.
  const wait = async (stack: number, promise: unknown) => {
    const outcome: Wait = { failed: false, value: undefined };
    waits.set(stack, outcome);
    try {
      outcome.value = await promise;
    } catch (e) {
      outcome.failed = true;
      outcome.value = e;
    }
    // Its memory is gone after a reset: a stack that still waits is never taken up again, and collected.
    if (b.ended) await new Promise(() => {});
  };
  return {
    krait_wait: wait,
    krait_outcome(stack, out) {
      b.crossings++;
      // There is none when the engine has refused to suspend before it called wait().
      const { failed, value } = waits.get(stack) ?? { failed: false, value: undefined };
      waits.delete(stack);
      try {
        return failed ? writeThrown(b, value, out) : writeResult(b, value, out, false);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
  };
}

/**
 * Calls the object at this address on a wasm stack of its own. Python runs at once, up to where it first waits. Its
 * result or exception goes into the promise; only arguments that cannot be passed are an error of the call itself.
 */
export function callPromising(
  b: Border,
  object: number,
  args: ArrayLike<unknown>,
  names: string[] | null = null,
  values: unknown[] | null = null,
): Promise<any> {
  const call = b.promisingCall;
  if (call === null) return Promise.reject(new Error(NO_STACK_SWITCHING));
  b.crossings++;
  const all: unknown[] = Array.from(args);
  const kwargc = names?.length ?? 0;
  for (let i = 0; i < kwargc; i++) all.push(names![i], values![i]);
  // On the heap: the stack that holds cells of other operations has its own order.
  const cells = b.x.alloc(CELL * (1 + all.length)) >>> 0;
  if (cells === 0) throw new RangeError(`krait: no memory for a call with ${all.length} arguments`);
  let written = 0;
  try {
    for (const value of all) {
      writeArgument(b, value, cells + CELL * (1 + written));
      written++;
    }
    // On the stack of its own there is room, but what it calls of JavaScript runs on this one.
    b.x.need_promising_room();
  } catch (e) {
    for (let i = 1; i <= written; i++) b.x.discard(cells + CELL * i);
    b.x.free(cells);
    throw e;
  }
  return finish(b, call(object, cells, args.length, kwargc), cells);
}

/** The same for a function without arguments whose result nobody asks for: the event loop's own. */
export function enterPromising(b: Border, object: number): void {
  b.crossings++;
  b.x.need_promising_room();
  const cells = b.x.alloc(CELL) >>> 0;
  if (cells === 0) throw new RangeError("krait: no memory for a call");
  // A failure is nobody's but the host's, as that of any other callback of a timer.
  void finish(b, b.promisingCall!(object, cells, 0, 0), cells);
}

function finish(b: Border, ended: Promise<void>, cells: number): Promise<any> {
  return b.promise((resolve, reject) => {
    ended.then(
      () => {
        try {
          resolve(readResult(b, takeValue(b, cells), cells));
        } catch (e) {
          reject(e);
        } finally {
          b.x.free(cells);
        }
      },
      (e) => {
        b.x.free(cells);
        reject(e);
      },
    );
  });
}

/** The JavaScript value that goes with a result is in a slot: a promise would have looked into it. */
function takeValue(b: Border, cell: number): unknown {
  const word = cell >>> 2;
  const tag = b.i32[word];
  if (tag !== Tag.JS && !(tag === Tag.THROWN && b.i32[word + 1] === 0)) return null;
  const slot = b.i32[word + 2]!;
  const value = b.x.slot_get(slot);
  b.x.slot_free(slot);
  return value;
}
