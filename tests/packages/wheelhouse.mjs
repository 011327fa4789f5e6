// The wheels that tests are made with: small families of pure ones, extension modules, hostile ones, those of Debian.
//
// Guarantees: what is expensive is made when it is asked for. Node only.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../api/side_modules/build.mjs";
import { packageOf, sha256, wheel, zip } from "./wheels.mjs";

const repo = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = "cp313-cp313-pyodide_2025_0_wasm32";

/** A few that need each other, with more than one version. */
export const fruit = () => [
  wheel({ name: "apple", version: "1.0", requires: ["berry>=1"] }),
  wheel({ name: "apple", version: "2.0", requires: ["berry>=2"] }),
  wheel({ name: "berry", version: "1.5", requires: ["cherry; extra == 'sweet'"], extra: "Provides-Extra: sweet\n" }),
  wheel({ name: "cherry", version: "0.1", files: { "cherry.py": "taste = 'sour'\n", "ns_fruit/cherry.py": "" } }),
  wheel({ name: "cherry", version: "0.2", files: { "cherry.py": "taste = 'sweet'\n", "cherry_more.py": "" } }),
];

/** What a lock file has: one version each, names that differ from the modules', circles. */
export const locked = () => [
  wheel({ name: "top", version: "1.0", requires: ["middle", "Under_Score"] }),
  wheel({ name: "middle", version: "2.1", requires: ["bottom>=1"] }),
  wheel({ name: "bottom", version: "3.0" }),
  wheel({ name: "Under_Score", version: "1.1", files: { "other_name.py": "here = 1\n", "under/score.py": "" } }),
  wheel({ name: "ring", version: "1.0", requires: ["rung"], files: { "ring.py": "" } }),
  wheel({ name: "rung", version: "1.0", requires: ["ring"], files: { "rung.py": "" } }),
  wheel({ name: "lonely", version: "0.5" }),
];

/** `count` packages in a chain, a few modules each. */
export const pure = (count = 30) =>
  Array.from({ length: count }, (_, i) => {
    const name = `pure${String(i).padStart(2, "0")}`;
    const modules = Array.from({ length: 6 }, (_, m) => [`${name}/module${m}.py`, `def f${m}(x):\n    return x + ${i * m}\n\n`.repeat(20)]);
    return wheel({ name, version: `1.${i}`, requires: i === 0 ? [] : [`pure${String(i - 1).padStart(2, "0")}`], files: Object.fromEntries([[`${name}/__init__.py`, `number = ${i}\n`], ...modules]) });
  });

/** About `megabytes` of text and numbers in `count` files, which deflate as packages do: to about a third. */
export function big(count = 2000, megabytes = 20) {
  const size = Math.floor((megabytes * 1e6) / count);
  let state = 1;
  const random = () => (state = (state * 48271) % 0x7fffffff);
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      let text = `"""module ${i}"""\n`;
      while (text.length < size) text += `value_${random() % 97} = function_${random() % 31}(${random() % 100000}, "${(random() % 1e6).toString(36)}")\n`;
      return [i === 0 ? "big/__init__.py" : `big/part${Math.floor(i / 100)}/module${i}.py`, i === 0 ? "" : text];
    }),
  );
  return wheel({ name: "big", version: "1.0", files });
}

/** Extension modules for krait's CPython, and a shared library that is a package of its own. */
export function binary() {
  const folder = build();
  const file = (path) => readFileSync(join(folder, path));
  return [
    wheel({ name: "plain", version: "1.0", tag: BINARY, files: { "plain.so": file("plain.so") } }),
    wheel({
      name: "pack",
      version: "1.0",
      tag: BINARY,
      files: { "pack/__init__.py": "", "pack/one.so": file("pack/one.so"), "pack/two.so": file("pack/two.so"), "pack.libs/libshared.so": file("pack.libs/libshared.so") },
    }),
    wheel({ name: "lonely_ext", version: "1.0", tag: BINARY, depends: ["libshared"], files: { "lonely.so": file("lonely/lonely.so") } }),
    packageOf("libshared-1.0.zip", zip([["libshared.so", file("pack.libs/libshared.so")]]), { name: "libshared", version: "1.0", packageType: "shared_library", installDir: "dynlib" }),
    wheel({ name: "broken_ext", version: "1.0", tag: BINARY, files: { "broken_ext.so": "this is no WebAssembly" } }),
  ];
}

/** Wheels that nobody should install. */
export const hostile = () => [
  wheel({ name: "climber", version: "1.0", files: { "climber.py": "", "../climbed.py": "" } }),
  wheel({ name: "absolute", version: "1.0", files: { "absolute.py": "", "/tmp/absolute.py": "" } }),
  wheel({ name: "unrecorded", version: "1.0", files: { "unrecorded.py": "" }, raw: [["sneaked.py", "bad = 1\n"]] }),
  wheel({ name: "bomb", version: "1.0", files: { "bomb.py": Buffer.alloc(20_000_000, "a") }, options: { declared: 100 } }),
  { ...wheel({ name: "mislabelled", version: "1.0" }), filename: "labelled-1.0-py3-none-any.whl", name: "labelled" },
  { ...wheel({ name: "otherhash", version: "1.0" }), sha256: sha256("something else") },
  wheel({ name: "future", version: "1.0", tag: "cp399-cp399-pyodide_2099_0_wasm32", files: { "future.py": "" } }),
  packageOf("nozip-1.0-py3-none-any.whl", Buffer.from("<!doctype html><title>Sign in</title>"), { name: "nozip", version: "1.0", metadata: "" }),
];

/** What ./dev setup fetches of Debian's packages. */
function fetched() {
  const folder = execFileSync(join(repo, "toolchain/bootstrap"), ["--print-wheels"], { encoding: "utf8" }).trim();
  if (!existsSync(folder)) throw new Error(`there are no wheels at ${folder}: run ./dev setup`);
  return folder;
}

/** pip, setuptools and wheel as Debian has them. */
export function real() {
  const folder = fetched();
  const wheels = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  return wheels.map((filename) => {
    const [name, version] = filename.split("-");
    const imports = { setuptools: ["setuptools", "pkg_resources", "_distutils_hack"] }[name] ?? [name];
    return packageOf(filename, readFileSync(join(folder, filename)), { name, version, imports });
  });
}

/** Wheels of Debian's pure Python packages: their modules, and the metadata their authors wrote. */
export function debian() {
  const folder = join(fetched(), "python");
  return readdirSync(folder).map((name) => ofInstalled(join(folder, name)));
}

/** The wheel of the one distribution in a folder that is laid out as site-packages. */
function ofInstalled(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes("__pycache__/"))
    .sort();
  const info = /^[^/]+\.(?:dist|egg)-info\//.exec(paths.find((path) => /-info\/(METADATA|PKG-INFO)$/.test(path)))[0];
  const metadata = readFileSync(join(folder, info, info.endsWith(".egg-info/") ? "PKG-INFO" : "METADATA"), "utf8");
  const field = (key) => new RegExp(`^${key}: (.*)$`, "m").exec(metadata)[1];
  const name = field("Name").replace(/[-_.]+/g, "_");
  const version = field("Version");
  const files = {};
  for (const path of paths) {
    if (!path.startsWith(info)) files[path] = readFileSync(join(folder, path));
    else if (path === `${info}entry_points.txt`) files[`${name}-${version}.dist-info/entry_points.txt`] = readFileSync(join(folder, path));
  }
  return wheel({ name, version, files, metadata });
}

/** All of them that can be in one lock file, without `big`. */
export const all = () => [...locked(), ...pure(), ...binary(), ...hostile(), ...real()];
