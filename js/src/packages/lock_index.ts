// The lock file, asked by name and by module.
//
// Guarantees: names are compared as PEP 503 has it ("Under_Score" is "under-score"); the lock itself stays as it is, and may be
// changed by its owner: it is indexed anew when its packages are others. What a lock means for an installation is decided in C++
// (src/pkg/install/lock_plan.cc); closure() is a guess of it, to begin downloads early.

import type { Lockfile, LockfilePackage } from "../../types/pyodide.js";

export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

export class LockIndex {
  #packages = new Map<string, LockfilePackage>();
  #providers = new Map<string, string>();
  #count = -1;

  constructor(readonly lock: Lockfile) {}

  #fresh(): void {
    const keys = Object.keys(this.lock.packages);
    if (keys.length === this.#count) return;
    this.#count = keys.length;
    this.#packages = new Map();
    this.#providers = new Map();
    for (const key of keys) {
      const item = this.lock.packages[key]!;
      this.#packages.set(normalName(key), item);
      for (const module of item.imports ?? []) if (!this.#providers.has(module)) this.#providers.set(module, normalName(key));
    }
  }

  get size(): number {
    this.#fresh();
    return this.#packages.size;
  }

  find(name: string): LockfilePackage | undefined {
    this.#fresh();
    return this.#packages.get(normalName(name));
  }

  /** The package that has this module, by its dotted name or that of a module around it. */
  provider(module: string): LockfilePackage | undefined {
    this.#fresh();
    for (let name = module; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
      const found = this.#providers.get(name);
      if (found !== undefined) return this.#packages.get(found);
    }
    return undefined;
  }

  /** The packages of these names and all that they depend on, without those that are not there. */
  closure(names: Iterable<string>): LockfilePackage[] {
    const found = new Set<LockfilePackage>();
    const wanted = [...names];
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      const item = this.find(name);
      if (item === undefined || found.has(item)) continue;
      found.add(item);
      wanted.push(...(item.depends ?? []));
    }
    return [...found];
  }
}
