// What the suites share: guarded rows. Runs in Node and in a page.
// Guarantees: a row that fails becomes { error }, one whose time is 0 too, and the other rows are still measured.

/** `rows[name]` becomes { value } or { error }, whatever `measure` does. `extra` is kept beside either. */
export async function addRow(rows, name, measure, extra = {}) {
  try {
    const value = await measure();
    if (!(value > 0)) throw new Error(`measured ${value}: the clock is too coarse for this row`);
    rows[name] = { value, ...extra };
  } catch (error) {
    rows[name] = { error: shortError(error), ...extra };
  }
}

/** One line: the last line of a Python traceback says what happened, the rest says where. */
export function shortError(error) {
  const lines = String(error?.message ?? error).trim().split("\n");
  return (lines.at(-1) || String(error)).slice(0, 200);
}

export async function load(host) {
  const { loadPyodide } = await host.loadModule();
  return loadPyodide(host.loadOptions);
}
