// Runs the test suites one after another and adds up what they say:  node tools/test.mjs [list | PATTERN]
//
// PATTERN is the name of a suite, or a part of a test file's name (or of a GoogleTest's) that picks from all suites.
// Guarantees: each suite prints its own report; the last line is `N passed, N failed[, N skipped]` over all of them; the exit code is 0 only
// when at least one test passed and none failed. A suite that dies, that does not
// end within 20 minutes, or that ends without having counted anything, counts as a failure.
// Must not build anything: ./dev test does that before.

import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engine } from './engines.mjs';
import { limitedRun } from './limited_run.mjs';
import { readCounts } from './test_counts.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const wasmBuild = `build/${process.env.KRAIT_PRESET || 'wasm-release'}`;
const pattern = process.argv[2];
// Several times what the longest suite takes on two busy cores, and short enough that a suite that hangs is named before a run's own limit.
const COMMAND_LIMIT_MS = 20 * 60_000;

function find(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => relative(root, resolve(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !path.includes('node_modules'))
    .sort();
}

const programs = (folder, suffix) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)).sort().map((name) => join(folder, name)) : [];

const nodeTest = (node, files) => [node, '--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=300000', ...files];

// Unit tests of js/src are TypeScript: bundled one by one, so that any node runs them.
async function bundled(files) {
  const { build } = await import('esbuild');
  const outdir = 'build/js-tests';
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({ entryPoints: files, outdir, outbase: '.', outExtension: { '.js': '.mjs' }, bundle: true, format: 'esm', platform: 'node', packages: 'external', sourcemap: 'inline', logLevel: 'error' });
  return files.map((file) => join(outdir, file.replace(/\.ts$/, '.mjs')));
}

// Each suite: the files that PATTERN picks from (none: it is picked by its name alone), and the commands to run for those picked.
const suites = {
  check: { run: () => [[process.execPath, 'tools/check.mjs']] },
  tools: { files: () => find('tools', '.test.mjs'), run: (files) => [nodeTest(process.execPath, files)] },
  native: {
    programs: () => programs('build/native-asan', '_test'),
    run: (files, filter) => files.map((file) => ['toolchain/enter', file, ...filter]),
  },
  wasm: {
    programs: () => programs(wasmBuild, '_test.cjs'),
    run: (files, filter) => files.map((file) => [process.execPath, file, ...filter]),
  },
  js: { files: () => find('js/src', '.test.ts'), run: async (files) => [nodeTest(process.execPath, await bundled(files))] },
  // The older engine starts CPython each time, the newer one restores the image: the same tests on both ways.
  node20: { files: apiTests, env: { KRAIT_COLD: '1' }, run: (files) => [nodeTest(engine('node20').path, files)] },
  node24: { files: apiTests, run: (files) => [nodeTest(engine('node24').path, files)] },
  demo: { files: () => [...find('demo', '.test.mjs'), ...find('bench', '.test.mjs'), ...find('tests/packages', '.test.mjs')], run: (files) => [nodeTest(engine('node20').path, files)] },
  chromium: { files: () => apiTests().filter((file) => !file.endsWith('.node.test.mjs')), run: (files, _, named) => [[process.execPath, 'tests/browser/run.mjs', ...(named ? [] : files)]] },
  types: { run: () => [[process.execPath, 'tests/types/run.mjs', 'dist']] },
  // Python of the tool root, since this machine need not have one.
  cpython: { run: () => [['toolchain/enter', 'python3.13', 'cpython/tests/run', '--node', engine('node24').path]] },
};

function apiTests() {
  return find('tests/api', '.test.mjs');
}

const execute = (command, env) =>
  limitedRun(command, { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', ...env }, limitMs: COMMAND_LIMIT_MS, onOutput: (chunk) => process.stdout.write(chunk) });

async function runSuite(name, filter) {
  const { files, programs: binaries, env, run } = suites[name];
  const named = filter === undefined || filter === name;
  const gtestFilter = [];
  let picked = [];
  if (binaries) {
    picked = binaries();
    if (!named) gtestFilter.push(`--gtest_filter=*${filter}*`);
  } else if (files) {
    picked = files().filter((file) => named || basename(file).includes(filter) || file === filter);
    if (picked.length === 0 && !named) return undefined;
  } else if (!named) {
    return undefined;
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  if ((files || binaries) && picked.length === 0) {
    // js/ may have no unit tests of its own; every other suite must find its tests.
    if (name === 'js') return undefined;
    console.log(`${name}: found no tests: expected some after ./dev build`);
    return { ...total, failed: 1 };
  }
  const start = Date.now();
  console.log(`\n===== ${name}`);
  for (const command of await run(picked, gtestFilter, named)) {
    const { text, died } = await execute(command, env);
    const counts = readCounts(text);
    if (counts) for (const key of Object.keys(total)) total[key] += counts[key];
    if (died && !counts?.failed) {
      console.log(`${name}: ${command.join(' ')} ended with ${died}${counts ? ', though it counted no failure' : ''}`);
      total.failed += 1;
    } else if (!counts) {
      console.log(`${name}: ${command.join(' ')} ended without saying how many tests passed`);
      total.failed += 1;
    }
  }
  return { ...total, seconds: (Date.now() - start) / 1000 };
}

if (pattern === 'list') {
  for (const [name, { files, programs: binaries }] of Object.entries(suites)) {
    console.log([name, ...(files ?? binaries ?? (() => []))()].join('\n  '));
  }
  process.exit(0);
}

const lines = [];
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const name of Object.keys(suites)) {
  if (pattern !== undefined && Object.hasOwn(suites, pattern) && name !== pattern) continue;
  const result = await runSuite(name, pattern);
  if (!result) continue;
  for (const key of Object.keys(sum)) sum[key] += result[key];
  lines.push(`${name.padEnd(10)} ${String(result.passed).padStart(5)} passed ${String(result.failed).padStart(4)} failed ${String(result.skipped).padStart(4)} skipped ${(result.seconds ?? 0).toFixed(1).padStart(7)} s`);
}
console.log(`\n===== all suites\n${lines.join('\n')}\n`);
if (sum.passed + sum.failed === 0) {
  console.log(`no test matches ${JSON.stringify(pattern)}: ./dev test list shows what there is`);
  sum.failed = 1;
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed === 0 ? 0 : 1;
