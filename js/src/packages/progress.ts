// What a page draws while packages come: counts of packages and bytes, out of the driver's events.
//
// Guarantees: `bytes` and `packagesDone` never fall; the last event of an installation that ends well is "done", with all packages done.

import type { PackageProgress } from "../../types/pyodide.js";
import type { DriverEvents } from "./driver.js";

type Callback = (progress: PackageProgress) => void;

export function progressEvents(callback: Callback): DriverEvents & { done(): void } {
  let packages = 0;
  let packagesDone = 0;
  let bytes = 0;
  // Bytes of the files that have begun; undefined of one makes the sum unknown.
  const totals = new Map<string, number | undefined>();
  const tell = (stage: PackageProgress["stage"], name?: string, url?: string): void => {
    const known = [...totals.values()];
    const sum = totals.size === packages && !known.includes(undefined) ? known.reduce<number>((a, b) => a + b!, 0) : undefined;
    callback({
      stage,
      packages,
      packagesDone,
      bytes,
      // A server may promise less than it sends.
      bytesTotal: sum !== undefined && sum >= bytes ? sum : undefined,
      ...(name === undefined ? {} : { name, url: url! }),
    });
  };
  const isFile = (kind: string): boolean => kind === "wheel" || kind === "archive";
  return {
    plan({ install }) {
      packages = install.length;
      for (const { url, size } of install) if (size !== undefined) totals.set(url, size);
      if (packages > 0) tell("download");
    },
    began({ kind, name, url }, total) {
      if (!isFile(kind)) return;
      totals.set(url, total);
      tell("download", name, url);
    },
    received({ kind, name, url }, count) {
      if (!isFile(kind)) return;
      bytes += count;
      tell("download", name, url);
    },
    ended({ kind, name, url }) {
      if (!isFile(kind) || packagesDone === packages) return;
      packagesDone++;
      tell(packagesDone === packages ? "install" : "download", name, url);
    },
    done() {
      packagesDone = packages;
      if (packages > 0) tell("done");
    },
  };
}
