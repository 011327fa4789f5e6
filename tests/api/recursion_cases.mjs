// The cases of recursion.node.test.mjs: node recursion_cases.mjs URL_OF_DIST prints [name, how it ended, alive or why not] as JSON.
const { loadPyodide } = await import(new URL("pyodide.mjs", process.argv[2]).href);
const { fileURLToPath } = await import("node:url");
const pyodide = await loadPyodide({ indexURL: fileURLToPath(process.argv[2]), stdout: () => {}, stderr: () => {} });
const py = (code) => pyodide.runPython(code);
const g = pyodide.globals;

// Each makes a function that calls itself through both languages.
const CASES = {
  "plain": () => { const f = py("lambda g: g()"); const h = () => f(h); return h; },
  "getter": () => { const read = py("lambda o: o.x"); const o = { get x() { return read(o); } }; return () => read(o); },
  "setter": () => { const w = py("def w(o):\n  o.x = 1\nw"); const o = { set x(v) { w(o); } }; return () => w(o); },
  "proxy get trap": () => { const read = py("lambda o: o.anything"); const o = new Proxy({}, { get() { return read(o); } }); return () => read(o); },
  "proxy has trap": () => { const read = py("lambda o: 'x' in o.as_object_map()"); const o = new Proxy({}, { getOwnPropertyDescriptor() { read(o); } }); return () => read(o); },
  "proxy ownKeys trap": () => { const read = py("lambda o: dir(o)"); const o = new Proxy({}, { ownKeys() { read(o); return []; } }); return () => read(o); },
  "proxy getPrototypeOf trap": () => { const f = py("lambda g: g()"); const make = () => o; const o = new Proxy({}, { getPrototypeOf() { f(make); return null; } }); return () => f(make); },
  "comparator js sort": () => { const s = py("lambda c: c()"); const c = () => [2, 1].sort(() => s(c)); return c; },
  "comparator py key": () => { g.set("keyfn", () => srt()); const srt = py("lambda: sorted([1,2], key=lambda x: keyfn())"); return srt; },
  "__lt__": () => { g.set("less", () => f()); const f = py("class L:\n  def __lt__(self, o): return less()\nlambda: L() < L()"); return f; },
  "to_py default_converter": () => { const f = py("lambda x, c: x.to_py(default_converter=c)"); const o = new (class A {})(); const c = (v) => f(o, c); return () => f(o, c); },
  "toPy defaultConverter": () => { const o = new (class A {})(); const c = () => pyodide.toPy(o, { defaultConverter: c }); return c; },
  "toString": () => { const f = py("str"); const o = { toString() { return f(o); } }; return () => f(o); },
  "valueOf/then": () => { const f = py("lambda o: o"); const o = { get then() { f(o); return undefined; } }; return () => f(o); },
  "iterator": () => { const f = py("lambda it: [x for x in it]"); const it = { [Symbol.iterator]: () => ({ next: () => f(it) }) }; return () => f(it); },
  "__getattr__": () => { const o = py("class Deep:\n  def __getattr__(self, name): return step1()\nDeep()"); g.set("step1", () => o.again); return () => o.again; },
  "__call__": () => { const o = py("class C:\n  def __call__(self): return step2()\nC()"); g.set("step2", () => o()); return () => o(); },
  "__len__": () => { const o = py("class C:\n  def __len__(self): return step3()\nC()"); g.set("step3", () => o.length); return () => o.length; },
  "__repr__": () => { const o = py("class C:\n  def __repr__(self): return step4()\nC()"); g.set("step4", () => o.toString()); return () => o.toString(); },
  "__iter__": () => { const o = py("class C:\n  def __iter__(self): return step5()\nC()"); g.set("step5", () => [...o]); return () => [...o]; },
  "__contains__": () => { const o = py("class C:\n  def __contains__(self, k): return step6()\nC()"); g.set("step6", () => o.has(1)); return () => o.has(1); },
  "__hash__": () => { py("class Key:\n  def __hash__(self): return step7()\n"); const o = py("{}"); const key = py("Key()"); g.set("step7", () => o.get(key)); return () => o.get(key); },
  "constructor": () => { const f = py("lambda C: C.new()"); class C { constructor() { f(C); } } return () => f(C); },
  "except and raise": () => { const f = py("def again(g):\n  try:\n    g()\n  except ValueError:\n    pass\n  finally:\n    pass\nagain"); const h = () => { try { f(h); } finally { } }; return h; },
  "catch and wrap": () => { const f = py("def wrap(g):\n  try:\n    g()\n  except RecursionError as e:\n    raise\nwrap"); const h = () => { try { f(h); } catch (e) { throw e; } }; return h; },
  "runPython": () => { g.set("again", () => py("again()")); return () => py("again()"); },
  "generator next": () => { g.set("gnext", () => gen()); const gen = py("def gg():\n  yield gnext()\nlambda: next(gg())"); return gen; },
  "error stack getter": () => { const f = py("def es(g):\n  try: g()\n  except Exception as e: return str(e)\nes"); const bad = new Error("x"); Object.defineProperty(bad, "stack", { get() { return f(() => { throw bad; }); } }); return () => f(() => { throw bad; }); },
  "error cause getter": () => { const f = py("def es(g):\n  try: g()\n  except Exception as e: return e.__cause__\nes"); const bad = new Error("x"); Object.defineProperty(bad, "cause", { get() { return f(() => { throw bad; }); } }); return () => f(() => { throw bad; }); },
  "JavaScript's own recursion": () => { const f = py("lambda x: [x, str(x)]"); const h = (n) => { f(n); h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, with objects": () => { const f = py("lambda x, y: None"); const h = (n) => { f({ n }, [n]); h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, attributes": () => { const o = py("class C: pass\nC()"); const h = (n) => { o.x = { n }; o.x; h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, source text": () => { const h = (n) => { if (n % 20 === 0) py("1 + ((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))"); h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, json": () => { const f = py("import json\nx = []\nfor i in range(50): x = [x]\nlambda: json.loads(json.dumps(x))"); const h = (n) => { f().destroy(); h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, toPy": () => { const x = { a: [1, "b", { c: [1n] }] }; const h = (n) => { pyodide.toPy(x).destroy(); h(n + 1); }; return () => h(0); },
  "JavaScript's own recursion, proxies destroyed": () => { const f = py("lambda: [object()]"); const h = (n) => { const x = f(); try { h(n + 1); } finally { x.destroy(); } }; return () => h(0); },
  "garbage collection at each depth": () => { py("import gc"); const f = py("def collect():\n  a = []; a.append(a); gc.collect(0)\ncollect"); const h = (n) => { f(); h(n + 1); }; return () => h(0); },
  "await sync part": () => { g.set("astep", () => { const p = co(); p.catch?.(() => {}); return 1; }); const co = py("async def co(): return astep()\nco"); return () => { g.get("astep")(); }; },
};
// Data that is nested deeply, and chains of causes.
const NESTED = {
  "py list nested to_js": "from pyodide.ffi import to_js\nx=[]\nfor i in range(100000): x=[x]\nr=to_js(x)\ndel x\ndel r",
  "py dict nested to_js": "from pyodide.ffi import to_js\nx={}\nfor i in range(100000): x={'a':x}\nr=to_js(x)\ndel x",
  "repr deep": "x=[]\nfor i in range(100000): x=[x]\nrepr(x)",
  "destroy deep": "x=[]\nfor i in range(100000): x=[x]\ndel x",
  "deep cause chain raise": "e=ValueError()\nfor i in range(100000):\n  n=ValueError(i); n.__cause__=e; e=n\nraise e",
  "deep context chain raise": "e=None\nfor i in range(20000):\n  n=KeyError(i); n.__context__=e; e=n\nraise e",
  "deep group": "e=ValueError()\nfor i in range(10000): e=ExceptionGroup('g',[e])\nraise e",
  "deep compare": "x=[];y=[]\nfor i in range(100000): x=[x];y=[y]\nx==y",
  "deep pickle": "import pickle\nx=[]\nfor i in range(100000): x=[x]\npickle.dumps(x)",
  "deep json": "import json\nx=[]\nfor i in range(100000): x=[x]\njson.dumps(x)",
  "deep ast": "eval('('*5000+'1'+')'*5000)",
  "deep ast2": "eval('-'*50000+'1')",
  "deep ast3": "eval('1 if 1 else ' * 50000 + '1')",
  "deep ast4": "eval('lambda:' * 50000 + '1')",
  "deep ast5": "eval('a' + '.b' * 50000)",
  "deep ast6": "import ast\nast.parse('not ' * 50000 + '1')",
  "deep marshal": "import marshal\nmarshal.loads(b'[\\x01\\0\\0\\0' * 100000 + b'N')",
  "deep marshal dumps": "import marshal\nx=[]\nfor i in range(100000): x=[x]\nmarshal.dumps(x)",
  "deep iterators": "import itertools\nx=iter([1])\nfor i in range(100000): x=itertools.chain(x)\nnext(x)",
  "deep partial": "import functools\nx=print\nfor i in range(100000): x=functools.partial(functools.partial, x)\nrepr(x)",
  "deep re": "import re\nre.compile('(' * 5000 + ')' * 5000)",
  "deep class": "class A: pass\nfor i in range(1000): A = type('A', (A,), {})\nA()",
  "deep isinstance": "x=int\nfor i in range(100000): x=(x,)\nisinstance('', x)",
  "ctypes callbacks": "import ctypes\nF=ctypes.CFUNCTYPE(ctypes.c_int)\ndef again(): return f()\nf=F(again)\nf()",
  "deep hash": "x=()\nfor i in range(100000): x=(x,)\nhash(x)",
  "deep xml": "import xml.etree.ElementTree as e\ne.fromstring('<a>' * 100000 + '</a>' * 100000)",
  "deep deepcopy": "import copy\nx=[]\nfor i in range(100000): x=[x]\ncopy.deepcopy(x)",
};

/** JavaScript data of 100,000 levels. */
function deepJs(make) {
  let x = make(null);
  for (let i = 0; i < 100_000; i++) x = make(x);
  return x;
}
const DATA = {
  "toPy of nested arrays": () => pyodide.toPy(deepJs((x) => [x])).destroy(),
  "toPy of nested objects": () => pyodide.toPy(deepJs((x) => ({ x }))).destroy(),
  "toPy of nested Maps": () => pyodide.toPy(deepJs((x) => new Map([["x", x]]))).destroy(),
  "a chain of JavaScript causes": () => {
    const error = deepJs((cause) => new Error("deep", { cause }));
    g.set("thr", () => { throw error; });
    py("import traceback\ntry: thr()\nexcept Exception: traceback.format_exc()\nNone");
  },
};

const limit = py("import sys\nsys.getrecursionlimit()");
function state() {
  try {
    if (py("1 + 1") !== 2) return "1 + 1 is not 2";
    if (py("import sys\nsys.getrecursionlimit()") !== limit) return "the recursion limit has changed";
    if (py("def depth(n): return 0 if n == 0 else 1 + depth(n - 1)\ndepth(300)") !== 300) return "300 calls are too many";
    return "alive";
  } catch (e) {
    return String(e);
  }
}
const results = [];
function attempt(name, f) {
  let how = "ended";
  // With --stress-flush-code V8 forgets what it compiled, and compiles it anew where the stack ends.
  globalThis.gc?.();
  try {
    f();
  } catch (e) {
    how = `${e?.type ?? e?.name}: ${String(e?.message).trimEnd().split("\n").at(-1)}`;
  }
  results.push([name, how, state()]);
}
for (const [name, make] of Object.entries(CASES)) {
  const f = make();
  attempt(name, f);
  attempt(`${name}, again`, f);
}
for (const [name, code] of Object.entries(NESTED)) {
  attempt(name, () => {
    const globals = py("{}");
    try {
      pyodide.runPython(code, { globals });
    } finally {
      globals.destroy();
    }
  });
}
for (const [name, f] of Object.entries(DATA)) attempt(name, f);
// "await sync part" leaves tasks behind that call themselves for ever.
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
