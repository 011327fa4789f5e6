// Generates the two faces of each border between wasm and JavaScript: that of the core from src/ffi/wire/contract.def,
//   src/ffi/wire/contract.gen.h       C++ enums, imports (namespace krait::imports) and export names
//   js/src/ffi/wire/contract.gen.ts   TypeScript constants, KraitImports, KraitExports
//   js/src/ffi/wire/import_switch.gen.ts   imports that lead to those of the life that an instance has
// and that of the packaging library's module, with the names PackagesImports and PackagesExports, from
// src/pkg_module/contract.def: contract.gen.h beside it, js/src/packages/contract.gen.ts.
// With --check nothing is written; the exit code tells whether the files on disk are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const CORE = "src/ffi/wire/contract.def";
const PACKAGES = "src/pkg_module/contract.def";

const cppTypes = {
  val: "JsVal",
  i32: "int32_t",
  u32: "uint32_t",
  f64: "double",
  ptr: "const void*",
  cell: "Cell*",
  reply: "Reply*",
  py: "PyObject*",
  name: "uint32_t",
};
const cppResults = { ...cppTypes, ptr: "void*" };

/** Parses a contract.def; throws an Error that quotes the line of `source` it does not understand. */
export function parseContract(text, source = CORE) {
  const contract = { enums: [], imports: [], exports: [] };
  let open = null;
  let comment = [];
  text.split("\n").forEach((line, i) => {
    const fail = (why) => {
      throw new Error(`${source}:${i + 1}: ${why}: ${JSON.stringify(line)}`);
    };
    const [, body, note] = /^([^#]*)(?:#\s?(.*))?$/.exec(line);
    const code = body.trim();
    if (!code) {
      if (note !== undefined) comment.push(note);
      else comment = [];
      return;
    }
    let m;
    if (open) {
      if (code === "}") {
        open = null;
      } else if ((m = /^(\w+) (\d+)(?:<<(\d+))?$/.exec(code))) {
        open.entries.push({ name: m[1], value: Number(m[2]) << Number(m[3] ?? 0), note });
      } else fail("expected `NAME VALUE` or `}`");
    } else if ((m = /^enum (\w+) \{$/.exec(code))) {
      open = { name: m[1], entries: [], comment: comment.filter((c) => !c.startsWith("---")) };
      contract.enums.push(open);
    } else if ((m = /^(import|peek|suspending|export) (\w+)\(([^)]*)\)(?: (\w+))?$/.exec(code))) {
      const params = m[3].split(",").map((p) => p.trim()).filter(Boolean).map((p) => {
        const [type, name] = p.split(" ");
        if (!(type in cppTypes) || !name) fail(`unknown type or missing name in ${JSON.stringify(p)}`);
        return { type, name };
      });
      if (m[4] && !(m[4] in cppTypes)) fail(`unknown result type ${JSON.stringify(m[4])}`);
      const list = m[1] === "export" ? contract.exports : contract.imports;
      if (list.some((f) => f.name === m[2])) fail(`${m[1]} ${m[2]} is there twice`);
      const special = m[1] === "peek" || m[1] === "suspending" ? { [m[1]]: true } : {};
      list.push({ name: m[2], params, result: m[4] ?? null, ...special });
    } else fail("expected an enum, import or export");
    comment = [];
  });
  if (open) throw new Error(`${source}: enum ${open.name} is not closed`);
  return contract;
}

const camel = (s) => s.replace(/_(\w)/g, (_, c) => c.toUpperCase());
const title = (s) => s.toLowerCase().replace(/(^|_)(\w)/g, (_, __, c) => c.toUpperCase());

/** Types that are the border's own: cells, and what may be in them. */
const usesCells = ({ imports, exports }) =>
  [...imports, ...exports].some((f) => [f.result, ...f.params.map((p) => p.type)].some((type) => ["val", "cell", "reply", "py"].includes(type)));

export function header(contract) {
  const out = [
    "// Generated from contract.def by tools/contract/generate.mjs. Do not edit.",
    "// The C++ face of the border: constants, what JavaScript implements, the names of what wasm exports.",
    "#pragma once",
    "",
    "#include <cstdint>",
    "",
    ...(usesCells(contract) ? ['#include "ffi/wire/cell.h"', ""] : []),
    "// clang-format off",
    "namespace krait {",
    "",
  ];
  for (const e of contract.enums) {
    for (const c of e.comment) out.push(`// ${c}`);
    out.push(`enum ${e.name} : uint32_t {`);
    for (const { name, value, note } of e.entries)
      out.push(`  k${e.name}${title(name)} = ${value >>> 0}u,${note ? `  // ${note}` : ""}`);
    out.push("};", "");
  }
  const cppParams = (f) => f.params.map((p) => `${cppTypes[p.type]} ${p.name}`).join(", ");
  const declare = (f) =>
    out.push(
      `[[clang::import_module("krait"), clang::import_name("krait_${f.name}")]] ${f.result ? cppResults[f.result] : "void"} ${f.name}(${cppParams(f)});`,
    );
  const counted = contract.imports.filter((f) => !f.peek && !f.suspending);
  if (counted.length > 0) {
    out.push(
      "// Counts the times that JavaScript may have run: what was read ahead from it is good as long as this stays the same.",
      "extern uint32_t js_epoch;",
      "",
    );
  }
  out.push("namespace imports {", "");
  for (const f of contract.imports) if (f.peek) declare(f);
  if (counted.length > 0) out.push("", "namespace counted {", "");
  for (const f of counted) declare(f);
  if (counted.length > 0) out.push("", "}  // namespace counted", "");
  const suspending = contract.imports.filter((f) => f.suspending);
  if (suspending.length > 0) out.push("// Called by assembly only.", "namespace suspending {", "");
  for (const f of suspending) declare(f);
  if (suspending.length > 0) out.push("", "}  // namespace suspending", "");
  for (const f of counted) {
    const result = f.result ? cppResults[f.result] : "void";
    const args = f.params.map((p) => p.name).join(", ");
    out.push(`inline ${result} ${f.name}(${cppParams(f)}) { js_epoch++; return counted::${f.name}(${args}); }`);
  }
  out.push("", "}  // namespace imports", "", 'extern "C" {', "");
  for (const f of contract.exports) {
    const params = f.params.map((p) => `${cppTypes[p.type].replace("const void*", "void*")} ${p.name}`).join(", ");
    out.push(
      `[[gnu::used, gnu::visibility("default")]] ${f.result ? cppResults[f.result] : "void"} krait_${f.name}(${params});`,
    );
  }
  out.push("", '}  // extern "C"', "", "}  // namespace krait", "// clang-format on", "");
  return out.join("\n");
}

/** `name`: what the interfaces' names begin with. */
export function types(contract, source, name) {
  const tsType = (t) => (t === "val" ? "any" : "number");
  const out = [
    `// Generated from ${source} by tools/contract/generate.mjs. Do not edit.`,
    "// The TypeScript face of the border. `val` is a JavaScript value, everything else a number (addresses are unsigned).",
    "",
  ];
  for (const e of contract.enums) {
    for (const c of e.comment) out.push(`// ${c}`);
    out.push(`export const enum ${e.name} {`);
    for (const { name, value, note } of e.entries)
      out.push(`  ${name} = ${value},${note ? ` // ${note}` : ""}`);
    out.push("}", "");
  }
  const face = (which, list, doc, prefix) => {
    out.push(`/** ${doc} */`, `export interface ${name}${which} {`);
    for (const f of list)
      out.push(
        `  ${prefix}${f.name}(${f.params.map((p) => `${camel(p.name)}: ${tsType(p.type)}`).join(", ")}): ${f.result ? tsType(f.result) : "void"};`,
      );
    out.push("}", "");
  };
  face("Imports", contract.imports, "The import module `krait`: what JavaScript does for wasm.", "krait_");
  face("Exports", contract.exports, "What wasm exports, there under the prefix `krait_`.", "");
  // A literal: engines know the properties of the object when they compile it.
  out.push("/** All exports, as `take` finds them under their names in wasm. */");
  out.push("export function takeExports(take: (name: string) => any): " + `${name}Exports {`, "  return {");
  for (const f of contract.exports) out.push(`    ${f.name}: take("krait_${f.name}"),`);
  out.push("  };", "}", "");
  return out.join("\n");
}

/** One arrow function for each import, written out: engines learn what is called place by place in the text. */
export function importSwitch(contract) {
  const functions = contract.imports.map((f) => {
    const params = f.params.map((p) => camel(p.name)).join(", ");
    return `    krait_${f.name}: (${params}) => now.krait_${f.name}(${params}),`;
  });
  return `// Generated from ${CORE} by tools/contract/generate.mjs. Do not edit.
//
// An instance keeps the imports that it was made with. These lead on to those of the border that lives now: a reset
// puts another in its place. Measured in docs/decisions/0012-reset.md.
import type { KraitImports } from "./contract.gen";

export function importSwitch(now: KraitImports): { imports: KraitImports; lead(to: KraitImports): void } {
  const imports: KraitImports = {
${functions.join("\n")}
  };
  return { imports, lead: (to) => void (now = to) };
}
`;
}

/** [path, text] of all generated files. */
function generated() {
  const parse = (source) => parseContract(readFileSync(join(root, source), "utf8"), source);
  const core = parse(CORE);
  const packages = parse(PACKAGES);
  return [
    ["src/ffi/wire/contract.gen.h", header(core)],
    ["js/src/ffi/wire/contract.gen.ts", types(core, CORE, "Krait")],
    ["js/src/ffi/wire/import_switch.gen.ts", importSwitch(core)],
    ["src/pkg_module/contract.gen.h", header(packages)],
    ["js/src/packages/contract.gen.ts", types(packages, PACKAGES, "Packages")],
  ];
}

function main() {
  let stale = 0;
  for (const [path, text] of generated()) {
    let before = null;
    try {
      before = readFileSync(join(root, path), "utf8");
    } catch {
      // Not there yet: written below, or reported as stale.
    }
    if (before === text) continue;
    stale++;
    if (process.argv.includes("--check"))
      console.error(`${path} is out of date: run node tools/contract/generate.mjs`);
    else writeFileSync(join(root, path), text);
  }
  if (process.argv.includes("--check") && stale) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
