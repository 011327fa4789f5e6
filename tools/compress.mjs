// Precompressed files beside those of a dist folder that pages download:  node tools/compress.mjs [DIST]
//
// `x.br` (brotli 11) and `x.gz` (gzip 9) for servers that send such files as they are. Guarantees: the same bytes for the same
// input; what was compressed before is taken from build/compressed, by content, since brotli at its best takes minutes; no
// compressed file is left beside an original that it was not made from.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What pages ask for; the archives are compressed too little inside to be sent as they are. */
const DOWNLOADED = /\.(mjs|js|wasm|json|image|zip)$/;
// A larger window than 2^22 makes the core's file larger: 2,789,039 bytes instead of 2,753,605.
const WAYS = {
  '.br': (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** Removes compressed files of `folder` that are older than what they stand for, or whose original is gone. */
export function dropStale(folder) {
  for (const name of readdirSync(folder)) {
    const suffix = Object.keys(WAYS).find((one) => name.endsWith(one));
    if (suffix === undefined) continue;
    const original = join(folder, name.slice(0, -suffix.length));
    if (!existsSync(original) || statSync(original).mtimeMs > statSync(join(folder, name)).mtimeMs) rmSync(join(folder, name));
  }
}

/** Compresses the files of `folder`; resolves with [{ name, size, '.br': bytes, '.gz': bytes }]. `kept`: where results stay. */
export async function compress(folder, kept) {
  mkdirSync(kept, { recursive: true });
  const names = readdirSync(folder).filter((name) => DOWNLOADED.test(name) && statSync(join(folder, name)).isFile()).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = readFileSync(join(folder, name));
      const hash = createHash('sha256').update(bytes).digest('hex');
      const row = { name, size: bytes.length };
      for (const [suffix, pack] of Object.entries(WAYS)) {
        const result = join(kept, hash + suffix);
        if (!existsSync(result)) {
          const partial = `${result}.${process.pid}`;
          writeFileSync(partial, await pack(bytes));
          renameSync(partial, result);
        }
        const target = join(folder, name + suffix);
        copyFileSync(result, `${target}.partial`);
        renameSync(`${target}.partial`, target);
        row[suffix] = statSync(target).size;
      }
      return row;
    }),
  );
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist'));
  if (!existsSync(join(folder, 'pyodide.asm.wasm'))) {
    console.error(`compress: ${folder} has no pyodide.asm.wasm: expected a dist folder`);
    process.exit(1);
  }
  dropStale(folder);
  const rows = await compress(folder, join(root, 'build', 'compressed'));
  const number = (value) => String(value).padStart(11);
  console.log(`${'file'.padEnd(28)}${number('bytes')}${number('gzip 9')}${number('brotli 11')}`);
  for (const row of rows) console.log(`${row.name.padEnd(28)}${number(row.size)}${number(row['.gz'])}${number(row['.br'])}`);
}
