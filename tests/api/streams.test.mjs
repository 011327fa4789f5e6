// setStdin, setStdout, setStderr, and the options of loadPyodide that come before them.
import { assert, krait, lastLine, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
pyodide.runPython("import os, sys");
const text = (bytes) => new TextDecoder("latin1").decode(bytes);

/** Runs `fn` with streams of its own and puts the quiet ones back. */
function withStreams(streams, fn) {
  try {
    if (streams.stdin) pyodide.setStdin(streams.stdin);
    if (streams.stdout) pyodide.setStdout(streams.stdout);
    if (streams.stderr) pyodide.setStderr(streams.stderr);
    return fn();
  } finally {
    pyodide.runPython("sys.stdout.flush(); sys.stderr.flush()");
    pyodide.setStdin({ stdin: () => null });
    pyodide.setStdout({ batched: () => {} });
    pyodide.setStderr({ batched: () => {} });
  }
}

/** What Python code writes with print() and os.write, as lines. */
function lines(code) {
  const seen = [];
  withStreams({ stdout: { batched: (line) => seen.push(line) } }, () => pyodide.runPython(code));
  return seen;
}

test("batched: one call per line, without the newline", () => {
  assert.deepEqual(lines("print('a'); print('b\\n\\nc')"), ["a", "b", "", "c"]);
});

test("batched: a line that comes in parts is one line", () => {
  assert.deepEqual(lines("print('a', end=''); sys.stdout.flush(); print('b')"), ["ab"]);
});

test("batched: characters are whole even when writes cut them", () => {
  assert.deepEqual(lines("os.write(1, b'\\xc3'); os.write(1, b'\\xa9\\xf0\\x9f'); os.write(1, b'\\x98\\x80\\n')"), ["é😀"]);
});

test("batched: fsync hands over the unfinished line", () => {
  assert.deepEqual(lines("os.write(1, b'part'); os.fsync(1)"), ["part"]);
});

krait("a line that is unfinished when the handler is replaced is not lost", "the peer drops it", () => {
  assert.deepEqual(lines("os.write(1, b'part')"), ["part"]);
});

test("print() arrives at once, line by line, on a stream that is no terminal", () => {
  const order = [];
  pyodide.globals.set("mark", () => order.push("mark"));
  withStreams({ stdout: { batched: (line) => order.push(line) } }, () => pyodide.runPython("print('before'); mark(); print('after')"));
  assert.deepEqual(order, ["before", "mark", "after"]);
});

test("standard error is a stream of its own", () => {
  const out = [];
  const err = [];
  withStreams({ stdout: { batched: (line) => out.push(line) }, stderr: { batched: (line) => err.push(line) } }, () =>
    pyodide.runPython("print('o'); print('e', file=sys.stderr)"),
  );
  assert.deepEqual([out, err], [["o"], ["e"]]);
});

test("raw: one call per byte", () => {
  const bytes = [];
  withStreams({ stdout: { raw: (byte) => bytes.push(byte) } }, () => pyodide.runPython("os.write(1, 'hé\\n'.encode())"));
  assert.deepEqual(bytes, [104, 195, 169, 10]);
});

test("write: the bytes of one write(2) in one call", () => {
  const calls = [];
  withStreams({ stdout: { write: (bytes) => calls.push(text(bytes)) && bytes.length } }, () =>
    pyodide.runPython("os.write(1, b'one\\ntwo'); os.write(1, b'x' * 5000)"),
  );
  assert.deepEqual(calls, ["one\ntwo", "x".repeat(5000)]);
});

test("write: what was not taken is offered again", () => {
  const calls = [];
  withStreams({ stdout: { write: (bytes) => calls.push(text(bytes)) && Math.min(2, bytes.length) } }, () =>
    pyodide.runPython("print('hello')"),
  );
  assert.deepEqual(calls, ["hello\n", "llo\n", "o\n"]);
  withStreams({ stdout: { write: () => 2 } }, () => assert.equal(pyodide.runPython("os.write(1, b'hello')"), 2));
});

test("methods of the options object keep their `this`", () => {
  const sink = { seen: [], write(bytes) { this.seen.push(text(bytes)); return bytes.length; } };
  withStreams({ stdout: sink }, () => pyodide.runPython("print('x')"));
  assert.deepEqual(sink.seen, ["x\n"]);
});

test("isatty follows the handler, for files that are open already and for new ones", () => {
  const isatty = "[sys.stdout.isatty(), os.isatty(1), open('/dev/stdout', 'w', closefd=True).isatty()]";
  const ask = (stdout) => withStreams({ stdout }, () => pyodide.runPython(isatty).toJs());
  assert.deepEqual(ask({ write: (b) => b.length, isatty: true }), [true, true, true]);
  assert.deepEqual(ask({ raw: () => {}, isatty: true }), [true, true, true]);
  assert.deepEqual(ask({ write: (b) => b.length }), [false, false, false]);
  assert.deepEqual(ask({ batched: () => {} }), [false, false, false]);
  withStreams({ stdin: { stdin: () => null, isatty: true } }, () => assert.equal(pyodide.runPython("os.isatty(0)"), true));
  withStreams({ stdin: { stdin: () => null } }, () => assert.equal(pyodide.runPython("os.isatty(0)"), false));
});

test("the terminal's size comes from the handler", () => {
  const size = (stdout) => withStreams({ stdout }, () => pyodide.runPython("tuple(os.get_terminal_size(1))").toJs());
  const write = (bytes) => bytes.length;
  assert.deepEqual(size({ write, isatty: true, getTerminalSize: () => ({ rows: 7, columns: 9 }) }), [9, 7]);
  assert.deepEqual(size({ write, isatty: true }), [80, 24]);
  withStreams({ stdout: { write, getTerminalSize: () => ({ rows: 7, columns: 9 }) } }, () =>
    pythonError(pyodide, "os.get_terminal_size(1)", "OSError"),
  );
});

test("fsync reaches the handler", () => {
  let calls = 0;
  withStreams({ stdout: { write: (bytes) => bytes.length, fsync: () => calls++ } }, () => pyodide.runPython("os.fsync(1)"));
  assert.equal(calls, 1);
});

test("an error with a POSIX number becomes the OSError of that number", () => {
  const { ErrnoError } = pyodide.FS;
  const { EPIPE, ENOENT } = pyodide.ERRNO_CODES;
  const raise = (error) => ({ write: () => { throw error; } });
  withStreams({ stdout: raise(new ErrnoError(EPIPE)) }, () => pythonError(pyodide, "os.write(1, b'x')", "BrokenPipeError"));
  withStreams({ stdout: raise(Object.assign(new Error("pipe"), { code: "EPIPE" })) }, () =>
    pythonError(pyodide, "os.write(1, b'x')", "BrokenPipeError"),
  );
  withStreams({ stdin: { read: () => { throw new ErrnoError(ENOENT); } } }, () =>
    pythonError(pyodide, "os.read(0, 9)", "FileNotFoundError"),
  );
});

test("any other error is an I/O error, and is printed to the console", () => {
  const { error } = console;
  const printed = [];
  console.error = (...args) => printed.push(args.map(String).join(" "));
  try {
    const raise = () => { throw new TypeError("oops"); };
    for (const stdout of [{ write: raise }, { raw: raise }, { batched: raise }]) {
      withStreams({ stdout }, () => {
        const { message } = pythonError(pyodide, "os.write(1, b'x\\n')", "OSError");
        assert.match(message, /I\/O error/);
      });
    }
    for (const stdin of [{ read: raise }, { stdin: raise }]) {
      withStreams({ stdin }, () => assert.match(pythonError(pyodide, "os.read(0, 9)", "OSError").message, /I\/O error/));
    }
  } finally {
    console.error = error;
  }
  assert.equal(printed.filter((line) => line.includes("oops")).length, 5);
});

krait("a handler that returns no sensible number fails with EIO instead of corrupting memory", "the peer believes it", () => {
  const { error } = console;
  const printed = [];
  console.error = (...args) => printed.push(args.join(" "));
  try {
    for (const value of [undefined, "x", -1, 1.5, 1e9, NaN]) {
      withStreams({ stdout: { write: () => value } }, () => pythonError(pyodide, "os.write(1, b'abc')", "OSError"));
      withStreams({ stdin: { read: () => value } }, () => pythonError(pyodide, "os.read(0, 9)", "OSError"));
    }
  } finally {
    console.error = error;
  }
  assert.equal(printed.length, 12);
  assert.match(printed[0], /stdout: the write handler returned undefined; expected the number of bytes, from 0 to 3/);
});

test("EAGAIN of the host is tried again", () => {
  let calls = 0;
  const write = (bytes) => {
    if (calls++ < 3) throw Object.assign(new Error("again"), { code: "EAGAIN" });
    return bytes.length;
  };
  withStreams({ stdout: { write } }, () => assert.equal(pyodide.runPython("os.write(1, b'abc')"), 3));
  assert.equal(calls, 4);
});

test("EAGAIN that a handler raises by number reaches Python", () => {
  const write = () => { throw new pyodide.FS.ErrnoError(pyodide.ERRNO_CODES.EAGAIN); };
  withStreams({ stdout: { write } }, () => pythonError(pyodide, "os.write(1, b'abc')", "BlockingIOError"));
});

test("stdin: a string is a line, and input() reads one", () => {
  const queue = ["Ada", "36\n"];
  withStreams({ stdin: { stdin: () => queue.shift() }, stdout: { batched: () => {} } }, () => {
    assert.equal(pyodide.runPython("input()"), "Ada");
    assert.equal(pyodide.runPython("int(input())"), 36);
    pythonError(pyodide, "input()", "EOFError");
  });
});

test("stdin: strings, bytes, numbers, null", () => {
  const cases = [
    [["a", "b\n"], {}, ["a\n", "b\n", "", ""]],
    [[new Uint8Array([97]), new Uint8Array([98, 10])], {}, ["a", "", "b\n", ""]],
    [[65, 66, null, 67], {}, ["AB", "", "C", ""]],
    [["a", new Uint8Array([98]).buffer, null, "c"], { autoEOF: false }, ["a\nb", "c\n", "", ""]],
  ];
  for (const [items, options, expected] of cases) {
    const queue = [...items];
    withStreams({ stdin: { stdin: () => queue.shift(), ...options } }, () => {
      const found = expected.map(() => pyodide.runPython("os.read(0, 100).decode()"));
      assert.deepEqual(found, expected);
    });
  }
});

test("stdin: sys.stdin.read() reads to the end, and can read again", () => {
  const queue = ["a", "b", null, "c"];
  withStreams({ stdin: { stdin: () => queue.shift() } }, () => {
    assert.equal(pyodide.runPython("sys.stdin.read()"), "a\nb\n");
    assert.equal(pyodide.runPython("sys.stdin.read()"), "c\n");
  });
});

test("read: fills the buffer", () => {
  const read = (buffer) => {
    buffer.set([104, 105, 10]);
    return 3;
  };
  withStreams({ stdin: { read } }, () => assert.equal(pyodide.runPython("os.read(0, 100).decode()"), "hi\n"));
});

test("error: every read fails", () => {
  withStreams({ stdin: { error: true } }, () => {
    assert.match(lastLine(pythonError(pyodide, "os.read(0, 9)", "OSError")), /I\/O error/);
    pythonError(pyodide, "input()", "OSError");
  });
});

test("options that contradict each other are refused", () => {
  const f = () => {};
  for (const call of [
    () => pyodide.setStdin({ stdin: f, read: f }),
    () => pyodide.setStdin({ error: true, stdin: f }),
    () => pyodide.setStdin({ read: f, autoEOF: true }),
    () => pyodide.setStdin({ stdin: 3 }),
    () => pyodide.setStdin(null),
    () => pyodide.setStdout({ batched: f, raw: f }),
    () => pyodide.setStdout({ raw: f, write: f }),
    () => pyodide.setStdout({ batched: f, isatty: true }),
    () => pyodide.setStdout({ isatty: true }),
    () => pyodide.setStderr({ batched: 3 }),
  ]) {
    assert.throws(call, TypeError);
  }
});

test("a refused call leaves the stream as it was", () => {
  const seen = [];
  withStreams({ stdout: { batched: (line) => seen.push(line) } }, () => {
    assert.throws(() => pyodide.setStdout({ batched: () => {}, raw: () => {} }), TypeError);
    pyodide.runPython("print('still here')");
  });
  assert.deepEqual(seen, ["still here"]);
});

krait("a handler may run Python that prints", "the peer has let go of the interpreter during a write", () => {
  const seen = [];
  const batched = (line) => {
    seen.push(line);
    if (line === "outer") pyodide.runPython("print('inner', file=sys.stderr)");
  };
  withStreams({ stdout: { batched }, stderr: { batched: (line) => seen.push(`err ${line}`) } }, () =>
    pyodide.runPython("print('outer'); print('last')"),
  );
  assert.deepEqual(seen, ["outer", "err inner", "last"]);
});

krait("a copy of the descriptor writes to the same handler", "the peer's os.dup(1) writes nowhere", () => {
  pyodide.runPython("copy = os.dup(1)");
  assert.deepEqual(lines("os.write(copy, b'by the copy\\n')"), ["by the copy"]);
  const ask = (isatty) => withStreams({ stdout: { raw: () => {}, isatty } }, () => pyodide.runPython("os.isatty(copy)"));
  assert.deepEqual([ask(true), ask(false)], [true, false]);
  pyodide.runPython("os.close(copy)");
});

test("the standard streams are character devices", () => {
  assert.deepEqual(pyodide.runPython("import stat; [stat.S_ISCHR(os.fstat(fd).st_mode) for fd in range(3)]").toJs(), [true, true, true]);
  pythonError(pyodide, "os.lseek(1, 0, 0)", "OSError");
  assert.deepEqual(lines("open('/dev/stdout', 'w').write('by name\\n')"), ["by name"]);
});

test("loadPyodide's stdin, stdout and stderr are there from the start", async () => {
  const out = [];
  const err = [];
  const own = await loadForTest({
    stdin: () => "from the option",
    stdout: (line) => out.push(line),
    stderr: (line) => err.push(line),
    args: ["-v"],
  });
  own.runPython("import sys; print(input()); print('e', file=sys.stderr)");
  assert.deepEqual(out, ["from the option"]);
  // -v makes Python tell about its imports while it starts.
  assert.ok(err.length > 10 && err.some((line) => line.startsWith("import ")), err.slice(0, 5).join("\n"));
  assert.equal(err.at(-1), "e");
});
