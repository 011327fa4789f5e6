// What Python calls of the package manager: micropip, and the import system's hint about packages that are not loaded.
//
// Guarantees: everything is told in JSON, so that one string crosses the border instead of many objects. The functions may be handed
// to Python before there is a manager; until there is one, no package provides anything, and the others throw.

import { IN_NODE, baseURI } from "../host/environment.js";
import type { PackageManager } from "./manager.js";

export function pythonFunctions(find: () => PackageManager | undefined): object {
  const manager = (): PackageManager => {
    const found = find();
    if (!found) throw new Error("packages can be installed when loadPyodide is done");
    return found;
  };
  return {
    install: async (request: string, log: (level: string, text: string) => void) =>
      JSON.stringify(await manager().installFor(JSON.parse(request), { log: ({ level, text }) => log(level, text) })),
    site: () => JSON.stringify(manager().packages.site()),
    uninstall: (names: string) => JSON.stringify(manager().uninstall(JSON.parse(names))),
    tree: () => manager().packages.tree(),
    check: () => JSON.stringify(manager().packages.check()),
    freeze: (options: string) => manager().packages.freeze(JSON.parse(options)),
    // What relative URLs are relative to.
    baseURL: () => (IN_NODE ? undefined : baseURI()),
    /** The lock file that this runtime was started with; "null" when it has no packages. */
    distribution: () => JSON.stringify(manager().lockSource() ?? null),
    missingPackage: (module: string) => find()?.missingPackage(module) ?? "",
  };
}
