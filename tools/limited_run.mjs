// Runs a command that has a limit of time, with all the processes it starts.
//
// Guarantees: the promise settles soon after the command has ended or its time is up, even if a process that it started lives on and holds its
// output open; then what is left of its process group is killed, and each of these processes is named with its state.
// Must not interpret what the command prints.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const GRACE_MS = 5_000;

/** The processes of a group as lines "PID STATE COMMAND" (states as in proc(5): R runs, S sleeps, D waits for a device, T is stopped, Z has ended); empty where there is no /proc. */
export function processesOf(group) {
  const lines = [];
  for (const pid of folders('/proc')) {
    try {
      // "pid (name) state ppid pgrp ...": the name may hold spaces and parentheses, so the fields are those after its last one.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(pgrp) !== group) continue;
      lines.push(`${pid} ${state} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || stat.slice(stat.indexOf('('), stat.lastIndexOf(')') + 1)}`);
    } catch {
      // It ended while the list was made.
    }
  }
  return lines;
}

function folders(path) {
  try {
    return readdirSync(path).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/**
 * Runs `command` (a program and its arguments) without standard input and with this process's standard error.
 *
 * @param {string[]} command
 * @param {{ env?: object, limitMs: number, graceMs?: number, onOutput?: (chunk: Buffer) => void }} options graceMs: how long processes that outlive the command may go on
 * @returns {Promise<{ text: string, died?: string }>} what it printed, and why it did not end with exit code 0; never rejects
 */
export function limitedRun(command, { env, limitMs, graceMs = GRACE_MS, onOutput = () => {} }) {
  return new Promise((settle) => {
    const text = [];
    const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'], env, detached: true });
    let died;
    let grace;
    const killGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Nobody is left of it.
      }
    };
    // A group of its own does not get the terminal's Ctrl-C.
    const passOn = (signal) => {
      killGroup(signal);
      process.off(signal, passOn);
      process.kill(process.pid, signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
    const finish = () => {
      clearTimeout(limit);
      clearTimeout(grace);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, passOn);
      child.stdout?.destroy();
      settle({ text: Buffer.concat(text).toString(), died });
    };
    const killRest = (why) => {
      const left = processesOf(child.pid);
      died ??= `${why}${left.length ? `; still there:\n  ${left.join('\n  ')}` : ''}`;
      killGroup('SIGKILL');
      finish();
    };
    const limit = setTimeout(() => killRest(`no end after ${limitMs / 1000} s`), limitMs);
    child.stdout?.on('data', (chunk) => {
      onOutput(chunk);
      text.push(chunk);
    });
    child.on('error', (error) => {
      died = error.message;
      finish();
    });
    child.on('exit', (code, signal) => {
      if (code !== 0) died = signal ?? `exit code ${code}`;
      grace = setTimeout(() => killRest('processes that outlive it'), graceMs);
    });
    child.on('close', finish);
  });
}
