// The examples of docs/type-translation.md and docs/errors.md, run: what stands behind `=>` is what the line gives.
import { readFileSync } from "node:fs";
import { assert, isKrait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const PAGES = ["type-translation.md", "errors.md"];

/** The blocks of a language on a page, each with the number of its first line. */
function blocks(page, language) {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
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

for (const page of PAGES) {
  test(`${page}: there are examples in both languages`, () => {
    assert.ok(blocks(page, "js").length >= 4 && blocks(page, "py").length >= 2);
  });
  for (const block of blocks(page, "js")) {
    test(`${page}: JavaScript example, line ${block.line}`, { skip }, async () => {
      const run = new Function("pyodide", "assert", `return (async () => {${checkedJs(block)}\n})()`);
      await run(pyodide, assert);
    });
  }
  for (const block of blocks(page, "py")) {
    test(`${page}: Python example, line ${block.line}`, { skip }, () => {
      const globals = pyodide.runPython("{'__name__': 'example'}");
      pyodide.runPython(checkedPy(block), { globals });
      globals.destroy();
    });
  }
}
