// Everything that can be judged without running krait:  node tools/check.mjs [NAME...]
//
// Each check prints what it found and where; the last line is `N passed, N failed`, a check being one. Must not change any file.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLayers } from './check_layers.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

function command(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === 0) return [];
  const text = `${stdout ?? ''}${stderr ?? ''}`.trim();
  return [error?.message ?? (text || `${program} ended with exit code ${status}`)];
}

/** Files of the project: what git tracks or would track; without git, all but what is built. */
function projectFiles() {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const files =
    git.status === 0
      ? git.stdout.split('\0').filter((file) => file && existsSync(file))
      : readdirSync('.', { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative('.', join(entry.parentPath ?? entry.path, entry.name)))
          .filter((file) => !/^(build|dist|node_modules|\.git)\//.test(file));
  return [...new Set(files)].sort();
}

const textOf = (file) => {
  const bytes = readFileSync(file);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
};

// Spelt in pieces, so that this file passes its own check.
const machineWords = [
  [new RegExp(String.raw`(?<![\w.~$}/])/(?:${['wo' + 'rk', 'ro' + 'ot'].join('|')})/[\w.]`), 'a path of one machine'],
  [new RegExp(['registry\\.npm' + 'js', 'registry\\.ya' + 'rnpkg', '(?:deb|ftp|archive|snapshot)\\.deb' + 'ian\\.org', 'pypi\\.o' + 'rg/simple', 'arti' + 'factory'].join('|')), "a package registry's host"],
];

function noMachineNames() {
  const found = [];
  for (const file of projectFiles()) {
    const text = textOf(file);
    for (const [index, line] of (text ?? '').split('\n').entries()) {
      for (const [pattern, what] of machineWords) {
        if (pattern.test(line)) found.push(`${file}:${index + 1}: ${what}: ${line.trim().slice(0, 100)}`);
      }
    }
  }
  return found;
}

const opening = {
  comment: /^\s*(?:\/\/|\/\*)/,
  hash: /^\s*#/,
  python: /^(?:#![^\n]*\n)?\s*(?:[rR]?"""|#)/,
  html: /^\s*(?:<!doctype[^>]*>\s*)?(?:<html[^>]*>\s*)?<!--/i,
};
const openings = new Map(
  Object.entries({
    h: 'comment', cc: 'comment', c: 'comment', ts: 'comment', mjs: 'comment', js: 'comment', css: 'comment',
    cmake: 'hash', sh: 'hash', toml: 'hash', def: 'hash', py: 'python', html: 'html',
  }),
);

/** Every source file says at its top what it is. */
function openingComments() {
  const found = [];
  for (const file of projectFiles()) {
    if (file.startsWith('tests/data/')) continue;
    const text = textOf(file);
    if (!text?.trim()) continue;
    const suffix = file.endsWith('CMakeLists.txt') ? 'cmake' : /\.(\w+)$/.exec(file)?.[1];
    const kind = text.startsWith('#!') ? (/^#![^\n]*(bash|sh)\b/.test(text) ? 'script' : undefined) : openings.get(suffix);
    const body = kind === 'script' ? text.slice(text.indexOf('\n') + 1) : text;
    const pattern = kind === 'script' ? opening.hash : opening[kind];
    if (pattern && !pattern.test(body)) found.push(`${file}: expected a comment at its top that says what the file is`);
  }
  return found;
}

function noPressingTodos() {
  const word = new RegExp('TO' + 'DO\\(now\\)');
  return projectFiles().flatMap((file) =>
    (textOf(file) ?? '').split('\n').flatMap((line, index) => (word.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const checks = {
  format: () => command('tools/format.sh', '--check'),
  layers: () => checkLayers(root),
  types: () => command(process.execPath, tsc, '-p', '.'),
  contract: () => command(process.execPath, 'tools/contract/generate.mjs', '--check'),
  machines: noMachineNames,
  openings: openingComments,
  todos: noPressingTodos,
  tidy: () => command(process.execPath, 'tools/tidy.mjs'),
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!Object.hasOwn(checks, name)) {
    console.error(`check: unknown check ${JSON.stringify(name)}: expected one of ${Object.keys(checks).join(', ')}`);
    process.exit(2);
  }
}
let passed = 0;
let failed = 0;
for (const name of wanted.length ? wanted : Object.keys(checks)) {
  const found = checks[name]();
  console.log(`${found.length ? 'not ok' : 'ok'} ${name}`);
  for (const text of found) console.log(`  ${text.split('\n').join('\n  ')}`);
  if (found.length) failed += 1;
  else passed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
