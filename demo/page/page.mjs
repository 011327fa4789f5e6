// The demo's page: starts the worker, shows its progress and the tables.
// Guarantees: an error in the worker is shown with its text. document.body.dataset.state is "done" or "failed" at the
// end, for tests. Must not: run Python itself; the page has to stay alive meanwhile.
import { tables } from "../demo.mjs";

const progress = document.getElementById("progress");
const status = document.getElementById("status");

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showTable({ title, header, rows }) {
  const isNumber = header.map((name) => name.startsWith(">"));
  const line = (cells, tag) => {
    const made = element("tr");
    made.append(...cells.map((cell, i) => element(tag, cell.replace(/^>/, ""), isNumber[i] ? "number" : "")));
    return made;
  };
  const table = element("table");
  const head = element("thead"), body = element("tbody");
  head.append(line(header, "th"));
  body.append(...rows.map((row) => line(row, "td")));
  table.append(head, body);
  const scroll = element("div", undefined, "scroll");
  scroll.append(table);
  document.getElementById("tables").append(element("h2", title), scroll);
}

function finish(state, text) {
  document.body.dataset.state = state;
  status.textContent = text;
  status.classList.toggle("failed", state === "failed");
}

const on = {
  progress({ stage, done, total }) {
    progress.value = done / total;
    status.textContent = stage;
  },
  result({ result, seconds, megabytes, version }) {
    progress.value = 1;
    tables(result).forEach(showTable);
    finish("done", `Python ${version} was ready after ${seconds.load.toFixed(2)} s, and did ${megabytes.toFixed(1)} MB in ` +
      `${seconds.work.toFixed(2)} s. The counts were checked against JavaScript's.`);
  },
  failure({ message }) { finish("failed", message); },
};

const worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => on[data.kind](data);
worker.onerror = (event) => finish("failed", `the worker could not start: ${event.message ?? "see the console"}`);
