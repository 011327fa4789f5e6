// splitGlue() on glue written by hand, in the form that Emscripten's has: what the core calls stays, the rest can be added later.
import assert from 'node:assert/strict';
import test from 'node:test';
import { splitGlue } from './glue_split.mjs';

const text = (name) => [name.length, ...Buffer.from(name)];
const section = (id, ...bytes) => [id, bytes.length, ...bytes];

/** Imports functions env.NAME of type () -> (), and globals GOT.func.NAME. */
function sample(functions = ['core', 'emscripten_wget_data'], addresses = ['glClear', 'helped']) {
  const imports = [
    ...functions.map((name) => [...text('env'), ...text(name), 0, 0]),
    ...addresses.map((name) => [...text('GOT.func'), ...text(name), 3, 0x7f, 1]),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, 1, 0x60, 0, 0), ...section(2, imports.length, ...imports.flat())]);
}

const GLUE = `async function create(moduleArg = {}) {
  var log = [], Shared = { n: 1 };
  var GL = { contexts: [], init() { log.push("GL"); } };
  function helper() { return Shared.n; }
  var _helped = () => helper() + 2; _helped.sig = "i";
  function _core() { return helper() + 1; } _core.sig = "i";
  function _gl() { return GL.contexts.length + Shared.n + later(); } _gl.sig = "ii";
  var text = \`a template
  with a line that looks like a statement
  }\`;
  var later = () => only;
  var only = 40;
  function _lost() { return later; }
  function _wget(...args) { return ["data", ...args]; } _wget.sig = "pp";
  GL.init();
  log.push("start");
  for (var i = 0; i < 2; ++i) GL.contexts.push(i);
  var libraryRead = false;
  var kraitNeedLibrary = () => { if (!libraryRead) eval(moduleArg.library); libraryRead = true; };
  moduleArg.log = log, moduleArg.text = text;
  var wasmImports = { core: _core, glClear: _gl, helped: _helped, emscripten_wget_data: _wget, lost: _lost };
  moduleArg.imports = wasmImports;
  moduleArg.look = (code) => eval(code);
  return moduleArg;
}
export default create;
`;

async function run(glue, module) {
  const { default: create } = await import(`data:text/javascript,${encodeURIComponent(glue)}`);
  return create(module);
}

test('what the core imports stays, the rest is in the library', async () => {
  const { glue, library, names } = await splitGlue(GLUE, sample());
  assert.deepEqual(names, ['glClear', 'emscripten_wget_data', 'lost']);
  for (const word of ['helper', '_core.sig', '_helped.sig', 'with a line', 'Shared = ']) assert.ok(glue.includes(word) && !library.includes(word), word);
  for (const word of ['contexts: []', '_gl.sig', 'only = 40', 'GL.init()', 'contexts.push']) assert.ok(!glue.includes(word) && library.includes(word), word);
});

test('together they do what the glue did', async () => {
  const { glue, library } = await splitGlue(GLUE, sample());
  const module = await run(glue, { library });
  assert.deepEqual(module.log, ['start']);
  assert.equal(module.text, 'a template\n  with a line that looks like a statement\n  }');
  assert.equal(module.imports.core(), 2);
  assert.equal(module.imports.helped(), 3, 'its address is wanted at once');
  assert.equal(module.imports.glClear, undefined);
  assert.equal(module.look('typeof GL'), 'undefined', 'declared, but without a value');

  // Called by the core, but part of the library: the first call reads it.
  assert.equal(module.imports.emscripten_wget_data.sig, 'pp');
  assert.deepEqual(module.imports.emscripten_wget_data(1, 2), ['data', 1, 2]);
  assert.deepEqual(module.log, ['start', 'GL']);
  assert.equal(module.imports.glClear(), 43);
  assert.equal(module.imports.glClear.sig, 'ii');
  assert.equal(module.imports.lost()(), 40);
  assert.equal(module.look('GL.contexts.length'), 2, "visible to a side module's JavaScript");
});

test('the same input gives the same texts', async () => {
  assert.deepEqual(await splitGlue(GLUE, sample()), await splitGlue(GLUE, sample()));
});

test('glue of another form is refused', async () => {
  await assert.rejects(splitGlue('var x = 1;', sample()), /expected one "async function NAME/);
  await assert.rejects(splitGlue(GLUE.replaceAll('wasmImports', 'imports'), sample()), /expected a variable wasmImports/);
  await assert.rejects(splitGlue(GLUE.replace('var text', 'var { text }'), sample()), /cannot tell what this declares: var \{ text \}/);
  await assert.rejects(splitGlue(GLUE.replace('glClear: _gl', 'glClear: () => 1'), sample()), /neither a name nor a pair: glClear: \(\) => 1/);
  await assert.rejects(splitGlue(GLUE, sample(['core'], ['glClear', 'glUnheardOf'])), /no JavaScript library has: glUnheardOf/);
});
