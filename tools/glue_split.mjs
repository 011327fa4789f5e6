// Takes out of the glue what only side modules can want:  splitGlue(glue, wasm) -> { glue, library, names }
//
// MAIN_MODULE=1 puts all of Emscripten's JavaScript libraries into the glue: WebGL, OpenAL, SDL, GLUT, HTML5 events and more, two thirds
// of its text. An engine reads it at each start, and most programs load no side module that calls any of it. Here the glue is
// cut into its statements, and those go into a text of their own (pyodide.library.js) that the main module and the rest of the
// glue do not need; src/runtime/dynload.js evaluates it, in the scope that it was cut out of, when a side module asks for one of `names`.
//
//   needed     what the module imports, every statement that does something by itself, and whatever those name, and so on
//   library    the other declarations; and loops and calls that name one of them, as they only prepare it
//
// "Names" is meant literally: each word of a statement counts, also a property or a word in a string. So too much may stay,
// but nothing can be missing. Names of the library that begin without "_" stay declared, since JavaScript in side modules (EM_ASM,
// EM_JS) is written against them (GL, Browser, JSEvents).
//
// Guarantees: the same input gives the same texts; glue of another form is an Error. Must not rename anything.

import { transform } from 'esbuild';

const FACTORY = /^async function (\w+)\(moduleArg = \{\}\) \{$/;
const DECLARED = /^(?:async function|function|class) ([\w$]+)|^(?:var|let|const) ([^;]*)/;
const SIGNATURE = /^([\w$]+)\.(?:sig|isAsync) = /;
const PREPARES = /^(?:for \(|[\w$.]+\((?!await))/;

// What the main module imports for its C half of html5.h and fetch.h, which only side modules call: read when it is called.
const CALLED_LATE = /^_emscripten_get_last_\w+_event$|^emscripten_(?:set_canvas_element_size|wget_data)$/;
// Addresses that the main module only hands on, by functions like eglGetProcAddress(): dynload.js fills them in with the library.
const HANDED_ON_LATE = /^(?:emscripten_)?(?:gl|al|alc)[A-Z]/;
// Statements that may find those names undefined as long as the library has not been read: [statement, name].
const MAY_BE_MISSING = [
  ['FS_handledByPreloadPlugin', 'Browser'], // asks `typeof Browser` first
  ['ASM_CONSTS', 'AL'], // for alGetProcAddress(), and for that dynload.js reads the library
];

const wordsOf = (text) => new Set(text.match(/[A-Za-z_$][\w$]*/g));

function parses(text) {
  try {
    // import.meta is for modules only, which cannot be parsed without being run.
    new Function(`"use strict"; return async () => {\n${text.replaceAll('import.meta', 'meta')}\n};`);
    return true;
  } catch {
    return false;
  }
}

/** The statements of the factory's body: a line that is indented once begins one, if what came before is whole. */
function statementsOf(lines) {
  const found = [];
  let open = '';
  for (const line of lines) {
    if (open && /^ {2}[^\s})\]]/.test(line) && parses(open)) {
      found.push(open.trim());
      open = line;
    } else {
      open = open ? `${open}\n${line}` : line;
    }
  }
  if (!parses(open)) throw new Error(`glue: a statement has no end: ${open.slice(0, 100)}`);
  return [...found, open.trim()].filter((text) => text !== ';');
}

/** What a statement declares: esbuild writes one variable with its value, or several without any. */
function namesDeclared(text) {
  const [, name, variables] = DECLARED.exec(text) ?? [];
  if (name) return [name];
  if (!variables) return [];
  if (/^[\w$]+(?:, [\w$]+)*$/.test(variables)) return variables.split(', ');
  const [, one] = /^([\w$]+) =/.exec(variables) ?? [];
  if (!one) throw new Error(`glue: cannot tell what this declares: ${text.slice(0, 100)}`);
  return [one];
}

/** Functions that the module imports, and those whose addresses it imports. */
function importsOf(wasm) {
  const all = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  const names = (wanted) => new Set(all.filter(wanted).map(({ name }) => name));
  return { called: names(({ kind }) => kind === 'function'), handedOn: names(({ module }) => module === 'GOT.func') };
}

/** `{ a: _a, b }` as a map. */
function readTable(text) {
  const body = /^var wasmImports = \{([^{}]*)\};$/.exec(text)?.[1];
  if (body === undefined) throw new Error('glue: wasmImports is not a table of names');
  const entries = body.replace(/\/\*[^]*?\*\//g, '').split(',').map((entry) => entry.trim()).filter(Boolean);
  return new Map(entries.map((entry) => {
    const [, name, value] = /^"?([^":]+)"?(?:: ([\w$]+))?$/.exec(entry) ?? [];
    if (!name) throw new Error(`glue: an entry of wasmImports is neither a name nor a pair: ${entry.slice(0, 100)}`);
    return [name, value ?? name];
  }));
}
const writeTable = (entries) => `{ ${entries.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(', ')} }`;
const callLate = (name, sig) =>
  `Object.assign((...args) => (kraitNeedLibrary(), wasmImports[${JSON.stringify(name)}](...args)), { sig: ${JSON.stringify(sig)} })`;

export async function splitGlue(glue, wasm) {
  // Printed by esbuild, a statement begins with its line.
  const lines = (await transform(glue, { format: 'esm', target: 'es2022', charset: 'utf8' })).code.split('\n');
  const first = lines.findIndex((line) => FACTORY.test(line));
  const last = lines.indexOf('}', first);
  if (first < 0 || last < 0) throw new Error('glue: expected one "async function NAME(moduleArg = {})"');
  const statements = statementsOf(lines.slice(first + 1, last)).map((text) => ({ text, words: wordsOf(text), declares: namesDeclared(text) }));

  const table = statements.find(({ declares }) => declares[0] === 'wasmImports');
  if (!table) throw new Error('glue: expected a variable wasmImports');
  const functions = [...readTable(table.text)];
  const { called, handedOn } = importsOf(wasm);
  const isWanted = ([name]) => (called.has(name) && !CALLED_LATE.test(name)) || (handedOn.has(name) && !HANDED_ON_LATE.test(name));
  const wanted = functions.filter(isWanted);
  const others = functions.filter((entry) => !isWanted(entry));
  const signatures = statements.filter(({ text }) => SIGNATURE.test(text));
  const sigOf = (value) => /\.sig = "(\w+)"/.exec(signatures.find(({ text }) => text.startsWith(`${value}.sig`))?.text)?.[1];
  const late = others.filter(([name]) => called.has(name)).map(([name, value]) => [name, callLate(name, sigOf(value))]);
  table.text = `var wasmImports = ${writeTable([...wanted, ...late])};`;
  table.words = wordsOf(writeTable(wanted)).add('kraitNeedLibrary');
  const unknown = [...handedOn].filter((name) => !functions.some(([known]) => known === name));
  if (unknown.length) throw new Error(`glue: the module wants addresses of functions that no JavaScript library has: ${unknown.join(', ')}`);

  const home = new Map();
  for (const statement of statements) for (const name of statement.declares) home.set(name, statement);
  for (const [name, missing] of MAY_BE_MISSING) home.get(name)?.words.delete(missing);
  /** All statements that those words lead to. */
  const reach = (words, into = new Set()) => {
    const todo = [...words];
    while (todo.length) {
      const statement = home.get(todo.pop());
      if (!statement || into.has(statement)) continue;
      into.add(statement);
      todo.push(...statement.words);
    }
    return into;
  };

  const actions = statements.filter(({ text, declares }) => !declares.length && !SIGNATURE.test(text));
  const ofOthers = reach(others.map(([, value]) => value));
  const needed = reach(['wasmImports']);
  for (const action of actions) if (!PREPARES.test(action.text)) reach(action.words, needed);
  // Which of the rest only prepare the library; what they do not, they make needed, so until nothing changes.
  let preparing = actions.filter(({ text }) => PREPARES.test(text));
  for (let before = -1; before !== preparing.length; ) {
    before = preparing.length;
    preparing = preparing.filter((action) => {
      const own = [...action.words].some((word) => ofOthers.has(home.get(word)) && !needed.has(home.get(word)));
      if (!own) reach(action.words, needed);
      return own;
    });
  }
  for (const action of actions) if (!preparing.includes(action)) needed.add(action);
  for (const signature of signatures) {
    const owner = home.get(SIGNATURE.exec(signature.text)[1]);
    if (!owner || needed.has(owner)) needed.add(signature);
  }

  const moved = statements.filter((statement) => !needed.has(statement));
  const visible = moved.flatMap(({ declares }) => declares).filter((name) => !name.startsWith('_')).sort();
  // A declaration would hide the variable outside: functions, which may be called before their line, are set first.
  const isVisible = new Set(visible);
  const set = ({ text, declares }) => {
    if (!isVisible.has(declares[0])) return text;
    if (!/^(?:var|let|const) /.test(text)) return `${declares[0]} = ${text};`;
    return declares.length > 1 || !text.includes('=') ? '' : text.replace(/^(?:var|let|const) /, '');
  };
  const isFunction = ({ text }) => /^(?:async )?function /.test(text);
  const library = [...moved.filter(isFunction), ...moved.filter((statement) => !isFunction(statement))].map(set);
  library.push(`Object.assign(wasmImports, ${writeTable(others)});`);

  const kept = statements.filter((statement) => needed.has(statement)).map(({ text }) => text);
  const declared = visible.length ? [`var ${visible.join(', ')};`] : [];
  return {
    glue: [...lines.slice(0, first + 1), ...declared, ...kept, ...lines.slice(last)].join('\n'),
    library: library.join('\n'),
    names: others.map(([name]) => name),
  };
}
