// Values as large as engines let them be: strings of 2^27 letters, numbers of 10,000 digits. Not in a page, whose memory is not ours to fill.
import { after, assert, krait, loadForTest, rejection, test, thrown } from "./harness.mjs";

const pyodide = await loadForTest();
const LENGTH = 2 ** 27;
const globals = pyodide.runPython("{}");
after(() => globals.destroy());
const python = (code) => pyodide.runPython(code, { globals });

for (const [kind, letter, last] of [["ASCII", "a", "b"], ["Latin-1", "é", "ü"], ["Latin-1 with two-byte text at its end", "é", "漢"], ["two units a letter", "🐍", "🐊"]]) {
  test(`a string of 2^27 letters, ${kind}, to Python and back`, () => {
    const count = LENGTH / letter.length;
    const text = letter.repeat(count - 1) + last;
    const same = python("lambda text, letter, last, count: (len(text), text.count(letter), text[-1] == last)");
    const facts = same(text, letter, last, count);
    assert.deepEqual(facts.toJs(), [count, count - 1, true]);
    facts.destroy();
    same.destroy();
    const back = python("lambda text: text")(text);
    assert.ok(back === text, "another string came back");
    const nested = pyodide.toPy({ list: [text] });
    assert.ok(nested.toJs().list[0] === text, "another string came back from a deep conversion");
    nested.destroy();
  });
}

krait("a str that is longer than a JavaScript string can be is an error that says so", "what the engine says there", () => {
  const error = thrown(() => python("'a' * 2 ** 29"));
  assert.equal(error.name, "RangeError");
  assert.match(error.message, /536870912/);
  assert.equal(python("'a' * 10"), "aaaaaaaaaa");
});

test("numbers of 10,000 digits, both ways and inside of containers", () => {
  for (const sign of [1n, -1n]) {
    const number = sign * (10n ** 10000n - 7n);
    globals.set("number", number);
    assert.equal(python(`number == ${sign} * (10 ** 10000 - 7)`), true);
    assert.equal(python("number"), number);
    assert.equal(python("int(number)"), number);
    const list = pyodide.toPy([number, { number }]);
    assert.deepEqual(list.toJs(), [number, { number }]);
    list.destroy();
  }
});

test("a promise for a string of 2^27 letters", async () => {
  const text = `${"a".repeat(LENGTH - 1)}b`;
  const result = await pyodide.runPythonAsync("await promise", { globals: pyodide.toPy({ promise: Promise.resolve(text) }) });
  assert.ok(result === text);
  const error = await rejection(pyodide.runPythonAsync("raise ValueError('a' * 2 ** 20)"));
  assert.ok(error.message.length > 2 ** 20);
});
