// Recursion without end through every kind of crossing, with small and large stacks of JavaScript: each ends in an error or an
// answer, and the runtime goes on as before. The cases run in processes of their own, since what fails here ends a process.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assert, dist, isKrait, loadForTest, test } from "./harness.mjs";

const skip = isKrait(await loadForTest()) ? false : "the peer may die of it";
const cases = fileURLToPath(new URL("recursion_cases.mjs", import.meta.url));

const FLUSHED = ["--stress-flush-code", "--expose-gc"];
for (const [size, flags, note] of [[400, []], [984, []], [984, FLUSHED, ", JavaScript compiled anew at its end"], [1500, []]]) {
  test(`recursion ends, and the runtime goes on: a stack of ${size} kB${note ?? ""}`, { skip }, () => {
    const out = execFileSync(process.execPath, [`--stack-size=${size}`, ...flags, cases, dist.href], { encoding: "utf8", timeout: 240_000 });
    const results = JSON.parse(out.split("\n").filter((line) => line.startsWith("[")).at(-1));
    assert.ok(results.length >= 25, `only ${results.length} cases ran`);
    for (const [name, how, alive] of results) {
      // Data nested deeply may be refused in words of its own; chains of causes are just raised.
      assert.match(how, /^(RecursionError|RangeError|MemoryError|SyntaxError: SyntaxError: too many nested|ValueError: ValueError: (recursion limit exceeded|object too deeply nested)|ValueError: ValueError: 99999|KeyError: KeyError: 19999|ExceptionGroup|ended$)/, `${name}: ${how}`);
      assert.equal(alive, "alive", name);
    }
  });
}
