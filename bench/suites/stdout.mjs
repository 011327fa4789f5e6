// Output of Python programs: many short lines, and one big write, to each kind of handler.
// Guarantees: a handler that received another number of characters or bytes than were printed is an error, not a time.
import { eachMs } from "../lib/timing.mjs";
import { lowerQuartile } from "../lib/stats.mjs";
import { addRow, load } from "../lib/suite_tools.mjs";

const kLines = 10_000;
const kBig = 2 ** 20;
const kProgram = `
def print_lines(count):
    for i in range(count):
        print("line", i)

def write_big(size):
    import sys
    sys.stdout.write("x" * (size - 1) + "\\n")
    sys.stdout.flush()
`;

const expectedLines = Array.from({ length: kLines }, (_, i) => `line ${i}`.length).reduce((a, b) => a + b, 0);

/** Both handlers count what they get, so that dropped output cannot pass for speed. */
const handlers = {
  batched: { newline: 0, make: (count) => ({ batched: (line) => count(line.length) }) },
  write: { newline: 1, make: (count) => ({ write: (bytes) => { count(bytes.length); return bytes.length; } }) },
};

async function measure(host) {
  const pyodide = await load(host);
  const rows = {};
  pyodide.runPython(kProgram);
  const programs = {
    "10,000 short lines": { call: pyodide.globals.get("print_lines"), arg: kLines, text: expectedLines, lines: kLines },
    "one write of 1 MiB": { call: pyodide.globals.get("write_big"), arg: kBig, text: kBig - 1, lines: 1 },
  };
  for (const [what, program] of Object.entries(programs)) {
    for (const [kind, handler] of Object.entries(handlers)) {
      await addRow(rows, `${what}, ${kind} handler`, () => {
        let seen = 0;
        pyodide.setStdout(handler.make((n) => { seen += n; }));
        const warmUps = 2, runs = 5;
        const times = eachMs(() => program.call(program.arg), warmUps, runs);
        const expected = (program.text + handler.newline * program.lines) * (warmUps + runs);
        if (seen !== expected) throw new Error(`the handler got ${seen} characters; expected ${expected}`);
        return lowerQuartile(times);
      });
    }
  }
  return rows;
}

export const stdout = { name: "stdout", title: "Standard output", unit: "ms", parts: ["all"], measure };
