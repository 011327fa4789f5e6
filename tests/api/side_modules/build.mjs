// Builds the side modules of the tests as others build them: plain `emcc -sSIDE_MODULE=1`, one command per library.
//
//   node tests/api/side_modules/build.mjs      writes build/side_modules/, prints the folder
//
// What is newer than its sources and this script is left alone. Needs the tool root and CPython's headers, so it runs after
// `./dev setup` and cpython/build.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const repo = join(here, "..", "..", "..");
export const output = join(repo, "build", "side_modules");

const CFLAGS = ["-O2", "-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm"];

/** file below the output folder; sources; libraries it is linked with; further flags; cc or c++ */
const LIBRARIES = [
  { file: "plain.so", sources: ["plain.c"] },
  // As built for a debugger and for size: other code paths of the compiler.
  { file: "O0/plain.so", sources: ["plain.c"], flags: ["-O0", "-g"] },
  { file: "wrong_signatures.so", sources: ["wrong_signatures.c"], flags: ["-Wno-cast-function-type"] },
  { file: "tls_and_weak.so", sources: ["tls_and_weak.c"] },
  { file: "long_jump.so", sources: ["long_jump.c"] },
  { file: "graphics.so", sources: ["graphics.c"] },
  { file: "missing_function.so", sources: ["missing_function.c"], flags: ["-sERROR_ON_UNDEFINED_SYMBOLS=0", "-Wno-undefined"] },
  { file: "missing_symbol.so", sources: ["missing_symbol.c"], flags: ["-sERROR_ON_UNDEFINED_SYMBOLS=0", "-Wno-undefined"] },
  { file: "cpp.libs/libthrower.so", sources: ["thrower.cc"] },
  { file: "cpp/cpp_exceptions.so", sources: ["cpp_exceptions.cc"], needs: ["cpp.libs/libthrower.so"], rpath: "$ORIGIN/../cpp.libs" },
  { file: "pack.libs/libshared.so", sources: ["shared.c"] },
  { file: "pack/one.so", sources: ["uses_shared.c"], needs: ["pack.libs/libshared.so"], rpath: "$ORIGIN/../pack.libs", flags: ["-DMODULE=one"] },
  { file: "pack/two.so", sources: ["uses_shared.c"], needs: ["pack.libs/libshared.so"], rpath: "$ORIGIN/../pack.libs", flags: ["-DMODULE=two"] },
  // Without the library at hand, and with nowhere to look for it.
  { file: "lonely/lonely.so", sources: ["uses_shared.c"], needs: ["pack.libs/libshared.so"], flags: ["-DMODULE=lonely"] },
];

function enter(...args) {
  const { status, stdout, stderr } = spawnSync(join(repo, "toolchain", "enter"), args, { cwd: here, encoding: "utf8" });
  // wasm-ld says of every library that libraries are not stable yet; it speaks up only about real failures here.
  if (status !== 0) throw new Error(`${args.join(" ")}\nended with ${status}:\n${stdout}${stderr}`);
}

function upToDate(target, inputs) {
  if (!existsSync(target)) return false;
  const made = statSync(target).mtimeMs;
  return inputs.every((input) => statSync(input).mtimeMs <= made);
}

export function build() {
  const include = () => {
    const prefix = execFileSync(join(repo, "cpython", "build"), ["--print-prefix"], { encoding: "utf8" }).trim().split("\n").at(-1);
    return join(prefix, "include", "python3.13");
  };
  let headers;
  for (const { file, sources, needs = [], flags = [], rpath } of LIBRARIES) {
    const target = join(output, file);
    const inputs = [...sources, "build.mjs", ...(sources[0].endsWith(".cc") ? ["thrower.h"] : [])].map((name) => join(here, name));
    if (upToDate(target, [...inputs, ...needs.map((name) => join(output, name))])) continue;
    headers ??= include();
    mkdirSync(dirname(target), { recursive: true });
    enter(
      sources[0].endsWith(".cc") ? "em++" : "emcc",
      "-sSIDE_MODULE=1",
      ...CFLAGS,
      ...(sources[0].endsWith(".cc") ? ["-std=c++20"] : []),
      `-I${headers}`,
      ...flags,
      ...sources,
      ...needs.map((name) => join(output, name)),
      ...(rpath ? [`-Wl,-rpath=${rpath}`] : []),
      "-o",
      target,
    );
  }
  return output;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(build());
