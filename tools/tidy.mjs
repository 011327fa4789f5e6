// clang-tidy over the C++ that people write:  node tools/tidy.mjs
//
// Reads the compile commands of the native and the wasm build, so ./dev build must have run. Guarantees: a file is looked at again only
// when it, a header of ours, the CPython prefix or .clang-tidy changed (results are kept in build/tidy); prints each finding once; exit code 1 when
// there are any. The last line counts files: `N passed, N failed`.

import { spawn, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const wasmBuild = `build/${process.env.KRAIT_PRESET || 'wasm-release'}`;
const enter = join(root, 'toolchain/enter');
const own = (file) => relative(root, file).startsWith('src/');

function commandsOf(build) {
  const path = join(build, 'compile_commands.json');
  if (!existsSync(path)) throw new Error(`tidy: no ${path}: run ./dev build`);
  return JSON.parse(readFileSync(path, 'utf8')).filter(({ file }) => own(file));
}

// clang-tidy knows clang's options, not Emscripten's settings (-sNAME): take the driver's own flags in their place.
function asClang(entries) {
  const flags = execFileSync(enter, ['em++', '--cflags', '-fwasm-exceptions', '-sSUPPORT_LONGJMP=wasm'], { encoding: 'utf8' }).trim();
  return entries.map(({ command, ...rest }) => {
    const [, ...words] = command.split(' ');
    return { ...rest, command: ['clang++-21', flags, ...words.filter((word) => !/^-s[A-Z]/.test(word))].join(' ') };
  });
}

// Files that both builds compile (base) are looked at as the native build sees them.
const native = commandsOf('build/native-asan');
const seen = new Set(native.map(({ file }) => file));
const wasm = asClang(commandsOf(wasmBuild).filter(({ file }) => !seen.has(file)));
const database = 'build/tidy';
mkdirSync(database, { recursive: true });
writeFileSync(join(database, 'compile_commands.json'), JSON.stringify([...native, ...wasm], null, 1));

const common = createHash('sha256');
for (const name of readdirSync('src', { recursive: true }).filter((file) => file.endsWith('.h')).sort()) common.update(readFileSync(join('src', name)));
common.update(readFileSync('.clang-tidy'));
const commonHash = common.digest('hex');

function key({ file, command }) {
  return createHash('sha256').update(commonHash).update(command).update(readFileSync(file)).digest('hex').slice(0, 24);
}

function tidy({ file }) {
  return new Promise((done) => {
    const child = spawn(enter, ['clang-tidy-21', '--quiet', '-p', database, file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('close', (code) => done({ code, text: text + (code === 0 || text ? '' : errors) }));
  });
}

const entries = [...native, ...wasm];
const queue = entries.filter((entry) => !existsSync(join(database, `${key(entry)}.ok`)));
let failed = 0;
const printed = new Set();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      const { code, text } = await tidy(entry);
      if (code === 0) {
        writeFileSync(join(database, `${key(entry)}.ok`), '');
        continue;
      }
      failed += 1;
      // A finding in a header comes up once for each file that includes it.
      if (!printed.has(text)) console.log(text.replaceAll(`${root}/`, '').trim());
      printed.add(text);
    }
  }),
);
console.log(`${entries.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
