// The runner of commands with a limit of time: ends of all kinds, processes that hang, are stopped, or outlive their command.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitedRun } from './limited_run.mjs';

const node = (source) => [process.execPath, '-e', source];
const MINUTE = 60_000;

test('what a command prints and how it ends', async () => {
  const chunks = [];
  assert.deepEqual(await limitedRun(node('console.log("a")'), { limitMs: MINUTE, onOutput: (chunk) => chunks.push(chunk) }), { text: 'a\n', died: undefined });
  assert.equal(Buffer.concat(chunks).toString(), 'a\n');
  assert.deepEqual(await limitedRun(node('process.exitCode = 3'), { limitMs: MINUTE }), { text: '', died: 'exit code 3' });
  assert.deepEqual(await limitedRun(node('process.kill(process.pid, "SIGKILL")'), { limitMs: MINUTE }), { text: '', died: 'SIGKILL' });
});

test('a command that is not there', async () => {
  const { text, died } = await limitedRun(['./no-such-program'], { limitMs: MINUTE });
  assert.equal(text, '');
  assert.match(died, /no-such-program ENOENT/);
});

test('a command without end is killed, and named', async () => {
  const { text, died } = await limitedRun(node('console.log("begun"); for (;;);'), { limitMs: 2000 });
  assert.equal(text, 'begun\n');
  assert.match(died, /^no end after 2 s; still there:\n {2}\d+ R .*for \(;;\);/);
});

test('a stopped process is killed too', async () => {
  const { died } = await limitedRun(node('process.kill(process.pid, "SIGSTOP")'), { limitMs: 2000 });
  assert.match(died, /\d+ T .*SIGSTOP/);
});

test('a process that outlives its command and holds the output is killed, and named', async () => {
  const { text, died } = await limitedRun(node(`
    require("child_process").spawn("sleep", ["600"], { stdio: "inherit" });
    console.log("done");
    process.exit(0);`), { limitMs: MINUTE, graceMs: 500 });
  assert.equal(text, 'done\n');
  assert.match(died, /^processes that outlive it; still there:\n {2}\d+ S sleep 600$/);
});
