// FS (J55-J57, F01, F08): the file system as JavaScript and Python share it.
import { assert, loadForTest, pythonError, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const { FS } = pyodide;
const py = (code) => pyodide.runPython(code);

test("files written by one side are read by the other", () => {
  FS.writeFile("/tmp/from_js.txt", "täxt\n");
  assert.equal(py("open('/tmp/from_js.txt', encoding='utf-8').read()"), "täxt\n");
  const bytes = new Uint8Array(256).map((_, i) => i);
  FS.writeFile("/tmp/from_js.bin", bytes);
  assert.equal(py("open('/tmp/from_js.bin', 'rb').read() == bytes(range(256))"), true);
  py("with open('/tmp/from_py.bin', 'wb') as f: f.write(bytes(range(256)) * 1000)");
  assert.equal(FS.readFile("/tmp/from_py.bin").length, 256000);
  assert.deepEqual(FS.readFile("/tmp/from_py.bin").subarray(0, 256), bytes);
  py("with open('/tmp/ü €.txt', 'w') as f: f.write('ü')");
  assert.equal(FS.readFile("/tmp/ü €.txt", { encoding: "utf8" }), "ü");
});

test("directories", () => {
  FS.mkdirTree("/tmp/a/b/c");
  assert.equal(py("import os\nos.path.isdir('/tmp/a/b/c')"), true);
  py("os.makedirs('/tmp/a/d')");
  assert.deepEqual(
    FS.readdir("/tmp/a").filter((name) => !name.startsWith(".")).sort(),
    ["b", "d"],
  );
  FS.rmdir("/tmp/a/d");
  assert.equal(py("os.path.exists('/tmp/a/d')"), false);
  FS.rename("/tmp/a/b", "/tmp/a/e");
  assert.equal(py("' '.join(os.listdir('/tmp/a'))"), "e");
});

test("stat, analyzePath, unlink, symlinks", () => {
  FS.writeFile("/tmp/stat.txt", "12345");
  assert.equal(FS.stat("/tmp/stat.txt").size, 5);
  assert.equal(FS.isFile(FS.stat("/tmp/stat.txt").mode), true);
  assert.equal(FS.isDir(FS.stat("/tmp").mode), true);
  assert.equal(FS.analyzePath("/tmp/stat.txt").exists, true);
  assert.equal(FS.analyzePath("/tmp/nothing").exists, false);
  FS.symlink("/tmp/stat.txt", "/tmp/link");
  assert.equal(py("import os\nos.readlink('/tmp/link')"), "/tmp/stat.txt");
  assert.equal(py("open('/tmp/link').read()"), "12345");
  FS.unlink("/tmp/link");
  FS.unlink("/tmp/stat.txt");
  assert.equal(py("os.path.exists('/tmp/stat.txt')"), false);
});

test("errors have an errno", () => {
  const error = thrown(() => FS.readFile("/tmp/no such file"));
  assert.equal(error.name, "ErrnoError");
  assert.equal(error.errno, pyodide.ERRNO_CODES.ENOENT);
  assert.ok(error instanceof FS.ErrnoError);
  assert.equal(typeof pyodide.ERRNO_CODES.EPERM, "number");
  pythonError(pyodide, "open('/tmp/no such file')", "FileNotFoundError");
  assert.equal(py("import errno\nerrno.ENOENT"), pyodide.ERRNO_CODES.ENOENT);
});

test("open, read, write, seek, close", () => {
  const stream = FS.open("/tmp/stream", "w+");
  FS.write(stream, new Uint8Array([1, 2, 3, 4]), 0, 4);
  FS.llseek(stream, 1, 0);
  const buffer = new Uint8Array(2);
  assert.equal(FS.read(stream, buffer, 0, 2), 2);
  assert.deepEqual([...buffer], [2, 3]);
  FS.close(stream);
});

test("the working directory is common", () => {
  FS.mkdirTree("/tmp/cwd");
  FS.chdir("/tmp/cwd");
  assert.equal(py("import os\nos.getcwd()"), "/tmp/cwd");
  py("os.chdir('/home/pyodide')");
  assert.equal(FS.cwd(), "/home/pyodide");
});

test("devices", () => {
  assert.equal(py("open('/dev/null', 'w').write('x')"), 1);
  assert.equal(py("len(open('/dev/urandom', 'rb').read(8))"), 8);
  const received = [];
  const device = FS.makedev(64, 7);
  FS.registerDevice(device, {
    write(stream, buffer, offset, length) {
      received.push(...buffer.subarray(offset, offset + length));
      return length;
    },
  });
  FS.mkdev("/dev/ours", device);
  py("with open('/dev/ours', 'wb', buffering=0) as f: f.write(b'hi')");
  assert.deepEqual(received, [104, 105]);
  FS.unlink("/dev/ours");
});

test("PATH", () => {
  assert.equal(pyodide.PATH.dirname("/a/b/c"), "/a/b");
  assert.equal(pyodide.PATH.basename("/a/b/c"), "c");
  assert.equal(pyodide.PATH.normalize("/a/../b/./c"), "/b/c");
});

test("a second file system can be mounted", () => {
  FS.mkdir("/mnt_test");
  FS.mount(FS.filesystems.MEMFS, {}, "/mnt_test");
  FS.writeFile("/mnt_test/f", "mounted");
  assert.equal(py("open('/mnt_test/f').read()"), "mounted");
  FS.unmount("/mnt_test");
  assert.equal(py("import os\n' '.join(os.listdir('/mnt_test'))"), "");
});

test("what Python needs of a file system", () => {
  assert.equal(
    py(`
      import os, tempfile, shutil, pathlib, glob
      with tempfile.TemporaryDirectory() as d:
          p = pathlib.Path(d)
          (p / "x").mkdir()
          for i in range(20): (p / "x" / f"{i}.txt").write_text(str(i))
          shutil.copytree(p / "x", p / "y")
          n = len(glob.glob(str(p / "**" / "*.txt"), recursive=True))
          os.truncate(p / "x" / "10.txt", 1)
          size = (p / "x" / "10.txt").stat().st_size
          walked = sum(len(files) for _, _, files in os.walk(d))
          os.utime(p / "x", (1, 2))
          mtime = os.stat(p / "x").st_mtime
          os.chmod(p / "x" / "1.txt", 0o400)
          mode = oct(os.stat(p / "x" / "1.txt").st_mode & 0o777)
      f"{n} {size} {walked} {mtime} {mode} {os.path.exists(d)}"
    `),
    "40 1 40 2.0 0o400 False",
  );
});
