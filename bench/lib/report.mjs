// Tables of results: for the terminal, and bench/RESULTS.md with its JSON twin.
// Guarantees: RESULTS.md is made from RESULTS.json alone, and a partial run replaces only its own sections. An error
// is shown where the number would stand. Must not: measure or round what is kept in the JSON.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { kRepo } from "./dists.mjs";
import { kNotMeasured } from "./collect.mjs";

const kJson = path.join(kRepo, "bench/RESULTS.json");
const kMarkdown = path.join(kRepo, "bench/RESULTS.md");

function number(value, unit) {
  if (unit === "bytes") return Math.round(value).toLocaleString("en-US");
  return value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

const cell = (side, unit) => side.error === kNotMeasured ? "" : side.error !== undefined ? "failed" : number(side.median, unit);

/** Header and rows of text cells; errors are listed below the table, since they are sentences. */
function tableOf(result) {
  const hasLimit = Object.values(result.rows).some((row) => row.limit !== undefined);
  const header = ["", "unit", "ours", "peer", "ratio", "ratio of best", "range of ratios", ...(hasLimit ? ["plain JS"] : [])];
  const lines = [], errors = [];
  for (const [name, row] of Object.entries(result.rows)) {
    lines.push([name, row.unit, cell(row.ours, row.unit), cell(row.peer, row.unit),
      row.ratio === undefined ? "" : row.ratio.toFixed(3),
      row.best === undefined ? "" : row.best.toFixed(3),
      row.range === undefined || row.ours.values.length < 2 ? "" : row.range.map((r) => r.toFixed(2)).join(" - "),
      ...(hasLimit ? [row.limit === undefined ? "" : number(row.limit, row.unit)] : [])]);
    for (const who of ["ours", "peer"]) {
      const { error } = row[who];
      // The whole run's error stands for the rows that it kept from being measured.
      if (error !== undefined && error !== kNotMeasured) errors.push(`${name}, ${who}: ${error}`);
    }
  }
  if (result.mean) {
    lines.push([`geometric mean of ${result.mean.rows}`, "", "", "", result.mean.ratio.toFixed(3), result.mean.best.toFixed(3), "", ...(hasLimit ? [""] : [])]);
  }
  return { header, lines, errors };
}

const heading = (result) => `${result.title}: ${result.engine}`;
const origin = (result) =>
  `A: ${result.names[0]}. B: ${result.names[1]}. ${result.engineVersion}. ` +
  `${result.runs} run${result.runs > 1 ? "s" : ""} each, ${result.date}, load ${result.load.toFixed(1)}${result.clock === "cpu" ? ", processor time" : ""}.`;

export function asText(result) {
  const { header, lines, errors } = tableOf(result);
  const widths = header.map((_, i) => Math.max(...[header, ...lines].map((line) => line[i].length)));
  const format = (line) => line.map((c, i) => i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i])).join("  ").trimEnd();
  return [heading(result), origin(result), "", format(header), ...lines.map(format),
    ...errors.map((e) => `failed: ${e}`), ""].join("\n");
}

function asMarkdown(result) {
  const { header, lines, errors } = tableOf(result);
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [`## ${heading(result)}`, "", origin(result), "", `Command: \`${result.command}\`. Machine: ${result.machine}.`, "",
    row(header), row(header.map((_, i) => i < 2 ? "---" : "--:")), ...lines.map(row),
    ...(errors.length ? ["", ...errors.map((e) => `- failed: ${e.replaceAll("|", "/")}`)] : []), ""].join("\n");
}

const kIntroduction = `# Benchmark results

Made by \`./dev bench --write\`; \`bench/README.md\` tells how it measures and how much noise there is. "ours" is A, "peer" is B;
a ratio below 1 means that ours is faster or smaller. Every section says when, where and with which command it was measured.
`;

/** Puts `results` into RESULTS.json and writes RESULTS.md anew. */
export function keep(results, { command, machine }) {
  const all = existsSync(kJson) ? JSON.parse(readFileSync(kJson, "utf8")) : {};
  for (const result of results) all[`${result.suite}/${result.engine}`] = { ...result, command, machine };
  const sorted = Object.fromEntries(Object.entries(all).sort(([x], [y]) => (x < y ? -1 : 1)));
  writeFileSync(kJson, JSON.stringify(sorted, null, 1) + "\n");
  writeFileSync(kMarkdown, [kIntroduction, ...Object.values(sorted).map(asMarkdown)].join("\n"));

}
