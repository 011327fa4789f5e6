// The list of suites. A suite is an object with
//   name, title        as in --suite and in the report
//   unit               of its values, all of them "smaller is better"
//   parts              each part is measured in a process of its own
//   measure(host, part)          -> { row: { value, limit? } | { error } }, inside the child process or page; or
//   drive(engine, dist)          -> the same, in the harness, for what can only be seen from outside
//   mean               true where a geometric mean of all ratios says something
import { startup } from "./startup.mjs";
import { network } from "./network.mjs";
import { interpreter } from "./interpreter.mjs";
import { firstProgram } from "./first_program.mjs";
import { border } from "./border.mjs";
import { stdout } from "./stdout.mjs";
import { reset } from "./reset.mjs";
import { size } from "./size.mjs";

export const suites = [startup, network, interpreter, firstProgram, border, stdout, reset, size];

export function findSuite(name) {
  const suite = suites.find((s) => s.name === name);
  if (!suite) throw new Error(`--suite: no suite '${name}'; expected one of ${suites.map((s) => s.name).join(", ")}`);
  return suite;
}
