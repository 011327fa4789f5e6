// Buffers in both directions: getBuffer() and PyBufferView, toJs() of every shape and format, and the methods of JsBuffer.
import { assert, krait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();

/** What `use` answers for a proxy of a Python expression, as an item of a list: ctypes scalars stay objects. */
function withProxy(expression, use) {
  const list = pyodide.runPython(`import array, ctypes\n[${expression}]`);
  const proxy = list.get(0);
  try {
    return use(proxy);
  } finally {
    proxy.destroy();
    list.destroy();
  }
}
const toJs = (expression) => withProxy(expression, (proxy) => proxy.toJs());

/** Runs Python with `b` bound to a JavaScript value. */
function py(b, code) {
  pyodide.globals.set("b", b);
  try {
    return pyodide.runPython(code);
  } finally {
    pyodide.globals.delete("b");
  }
}

/** Slots, proxies and Python's references to `fn`'s leftovers are where they began. */
function leavesNothing(fn) {
  fn();
  fn();
  const before = pyodide._api.stats();
  for (let i = 0; i < 20; i++) fn();
  const after = pyodide._api.stats();
  assert.equal(after.slots, before.slots);
  assert.equal(after.proxies, before.proxies);
}

test("toJs: one dimension is a typed array of the items' type", () => {
  const table = [
    ["array.array('b', [-1, 2])", Int8Array.of(-1, 2)],
    ["b'ab'", Uint8Array.of(97, 98)],
    ["bytearray()", new Uint8Array(0)],
    ["memoryview(b'ab').cast('c')", Uint8Array.of(97, 98)],
    ["array.array('h', [-1, 2])", Int16Array.of(-1, 2)],
    ["array.array('H', [1, 65535])", Uint16Array.of(1, 65535)],
    ["array.array('i', [-1, 2])", Int32Array.of(-1, 2)],
    ["array.array('L', [1, 2**32 - 1])", Uint32Array.of(1, 2 ** 32 - 1)],
    ["memoryview(bytes(8)).cast('n')", Int32Array.of(0, 0)],
    ["memoryview(bytes(8)).cast('P')", Uint32Array.of(0, 0)],
    ["array.array('q', [-1, 2**62])", BigInt64Array.of(-1n, 2n ** 62n)],
    ["array.array('Q', [1, 2**64 - 1])", BigUint64Array.of(1n, 2n ** 64n - 1n)],
    ["array.array('f', [0.5, -2])", Float32Array.of(0.5, -2)],
    ["array.array('d', [0.1, -0.0])", Float64Array.of(0.1, -0)],
    ["memoryview(b'\\x01\\x00').cast('?')", [true, false]],
    ["memoryview(b'abcdef')[::2]", Uint8Array.of(97, 99, 101)],
    ["memoryview(b'abc')[::-1]", Uint8Array.of(99, 98, 97)],
    ["memoryview(array.array('i', [1, 2, 3, 4]))[3::-2]", Int32Array.of(4, 2)],
  ];
  for (const [expression, expected] of table) assert.deepEqual(toJs(expression), expected, expression);
});

test("toJs: more dimensions are Arrays of rows", () => {
  assert.deepEqual(toJs("memoryview(b'abcdef').cast('B', [2, 3])"), [Uint8Array.of(97, 98, 99), Uint8Array.of(100, 101, 102)]);
  assert.deepEqual(toJs("memoryview(bytes(range(8))).cast('B', [2, 2, 2])"), [
    [Uint8Array.of(0, 1), Uint8Array.of(2, 3)],
    [Uint8Array.of(4, 5), Uint8Array.of(6, 7)],
  ]);
  assert.deepEqual(toJs("memoryview(bytes([1, 0, 0, 1])).cast('?', [2, 2])"), [
    [true, false],
    [false, true],
  ]);
  assert.deepEqual(toJs("ctypes.c_int(7)"), Int32Array.of(7));
});

krait("toJs: arrays of ctypes have their own lengths and byte order", "the peer reads their missing strides as zero", () => {
  assert.deepEqual(toJs("(ctypes.c_int * 3)(1, 2, 3)"), Int32Array.of(1, 2, 3));
  assert.deepEqual(toJs("(ctypes.c_int16.__ctype_be__ * 2)(1, -2)"), Int16Array.of(1, -2));
  assert.deepEqual(toJs("(ctypes.c_double.__ctype_be__ * 2)(0.5, -2)"), Float64Array.of(0.5, -2));
  assert.deepEqual(toJs("(ctypes.c_int16 * 2 * 2)((1, 2), (3, 4))"), [Int16Array.of(1, 2), Int16Array.of(3, 4)]);
});

krait("toJs: a format without a typed array is an error that names it", "the peer's message is general", () => {
  assert.throws(() => toJs("array.array('w', 'ab')"), /ConversionError: .*array\.array.*format is 'w' with 4 bytes/);
  leavesNothing(() => assert.throws(() => toJs("array.array('w', 'ab')")));
});

test("toJs: the copy is the receiver's own", () => {
  withProxy("bytearray(b'abc')", (proxy) => {
    const copy = proxy.toJs();
    copy[0] = 0;
    assert.equal(proxy.get(0), 97);
    assert.equal(copy.buffer.byteLength, 3);
  });
});

test("getBuffer: what a view tells", () => {
  const table = [
    ["memoryview(bytes(range(8)))", undefined, [0, "B", 1, 1, 8, [8], [1], Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7)]],
    ["memoryview(b'abcdef')[::2]", undefined, [0, "B", 1, 1, 5, [3], [2], Uint8Array.of(97, 98, 99, 100, 101)]],
    ["memoryview(b'abc')[::-1]", undefined, [2, "B", 1, 1, 3, [3], [-1], Uint8Array.of(97, 98, 99)]],
    ["bytes(8)", "i32", [0, "B", 1, 1, 8, [8], [0.25], Int32Array.of(0, 0)]],
    ["memoryview(b'abcdef').cast('B', [2, 3])", undefined, [0, "B", 1, 2, 6, [2, 3], [3, 1], Uint8Array.of(97, 98, 99, 100, 101, 102)]],
    ["array.array('i', [1, 2])", undefined, [0, "i", 4, 1, 8, [2], [1], Int32Array.of(1, 2)]],
    ["bytearray()", undefined, [0, "B", 1, 1, 0, [0], [1], new Uint8Array(0)]],
  ];
  for (const [expression, type, expected] of table) {
    withProxy(expression, (proxy) => {
      const v = proxy.getBuffer(type);
      assert.ok(v instanceof pyodide.ffi.PyBufferView);
      assert.deepEqual([v.offset, v.format, v.itemsize, v.ndim, v.nbytes, v.shape, v.strides, v.data], expected, expression);
      v.release();
    });
  }
});

test("getBuffer: every type argument", () => {
  const types = {
    i8: Int8Array,
    u8: Uint8Array,
    u8clamped: Uint8ClampedArray,
    i16: Int16Array,
    u16: Uint16Array,
    i32: Int32Array,
    u32: Uint32Array,
    i64: BigInt64Array,
    u64: BigUint64Array,
    f32: Float32Array,
    f64: Float64Array,
    dataview: DataView,
  };
  withProxy("array.array('d', [1, 2])", (proxy) => {
    for (const [type, constructor] of Object.entries(types)) {
      const v = proxy.getBuffer(type);
      assert.equal(v.data.constructor, constructor);
      assert.equal(v.data.byteLength, 16);
      v.release();
    }
  });
});

test("getBuffer: hostile types and formats are refused, and nothing stays taken", () => {
  withProxy("bytearray(7)", (proxy) => {
    assert.throws(() => proxy.getBuffer("nope"), /Unknown type nope/);
    assert.throws(() => proxy.getBuffer("i32"));
    proxy.append(1); // a bytearray that is taken cannot grow
    assert.equal(proxy.length, 8);
  });
  withProxy("array.array('w', 'ab')", (proxy) => assert.throws(() => proxy.getBuffer(), /'w'/));
  withProxy("(ctypes.c_int16.__ctype_be__ * 2)(1, 2)", (proxy) => {
    assert.throws(() => proxy.getBuffer(), /big endian/);
    const v = proxy.getBuffer("dataview");
    assert.equal(v.data.getInt16(0), 1);
    v.release();
  });
});

test("getBuffer: writes are seen by both sides; the object is taken until release()", () => {
  withProxy("bytearray(b'abc')", (proxy) => {
    const v = proxy.getBuffer();
    assert.equal(Boolean(v.readonly), false);
    v.data[0] = 120;
    assert.equal(proxy.get(0), 120);
    proxy.set(1, 121);
    assert.equal(v.data[1], 121);
    assert.throws(() => proxy.append(1), /BufferError/);
    v.release();
    v.release();
    proxy.append(1);
    assert.equal(proxy.length, 4);
  });
});

krait("getBuffer: released and destroyed use", "the peer's data is a symbol after release", () => {
  const bytes = pyodide.runPython("memoryview(b'abc')");
  const v = bytes.getBuffer();
  bytes.destroy();
  assert.deepEqual(v.data, Uint8Array.of(97, 98, 99)); // the view holds the object itself
  v[Symbol.dispose ?? "release"]();
  assert.throws(() => v.data, /PyBufferView has already been released/);
  assert.throws(() => bytes.getBuffer(), /already been destroyed/);
  assert.throws(() => new pyodide.ffi.PyBufferView(), /not a constructor/);
});

krait("getBuffer: data is renewed when memory has grown", "the peer's data is detached by growth", () => {
  const bytes = pyodide.runPython("memoryview(b'abc')");
  const v = bytes.getBuffer();
  const before = v.data;
  assert.equal(v.data, before); // the same array while memory is the same
  let size = 64;
  while (before.length !== 0 && size < 1024) pyodide.runPython(`len(bytearray(${(size *= 2)} << 20))`);
  assert.equal(before.length, 0);
  assert.deepEqual(v.data, Uint8Array.of(97, 98, 99));
  v.release();
  bytes.destroy();
});

krait("getBuffer leaves nothing behind", "only krait counts its slots and proxies", () => {
  leavesNothing(() => withProxy("bytearray(b'abc')", (proxy) => proxy.getBuffer().release()));
  leavesNothing(() => toJs("memoryview(b'abcdef')[::2]"));
});

test("assign and assign_to copy bytes, from and to any layout", () => {
  const a = new Uint8Array(4);
  py(a, "b.assign(b'abcd')");
  assert.deepEqual(a, Uint8Array.of(97, 98, 99, 100));
  assert.equal(py(a, "t = bytearray(4); b.assign_to(t); t.decode()"), "abcd");
  const part = new Uint8Array(a.buffer, 1, 2);
  py(part, "b.assign(b'xy')");
  assert.deepEqual(a, Uint8Array.of(97, 120, 121, 100));
  const numbers = new Int32Array(2);
  py(numbers, "import array; b.assign(array.array('i', [1, -2]))");
  assert.deepEqual(numbers, Int32Array.of(1, -2));
  py(new ArrayBuffer(0), "b.assign(b'')");
});

krait("assign and assign_to: strided buffers", "layouts the peer refuses or reads wrongly", () => {
  const a = new Uint8Array(3);
  py(a, "b.assign(memoryview(b'abcdef')[::-2])");
  assert.deepEqual(a, Uint8Array.of(102, 100, 98));
  assert.equal(py(a, "t = bytearray(6); b.assign_to(memoryview(t)[::2]); t.hex()"), "660064006200");
});

krait("assign and assign_to: errors tell both sizes", "the peer's words differ", () => {
  const a = new Uint8Array(4);
  assert.throws(() => py(a, "b.assign(b'abc')"), /ValueError: cannot assign a bytes of 3 bytes to a JavaScript buffer of 4 bytes/);
  assert.throws(() => py(a, "b.assign_to(bytearray(5))"), /ValueError: .*of 4 bytes to a bytearray of 5 bytes/);
  assert.throws(() => py(a, "b.assign_to(b'abcd')"), /BufferError/); // read-only
  assert.throws(() => py(a, "b.assign(7)"), /TypeError/);
  assert.deepEqual(a, new Uint8Array(4));
  leavesNothing(() => assert.throws(() => py(a, "b.assign(b'abc')")));
});

test("to_bytes and to_memoryview are copies", () => {
  const a = Int16Array.of(1, -2);
  assert.equal(py(a, "b.to_bytes().hex()"), "0100feff");
  assert.equal(py(a, "m = b.to_memoryview(); str((m.format, m.tolist(), m.nbytes))"), "('h', [1, -2], 4)");
  py(a, "m = b.to_memoryview(); m[0] = 5");
  assert.equal(a[0], 1);
  assert.equal(py(new ArrayBuffer(3), "b.to_bytes().hex()"), "000000");
  assert.equal(py(new DataView(new ArrayBuffer(3), 1), "len(b.to_bytes())"), 2);
});

test("to_string decodes", () => {
  assert.equal(py(new TextEncoder().encode("h\u00e4\u{1f600}"), "b.to_string()"), "h\u00e4\u{1f600}");
  assert.equal(py(Uint8Array.of(0xe4), "b.to_string('latin1')"), "\u00e4");
  assert.equal(py(Uint8Array.of(0xe4), "b.to_string(encoding='latin1')"), "\u00e4");
  assert.throws(() => py(Uint8Array.of(0xff), "b.to_string()"), /ValueError/);
  assert.throws(() => py(Uint8Array.of(0x41), "b.to_string('nope')"), /nope/);
});

test("to_file, _into_file and from_file", () => {
  const a = new TextEncoder().encode("hello");
  assert.equal(
    py(
      a,
      `
with open("/tmp/buffer", "wb") as f:
    b.to_file(f)
with open("/tmp/buffer2", "wb") as f:
    b._into_file(f)
open("/tmp/buffer").read() + " " + open("/tmp/buffer2").read()`,
    ),
    "hello hello",
  );
  const room = new Uint8Array(4);
  py(room, `with open("/tmp/buffer", "rb") as f:\n    f.seek(1)\n    b.from_file(f)`);
  assert.equal(new TextDecoder().decode(room), "ello");
});

krait("files: at the position, in every mode, mixed with other use of the file", "the peer does not look at what the file has buffered", () => {
  const a = new TextEncoder().encode("hello");
  const contents = (code) => py(a, `import io, os\npath = "/tmp/buffer3"\nopen(path, "wb").write(b"0123456789")\n${code}\nopen(path).read()`);
  assert.equal(contents(`with open(path, "r+b") as f:\n    f.seek(2)\n    b.to_file(f)\n    assert f.tell() == 7\n    f.write(b"!")`), "01hello!89");
  assert.equal(contents(`with open(path, "r+b") as f:\n    assert f.read(1) == b"0"\n    b._into_file(f)\n    assert f.read() == b"6789", f.tell()`), "0hello6789");
  assert.equal(contents(`with open(path, "ab") as f:\n    f.write(b"!")\n    b.to_file(f)\n    f.write(b"?")`), "0123456789!hello?");
  assert.equal(contents(`with open(path, "wb") as f:\n    f.write(b"ab")\n    b.to_file(f)\n    b.to_file(f)`), "abhellohello");
  assert.equal(contents(`with open(path, "w") as f:\n    f.write("ab")\n    b.to_file(f)\n    f.write("cd")`), "abhellocd");
  assert.equal(contents(`with open(path, "wb", buffering=0) as f:\n    b.to_file(f)\n    b._into_file(f)`), "hellohello");
  assert.equal(contents(`with open(path, "wb") as f:\n    b._into_file(f)\n    f.write(b" and more")`), "hello and more");
  assert.equal(new TextDecoder().decode(a), "hello");
});

krait("files: read into a buffer from the position", "the peer does not look at what the file has buffered", () => {
  const room = new Uint8Array(4);
  const read = (code) => {
    room.fill(46);
    const rest = py(room, `path = "/tmp/buffer4"\nopen(path, "wb").write(b"0123456789")\n${code}\nrest.decode()`);
    return [new TextDecoder().decode(room), rest];
  };
  const reading = (mode, before = "") => `with open(path, ${mode}) as f:\n    ${before}b.from_file(f)\n    rest = f.read()`;
  assert.deepEqual(read(reading('"rb"', "f.read(2); ")), ["2345", "6789"]);
  assert.deepEqual(read(reading('"rb"', "f.seek(8); ")), ["89..", ""]);
  assert.deepEqual(read(reading('"r+b"', "f.write(b'ab'); ")), ["2345", "6789"]);
  assert.deepEqual(read(reading('"rb", buffering=0', "f.seek(1); ")), ["1234", "56789"]);
  assert.deepEqual(read(reading('"rb"', "f.seek(20); ")), ["....", ""]);
});

krait("files of other kinds are asked as such", "the peer goes past the file object", () => {
  const a = new TextEncoder().encode("hello");
  assert.equal(py(a, "import io\nf = io.BytesIO()\nb.to_file(f)\nb._into_file(f)\nf.getvalue().decode()"), "hellohello");
  assert.equal(py(a, "import os\nr, w = os.pipe()\nwith os.fdopen(w, 'wb') as f: b.to_file(f)\nwith os.fdopen(r, 'rb') as f: got = f.read()\ngot.decode()"), "hello");
  assert.equal(py(a, "import gzip\nwith gzip.open('/tmp/buffer.gz', 'wb') as f: b.to_file(f)\ngzip.open('/tmp/buffer.gz').read().decode()"), "hello");
  for (const [code, type] of [
    ["f = open('/tmp/buffer', 'rb'); b.to_file(f)", "UnsupportedOperation"],
    ["f = open('/tmp/buffer', 'wb'); b.from_file(f)", "UnsupportedOperation"],
    ["f = open('/tmp/buffer', 'wb'); f.close(); b.to_file(f)", "ValueError"],
    ["import os; f = open('/tmp/buffer', 'wb', buffering=0); os.close(f.fileno()); b.to_file(f)", "OSError"],
  ])
    leavesNothing(() => assert.throws(() => py(a, code), { type }, code));
  pyodide.runPython("import sys; sys.last_exc = None");
});

krait("files that lie about what they read or took", "the peer goes past the file object", () => {
  const a = new Uint8Array(4);
  const file = (body) => `class F:\n  def readinto(self, x): return ${body}\n  def write(self, x): return ${body}\nb.`;
  assert.throws(() => py(a, file("99") + "from_file(F())"), /OSError: from_file: .*99 bytes, expected at most 4/);
  assert.throws(() => py(a, file("-1") + "to_file(F())"), /OSError: to_file: .*-1 of 4 bytes/);
  assert.throws(() => py(a, file("1/0") + "to_file(F())"), /ZeroDivisionError/);
  leavesNothing(() => assert.throws(() => py(a, file("1/0") + "to_file(F())")));
});

test("subarray shares the memory", () => {
  const a = Uint8Array.of(1, 2, 3, 4);
  py(a, "s = b.subarray(1, 3); s[0] = 9; s = None");
  assert.deepEqual(a, Uint8Array.of(1, 9, 3, 4));
});

krait("a detached buffer is an error, not a crash", "the peer copies nothing, silently", () => {
  const a = new Uint8Array(4);
  structuredClone(a.buffer, { transfer: [a.buffer] });
  assert.throws(() => py(a, "b.to_bytes()"), /detached/);
  assert.throws(() => py(a, "b.assign(b'')"), /detached/);
});

// Buffers of any layout, made from the C structure.
pyodide.runPython(`
import array, ctypes
class Layout(ctypes.Structure):
    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.c_void_p), ("len", ctypes.c_ssize_t), ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int), ("ndim", ctypes.c_int), ("format", ctypes.c_char_p), ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p), ("suboffsets", ctypes.c_void_p), ("internal", ctypes.c_void_p)]
kept_layouts = []
def layout(data, format, itemsize, shape, strides, suboffsets=()):
    length = itemsize
    for n in shape: length *= n
    dimensions = [(ctypes.c_ssize_t * len(x))(*x) if x else None for x in (shape, strides, suboffsets)]
    view = Layout(ctypes.addressof(data), None, length, itemsize, 0, len(shape), format,
        *[None if x is None else ctypes.addressof(x) for x in dimensions], None)
    kept_layouts.append((data, dimensions, view))
    make = ctypes.pythonapi.PyMemoryView_FromBuffer
    make.restype = ctypes.py_object
    return make(ctypes.byref(view))
six = (ctypes.c_int * 6)(1, 2, 3, 4, 5, 6)
text = (ctypes.c_char * 4)(b'a', b'b', b'c', b'd')
class Exports:
    def __init__(self, data): self.data = data
    def __buffer__(self, flags):
        if isinstance(self.data, Exception): raise self.data
        return memoryview(self.data) if not isinstance(self.data, int) else self.data
class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_double)]
`);

test("layouts: Fortran order, strides of both signs, no dimension, no items", () => {
  const i32 = (...items) => Int32Array.of(...items);
  const table = [
    ["layout(six, b'i', 4, [2, 3], [4, 8])", [i32(1, 3, 5), i32(2, 4, 6)], [[2, 3], [1, 2], 0, i32(1, 2, 3, 4, 5, 6)]],
    ["layout(six, b'i', 4, [3, 2], [8, 4])", [i32(1, 2), i32(3, 4), i32(5, 6)], [[3, 2], [2, 1], 0, i32(1, 2, 3, 4, 5, 6)]],
    ["memoryview(array.array('i', [1, 2, 3, 4]))[::-1]", i32(4, 3, 2, 1), [[4], [-1], 3, i32(1, 2, 3, 4)]],
    ["memoryview(array.array('i', range(6)))[4:1:-2]", i32(4, 2), [[2], [-2], 2, i32(2, 3, 4)]],
    ["layout(six, b'i', 4, [], [])", i32(1), [[], [], 0, i32(1)]],
    ["memoryview(ctypes.c_double(1.5))", Float64Array.of(1.5), [[], [], 0, Float64Array.of(1.5)]],
    ["layout(six, b'i', 4, [2, 0, 3], [4, 8, 4])", [[], []], [[2, 0, 3], [1, 2, 1], 0, i32()]],
    ["memoryview(b'abc')[1:1]", new Uint8Array(0), [[0], [1], 0, new Uint8Array(0)]],
    ["memoryview(b'')[::2]", new Uint8Array(0), [[0], [2], 0, new Uint8Array(0)]],
  ];
  for (const [expression, converted, [shape, strides, offset, data]] of table) {
    assert.deepEqual(toJs(expression), converted, expression);
    withProxy(expression, (proxy) => {
      const v = proxy.getBuffer();
      assert.deepEqual([v.shape, v.strides, v.offset, v.data], [shape, strides, offset, data], expression);
      v.release();
    });
  }
});

test("formats: s, ?, c, n, N, P", () => {
  const table = [
    ["layout(text, b's', 1, [4], [1])", "abcd", Uint8Array.of(97, 98, 99, 100)],
    ["layout(text, b's', 1, [2, 2], [2, 1])", ["ab", "cd"], Uint8Array.of(97, 98, 99, 100)],
    ["memoryview(b'\\x01\\x00').cast('?')", [true, false], Uint8Array.of(1, 0)],
    ["memoryview(b'ab').cast('c')", Uint8Array.of(97, 98), Uint8Array.of(97, 98)],
    ["memoryview(b'\\xff\\xff\\xff\\xff').cast('n')", Int32Array.of(-1), Int32Array.of(-1)],
    ["memoryview(b'\\xff\\xff\\xff\\xff').cast('N')", Uint32Array.of(2 ** 32 - 1), Uint32Array.of(2 ** 32 - 1)],
    ["memoryview(b'\\xff\\xff\\xff\\xff').cast('P')", Uint32Array.of(2 ** 32 - 1), Uint32Array.of(2 ** 32 - 1)],
  ];
  for (const [expression, converted, data] of table) {
    assert.deepEqual(toJs(expression), converted, expression);
    assert.deepEqual(py(undefined, `import js\nfrom pyodide.ffi import to_js\nto_js([${expression}])`)[0], converted, expression);
    withProxy(expression, (proxy) => {
      const v = proxy.getBuffer();
      assert.deepEqual(v.data, data, expression);
      v.release();
    });
  }
});

test("formats: big-endian items are swapped in a copy, and refused by getBuffer()", () => {
  assert.deepEqual(toJs("layout(text, b'>h', 2, [2], [2])"), Int16Array.of(0x6162, 0x6364));
  assert.deepEqual(toJs("layout(text, b'!i', 4, [1], [4])"), Int32Array.of(0x61626364));
  assert.deepEqual(toJs("layout(text, b'>h', 2, [2], [2])[::-1]"), Int16Array.of(0x6364, 0x6162));
  withProxy("layout(text, b'>h', 2, [2], [2])", (proxy) => assert.throws(() => proxy.getBuffer(), /big endian/));
});

krait("formats that no typed array has are errors that name them, and leave nothing", "the peer's words differ", () => {
  for (const [expression, format] of [
    ["(Point * 2)()", "T{<l:x:4x<d:y:}"],
    ["layout(text, b'4s', 4, [1], [4])", "4s"],
    ["memoryview(bytes(4)).cast('e')", "e"],
    ["(ctypes.c_wchar * 2)('a', 'b')", "<u"],
    ["(ctypes.py_object * 1)(5)", "<O"],
  ]) {
    const named = (error) => error.message.includes(`'${format}'`);
    leavesNothing(() => {
      assert.throws(() => toJs(expression), named, expression);
      assert.throws(() => withProxy(expression, (proxy) => proxy.getBuffer()), named, expression);
    });
    // Whoever knows the format can still look.
    withProxy(expression, (proxy) => {
      const v = proxy.getBuffer("u8");
      assert.equal(v.data.length, v.nbytes);
      v.release();
    });
  }
});

krait("suboffsets: copied; a view cannot follow them", "the peer does neither", () => {
  const rows = "[rows := [(ctypes.c_int * 2)(1, 2), (ctypes.c_int * 2)(3, 4)], layout((ctypes.c_void_p * 2)(*map(ctypes.addressof, rows)), b'i', 4, [2, 2], [4, 4], [0, -1])][1]";
  assert.deepEqual(toJs(rows), [Int32Array.of(1, 2), Int32Array.of(3, 4)]);
  withProxy(rows, (proxy) => assert.throws(() => proxy.getBuffer(), /BufferError.*suboffsets/));
});

test("__buffer__ of a Python class", () => {
  assert.deepEqual(toJs("Exports(b'abc')"), Uint8Array.of(97, 98, 99));
  assert.deepEqual(toJs("Exports(array.array('f', [1.5]))"), Float32Array.of(1.5));
  withProxy("Exports(bytearray(b'abc'))", (proxy) => {
    const v = proxy.getBuffer();
    assert.deepEqual([Boolean(v.readonly), v.data], [false, Uint8Array.of(97, 98, 99)]);
    v.release();
  });
  for (const [wrong, type] of [["ValueError('no buffer')", "ValueError"], ["5", "TypeError"]]) {
    assert.throws(() => withProxy(`Exports(${wrong})`, (proxy) => proxy.getBuffer()), { type });
  }
});

krait("an exporter that refuses is an object without a counterpart, and leaves nothing", "the peer's conversion fails", () => {
  leavesNothing(() => {
    const proxy = toJs("Exports(ValueError('no buffer'))");
    assert.equal(proxy.type, "Exports");
    proxy.destroy();
    assert.equal(py((value) => "converted", "from pyodide.ffi import to_js\nto_js(Exports(5), default_converter=lambda v, convert, cache: 'converted')"), "converted");
  });
});

test("read-only buffers say so", () => {
  for (const [expression, readonly] of [["b'abc'", true], ["memoryview(bytearray(3)).toreadonly()", true], ["bytearray(3)", false], ["array.array('i', [1])", false]])
    withProxy(expression, (proxy) => {
      const v = proxy.getBuffer();
      assert.equal(Boolean(v.readonly), readonly, expression);
      v.release();
    });
});
