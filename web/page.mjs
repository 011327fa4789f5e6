// The example page's program: one instance of krait, one button.

import { loadPyodide } from "/dist/pyodide.mjs";

const [code, run, state, output] = ["code", "run", "state", "output"].map((id) => document.getElementById(id));

function show(text, kind) {
  const line = document.createElement("span");
  line.textContent = `${text}\n`;
  if (kind) line.className = kind;
  output.append(line);
}

const started = performance.now();
let pyodide;
try {
  pyodide = await loadPyodide({ stdout: (line) => show(line), stderr: (line) => show(line, "error") });
} catch (error) {
  state.textContent = `Python could not be loaded: ${error.message}`;
  throw error;
}
const { python } = pyodide.lockfile.info;
state.textContent = `Python ${python} is ready, ${Math.round(performance.now() - started)} ms after the page asked for it.`;
run.disabled = false;

async function execute() {
  output.replaceChildren();
  run.disabled = true;
  const before = performance.now();
  try {
    const result = await pyodide.runPythonAsync(code.value);
    if (result !== undefined) show(`→ ${result}`);
    // A result that is a Python object must be let go of.
    result?.destroy?.();
    state.textContent = `Done in ${(performance.now() - before).toFixed(1)} ms.`;
  } catch (error) {
    show(error.message, "error");
    state.textContent = "Stopped by an exception.";
  } finally {
    run.disabled = false;
  }
}

run.addEventListener("click", execute);
code.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || run.disabled) return;
  event.preventDefault();
  execute();
});
