// Layers only point down: reads the #includes of src/ and the imports of js/src/ and reports every upward arrow.
//
//   node tools/check_layers.mjs     prints the arrows that are wrong; exit code 1 when there are any
//
// The tables below are the layers of the working style, section "Rooms". Guarantees: an include or import that names a room which
// no table knows is an error too, so that a new room is put into its place on purpose.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Room -> rooms it may include besides itself.
const cppRooms = {
  base: [],
  pkg: ['base'],
  pkg_module: ['base', 'pkg'],
  ffi: ['base'],
  runtime: ['base', 'ffi', 'pkg'],
  build: ['base', 'pkg'],
  cli: ['base', 'pkg', 'build'],
};
// Inside ffi, from low to high. Rooms in one row may not include each other.
const ffiRows = [['wire'], ['handle'], ['convert'], ['js_proxy', 'py_proxy']];
// pkg and ffi meet here alone: all else of pkg is in a wasm module of its own, pkg_module.
const pkgInRuntime = /^runtime\/packed_files\./;

const tsRooms = {
  host: [],
  ffi: [],
  packages: ['ffi', 'host'],
  runtime: ['ffi', 'host', 'packages'],
  api: ['ffi', 'host', 'packages', 'runtime'],
};

/** Why `from` may not include `to` (paths below src/), or undefined when it may. */
export function wrongInclude(from, to) {
  const [fromRoom, fromPart] = from.split('/');
  const [toRoom, toPart] = to.split('/');
  for (const [room, path] of [[fromRoom, from], [toRoom, to]]) {
    if (!Object.hasOwn(cppRooms, room)) return `${path}: "${room}" is in no layer: expected one of ${Object.keys(cppRooms).join(', ')}`;
  }
  if (fromRoom !== toRoom) {
    if (!cppRooms[fromRoom].includes(toRoom)) return `${from} includes ${to}: ${fromRoom} may only include ${cppRooms[fromRoom].join(', ') || 'nothing of ours'}`;
    if (fromRoom === 'runtime' && toRoom === 'pkg' && !pkgInRuntime.test(from)) return `${from} includes ${to}: pkg and ffi meet only in runtime/packed_files`;
    return undefined;
  }
  if (fromRoom !== 'ffi' || fromPart === toPart) return undefined;
  const row = (part) => ffiRows.findIndex((parts) => parts.includes(part));
  if (row(fromPart) < 0 || row(toPart) < 0) return `${from} includes ${to}: expected rooms of ffi: ${ffiRows.flat().join(', ')}`;
  if (row(toPart) >= row(fromPart)) return `${from} includes ${to}: in ffi the order is ${ffiRows.map((parts) => parts.join(', ')).join(' < ')}`;
  return undefined;
}

/** The same for imports; paths below js/src/. */
export function wrongImport(from, to) {
  const [fromRoom] = from.split('/');
  const [toRoom] = to.split('/');
  for (const [room, path] of [[fromRoom, from], [toRoom, to]]) {
    if (!Object.hasOwn(tsRooms, room)) return `${path}: "${room}" is in no layer: expected one of ${Object.keys(tsRooms).join(', ')}`;
  }
  if (fromRoom === toRoom || tsRooms[fromRoom].includes(toRoom)) return undefined;
  return `${from} imports ${to}: ${fromRoom} may only import ${tsRooms[fromRoom].join(', ') || 'nothing of ours'}`;
}

/** Included paths of ours in C++ text. System headers in angle brackets are not ours. */
export function includesOf(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/gm)].map((match) => match[1]);
}

/** Relative module names in TypeScript text: static, re-exporting and dynamic imports. */
export function importsOf(text) {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.[^"']*)\1/g)].map((match) => match[2]);
}

function sources(folder, suffixes) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => name.split('\\').join('/'))
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .sort();
}

/** All wrong arrows below `root`, one text each. */
export function checkLayers(root) {
  const wrong = [];
  const add = (prefix, text) => text !== undefined && wrong.push(prefix + text);
  const src = join(root, 'src');
  for (const file of sources(src, ['.h', '.cc', '.c'])) {
    for (const include of includesOf(readFileSync(join(src, file), 'utf8'))) {
      if (!existsSync(join(src, include))) add('src/', `${file} includes "${include}": expected a path below src/`);
      else add('src/', wrongInclude(file, include));
    }
  }
  const js = join(root, 'js/src');
  for (const file of sources(js, ['.ts'])) {
    for (const name of importsOf(readFileSync(join(js, file), 'utf8'))) {
      const target = posix.join(posix.dirname(file), name);
      // js/types holds the public declarations: types only, which any room may name.
      if (target.startsWith('../types/')) continue;
      add('js/src/', target.startsWith('../') ? `${file} imports ${name}: expected a path below js/src/ or js/types/` : wrongImport(file, target));
    }
  }
  return wrong;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wrong = checkLayers(resolve(dirname(fileURLToPath(import.meta.url)), '..'));
  for (const text of wrong) console.log(text);
  process.exitCode = wrong.length ? 1 : 0;
}
