// Unpacking wheels: micropip beside Python's zipfile in the same runtime, turn by turn.
//
//   node bench/unpack/unpack.mjs [DIST] [--repeat 7] [--wheel MB] [--files 2000]
//
// The wheel has `files` modules whose texts are Python's own library cut into pieces, each piece different, and is as large
// as `--wheel` says (packed); without it, both a wheel that is 20 MB packed and one that is 20 MB unpacked are measured.
// One line of JSON a wheel: medians in milliseconds, and how many times faster than zipfile (median, smallest and greatest of
// the turns).
//
// zipfile      ZipFile(...).extractall(), which checks CRCs alone
// hash         micropip.install() of a wheel in Python's file system whose sha256 is known, as it is from an index or a lock file:
//              the archive's hash, its structure, RECORD, the transaction, the installer's own files. Files stay packed
// hash_read    the same, and every file read afterwards, which unpacks it and checks its CRC and its hash
// no_hash      install() without a known sha256: every file is unpacked and checked before anything is installed
//
// All leave the same files (compared once). Removing them is not timed.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { wheel } from "../../tests/packages/wheels.mjs";
import { readProgramOptions } from "../lib/options.mjs";
import { median } from "../lib/stats.mjs";

const { repeat, wheel: megabytes, files: count, dist } = readProgramOptions({ repeat: 7, wheel: null, files: 2000 });
const { loadPyodide } = await import(pathToFileURL(path.join(dist, "pyodide.mjs")).href);
const pyodide = await loadPyodide();

/** The sources of Python's library as one text. */
function library() {
  pyodide.FS.writeFile("/tmp/source.zip", readFileSync(path.join(dist, "python_stdlib_source.zip")));
  return pyodide.runPython(`
import os, zipfile
with zipfile.ZipFile('/tmp/source.zip') as archive:
    text = ''.join(archive.read(name).decode('utf-8', 'replace') for name in sorted(archive.namelist()) if name.endswith('.py'))
os.unlink('/tmp/source.zip')
text`);
}

/** A wheel of `count` files with `size` bytes of text. */
function makeWheel(text, count, size) {
  const each = Math.ceil(size / count);
  const files = {};
  for (let i = 0; i < count; i++) {
    // A step that shares no factor with the text's length: no two pieces begin at the same place.
    const start = (i * 1_000_003) % text.length;
    let piece = `# ${i}\n`;
    for (let at = start; piece.length < each; at = 0) piece += text.slice(at, at + each - piece.length);
    files[`big/part${i % 40}/module${i}.py`] = piece;
  }
  return wheel({ name: "big", version: "1.0", files });
}

/** What deflate leaves of pieces of that text. */
function packedShare(text) {
  const pieces = Array.from({ length: 100 }, (_, i) => Buffer.from(text.substr((i * 1_000_003) % (text.length - 40_000), 40_000)));
  const sum = (list) => list.reduce((a, b) => a + b.length, 0);
  return sum(pieces.map((piece) => deflateRawSync(piece))) / sum(pieces);
}

pyodide.runPython(`
import gc, micropip, os, shutil, time, zipfile

SITE = '/lib/python3.13/site-packages'

def files_of(folder):
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(at, name), 'rb') as file:
                found[os.path.relpath(os.path.join(at, name), folder)] = file.read()
    return found

def with_zipfile(wheel):
    gc.collect()
    start = time.perf_counter()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall('/tmp/unpacked')
    return (time.perf_counter() - start) * 1000

async def with_micropip(url, read):
    gc.collect()
    start = time.perf_counter()
    await micropip.install(url, index_urls=[])
    if read:
        for at, _, names in os.walk(SITE + '/big'):
            for name in names:
                with open(os.path.join(at, name), 'rb') as file:
                    file.read()
    return (time.perf_counter() - start) * 1000

def same():
    plain = files_of('/tmp/unpacked')
    ours = files_of(SITE)
    added = {'INSTALLER', 'REQUESTED', 'RECORD', 'PYODIDE_SOURCE', 'PYODIDE_URL', 'PYODIDE_SHA256', 'direct_url.json'}
    names = {name for name in ours if name.startswith('big') and name.rpartition('/')[2] not in added}
    wanted = {name for name in plain if not name.endswith('/RECORD')}
    assert names == wanted, names ^ wanted
    assert all(ours[name] == plain[name] for name in names)

def clean():
    micropip.uninstall('big')
    assert not os.path.exists(SITE + '/big')
`);
const call = (name, ...args) => pyodide.globals.get(name)(...args);

async function measure(name, { bytes, filename, sha256 }) {
  const file = `/tmp/${filename}`;
  pyodide.FS.writeFile(file, bytes);
  const ways = {
    hash: [`emfs:${file}#sha256=${sha256}`, false],
    hash_read: [`emfs:${file}#sha256=${sha256}`, true],
    no_hash: [`emfs:${file}`, false],
  };
  const times = { zipfile: [], hash: [], hash_read: [], no_hash: [] };
  for (let turn = -1; turn < repeat; turn++) {
    const taken = { zipfile: call("with_zipfile", file) };
    for (const [way, [url, read]] of Object.entries(ways)) {
      taken[way] = await call("with_micropip", url, read);
      if (turn < 0) call("same");
      call("clean");
    }
    pyodide.runPython("shutil.rmtree('/tmp/unpacked')");
    if (turn >= 0) for (const way in times) times[way].push(taken[way]);
  }
  pyodide.FS.unlink(file);
  const round = (value) => Math.round(value * 100) / 100;
  const result = { wheel: name, packed_mb: round(bytes.length / 1e6), zipfile_ms: round(median(times.zipfile)) };
  for (const way in ways) {
    const ratios = times.zipfile.map((time, i) => time / times[way][i]).sort((a, b) => a - b);
    result[way] = { ms: round(median(times[way])), faster: round(median(ratios)), range: [round(ratios[0]), round(ratios.at(-1))] };
  }
  console.log(JSON.stringify(result));
}

const text = library();
const share = packedShare(text);
if (megabytes) {
  await measure(`${megabytes} MB packed`, makeWheel(text, count, (megabytes * 1e6) / share));
} else {
  await measure("20 MB packed", makeWheel(text, count, 20e6 / share));
  await measure("20 MB unpacked", makeWheel(text, count, 20e6));
}
process.exit(0);
