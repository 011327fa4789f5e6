// loadPackage and what belongs to it: which packages are loaded, from where, and which package would provide a module.
//
// Guarantees: installations of one runtime run one after another, micropip's among them; a package is installed whole or not at
// all; `loaded` names what the file system has. What is told, and in which words, follows the public surface (J36-J38): what
// cannot be had is told to errorCallback and is missing from the result; a name that nobody knows rejects before anything happens.
// Must not decide what is needed: the session does (driver.ts).

import type { LoadPackageOptions, Lockfile, LockfilePackage, PackageData } from "../../types/pyodide.js";
import type { Downloader } from "./download.js";
import { type DriverEvents, type Installation, install } from "./driver.js";
import type { Packages, PlannedInstall } from "./library.js";
import { absoluteURL } from "./local.js";
import { LockIndex, normalName } from "./lock_index.js";
import { progressEvents } from "./progress.js";

/** A lock file and where its relative file names lead. */
export interface LoadedLock {
  lockfile: Lockfile;
  baseURL: string | undefined;
}

export const FROM_LOCK = "default channel";

export interface ManagerParts {
  lock: LoadedLock;
  packages: Packages;
  downloader: Downloader;
  /** Python's import system must look again. */
  invalidateCaches(): void;
  /** Where messages go that have no callback. */
  say(stream: "stdout" | "stderr", message: string): void;
  /** Compiles side modules in advance; one that cannot be compiled is no failure of this. */
  compileLibraries(paths: string[]): Promise<void>;
  /** What was loaded when the image was made that this runtime started from. */
  loaded?: Record<string, string> | undefined;
}

interface Told {
  message(text: string): void;
  error(text: string): void;
}

export class PackageManager {
  /** Channel by name: "default channel", a URL, or what micropip says. */
  readonly loaded: Record<string, string>;
  readonly packages: Packages;
  readonly #parts: ManagerParts;
  readonly #index: LockIndex;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ManagerParts) {
    this.#parts = parts;
    this.packages = parts.packages;
    this.#index = new LockIndex(parts.lock.lockfile);
    this.loaded = { ...parts.loaded };
  }

  /** Begins the downloads that a loadPackage of these will want. */
  static prefetch(names: string[], lock: LoadedLock, downloader: Downloader): void {
    PackageManager.#prefetch(names, new LockIndex(lock.lockfile).closure(names), lock, downloader);
  }

  static #prefetch(names: string[], items: LockfilePackage[], lock: LoadedLock, downloader: Downloader): void {
    const base = baseOf(lock);
    for (const item of items) {
      const url = fileURL(item, base);
      if (url !== undefined) downloader.prefetch({ url, kind: item.file_name.endsWith(".whl") ? "wheel" : "archive", sha256: item.sha256 });
    }
    for (const name of names) if (isURL(name)) downloader.prefetch({ url: absoluteURL(name), kind: "wheel" });
  }

  /** Runs `action` when all that was given before has ended. */
  exclusive<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => {});
    return turn;
  }

  load(names: string[], options: LoadPackageOptions = {}): Promise<PackageData[]> {
    return this.exclusive(() => this.#load(names, options));
  }

  /** The packages of the lock that provide these modules: names for load(). */
  providersOf(modules: Iterable<string>): string[] {
    const found = new Set<string>();
    for (const module of modules) {
      const item = this.#index.provider(module);
      if (item) found.add(item.name);
    }
    return [...found];
  }

  /** The name of the package that has to be loaded for this module; empty when none would help. */
  missingPackage(module: string): string {
    const item = this.#index.provider(module);
    return item && this.#channelOf(item.name) === undefined ? item.name : "";
  }

  /** For micropip: what sessions need to know of the lock; undefined without packages. */
  lockSource(): { text: string; base_url?: string } | undefined {
    if (this.#index.size === 0) return undefined;
    const base = baseOf(this.#parts.lock);
    return { text: JSON.stringify(this.#parts.lock.lockfile), ...(base === undefined ? {} : { base_url: base }) };
  }

  /** Packages of the lock that are loaded without leaving a trace that Python's tools see. */
  loadedLibraries(): string[] {
    return Object.keys(this.loaded).filter((name) => {
      const type = this.#index.find(name)?.package_type;
      return type !== undefined && type !== "package";
    });
  }

  /** An installation of micropip's. */
  installFor(request: object, events: DriverEvents): Promise<Installation> {
    return this.exclusive(async () => {
      const { packages, downloader } = this.#parts;
      await packages.prepare();
      const done = await install(packages, downloader, { loaded: this.loadedLibraries().map(normalName), ...request }, events);
      await this.#compileLibrariesOf(done);
      for (const { name } of done.removed) this.#forget(name);
      for (const item of done.installed) this.#note(item, { index: "pypi", lock: FROM_LOCK, url: item.url }[item.source]);
      return done;
    });
  }

  uninstall(names: string[]): ReturnType<Packages["uninstall"]> {
    const done = this.packages.uninstall(names);
    for (const { name } of done.removed) this.#forget(name);
    return done;
  }

  #forget(name: string): void {
    const known = this.#nameOf(name);
    if (known !== undefined) delete this.loaded[known];
  }

  #note({ name }: { name: string }, channel: string): void {
    this.#forget(name);
    this.loaded[name] = channel;
  }

  #nameOf(name: string): string | undefined {
    if (Object.hasOwn(this.loaded, name)) return name;
    return Object.keys(this.loaded).find((other) => normalName(other) === normalName(name));
  }

  #channelOf(name: string): string | undefined {
    const known = this.#nameOf(name);
    return known === undefined ? undefined : this.loaded[known];
  }

  async #load(names: string[], { messageCallback, errorCallback, progressCallback, checkIntegrity = true, signal }: LoadPackageOptions): Promise<PackageData[]> {
    const { say, invalidateCaches } = this.#parts;
    const told: Told = {
      message: messageCallback ?? ((text) => say("stdout", text)),
      error: errorCallback ?? ((text) => say("stderr", text)),
    };
    signal?.throwIfAborted();
    const wanted = this.#wanted(names, told);
    if (wanted.length === 0) {
      told.message("No new packages to load");
      return [];
    }
    let planned: PlannedInstall[] = [];
    const progress = progressCallback && progressEvents(progressCallback);
    const events: DriverEvents = {
      ...progress,
      plan(plan) {
        planned = plan.install;
        if (planned.length > 0) told.message(`Loading ${listed(planned)}`);
        progress?.plan?.(plan);
      },
      log: ({ level, text }) => {
        if (level === "warning") told.error(text);
      },
    };
    const lock = this.lockSource();
    const request = {
      mode: "load",
      requirements: wanted,
      keep_going: true,
      check_integrity: checkIntegrity,
      loaded: this.loadedLibraries().map(normalName),
      ...(lock === undefined ? {} : { lock }),
    };
    const done = await this.#install(request, wanted, events, signal);
    await this.#compileLibrariesOf(done);
    invalidateCaches();
    for (const item of done.installed) this.#note(item, item.source === "lock" ? FROM_LOCK : item.url);
    for (const { name, version, source } of done.kept) if (this.#channelOf(name) === undefined) this.#note({ name }, source === "lock" ? FROM_LOCK : `installed ${version}`);
    progress?.done();
    if (done.installed.length > 0) told.message(`Loaded ${listed(done.installed)}`);
    this.#tellFailures(planned, done, told);
    if (planned.length === 0 && done.problems.length === 0) told.message("No new packages to load");
    return done.installed.map((item) => this.#dataOf(item));
  }

  async #install(request: object, wanted: string[], events: DriverEvents, signal: AbortSignal | undefined): Promise<Installation> {
    const { packages, downloader, lock } = this.#parts;
    if (packages.isReady) return install(packages, downloader, request, events, signal);
    try {
      // What the session is going to ask for comes while the library does.
      const missing = this.#index.closure(wanted).filter(({ name }) => this.#channelOf(name) === undefined);
      PackageManager.#prefetch(wanted, missing, lock, downloader);
      await unlessAborted(packages.prepare(), signal);
      return await install(packages, downloader, request, events, signal);
    } finally {
      downloader.dropPrefetched();
    }
  }

  #compileLibrariesOf({ installed }: Installation): Promise<void> {
    return this.#parts.compileLibraries(installed.flatMap(({ dynlibs }) => dynlibs));
  }

  /** The names and URLs that are not here yet, URLs absolute. */
  #wanted(names: string[], told: Told): string[] {
    const out: string[] = [];
    for (const name of new Set(names)) {
      const url = isURL(name) ? absoluteURL(name) : undefined;
      const own = url === undefined ? name : projectOf(url);
      const channel = own === undefined ? undefined : this.#channelOf(own);
      if (channel === undefined) {
        if (url === undefined) this.#mustKnow(name);
        out.push(url ?? name);
      } else if (url === undefined || url === channel) {
        told.message(`${this.#nameOf(own!)} already loaded from ${channel}`);
      } else {
        told.error(
          `URI mismatch, attempting to load package ${own} from ${url} while it is already loaded from ${channel}. ` +
            "To override a dependency, load the custom package first.",
        );
      }
    }
    return out;
  }

  #mustKnow(name: string): void {
    if (this.#index.find(name)) return;
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
      throw new Error(
        `'${name}' is not a valid package name or URL: expected the exact name of a package of the lock file, or the URL of a wheel; ` +
          "micropip.install() takes requirements with versions and extras",
      );
    }
    const { size } = this.#index;
    const others = size === 0 ? "the lock file has no packages" : `the lock file has ${size} ${size === 1 ? "other" : "others"}`;
    throw new Error(`No known package with name '${name}': ${others}; micropip.install() finds packages of an index`);
  }

  #tellFailures(planned: PlannedInstall[], done: Installation, told: Told): void {
    const here = new Set(done.installed.map(({ name }) => name));
    const failed = planned.filter(({ name }) => !here.has(name));
    if (failed.length > 0) told.message(`Failed to load ${listed(failed)}`);
    for (const problem of done.problems) {
      const of = failed.find(({ name, version }) => problem.startsWith(`${name} ${version}`));
      if (of) told.error(`The following error occurred while loading ${of.name}:`);
      told.error(of?.source === "lock" && / status 40[34]/.test(problem) ? `${problem}; ${this.#whereFrom()}` : problem);
    }
  }

  #whereFrom(): string {
    return `the lock's files are looked for in "${baseOf(this.#parts.lock)}", which the option packageBaseUrl of loadPyodide says`;
  }

  #dataOf({ name, version, file, source }: PlannedInstall): PackageData {
    const item = source === "lock" ? this.#index.find(name) : undefined;
    return { name, version, fileName: item?.file_name ?? file, packageType: item?.package_type ?? "package" };
  }
}

/** Rejects with the signal's reason when that comes first. */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  let stop!: () => void;
  const aborted = new Promise<never>((_, reject) => signal.addEventListener("abort", (stop = () => reject(signal.reason))));
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** As people read it: in the order of the alphabet, large letters first. */
function listed(items: { name: string }[]): string {
  return items
    .map(({ name }) => name)
    .sort()
    .join(", ");
}

const isURL = (name: string): boolean => /[:/\\]/.test(name) || name.endsWith(".whl");

function projectOf(url: string): string | undefined {
  return /([^/\\]+?)-[^/\\]*\.whl(?:[?#].*)?$/.exec(url)?.[1];
}

function baseOf({ baseURL }: LoadedLock): string | undefined {
  return baseURL === undefined ? undefined : absoluteURL(baseURL).replace(/\/?$/, "/");
}

function fileURL(item: LockfilePackage, base: string | undefined): string | undefined {
  try {
    return new URL(item.file_name, base).href;
  } catch {
    // The session will say what is wrong with it.
    return undefined;
  }
}
