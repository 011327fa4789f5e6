// The examples of the documentation, run: what stands behind `=>` is what the line gives.
import { readFileSync } from "node:fs";
import { assert, isKrait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
/** The blocks of a language, each with the number of its first line. */
function blocks(file, language) {
  const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8");
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

const HAS_JSPI = typeof WebAssembly.Suspending === "function" && typeof WebAssembly.promising === "function";
const files = {
  "type-translation.md": { js: 4, py: 3, skip },
  "errors.md": { js: 4, py: 2, skip },
  "stack-switching.md": { js: 1, py: 1, skip: skip || (!HAS_JSPI && "this engine has no JS Promise Integration") },
};

for (const [file, { js, py, skip }] of Object.entries(files)) {
  test(`${file} has examples in both languages`, () => {
    assert.ok(blocks(file, "js").length >= js && blocks(file, "py").length >= py);
  });

  for (const block of blocks(file, "js")) {
    test(`${file}: JavaScript example, line ${block.line}`, { skip }, async () => {
      const run = new Function("pyodide", "assert", `return (async () => {${checkedJs(block)}\n})()`);
      await run(pyodide, assert);
    });
  }
  for (const block of blocks(file, "py")) {
    test(`${file}: Python example, line ${block.line}`, { skip }, async () => {
      const globals = pyodide.runPython("{'__name__': 'example'}");
      await pyodide.runPythonAsync(checkedPy(block), { globals });
      globals.destroy();
    });
  }
}
