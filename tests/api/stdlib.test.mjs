// The standard library: the modules that need C libraries work on real data, and what is absent says so (Y105-Y107, Y110).
import { assert, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

test("sqlite3", () => {
  assert.equal(
    py(`
      import sqlite3
      db = sqlite3.connect("/tmp/test.db")
      db.execute("create table t (name text, n integer, x real, b blob)")
      db.executemany("insert into t values (?, ?, ?, ?)", [(f"näme {i}", i, i / 4, bytes([i])) for i in range(100)])
      db.commit()
      db.create_function("twice", 1, lambda v: v * 2)
      rows = db.execute("select name, twice(n), x, b from t where n > 97 order by n").fetchall()
      total = db.execute("select sum(n), avg(x) from t").fetchone()
      db.close()
      again = sqlite3.connect("/tmp/test.db").execute("select count(*) from t").fetchone()[0]
      json1 = sqlite3.connect(":memory:").execute("select json_extract('{\\"a\\": [1, 2]}', '$.a[1]')").fetchone()[0]
      f"{rows[0]} {len(rows)} {total} {again} {json1}"
    `),
    "('näme 98', 196, 24.5, b'b') 2 (4950, 12.375) 100 2",
  );
});

test("zlib, gzip, bz2, lzma", () => {
  assert.equal(
    py(`
      import zlib, gzip, bz2, lzma
      data = ("Das Krokodil " * 500).encode() + bytes(range(256))
      ok = [m.decompress(m.compress(data)) == data for m in (zlib, gzip, bz2, lzma)]
      small = all(len(m.compress(data)) < len(data) / 4 for m in (zlib, gzip, bz2, lzma))
      f"{ok} {small} {zlib.crc32(b'krait'):08x} {zlib.adler32(b'krait'):08x}"
    `),
    "[True, True, True, True] True 43b41d8a 064d021c",
  );
});

test("zipfile and tarfile", () => {
  assert.equal(
    py(`
      import io, tarfile, zipfile
      buffer = io.BytesIO()
      with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z: z.writestr("a/b.txt", "inhalt ü")
      text = zipfile.ZipFile(buffer).read("a/b.txt").decode()
      sizes = []
      for mode in ("gz", "bz2", "xz"):
          buffer = io.BytesIO()
          with tarfile.open(fileobj=buffer, mode=f"w:{mode}") as t:
              info = tarfile.TarInfo("f"); info.size = 1000
              t.addfile(info, io.BytesIO(b"x" * 1000))
          buffer.seek(0)
          sizes.append(tarfile.open(fileobj=buffer).getmember("f").size)
      f"{text} {sizes}"
    `),
    "inhalt ü [1000, 1000, 1000]",
  );
});

test("decimal is the C one and exact", () => {
  assert.equal(
    py(`
      import decimal, _decimal
      from decimal import Decimal, getcontext, localcontext
      with localcontext() as c:
          c.prec = 50
          third = Decimal(1) / Decimal(3)
      f"{Decimal('0.1') + Decimal('0.2')} {third} {Decimal(2).sqrt()} {decimal.Decimal is _decimal.Decimal}"
    `),
    `0.3 0.${"3".repeat(50)} 1.414213562373095048801688724 True`,
  );
});

test("ctypes", () => {
  assert.equal(
    py(`
      import ctypes
      class Point(ctypes.Structure): _fields_ = [("x", ctypes.c_int32), ("y", ctypes.c_double)]
      p = Point(3, 1.5)
      array = (ctypes.c_int * 3)(1, 2, 3)
      buffer = ctypes.create_string_buffer(b"hello", 10)
      libc = ctypes.CDLL(None)
      libc.strlen.argtypes = [ctypes.c_char_p]; libc.strlen.restype = ctypes.c_size_t
      @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
      def compare(a, b): return a[0] - b[0]
      numbers = (ctypes.c_int * 4)(3, 1, 2, 0)
      libc.qsort(numbers, 4, 4, compare)
      libm = libc.pow
      libm.argtypes = [ctypes.c_double] * 2; libm.restype = ctypes.c_double
      f"{ctypes.sizeof(p)} {p.x} {p.y} {sum(array)} {buffer.value} {libc.strlen(b'four')} {list(numbers)} {libm(2.0, 10.0)}"
    `),
    "16 3 1.5 6 b'hello' 4 [0, 1, 2, 3] 1024.0",
  );
});

test("unicodedata", () => {
  assert.equal(
    py("import unicodedata as u\nf\"{u.name('ü')} {u.normalize('NFD', 'é') == 'e\\u0301'} {u.category('€')} {u.lookup('SNAKE')}\""),
    "LATIN SMALL LETTER U WITH DIAERESIS True Sc 🐍",
  );
});

test("xml", () => {
  assert.equal(
    py(`
      import xml.etree.ElementTree as ET, pyexpat
      root = ET.fromstring("<a><b n='1'>täxt &amp; more</b><b n='2'/></a>")
      f"{root.find('b').text} {[b.get('n') for b in root]} {ET.tostring(root)[:8]} {pyexpat.EXPAT_VERSION[:6]}"
    `),
    "täxt & more ['1', '2'] b'<a><b n=' expat_",
  );
});

test("zoneinfo and datetime", () => {
  assert.equal(
    py(`
      import datetime as d, zoneinfo
      utc = d.datetime(2024, 7, 1, 12, tzinfo=d.timezone.utc)
      f"{utc.isoformat()} {d.date.fromisoformat('2024-02-29') + d.timedelta(days=1)} {utc.strftime('%A %d %B %Y')}"
    `),
    "2024-07-01T12:00:00+00:00 2024-03-01 Monday 01 July 2024",
  );
  // The zone data is a package of its own (tzdata), so a zone may be unknown, but the module must say so properly.
  assert.match(
    py("try:\n  r = str(zoneinfo.ZoneInfo('Europe/Vienna').utcoffset(d.datetime(2024, 7, 1)))\nexcept zoneinfo.ZoneInfoNotFoundError as e:\n  r = 'not found'\nr"),
    /^(2:00:00|not found)$/,
  );
});

test("hashlib: the built-in digests", () => {
  for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"]) {
    const digest = py(`import hashlib\nhashlib.${name}(b'').hexdigest()`);
    assert.match(digest, /^[0-9a-f]{32,128}$/, name);
    assert.equal(py(`hashlib.new('${name}', b'').hexdigest()`), digest);
    assert.equal(py(`h = hashlib.${name}()\nh.update(b'')\nh.hexdigest()`), digest);
  }
  // Test vectors of RFC 1321, FIPS 180-4 and FIPS 202 for the empty message and "abc".
  assert.equal(py("hashlib.md5(b'abc').hexdigest()"), "900150983cd24fb0d6963f7d28e17f72");
  assert.equal(py("hashlib.sha1(b'abc').hexdigest()"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(
    py("hashlib.sha256(b'abc').hexdigest()"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(
    py("hashlib.sha3_256(b'').hexdigest()"),
    "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
  );
  assert.equal(py("import hmac\nhmac.new(b'key', b'msg', 'sha256').hexdigest()[:16]"), "2d93cbc1be167bcb");
  assert.equal(py("hashlib.shake_128(b'').hexdigest(8)"), "7f9c2ba4e88f827d");
});

test("random, secrets, uuid and entropy", () => {
  assert.equal(py("import random\nrandom.seed(42)\nrandom.randrange(10 ** 9)"), py("random.seed(42)\nrandom.randrange(10 ** 9)"));
  assert.notEqual(py("import secrets\nsecrets.token_hex(16)"), py("secrets.token_hex(16)"));
  assert.match(py("import uuid\nstr(uuid.uuid4())"), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

test("re, json, csv, struct, pickle, statistics, itertools, heapq, bisect, copy, textwrap", () => {
  assert.equal(
    py(`
      import bisect, copy, csv, heapq, io, itertools, json, pickle, re, statistics, struct, textwrap
      rows = list(csv.DictReader(io.StringIO("a,b\\n1,ü\\n2,'€'\\n")))
      data = {"k": [1, 2.5, None, True, "ü\\ud800"]}
      assert pickle.loads(pickle.dumps(data)) == json.loads(json.dumps(data)) == copy.deepcopy(data) == data
      " ".join(map(str, [
          rows[0]["b"], re.sub(r"(\\w+)@(\\w+)", r"\\2 at \\1", "me@home"), statistics.stdev([1, 2, 3, 4]).__round__(4),
          struct.pack("<ihd", 1, 2, 3.5).hex(), heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 3], 2),
          list(itertools.pairwise("abc")), textwrap.shorten("a long long text", 10),
      ]))
    `),
    "ü home at me 1.291 0100000002000000000000000c40 [1, 2] 1 [('a', 'b'), ('b', 'c')] a [...]",
  );
});

test("math and complex numbers agree with the engine", () => {
  for (const name of ["sin", "cos", "tan", "exp", "log", "sqrt", "atan", "tanh", "cbrt"]) {
    for (const x of [0.1, 0.5, 1, 2.75]) {
      const ours = py(`import math\nmath.${name}(${x})`);
      assert.ok(Math.abs(ours - Math[name](x)) <= Math.abs(ours) * 4e-16, `${name}(${x})`);
    }
  }
  assert.equal(py("import cmath\ncmath.sqrt(-1) == 1j"), true);
});

test("locale, time, platform, sysconfig answer", () => {
  assert.match(py("import time\ntime.strftime('%Y-%m-%d', time.gmtime(0))"), /^1970-01-01$/);
  assert.ok(Math.abs(py("time.time()") - Date.now() / 1000) < 5);
  assert.ok(py("a = time.perf_counter()\nb = time.perf_counter()\nb >= a"));
  assert.equal(py("import sysconfig\nsysconfig.get_config_var('EXT_SUFFIX').endswith('.so')"), true);
  assert.match(py("sysconfig.get_platform()"), /wasm32/);
  assert.equal(py("import locale\nlocale.getpreferredencoding()").toLowerCase(), "utf-8");
});

test("modules that cannot work here are absent", () => {
  for (const name of ["curses", "dbm", "ensurepip", "grp", "idlelib", "lib2to3", "msvcrt", "pwd", "resource", "syslog", "tkinter", "turtle", "turtledemo", "venv", "winreg", "winsound"]) {
    pythonError(pyodide, `import ${name}`, "ModuleNotFoundError");
  }
});

test("starting a thread or a process fails with a Python exception", () => {
  pythonError(pyodide, "import threading\nthreading.Thread(target=print).start()", "RuntimeError");
  const error = pythonError(pyodide, "import subprocess\nsubprocess.run(['ls'])");
  assert.match(error.type, /^(OSError|BlockingIOError|PermissionError|NotImplementedError)$/);
});

test("all of the standard library can be imported", () => {
  const failures = py(`
    import importlib, sys, warnings
    warnings.simplefilter("ignore")
    failures = []
    skip = {"antigravity", "this", "idlelib", "turtledemo", "tkinter", "turtle", "lib2to3", "ensurepip", "venv", "curses", "dbm"}
    # Of other systems, needing a device, or absent by design.
    skip |= {"nt", "ntpath", "msilib", "msvcrt", "winreg", "winsound", "_winapi", "_wmi", "_overlapped", "_scproxy", "posixshmem",
             "pty", "tty", "termios", "fcntl", "grp", "pwd", "resource", "syslog", "readline", "rlcompleter", "ossaudiodev",
             "spwd", "nis", "crypt", "ssl", "_ssl", "_hashlib", "_ios_support", "_android_support", "_apple_support", "_aix_support",
             "multiprocessing", "pip", "_msi", "pydoc_data"}
    for name in sorted(sys.stdlib_module_names):
        if name in skip or name.startswith("_"): continue
        try: importlib.import_module(name)
        except Exception as e: failures.append(f"{name}: {type(e).__name__}: {e}")
    "\\n".join(failures)
  `);
  assert.equal(failures, "");
});
