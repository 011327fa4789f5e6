// The module `_krait_host`: what Python needs of its host besides the object behind `js`.
//
// Guarantees: after end() no callback of the interpreter runs any more, and no timer of it keeps a process alive.
import type { Ffi } from "../ffi/index.js";
import { immediate } from "./immediate.js";
import { readStdlibSource } from "./stdlib.js";

export interface HostSettings {
  folder: string;
  runUntilComplete: boolean;
  packages: object;
}

export class Host {
  readonly functions: object;
  readonly #timers = new Set<unknown>();
  #ended = false;

  constructor({ folder, runUntilComplete, packages }: HostSettings, ffi: Ffi) {
    const enter = (callback: () => void) => {
      if (!this.#ended) ffi.enter(callback);
    };
    this.functions = {
      stdlibSource: () => readStdlibSource(folder),
      setTimeout: (callback: () => void, delay: number) => {
        // What still runs of an interpreter that has ended finds no timers.
        if (this.#ended) return undefined;
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          enter(callback);
        }, delay);
        this.#timers.add(timer);
        return timer;
      },
      clearTimeout: (timer: number) => {
        this.#timers.delete(timer);
        clearTimeout(timer);
      },
      immediate: (callback: () => void) => immediate(() => enter(callback)),
      throwError: (error: unknown) => {
        throw error;
      },
      canSwitchStacks: ffi.canSwitchStacks,
      runUntilComplete,
      packages,
    };
  }

  end(): void {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer as number);
    this.#timers.clear();
  }
}
