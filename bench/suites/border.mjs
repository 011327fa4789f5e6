// Crossings of the language border, one operation a row, in microseconds per operation.
// Where JS alone has an operation of the same meaning, its time stands beside as `limit`.
// Guarantees: every operation's result is checked once before it is timed; a row that fails does not end the suite.
// Must not: use anything but the public API.
import { perCall, perCallAsync } from "../lib/timing.mjs";
import { addRow, load } from "../lib/suite_tools.mjs";
import { makeDocument } from "../lib/document.mjs";

const kMany = 10_000;
const kTextSize = 2 ** 20;
const kBytes = 10_000_000;

/** A batch from one call. */
const times = (call) => (n) => { for (let i = 0; i < n; i++) call(); };

function expectEqual(got, expected, what) {
  if (!Object.is(got, expected)) throw new Error(`${what} gave ${String(got).slice(0, 80)}; expected ${expected}`);
}

function jsObjects() {
  return {
    add: (a, b) => a + b,
    target: { value: 1, method: (by) => by },
    // An array made by a literal or by from() is packed, as most arrays are.
    numbers: Array.from({ length: kMany }, (_, i) => i),
    strings: Array.from({ length: kMany }, (_, i) => `item ${i}`),
    fail: () => { throw new Error("expected by the benchmark"); },
    document: makeDocument(),
    bytes: new Uint8Array(kBytes),
  };
}

// A row: [name, make(context) -> batch(n), limit(context) -> batch(n)]. `context.py(name)` is an object of border.py.
const kJsToPython = [
  ["f(1, 2)", ({ py }) => {
    const f = py("add");
    expectEqual(f(1, 2), 3, "f(1, 2)");
    return times(() => f(1, 2));
  }, ({ js }) => { let sum = 0; return times(() => { sum += js.add(1, 2); }); }],
  ["f('a short text')", ({ py }) => {
    const f = py("same");
    expectEqual(f("a short text"), "a short text", "f(text)");
    return times(() => f("a short text"));
  }],
  ["f({a: 1}), returns it", ({ py }) => {
    const f = py("same"), value = { a: 1 };
    expectEqual(f(value), value, "f(object)");
    return times(() => f(value));
  }],
  ["f(), returns a list; destroy", ({ py }) => {
    const f = py("make_list");
    return times(() => f().destroy());
  }],
  ["obj.method(1)", ({ py }) => {
    const thing = py("thing");
    expectEqual(thing.method(1), 1, "obj.method(1)");
    return times(() => thing.method(1));
  }],
  ["obj.value", ({ py }) => {
    const thing = py("thing");
    return times(() => thing.value);
  }],
  ["obj.value = 2", ({ py }) => {
    const thing = py("thing");
    return times(() => { thing.value = 2; });
  }],
  ["dict.get('a')", ({ py }) => {
    const mapping = py("mapping");
    expectEqual(mapping.get("a"), 1, "dict.get");
    return times(() => mapping.get("a"));
  }],
  ["list.length", ({ py }) => {
    const numbers = py("numbers");
    expectEqual(numbers.length, kMany, "list.length");
    return times(() => numbers.length);
  }],
  ["list.get(5)", ({ py }) => {
    const numbers = py("numbers");
    expectEqual(numbers.get(5), 5, "list.get(5)");
    return times(() => numbers.get(5));
  }],
  ["for (x of list of 10,000 ints)", ({ py }) => {
    const numbers = py("numbers");
    return times(() => {
      let sum = 0;
      for (const x of numbers) sum += x;
      expectEqual(sum, kMany * (kMany - 1) / 2, "sum over a list");
    });
  }, ({ js }) => times(() => { let sum = 0; for (const x of js.numbers) sum += x; return sum; })],
  ["list of 10,000 ints .toJs()", ({ py }) => {
    const numbers = py("numbers");
    expectEqual(numbers.toJs()[kMany - 1], kMany - 1, "toJs()");
    return times(() => numbers.toJs());
  }, ({ js }) => times(() => structuredClone(js.numbers))],
  ["a Python exception, caught in JS", ({ py }) => {
    const f = py("fail");
    const call = () => {
      try { f(); } catch (error) { return error; }
      throw new Error("no exception arrived");
    };
    if (!/ValueError/.test(call().message)) throw new Error(`expected a ValueError, got '${call().message}'`);
    return times(call);
  }, ({ js }) => times(() => { try { js.fail(); } catch { /* the point */ } })],
  ["array of 1,000 .sort(Python comparator)", ({ py, js }) => {
    const compare = py("compare");
    const shuffled = js.numbers.slice(0, 1000).sort((a, b) => (a * 7919) % 1009 - (b * 7919) % 1009);
    expectEqual(shuffled.slice().sort(compare)[999], 999, "sort");
    return times(() => shuffled.slice().sort(compare));
  }, ({ js }) => {
    const shuffled = js.numbers.slice(0, 1000).sort((a, b) => (a * 7919) % 1009 - (b * 7919) % 1009);
    return times(() => shuffled.slice().sort((a, b) => a - b));
  }],
  ["runPython('1')", ({ pyodide }) => {
    expectEqual(pyodide.runPython("1"), 1, "runPython('1')");
    return times(() => pyodide.runPython("1"));
  }],
];

/** Rows of which Python does the repeating: [name, loop in border.py, argument, limit]. */
const kPythonToJs = [
  ["f(1, 2)", "loop_call", ({ js }) => js.add],
  ["f('a short text')", "loop_call_string", () => () => undefined],
  ["f({'a': 1})", "loop_call_dict", () => () => undefined],
  ["obj.method(1)", "loop_method", ({ js }) => js.target],
  ["obj.value", "loop_get", ({ js }) => js.target],
  ["obj.value = 2", "loop_set", ({ js }) => js.target],
  ["js.globalThis.Math.PI", "loop_math_pi", () => null],
  ["Object.new()", "loop_object_new", () => null],
  ["array[5]", "loop_index", ({ js }) => js.numbers],
  ["len(array)", "loop_len", ({ js }) => js.numbers],
  ["for x in array of 10,000 numbers", "loop_iterate", ({ js }) => js.numbers],
  ["for x in array of 10,000 strings", "loop_iterate", ({ js }) => js.strings],
  ["a JS exception, caught in Python", "loop_js_error", ({ js }) => js.fail],
  ["create_proxy(f).destroy()", "loop_proxy", () => null],
];

const documentLimit = ({ js }) => {
  const text = JSON.stringify(js.document);
  return times(() => JSON.parse(text));
};

const kConversions = [
  ["to_js, 9 kB document, dict_converter=Object.fromEntries", "loop_to_js_entries",
    ({ py, js }) => py("parse")(JSON.stringify(js.document)), documentLimit],
  ["to_js, 9 kB document, default", "loop_to_js",
    ({ py, js }) => py("parse")(JSON.stringify(js.document)), documentLimit],
  ["to_py, 9 kB document", "loop_to_py", ({ js }) => js.document, ({ js }) => times(() => structuredClone(js.document))],
  ["Uint8Array of 10 MB .to_bytes()", "loop_to_bytes", ({ js }) => js.bytes, ({ js }) => times(() => js.bytes.slice())],
];

const kLarge = [
  ...["ascii", "latin1", "ucs2", "ucs4"].flatMap((kind) => [
    [`${kind} text of 1 Mi letters to JS`, ({ py }) => {
      const text = py("make_text")(kind, kTextSize);
      expectEqual(text.length, kind === "ucs4" ? 2 * kTextSize : kTextSize, "the text's length");
      const holder = py("thing");
      holder.text = text;
      return times(() => holder.text);
    }],
    [`${kind} text of 1 Mi letters to Python`, ({ py }) => {
      const text = py("make_text")(kind, kTextSize);
      const take = py("nothing");
      return times(() => take(text));
    }],
  ]),
  ["bytes of 10 MB .toJs()", ({ py }) => {
    const data = py("make_bytes")(kBytes);
    expectEqual(data.toJs().length, kBytes, "bytes.toJs()");
    return times(() => data.toJs());
  }, ({ js }) => times(() => js.bytes.slice())],
  ["JSON.stringify and json.loads, 9 kB document", ({ py, js }) => {
    const parse = py("parse");
    return times(() => parse(JSON.stringify(js.document)).destroy());
  }],
];

const kWarmUp = 2000; // ms

/**
 * Runs Python for a while, with pauses: the rows are about a program that runs. How soon after a start the engine has the good
 * code of CPython's eval loop is what the suite first_program measures.
 */
async function warmUp({ py, js }) {
  const loop = py("loop_call");
  const f = py("add");
  for (const end = performance.now() + kWarmUp; performance.now() < end; ) {
    loop(js.add, 1000);
    for (let i = 0; i < 1000; i++) f(1, 2);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function measure(host) {
  const pyodide = await load(host);
  const scope = pyodide.toPy({ __name__: "border" });
  pyodide.runPython(await host.readText("suites/border.py"), { globals: scope });
  const context = { pyodide, js: jsObjects(), py: (name) => scope.get(name) };
  const rows = {};
  await warmUp(context);

  const add = async (name, make, limit) => {
    const extra = limit ? { limit: perCall(limit(context)) } : {};
    await addRow(rows, name, () => perCall(make(context)), extra);
  };
  for (const [name, make, limit] of kJsToPython) await add(`JS to Python: ${name}`, make, limit);
  await addRow(rows, "JS to Python: await runPythonAsync('1')", async () => {
    expectEqual(await pyodide.runPythonAsync("1"), 1, "runPythonAsync('1')");
    return perCallAsync(async (n) => { for (let i = 0; i < n; i++) await pyodide.runPythonAsync("1"); });
  });
  const pythonLoop = (loop, argument) => (ctx) => {
    const run = ctx.py(loop), value = argument(ctx);
    return (n) => run(value, n);
  };
  for (const [name, loop, argument] of kPythonToJs) await add(`Python to JS: ${name}`, pythonLoop(loop, argument));
  await addRow(rows, "Python to JS: await a resolved promise", async () => {
    const run = context.py("loop_await"), promise = Promise.resolve(1);
    return perCallAsync((n) => run(promise, n));
  }, { limit: await perCallAsync(async (n) => { const p = Promise.resolve(1); for (let i = 0; i < n; i++) await p; }) });
  for (const [name, loop, argument, limit] of kConversions) await add(name, pythonLoop(loop, argument), limit);
  for (const [name, make, limit] of kLarge) await add(name, make, limit);
  return rows;
}

export const border = { name: "border", title: "Border", unit: "us", parts: ["all"], mean: true, measure };
