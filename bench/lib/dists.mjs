// A dist folder under test: where it is and what it calls itself.
// Guarantees: a folder that cannot be measured is refused with a message that names the missing file.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const kRepo = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The peer is a dev dependency; KRAIT_PEER names another unpacked copy. */
export function defaultPeer() {
  return process.env.KRAIT_PEER ?? path.join(kRepo, "node_modules/pyodide");
}

export function findDist(folder, role) {
  const root = path.resolve(folder);
  if (!existsSync(path.join(root, "pyodide.mjs"))) {
    throw new Error(`${role}: no pyodide.mjs in '${folder}'; expected a dist folder ` +
      (role === "--a" ? "(run ./dev build first)" : "(run npm ci first, or set KRAIT_PEER)"));
  }
  let name = path.basename(root);
  try {
    const meta = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    name = `${meta.name} ${meta.version}`;
  } catch { /* no package.json: the folder's name must do */ }
  return { root, name };
}
