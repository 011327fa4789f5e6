// The part of `node:test` that tests/api uses, for a page. An import map puts it in that module's place.
//
// Tests run one after the other in the order of their definition; results are collected for `finish()`, which the page
// calls when the test file has been evaluated.

const results = [];
const hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
let chain = Promise.resolve();
let prefix = "";

class Skipped extends Error {}

class Context {
  constructor(name) {
    this.name = name;
    this.skipped = undefined;
    this.cleanup = [];
  }
  skip(reason) {
    this.skipped = reason || "skipped";
  }
  diagnostic(message) {
    console.log(`# ${message}`);
  }
  after(fn) {
    this.cleanup.push(fn);
  }
  async test(...args) {
    // Inside a running test the chain is busy with the parent: run at once.
    const { name, options, fn } = parse(args);
    await runTest(`${this.name} > ${name}`, options, fn, true);
  }
}

function parse(args) {
  const name = typeof args[0] === "string" ? args.shift() : (args.at(-1)?.name ?? "<anonymous>");
  const options = typeof args[0] === "object" && args[0] !== null ? args.shift() : {};
  return { name, options, fn: args[0] };
}

async function runTest(name, options, fn, rethrow = false) {
  const reason = options.skip || options.todo;
  if (reason || !fn) {
    results.push({ name, status: "skipped", detail: typeof reason === "string" ? reason : "" });
    return;
  }
  const context = new Context(name);
  const started = performance.now();
  let failure;
  try {
    for (const hook of hooks.before.splice(0)) await hook();
    for (const hook of hooks.beforeEach) await hook(context);
    const limit = options.timeout ?? 120_000;
    let timer;
    await Promise.race([
      (async () => fn(context))(),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no result after ${limit} ms`)), limit);
      }),
    ]).finally(() => clearTimeout(timer));
  } catch (error) {
    if (!(error instanceof Skipped)) failure = error ?? new Error(`thrown: ${error}`);
  } finally {
    for (const hook of [...context.cleanup, ...hooks.afterEach]) {
      try {
        await hook(context);
      } catch (error) {
        failure ??= error;
      }
    }
  }
  const time = Math.round(performance.now() - started);
  console.debug(`ended: ${name}`);
  if (failure) {
    const detail = failure instanceof Error ? `${failure.name}: ${failure.message}\n${failure.stack ?? ""}` : String(failure);
    results.push({ name, status: "failed", detail, time });
    if (rethrow) throw failure;
  } else {
    results.push({ name, status: context.skipped ? "skipped" : "passed", detail: context.skipped ?? "", time });
  }
}

function test(...args) {
  const { name, options, fn } = parse(args);
  const full = prefix + name;
  chain = chain.then(() => runTest(full, options, fn));
  return chain;
}

const skip = (...args) => {
  const { name } = parse(args);
  return test(name, { skip: true }, () => {});
};

function describe(...args) {
  const { name, options, fn } = parse(args);
  if (options.skip) return skip(name, () => {});
  const outer = prefix;
  prefix = `${outer}${name} > `;
  try {
    fn();
  } finally {
    prefix = outer;
  }
}

test.test = test;
test.it = test;
test.describe = test.suite = describe;
test.skip = test.todo = skip;
describe.skip = (name) => skip(name, () => {});
for (const name of Object.keys(hooks)) test[name] = (fn) => void hooks[name].push(fn);

export default test;
export { test, test as it, describe, describe as suite, skip };
export const { before, after, beforeEach, afterEach } = test;

/** Waits for all tests, those too that tests define, and gives the results. */
export async function finish() {
  for (let seen; seen !== chain; ) {
    seen = chain;
    await seen;
  }
  for (const hook of hooks.after) {
    try {
      await hook();
    } catch (error) {
      results.push({ name: "after()", status: "failed", detail: String(error?.stack ?? error) });
    }
  }
  return results;
}
