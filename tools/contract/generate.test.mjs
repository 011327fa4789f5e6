// The contract's generator: what it reads, and what it says about a line that it does not understand.
import assert from "node:assert/strict";
import test from "node:test";
import { header, importSwitch, parseContract, types } from "./generate.mjs";

test("enums, imports and exports", () => {
  const contract = parseContract(
    ["# Colours.", "enum Colour {", "  RED 1   # warm", "  BLUE 1<<4", "}", "import paint(val wall, i32 colour) val", "peek look() i32", "suspending dry(val wall)", "export wash(py brush)"].join("\n"),
  );
  assert.deepEqual(contract.enums, [
    { name: "Colour", comment: ["Colours."], entries: [{ name: "RED", value: 1, note: "warm" }, { name: "BLUE", value: 16, note: undefined }] },
  ]);
  assert.deepEqual(contract.imports, [
    { name: "paint", params: [{ type: "val", name: "wall" }, { type: "i32", name: "colour" }], result: "val" },
    { name: "look", params: [], result: "i32", peek: true },
    { name: "dry", params: [{ type: "val", name: "wall" }], result: null, suspending: true },
  ]);
  assert.deepEqual(contract.exports, [{ name: "wash", params: [{ type: "py", name: "brush" }], result: null }]);
});

test("what it does not understand is quoted with its line", () => {
  for (const [text, message] of [
    ["import f(thing x)", /contract\.def:1: unknown type or missing name in "thing x"/],
    ["import f() thing", /contract\.def:1: unknown result type "thing"/],
    ["\nimprot f()", /contract\.def:2: expected an enum, import or export: "improt f\(\)"/],
    ["enum E {\n  A one\n}", /contract\.def:2: expected `NAME VALUE` or `}`/],
    ["enum E {\n  A 1", /enum E is not closed/],
    ["import f()\nimport f()", /contract\.def:2: import f is there twice/],
  ]) {
    assert.throws(() => parseContract(text), message);
  }
});

test("the switch has a function for each import, which passes its parameters on", () => {
  const text = importSwitch(parseContract("import paint(val wall, i32 colour) val\nsuspending dry(val wall)\nexport wash(py brush)"));
  assert.match(text, /krait_paint: \(wall, colour\) => now\.krait_paint\(wall, colour\),\n {4}krait_dry: \(wall\) => now\.krait_dry\(wall\),\n/);
  assert.doesNotMatch(text, /wash/);
});

test("a border without cells has nothing of the core's", () => {
  const plain = parseContract("peek files(ptr records, u32 count) u32\nexport alloc(u32 size) ptr", "src/other/contract.def");
  const text = header(plain);
  assert.match(text, /import_name\("krait_files"\).* uint32_t files\(const void\* records, uint32_t count\);/);
  assert.match(text, /void\* krait_alloc\(uint32_t size\);/);
  assert.doesNotMatch(text, /cell\.h|js_epoch|counted/);
  assert.match(types(plain, "src/other/contract.def", "Other"), /from src\/other\/contract\.def by[^]*interface OtherImports \{\n {2}krait_files[^]*interface OtherExports[^]*\): OtherExports \{/);
  assert.throws(() => parseContract("improt f()", "src/other/contract.def"), /src\/other\/contract\.def:1: expected/);
});

test("an import that may run the user's code is counted", () => {
  assert.match(header(parseContract("import paint(val wall)")), /cell\.h[^]*extern uint32_t js_epoch[^]*namespace counted[^]*js_epoch\+\+; return counted::paint\(wall\)/);
});
