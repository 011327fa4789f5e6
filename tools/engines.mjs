// The JavaScript engines that tests and benchmarks run on, by name.
//
//   import { engine, engines } from '../tools/engines.mjs'
//   engine('node24').path        absolute path of a node binary; throws when there is none
//   node tools/engines.mjs node24   prints that path; without a name, lists all of them
//
// `node20` is the machine's own node, of whichever version from 20 on: the one that runs this file, or else the first on the PATH.
// `node24` and `node26` come from npm as optional dependencies of one architecture each.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const npmEngine = (major) => join(root, 'node_modules', `engine-node-${major}-${process.arch}`, 'bin', 'node');

const isNpmEngine = (path) => path.startsWith(join(root, 'node_modules') + sep);

function machineNode() {
  if (!isNpmEngine(process.execPath)) return process.execPath;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder && !isNpmEngine(folder));
  return folders.map((folder) => join(folder, 'node')).find(existsSync) ?? process.execPath;
}

const candidates = {
  node20: machineNode,
  node24: () => npmEngine(24),
  node26: () => npmEngine(26),
};

/** Names of all engines the project knows, installed or not. */
export const names = Object.keys(candidates);

/** The engine of that name, or undefined when it is not installed here. */
export function findEngine(name) {
  if (!Object.hasOwn(candidates, name)) {
    throw new Error(`unknown engine ${JSON.stringify(name)}: expected one of ${names.join(', ')}`);
  }
  const path = candidates[name]();
  if (!existsSync(path)) return undefined;
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');
  return { name, path, version };
}

/** As findEngine, but an engine that is not there is an error that says how to get it. */
export function engine(name) {
  const found = findEngine(name);
  if (!found) {
    throw new Error(`engine ${name} is not installed (no file ${candidates[name]()}): run \`./dev setup\``);
  }
  return found;
}

/** Every engine that is installed. */
export function engines() {
  return names.map(findEngine).filter((found) => found !== undefined);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wanted = process.argv[2];
  try {
    if (wanted) console.log(engine(wanted).path);
    else for (const { name, version, path } of engines()) console.log(`${name}\t${version}\t${path}`);
  } catch (error) {
    console.error(`engines: ${error.message}`);
    process.exitCode = 1;
  }
}
