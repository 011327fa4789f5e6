// Generates the two faces of the border from src/ffi/wire/contract.def:
//   src/ffi/wire/contract.gen.h       C++ enums, imports (namespace krait::imports) and export names
//   js/src/ffi/wire/contract.gen.ts   TypeScript constants, KraitImports, KraitExports
//   js/src/ffi/wire/import_switch.gen.ts   imports that lead to those of the life that an instance has
// With --check nothing is written; the exit code tells whether the files on disk are up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const source = "src/ffi/wire/contract.def";
const headerPath = "src/ffi/wire/contract.gen.h";
const typesPath = "js/src/ffi/wire/contract.gen.ts";
const switchPath = "js/src/ffi/wire/import_switch.gen.ts";

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

/** Parses contract.def; throws an Error that quotes the line it does not understand. */
export function parseContract(text) {
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

function header(contract) {
  const out = [
    "// Generated from contract.def by tools/contract/generate.mjs. Do not edit.",
    "// The C++ face of the border: constants, what JavaScript implements, the names of what wasm exports.",
    "#pragma once",
    "",
    "#include <cstdint>",
    "",
    '#include "ffi/wire/cell.h"',
    "",
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
  out.push(
    "// Counts the times that JavaScript may have run: what was read ahead from it is good as long as this stays the same.",
    "extern uint32_t js_epoch;",
    "",
    "namespace imports {",
    "",
  );
  for (const f of contract.imports) if (f.peek) declare(f);
  out.push("", "namespace counted {", "");
  for (const f of contract.imports) if (!f.peek && !f.suspending) declare(f);
  out.push("", "}  // namespace counted", "");
  const suspending = contract.imports.filter((f) => f.suspending);
  if (suspending.length > 0) out.push("// Called by assembly only.", "namespace suspending {", "");
  for (const f of suspending) declare(f);
  if (suspending.length > 0) out.push("", "}  // namespace suspending", "");
  for (const f of contract.imports) {
    if (f.peek || f.suspending) continue;
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

function types(contract) {
  const tsType = (t) => (t === "val" ? "any" : "number");
  const out = [
    "// Generated from src/ffi/wire/contract.def by tools/contract/generate.mjs. Do not edit.",
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
  const face = (name, list, doc, prefix) => {
    out.push(`/** ${doc} */`, `export interface ${name} {`);
    for (const f of list)
      out.push(
        `  ${prefix}${f.name}(${f.params.map((p) => `${camel(p.name)}: ${tsType(p.type)}`).join(", ")}): ${f.result ? tsType(f.result) : "void"};`,
      );
    out.push("}", "");
  };
  face("KraitImports", contract.imports, "The import module `krait`: what JavaScript does for wasm.", "krait_");
  face("KraitExports", contract.exports, "What wasm exports, there under the prefix `krait_`.", "");
  // A literal: engines know the properties of the object when they compile it.
  out.push("/** All exports, as `take` finds them under their names in wasm. */");
  out.push("export function takeExports(take: (name: string) => any): KraitExports {", "  return {");
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
  return `// Generated from ${source} by tools/contract/generate.mjs. Do not edit.
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

function main() {
  const contract = parseContract(readFileSync(join(root, source), "utf8"));
  let stale = 0;
  for (const [path, text] of [[headerPath, header(contract)], [typesPath, types(contract)], [switchPath, importSwitch(contract)]]) {
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
