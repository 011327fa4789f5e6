// Extension modules built by plain emcc -sSIDE_MODULE=1 (A01-A04): C, C++ exceptions across libraries, RPATH, thread-local
// and weak symbols, setjmp, wrong signatures, and what cannot be loaded.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./side_modules/build.mjs";
import { assert, indexURL, IN_NODE, isKrait, lastLine, loadForTest, loadPyodide, pythonError, test } from "./harness.mjs";

const SITE = "/lib/python3.13/site-packages";
const pyodide = await loadForTest();
const krait = isKrait(pyodide);
// The modules are for krait's CPython; the peer has another.
const side = (name, fn) => test(name, { skip: !krait && "the modules are built for krait's CPython" }, fn);

function copy(pyodide, from, to) {
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    const target = `${to}/${name}`;
    if (statSync(source).isDirectory()) {
      pyodide.FS.mkdirTree(target);
      copy(pyodide, source, target);
    } else if (name.endsWith(".so")) {
      pyodide.FS.writeFile(target, readFileSync(source));
    }
  }
}

if (krait) {
  const folder = build();
  copy(pyodide, folder, SITE);
  pyodide.runPython("import importlib\nimportlib.invalidate_caches()");
}
const py = (code) => pyodide.runPython(code);

side("a C extension: calls, errors, types, libc and libm", () => {
  assert.equal(py("import plain\nplain.add(40, 2)"), 42);
  assert.equal(lastLine(pythonError(pyodide, "plain.fail('why')")), "LookupError: why");
  pythonError(pyodide, "plain.add('x', 1)", "TypeError");
  assert.equal(py("plain.call_back(lambda n: n * 10, 4)"), 50);
  assert.equal(lastLine(pythonError(pyodide, "plain.call_back(lambda n: 1 / 0, 4)")), "ZeroDivisionError: division by zero");
  assert.equal(py("plain.wide(2 ** 40)"), 2 ** 41 + 1);
  assert.equal(py("plain.from_libc()"), "123 1.414 needle 1970");
  assert.equal(py("c = plain.Counter()\nstr([next(c), next(c), next(c)])"), "[0, 1, 2]");
  assert.equal(py("class Sub(plain.Counter): pass\nnext(Sub())"), 0);
  assert.equal(py(`plain.__file__`), `${SITE}/plain.so`);
});

side("a C extension may call JavaScript", () => {
  pyodide.globals.set("fromJs", (n) => n * 3);
  assert.equal(py("plain.call_back(fromJs, 4)"), 15);
  pyodide.globals.set("fromJs", () => {
    throw new RangeError("from JavaScript");
  });
  assert.equal(py("try:\n  plain.call_back(fromJs, 4)\nexcept Exception as e:\n  r = str(e)\nr"), "RangeError: from JavaScript");
  assert.equal(py("plain.add(1, 1)"), 2);
});

side("an unoptimised build with debug information loads too", () => {
  assert.equal(
    py(`
      import importlib.util
      spec = importlib.util.spec_from_file_location("plain", "${SITE}/O0/plain.so")
      module = importlib.util.module_from_spec(spec)
      module.add(1, 2)
    `),
    3,
  );
});

side("functions with wrong signatures are called as on other machines", () => {
  assert.equal(
    py(`
      import wrong_signatures as w
      thing = w.Thing()
      thing.one = 33
      str([w.noargs_one(), w.noargs_none(), w.varargs_three(1, 2), w.o_one(5), w.keywords_two(1), thing.one, thing.last, thing()])
    `),
    "[1, 2, 2, 4, 1, 6, 33, 8]",
  );
});

side("C++ exceptions: inside, across the border of two libraries, rethrown", () => {
  assert.equal(py("from cpp import cpp_exceptions as c\nc.inside()"), "inside 1");
  assert.equal(py("c.from_library()"), "thrown across 7, standard, 42, any");
  assert.equal(py("c.into_library()"), "11 -1 0");
  assert.equal(py("c.rethrow()"), 6);
  assert.equal(lastLine(pythonError(pyodide, "c.through_python(lambda: 1 / 0)")), "OverflowError: Python failed");
  assert.equal(py("c.through_python(lambda: 5)"), 5);
  for (let i = 0; i < 100; i++) py("c.from_library()");
});

side("libc++ and its runtime", () => {
  assert.equal(py("c.of_libcxx()"), "a1 b2 42 x#y# 1");
});

side("RPATH $ORIGIN: two modules share one library of <package>.libs", () => {
  assert.equal(py("import pack.one, pack.two\nstr([pack.one.next(), pack.two.next(), pack.one.next()])"), "[(101, 101), (102, 102), (103, 103)]");
});

side("thread_local, weak symbols, constructors, errno", () => {
  assert.equal(py("import tls_and_weak as t\nstr(t.values())"), "(41, 8, 5, 0, 0, 9, 1)");
  assert.equal(py("str(t.values()[:2])"), "(42, 9)");
});

side("setjmp and longjmp", () => {
  assert.equal(py("import long_jump\nstr([long_jump.jump(0), long_jump.jump(50)])"), "[(20, 5), (20, 5)]");
});

side("missing symbols are named, each of them, and again at the next try", () => {
  for (let i = 0; i < 2; i++) {
    const { message } = pythonError(pyodide, "import missing_symbol", "ImportError");
    assert.match(message, /missing_symbol\.so/);
    assert.match(message, /data_that_nobody_defines/);
    assert.match(message, /function_that_nobody_defines/);
  }
  assert.equal(py("import plain\nplain.add(1, 1)"), 2, "the runtime goes on");
});

side("a missing function that is only called later does not keep a module from loading", async () => {
  // In an instance of its own, since the call ends with an error that Python never gets to see.
  const other = await loadPyodide({ stdout: () => {}, stderr: () => {} });
  copy(other, build(), SITE);
  assert.equal(other.runPython("import missing_function\nmissing_function.fine()"), 5);
  assert.throws(() => other.runPython("missing_function.call()"), /function_that_nobody_defines/);
});

side("a missing library is named", () => {
  for (let i = 0; i < 2; i++) {
    const { message } = pythonError(pyodide, "from lonely import lonely", "ImportError");
    assert.match(message, /lonely\.so/);
    assert.match(message, /libshared\.so/);
  }
  assert.equal(py("import plain\nplain.add(1, 1)"), 2);
});

side("what is no module at all is refused with the file's name", () => {
  pyodide.FS.writeFile(`${SITE}/not_wasm.so`, "this is not wasm");
  pyodide.FS.writeFile(`${SITE}/truncated.so`, pyodide.FS.readFile(`${SITE}/plain.so`).subarray(0, 500));
  py("importlib.invalidate_caches()");
  for (const name of ["not_wasm", "truncated"]) {
    const error = pythonError(pyodide, `import ${name}`, "ImportError");
    assert.match(error.message, new RegExp(`${name}\\.so`));
  }
  assert.equal(py("plain.add(1, 1)"), 2);
});

side("a module without its init function is refused with the function's name", () => {
  pyodide.FS.writeFile(`${SITE}/other_name.so`, pyodide.FS.readFile(`${SITE}/long_jump.so`));
  py("importlib.invalidate_caches()");
  assert.match(pythonError(pyodide, "import other_name", "ImportError").message, /PyInit_other_name/);
});

side("ctypes opens libraries", () => {
  assert.equal(py(`import ctypes\nlib = ctypes.CDLL("${SITE}/pack.libs/libshared.so")\nlib.shared_next() > 100`), true);
  pythonError(pyodide, "lib.no_such_function", "AttributeError");
  assert.match(pythonError(pyodide, "ctypes.CDLL('/no/such/library.so')", "OSError").message, /\/no\/such\/library\.so/);
});

side("no library is taken from the host's disk", () => {
  assert.equal(IN_NODE, true);
  const host = join(build(), "plain.so");
  pythonError(pyodide, `ctypes.CDLL(${JSON.stringify(host)})`, "OSError");
});

side("functions and data of the main module have one address, and JavaScript libraries are there", () => {
  assert.equal(py("import graphics as g\ng.context()"), 0);
  assert.equal(py("str(g.addresses())"), "(True, True, True, True, True)");
  assert.equal(py("str(g.javascript())"), "(5, 7)");
  assert.equal(py("g.no_canvas()"), -4);
  const lines = [];
  pyodide.setStdout({ batched: (line) => lines.push(line) });
  py("g.say()");
  pyodide.setStdout({ batched: () => {} });
  assert.deepEqual(lines, ["6 from C"]);
});

side("ctypes finds the C API, libc, data, and functions that are JavaScript", () => {
  assert.equal(py("import ctypes\nc = ctypes.CDLL(None)\nc.abs(-5)"), 5);
  assert.equal(py("ctypes.pythonapi.PyLong_AsLong(ctypes.py_object(77))"), 77);
  assert.equal(py("p = ctypes.pythonapi.PyLong_FromLong\np.restype = ctypes.py_object\np(8)"), 8);
  assert.equal(py("ctypes.py_object.in_dll(ctypes.pythonapi, 'PyExc_ValueError').value is ValueError"), true);
  assert.equal(py("same = lambda f: ctypes.cast(f, ctypes.c_void_p).value\nsame(c.abs) == same(ctypes.CDLL(None).abs) != 0"), true);
  assert.equal(py("c.emscripten_date_now.restype = ctypes.c_double\nc.emscripten_date_now() > 1e12"), true);
  assert.equal(py("c.emscripten_random.restype = ctypes.c_float\n0 <= c.emscripten_random() < 1"), true);
  assert.match(pythonError(pyodide, "c.no_such_function", "AttributeError").message, /no_such_function/);
});

side("libffi's callbacks", () => {
  assert.equal(
    py(`
      compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
      numbers = (ctypes.c_int * 5)(5, 3, 1, 4, 2)
      c.qsort(numbers, 5, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: a[0] - b[0]))
      str(list(numbers))
    `),
    "[1, 2, 3, 4, 5]",
  );
});

/** The dist folder without one file. */
async function without(missing, use) {
  const folder = mkdtempSync(join(tmpdir(), "krait-test-"));
  try {
    for (const name of readdirSync(await indexURL())) if (name !== missing) symlinkSync(join(await indexURL(), name), join(folder, name));
    const other = await loadPyodide({ indexURL: folder, stdout: () => {}, stderr: () => {} });
    copy(other, build(), SITE);
    use(other);
    assert.equal(other.runPython("6 * 7"), 42, "the runtime goes on");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

side("what only side modules need is read when they need it, and named when it is not there", async () => {
  await without("pyodide.symbols.json", (other) => {
    for (let i = 0; i < 2; i++) assert.match(pythonError(other, "import plain", "ImportError").message, /pyodide\.symbols\.json/);
    assert.match(pythonError(other, "import ctypes\nctypes.CDLL(None).abs", "AttributeError").message, /pyodide\.symbols\.json/);
  });
  await without("pyodide.library.js", (other) => {
    assert.equal(other.runPython("import plain, pack.one\nfrom cpp import cpp_exceptions\nplain.add(40, 2)"), 42);
    for (let i = 0; i < 2; i++) assert.match(pythonError(other, "import graphics", "ImportError").message, /pyodide\.library\.js/);
  });
});

side("two instances have modules of their own", async () => {
  const other = await loadPyodide({ stdout: () => {}, stderr: () => {} });
  copy(other, build(), SITE);
  assert.equal(other.runPython("import pack.one\nstr(pack.one.next())"), "(101, 101)");
});

side("an image keeps side modules: loaded in one process, used in another", async () => {
  const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
  const { execFileSync } = await import("node:child_process");
  const { dist } = await import("./harness.mjs");
  const maker = await loadPyodide({ stderr: () => {} });
  copy(maker, build(), SITE);
  maker.runPython(`
import importlib; importlib.invalidate_caches()
import plain, ctypes, wrong_signatures, graphics
clear = ctypes.CFUNCTYPE(None, ctypes.c_int)(ctypes.cast(ctypes.CDLL(None).emscripten_glClear, ctypes.c_void_p).value)
from cpp import cpp_exceptions
import pack.one, pack.two
counter = plain.Counter(); next(counter); next(counter)
class Sub(plain.Counter): pass
sub = Sub()
pow_ = ctypes.CDLL(None).pow
pow_.argtypes = [ctypes.c_double] * 2; pow_.restype = ctypes.c_double`);
  const image = maker.makeMemorySnapshot();
  const code = `str([plain.add(40, 2), next(counter), next(sub), pow_(2.0, 10.0), plain.from_libc(), plain.call_back(lambda n: n * 10, 4), cpp_exceptions.inside(), ctypes.CDLL(None).strlen(b'four'),
  cpp_exceptions.from_library(), cpp_exceptions.of_libcxx(), pack.one.next(), pack.two.next(), wrong_signatures.o_one(5), wrong_signatures.Thing()(), graphics.addresses(), graphics.javascript(),
  ctypes.cast(clear, ctypes.c_void_p).value == ctypes.cast(ctypes.CDLL(None).emscripten_glClear, ctypes.c_void_p).value])`;
  const expected = maker.runPython(code);
  const folder = mkdtempSync("/tmp/krait-image-");
  try {
    writeFileSync(join(folder, "my.image"), image);
    writeFileSync(
      join(folder, "use.mjs"),
      `import { readFileSync } from "node:fs";
const { loadPyodide } = await import(${JSON.stringify(new URL("pyodide.mjs", dist).href)});
const pyodide = await loadPyodide({ _loadSnapshot: readFileSync(${JSON.stringify(join(folder, "my.image"))}) });
console.log(pyodide.runPython(${JSON.stringify(code)}));
// A module that the image does not have is loaded behind those that it has.
console.log(pyodide.runPython("import tls_and_weak as t; str(t.values())"));`,
    );
    assert.equal(execFileSync(process.execPath, [join(folder, "use.mjs")], { encoding: "utf8" }), `${expected}\n(41, 8, 5, 0, 0, 9, 1)\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
