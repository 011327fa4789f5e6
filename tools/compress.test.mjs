// Compressed files beside their originals, read back; and that none outlives its original.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compress, dropStale } from './compress.mjs';

async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'krait-compress-'));
  try {
    await run(join(folder, 'dist'), join(folder, 'kept'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what pages download is compressed, the same each time, and nothing else is', () =>
  inFolder(async (dist, kept) => {
    mkdirSync(dist);
    const text = 'export const answer = 42;\n'.repeat(100);
    writeFileSync(join(dist, 'a.mjs'), text);
    writeFileSync(join(dist, 'a.d.ts'), text);
    const rows = await compress(dist, kept);
    assert.deepEqual(rows.map(({ name, size }) => [name, size]), [['a.mjs', text.length]]);
    assert.deepEqual(readdirSync(dist).sort(), ['a.d.ts', 'a.mjs', 'a.mjs.br', 'a.mjs.gz']);
    const brotli = readFileSync(join(dist, 'a.mjs.br'));
    assert.equal(brotliDecompressSync(brotli).toString(), text);
    assert.equal(gunzipSync(readFileSync(join(dist, 'a.mjs.gz'))).toString(), text);
    assert.ok(rows[0]['.br'] < text.length / 10);
    const [again] = await compress(dist, join(kept, 'elsewhere'));
    assert.deepEqual(again, rows[0]);
    assert.deepEqual(readFileSync(join(dist, 'a.mjs.br')), brotli);
  }));

test('compressed files go with their originals', () =>
  inFolder(async (dist, kept) => {
    mkdirSync(dist);
    for (const name of ['changed.js', 'gone.js', 'same.js']) writeFileSync(join(dist, name), `// ${name}`);
    await compress(dist, kept);
    rmSync(join(dist, 'gone.js'));
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(dist, 'changed.js'), later, later);
    dropStale(dist);
    assert.deepEqual(readdirSync(dist).sort(), ['changed.js', 'same.js', 'same.js.br', 'same.js.gz']);
  }));
