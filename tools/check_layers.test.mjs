// The layer check, on arrows that must pass and arrows that must not.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { checkLayers, importsOf, includesOf, wrongImport, wrongInclude } from './check_layers.mjs';

const allowed = [
  ['base/json.cc', 'base/utf.h'],
  ['pkg/wheel/wheel.cc', 'base/result.h'],
  ['runtime/start.cc', 'ffi/js_proxy/js_proxy.h'],
  ['runtime/packed_files.cc', 'pkg/wheel/packed_file.h'],
  ['pkg_module/module.cc', 'pkg/install/session.h'],
  ['cli/main.cc', 'build/project.h'],
  ['ffi/convert/to_js.cc', 'ffi/wire/tape.h'],
  ['ffi/js_proxy/attr.cc', 'ffi/handle/py_ref.h'],
  ['ffi/js_proxy/attr.cc', 'ffi/js_proxy/js_proxy.h'],
];
const refused = [
  ['base/json.cc', 'ffi/wire/tape.h', /base may only include nothing of ours/],
  ['ffi/wire/tape.cc', 'runtime/start.h', /ffi may only include base/],
  ['ffi/wire/tape.cc', 'pkg/wheel/wheel.h', /ffi may only include base/],
  ['build/project.cc', 'runtime/start.h', /build may only include base, pkg/],
  ['runtime/start.cc', 'pkg/install/session.h', /only in runtime\/packed_files/],
  ['pkg_module/module.cc', 'ffi/wire/tape.h', /pkg_module may only include base, pkg/],
  ['ffi/wire/tape.cc', 'ffi/convert/to_js.h', /in ffi the order is/],
  ['ffi/js_proxy/attr.cc', 'ffi/py_proxy/exports.h', /in ffi the order is/],
  ['ffi/new_room/a.cc', 'ffi/wire/tape.h', /expected rooms of ffi/],
  ['extra/a.cc', 'base/json.h', /"extra" is in no layer/],
];

for (const [from, to] of allowed) test(`${from} may include ${to}`, () => assert.equal(wrongInclude(from, to), undefined));
for (const [from, to, why] of refused) test(`${from} may not include ${to}`, () => assert.match(wrongInclude(from, to) ?? '', why));

test('imports follow the same rule', () => {
  assert.equal(wrongImport('api/load.ts', 'runtime/boot.js'), undefined);
  assert.match(wrongImport('ffi/index.ts', 'runtime/boot.js'), /ffi may only import nothing of ours/);
  assert.match(wrongImport('runtime/boot.ts', 'api/load.js'), /runtime may only import ffi, host/);
});

test('reads includes and imports as they are written', () => {
  assert.deepEqual(includesOf('#include "a/b.h"\n  # include "c/d.h"\n#include <vector>\n// #include "e/f.h"\n'), ['a/b.h', 'c/d.h']);
  assert.deepEqual(importsOf(`import { x } from './a.js';\nexport * from "../b";\nimport './c';\nawait import('./d.js');\nimport fs from 'node:fs';`), ['./a.js', '../b', './c', './d.js']);
});

test('finds a wrong arrow in a tree', () => {
  const root = mkdtempSync(join(tmpdir(), 'krait-layers-'));
  const write = (path, text) => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  try {
    write('src/base/a.h', '#include "runtime/b.h"\n#include "base/none.h"\n');
    write('src/runtime/b.h', '#include "base/a.h"\n');
    write('js/src/ffi/a.ts', "import '../api/b.js';\nimport type { T } from '../../types/t.js';\n");
    write('js/src/api/b.ts', "import '../ffi/a.js';\n");
    assert.deepEqual(checkLayers(root), [
      'src/base/a.h includes runtime/b.h: base may only include nothing of ours',
      'src/base/a.h includes "base/none.h": expected a path below src/',
      'js/src/ffi/a.ts imports api/b.js: ffi may only import nothing of ours',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
