// Makes the image that loadPyodide restores instead of starting CPython:  node tools/make_image.mjs DIST OUT
//
// DIST is a dist/ that is complete but for the image. Images of the same DIST differ in a few hundred bytes, which come from clock
// and entropy; what programs could see of them is made anew when an image is restored (py/_pyodide/_snapshot.py).

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, out] = process.argv.slice(2);
if (!dist || !out) throw new Error('make_image: expected DIST OUT');

// What programs import most, as far as an import costs more time than its bytes cost to download: the table is in
// docs/decisions/0008-start-from-an-image.md.
const MODULES = (process.env.KRAIT_IMAGE_MODULES ?? 'asyncio pyodide.ffi pyodide.code pyodide.webloop _pyodide._promise re json').split(' ');

const { loadPyodide } = await import(pathToFileURL(resolve(dist, 'pyodide.mjs')).href);
// The seed of hash(str) that every restored interpreter has: without it the image would differ from build to build.
const pyodide = await loadPyodide({ env: { PYTHONHASHSEED: '314159265' }, stdout: () => {}, stderr: (line) => console.error(line) });
const start = pyodide.runPython(`
def _import_all(names):
    import importlib
    for name in names:
        importlib.import_module(name)
_import_all
`);
pyodide.runPython('del _import_all');
const names = pyodide.toPy(MODULES);
start(names);
names.destroy();
start.destroy();
writeFileSync(out, pyodide.makeMemorySnapshot());
process.exit(0);
