// The zip writer, read back by Python's zipfile.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { zip } from './zip.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

test('Python reads back names, order and bytes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'krait-zip-'));
  try {
    const text = Buffer.from('a line that repeats\n'.repeat(500));
    const noise = Buffer.from(Array.from({ length: 999 }, (_, i) => (i * i * 31 + i * 7) % 251));
    const archive = join(folder, 't.zip');
    writeFileSync(archive, zip([
      { name: 'b/text.txt', data: text },
      { name: 'ä.bin', data: noise },
      { name: 'b/empty', data: Buffer.alloc(0) },
    ]));
    const script = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.file_size, i.date_time[0], oct(i.external_attr >> 16), hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))`;
    const seen = JSON.parse(execFileSync(join(root, 'toolchain/enter'), ['python3.13', '-c', script, archive], { encoding: 'utf8' }));
    assert.deepEqual(seen.map(([name, size, year, mode]) => [name, size, year, mode]), [
      ['b/empty', 0, 1980, '0o100644'], ['b/text.txt', text.length, 1980, '0o100644'], ['ä.bin', noise.length, 1980, '0o100644'],
    ]);
    const expected = execFileSync('sha256sum', { input: text, encoding: 'utf8' }).slice(0, 64);
    assert.equal(seen[1][4], expected);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the same entries in another order give the same bytes', () => {
  const entries = ['z', 'a', 'm'].map((name) => ({ name, data: Buffer.from(name.repeat(30)) }));
  assert.deepEqual(zip(entries), zip([...entries].reverse()));
});

test('stored entries lie in the archive as they are', () => {
  const data = Buffer.from('a line that repeats\n'.repeat(50));
  assert.ok(zip([{ name: 'a', data }], { store: true }).includes(data));
  assert.ok(!zip([{ name: 'a', data }]).includes(data));
});

test('two entries of one name are refused', () => {
  const entry = { name: 'a', data: Buffer.alloc(1) };
  assert.throws(() => zip([entry, entry]), /two zip entries are named "a"/);
});
