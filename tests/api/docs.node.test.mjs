// The examples of docs/type-translation.md, run: what stands behind `=>` is what the line gives.
import { readFileSync } from "node:fs";
import { assert, isKrait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const text = readFileSync(new URL("../../docs/type-translation.md", import.meta.url), "utf8");

/** The blocks of a language, each with the number of its first line. */
function blocks(language) {
  const found = [];
  const pattern = new RegExp("^```" + language + "\\n(.*?)^```", "gms");
  for (const match of text.matchAll(pattern))
    found.push({ line: text.slice(0, match.index).split("\n").length + 1, code: match[1] });
  return found;
}

/** Turns `expression; // => value` into a check of it. */
function checkedJs({ code, line }) {
  return code
    .split("\n")
    .map((source, i) => {
      const match = /^(.*?);? \/\/ => (.*)$/.exec(source);
      return match ? `assert.deepEqual(${match[1]}, ${match[2]}, "line ${line + i}");` : source;
    })
    .join("\n");
}

function checkedPy({ code, line }) {
  return code
    .split("\n")
    .map((source, i) => {
      const match = /^(.*?) {2}# => (.*)$/.exec(source);
      return match ? `_got = repr((${match[1]})); assert _got == ${JSON.stringify(match[2])}, (${line + i}, _got)` : source;
    })
    .join("\n");
}

const skip = isKrait(pyodide) ? false : "the examples show krait";

test("there are examples in both languages", () => {
  assert.ok(blocks("js").length >= 4 && blocks("py").length >= 3);
});

for (const block of blocks("js")) {
  test(`JavaScript example, line ${block.line}`, { skip }, async () => {
    const run = new Function("pyodide", "assert", `return (async () => {${checkedJs(block)}\n})()`);
    await run(pyodide, assert);
  });
}
for (const block of blocks("py")) {
  test(`Python example, line ${block.line}`, { skip }, () => {
    const globals = pyodide.runPython("{'__name__': 'example'}");
    pyodide.runPython(checkedPy(block), { globals });
    globals.destroy();
  });
}
