// Generators, iterators and what can be disposed of, as Python drives them.
import type { Border } from "../border";
import { pythonErrorOf, writeThrown } from "../errors";
import { jsFlags } from "./flags";
import { asyncDispose, dispose } from "../symbols";
import { writeResult } from "../wire/cell";
import { Iterate, JsFlags, Resume, Step, Tag, type KraitImports } from "../wire/contract.gen";
import { absent, readKept } from "./arguments";

/** As JavaScript's own loops: an iterator that answers with no object is broken, and must not go on for ever. */
function iteratorResult(step: any): any {
  if ((typeof step !== "object" && typeof step !== "function") || step === null)
    throw new TypeError(`Iterator result ${String(step)} is not an object`);
  return step;
}

/** Writes a step of an iteration: the item, or the return value with RETURNED, or ABSENT for none. */
function writeStep(b: Border, step: any, out: number): unknown {
  const { value } = step;
  if (!step.done) {
    const item = writeResult(b, value, out, false);
    b.i32[(out >>> 2) + 1]! &= ~Step.RETURNED;
    return item;
  }
  if (value === undefined) return absent(b, out);
  const result = writeResult(b, value, out, false);
  b.i32[(out >>> 2) + 1]! |= Step.RETURNED;
  return result;
}

/** What throw() is given: a Python exception as the PythonError that JavaScript would have caught. */
function thrownValue(b: Border, cell: number): unknown {
  const word = cell >>> 2;
  return b.i32[word] === Tag.PY ? pythonErrorOf(b, b.u32[word + 2]!) : readKept(b, cell);
}

/** What a generator without the method does: it ends, by throwing what it was given. */
function withoutMethod(how: Resume, value: unknown): any {
  if (how === Resume.THROW) throw value;
  return { done: true, value };
}

const METHODS = { [Resume.SEND]: "next", [Resume.THROW]: "throw", [Resume.RETURN]: "return" } as const;

type GeneratorImports = Pick<KraitImports, "krait_get_iterator" | "krait_next" | "krait_resume" | "krait_dispose">;

export function generatorImports(b: Border): GeneratorImports {
  return {
    krait_get_iterator(object, over, out) {
      b.crossings++;
      try {
        const iterator =
          over === Iterate.KEYS && typeof object.keys === "function"
            ? object.keys()
            : object[over === Iterate.ASYNC ? Symbol.asyncIterator : Symbol.iterator]();
        if (typeof iterator !== "object" || iterator === null)
          throw new TypeError("Result of the Symbol.iterator method is not an object");
        b.i32[out >>> 2] = Tag.JS;
        // What Symbol.asyncIterator answers is an async iterator, even with nothing but a next().
        const flags = jsFlags(iterator);
        b.i32[(out >>> 2) + 1] =
          over === Iterate.ASYNC ? (flags & ~JsFlags.ITERATOR) | JsFlags.ASYNC_ITERATOR : flags;
        return iterator;
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_next(iterator, out) {
      b.crossings++;
      try {
        return writeStep(b, iteratorResult(iterator.next()), out);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_resume(generator, how, value, out) {
      b.crossings++;
      try {
        const kind = (how & ~Resume.ASYNC) as keyof typeof METHODS;
        const given = kind === Resume.THROW ? thrownValue(b, value) : readKept(b, value);
        const method = generator[METHODS[kind]];
        const step = typeof method === "function" ? method.call(generator, given) : withoutMethod(kind, given);
        if (how & Resume.ASYNC) return writeResult(b, step, out, false);
        return writeStep(b, iteratorResult(step), out);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
    krait_dispose(object, asynchronously, out) {
      b.crossings++;
      try {
        return writeResult(b, object[asynchronously ? asyncDispose : dispose](), out, false);
      } catch (e) {
        return writeThrown(b, e, out);
      }
    },
  };
}
