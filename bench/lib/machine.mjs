// What machine the numbers come from. Guarantees: no host name, user or path gets into a report.
import os from "node:os";
import { readFileSync } from "node:fs";

function systemName() {
  try {
    const line = readFileSync("/etc/os-release", "utf8").split("\n").find((l) => l.startsWith("PRETTY_NAME="));
    if (line) return line.slice("PRETTY_NAME=".length).replaceAll('"', "");
  } catch { /* not a Linux with os-release: the generic name below */ }
  return `${os.type()} ${os.release()}`;
}

export function describeMachine() {
  const cpus = os.cpus();
  return `${cpus.length} x ${cpus[0]?.model.trim() ?? "unknown processor"}, ` +
    `${Math.round(os.totalmem() / 2 ** 30)} GiB, ${systemName()}`;
}

export const loadAverage = () => os.loadavg()[0];
