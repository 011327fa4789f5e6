// Assembles dist/ from what the builds made:  node tools/dist.mjs --prefix CPYTHON_PREFIX --wasm BUILD_FOLDER
//
//   pyodide.asm.mjs, .wasm       the main module's glue (minified) and wasm, with few exports; pyodide.symbols.json: all the others
//   pyodide.packages.wasm        the packaging library
//   pyodide.library.js           the rest of the glue: JavaScript functions that only side modules call
//   python_stdlib.zip            CPython's library and py/, as .pyc; python_stdlib_source.zip: their sources, for tracebacks
//   python.image                 memory of the started interpreter, which loadPyodide restores
//   pyodide-lock.json            what this runtime is; packages are added by others
//   pyodide.mjs, .js             the loader, which carries sizes and hashes of the files above, so it comes last
//   *.d.ts, package.json, LICENSE
//
// Guarantees: a file is written only when its inputs changed (stamps in build/dist/), and replaced at once, never half written.
// The same inputs give the same bytes. Must not compile C++ or CPython.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { transform } from 'esbuild';
import { dropStale } from './compress.mjs';
import { splitGlue } from './glue_split.mjs';
import { repeatableData } from './wasm_data.mjs';
import { hideExports } from './wasm_exports.mjs';
import { zip } from './zip.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);

const { values: options } = parseArgs({
  options: { prefix: { type: 'string' }, wasm: { type: 'string' }, out: { type: 'string', default: 'dist' } },
});
const prefix = need('--prefix', options.prefix, 'link.txt', './dev build wasm');
const wasm = need('--wasm', options.wasm && resolve(root, options.wasm), 'pyodide.asm.wasm', './dev build wasm');
need('--wasm', wasm, 'pyodide.packages.wasm', './dev build wasm');
const out = resolve(root, options.out);

function need(option, folder, file, how) {
  if (!folder) throw new Error(`dist: ${option} is missing`);
  if (!existsSync(join(folder, file))) throw new Error(`dist: ${option} ${folder} has no ${file}: run ${how}`);
  return folder;
}

function filesIn(folder, suffix) {
  if (!existsSync(folder)) throw new Error(`dist: no folder ${folder}`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes('__pycache__'))
    .sort();
}

function writeWhole(path, data) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, data);
  renameSync(`${path}.partial`, path);
}

/** Runs make() unless the inputs and outputs are as they were after its last success. */
async function step(name, outputs, inputs, make) {
  const stampFile = at('build/dist', `${name}.stamp`);
  const stamp = () => {
    const hash = createHash('sha256');
    for (const path of [...inputs, fileURLToPath(import.meta.url), at('tools/zip.mjs'), ...outputs]) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${path}\0${size}\0${mtimeMs}\n`);
    }
    return hash.digest('hex');
  };
  if (outputs.every(existsSync) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp()) return;
  const start = performance.now();
  await make();
  writeWhole(stampFile, stamp());
  console.error(`dist: ${outputs.map((path) => relative(root, path)).join(', ')} (${Math.round(performance.now() - start)} ms)`);
}

function entriesOf(folder, suffix) {
  return filesIn(folder, suffix).map((path) => ({ name: relative(folder, path), data: readFileSync(path) }));
}

const copy = (from, name, change = (data) => data) =>
  step(name, [join(out, name)], [from], async () => writeWhole(join(out, name), await change(readFileSync(from))));

const pythonVersion = /PY_VERSION\s+"([^"+]+)/.exec(readFileSync(join(prefix, 'include/python3.13/patchlevel.h'), 'utf8'))[1];
// One version for the Python package, the loader and the npm package.
const version = /^__version__ = "([^"]+)"/m.exec(readFileSync(at('py/pyodide/__init__.py'), 'utf8'))[1];

const core = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'pyodide.library.js', 'pyodide.symbols.json'].map((name) => join(out, name));
const linked = ['pyodide.asm.wasm', 'pyodide.asm.mjs'].map((name) => join(wasm, name));
await step('pyodide.asm', core, [...linked, at('tools/wasm_exports.mjs'), at('tools/wasm_data.mjs'), at('tools/glue_split.mjs')], async () => {
  const hidden = hideExports(readFileSync(linked[0]), readFileSync(linked[1], 'utf8'));
  const split = await splitGlue(hidden.glue, hidden.wasm);
  const small = async (text, format) => (await transform(text, { minify: true, format, target: 'es2022', charset: 'utf8' })).code;
  writeWhole(core[0], repeatableData(hidden.wasm));
  writeWhole(core[1], compiledAtOnce(await small(split.glue, 'esm')));
  writeWhole(core[2], await small(split.library));
  writeWhole(core[3], JSON.stringify({ ...hidden.symbols, library: split.names }));
});

await copy(join(wasm, 'pyodide.packages.wasm'), 'pyodide.packages.wasm');

/** The factory in parentheses: engines take that as a sign that it runs soon, and do not read through it twice. */
function compiledAtOnce(glue) {
  const factory = /^(async function (\w+)\([^]*\})var (\w+)=\2;export\{\3 as default\};\s*$/.exec(glue)?.[1];
  if (!factory) throw new Error('dist: expected glue of one async function that is its default export');
  return `export default(${factory});\n`;
}

const ours = filesIn(at('py'), '.py');
const compiled = at('build/dist/py');
await step('python_stdlib', [join(out, 'python_stdlib.zip')], [...filesIn(join(prefix, 'python_stdlib'), ''), ...ours, at('tools/compile_py.py'), at('cpython/pack_stdlib.py')], async () => {
  execFileSync(at('toolchain/enter'), ['python3.13', at('tools/compile_py.py'), at('py'), compiled], { stdio: 'inherit' });
  const entries = [...entriesOf(join(prefix, 'python_stdlib'), ''), ...entriesOf(compiled, '.pyc')];
  // Stored: compressed in transport as a whole it is smaller (docs/decisions/0002-stdlib-archive.md), and imports inflate nothing.
  writeWhole(join(out, 'python_stdlib.zip'), zip(entries, { store: true }));
});
await step(
  'python_stdlib_source',
  [join(out, 'python_stdlib_source.zip')],
  [...filesIn(join(prefix, 'python_stdlib_source'), '.py'), ...ours],
  () => writeWhole(join(out, 'python_stdlib_source.zip'), zip([...entriesOf(join(prefix, 'python_stdlib_source'), '.py'), ...entriesOf(at('py'), '.py')])),
);

// The platform that wheels for this runtime are tagged with.
const lock = {
  info: { abi_version: '2025_0', arch: 'wasm32', platform: 'emscripten_4_0_9', python: pythonVersion },
  packages: {},
};
const packageJson = {
  name: 'krait',
  version,
  description: 'CPython for JavaScript engines, with the interface of Pyodide',
  license: 'MIT',
  type: 'commonjs',
  main: './pyodide.js',
  types: './pyodide.d.ts',
  exports: {
    '.': { types: './pyodide.d.ts', import: './pyodide.mjs', require: './pyodide.js' },
    './ffi': { types: './ffi.d.ts' },
    ...Object.fromEntries(
      [
        'pyodide.mjs', 'pyodide.js', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide.packages.wasm', 'pyodide.library.js', 'pyodide.symbols.json',
        'python.image', 'python_stdlib.zip', 'python_stdlib_source.zip', 'pyodide-lock.json', 'package.json',
      ].map((name) => [`./${name}`, `./${name}`]),
    ),
  },
  // Bundlers that build for browsers leave out what only Node has.
  browser: Object.fromEntries(
    ['child_process', 'crypto', 'fs', 'fs/promises', 'module', 'path', 'url', 'vm', 'worker_threads', 'ws'].map((name) => [name, false]),
  ),
  engines: { node: '>=20' },
};
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
function writeIfChanged(name, text) {
  const path = join(out, name);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeWhole(path, text);
}
writeIfChanged('pyodide-lock.json', json(lock));
writeIfChanged('package.json', json(packageJson));
for (const path of filesIn(at('js/types'), '.d.ts')) await copy(path, relative(at('js/types'), path));
for (const name of ['LICENSE', 'THIRD_PARTY.md']) await copy(at(name), name);
for (const path of filesIn(join(prefix, 'licenses'), '')) await copy(path, join('licenses', relative(join(prefix, 'licenses'), path)));

const { build } = await import(pathToFileURL(at('js/build.mjs')).href);
// The image is made by the loader, and the loader carries the image's size and hash: so it is written twice.
const image = join(out, 'python.image');
const parts = ['pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json'].map((name) => join(out, name));
await step('python.image', [image], [...parts, ...filesIn(at('js/src'), '.ts'), at('tools/make_image.mjs')], async () => {
  rmSync(image, { force: true });
  await build({ outdir: out, dist: out });
  execFileSync(process.execPath, [at('tools/make_image.mjs'), out, `${image}.partial`], { stdio: 'inherit' });
  renameSync(`${image}.partial`, image);
});
await build({ outdir: out, dist: out });
// A server may send them instead of what has just been written.
dropStale(out);
