// What the demo's Node program and its page share: run analysis.py on the data, check the result, lay out tables.
// Guarantees: uses the public API only; `check` counts the input again in JavaScript, so that a result can be wrong.
// Must not: read files or print; run.mjs and page/ do that.

export const kFiles = ["iso_3166-1.json", "iso_3166-2.json", "iso_639-3.json", "zone.tab", "UnicodeData.txt"];

/**
 * Runs the analysis. `files` maps names to Uint8Arrays; `progress(stage, done, total)` is called from Python.
 * Resolves with plain JavaScript objects.
 */
export function analyse(pyodide, source, files, progress) {
  const folder = "/tmp/demo-data";
  pyodide.FS.mkdirTree(folder);
  for (const [name, bytes] of Object.entries(files)) pyodide.FS.writeFile(`${folder}/${name}`, bytes);
  pyodide.FS.writeFile("/tmp/analysis.py", source);
  pyodide.runPython("import sys; sys.path.insert(0, '/tmp')");
  const module = pyodide.pyimport("analysis");
  try {
    const result = module.analyse(folder, progress);
    const plain = result.toJs({ dict_converter: Object.fromEntries });
    result.destroy();
    return plain;
  } finally {
    module.destroy();
  }
}

function countedInJs(files) {
  const text = (name) => new TextDecoder().decode(files[name]);
  const records = (name) => Object.values(JSON.parse(text(name)))[0].length;
  const lines = (name) => text(name).split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
  return {
    country: records("iso_3166-1.json"), subdivision: records("iso_3166-2.json"), zone: lines("zone.tab"),
    letter: lines("UnicodeData.txt"), languages: records("iso_639-3.json"),
  };
}

/** Throws an Error that says which number is not what it must be. */
export function check(result, files) {
  const expect = (what, got, expected) => {
    if (got !== expected) throw new Error(`the result is wrong: ${what} is ${got}, expected ${expected}`);
  };
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const { languages, ...counts } = countedInJs(files);
  for (const [table, count] of Object.entries(counts)) expect(`rows of ${table}`, result.counts[table], count);
  expect("number of languages", result.languages.total, languages);
  expect("languages by kind together", sum(Object.values(result.languages.kinds)), languages);
  for (const [what, count] of Object.entries(result.unmatched)) expect(`${what} without a partner`, count, 0);
  // Uninhabited islands have no time zone, hence no area; they have no regions either.
  expect("regions of all areas together", sum(result.areas.map((a) => a.subdivisions)), counts.subdivision);
  expect("time zones of all areas together", sum(result.areas.map((a) => a.zones)), counts.zone);
  if (result.letters.length === 0) throw new Error("the result is wrong: no letters, expected some");
  for (const { letter, times, countries } of result.letters) {
    if (!(times >= countries && countries > 0)) {
      throw new Error(`the result is wrong: '${letter}' is used ${times} times in ${countries} countries`);
    }
  }
}

/** Tables as { title, header, rows } of strings; a header that starts with '>' is of a column of numbers. */
export function tables(result) {
  return [
    {
      title: "Countries and their regions, by area",
      header: ["area", ">countries", ">time zones", ">regions", ">median", ">deviation", ">latitude", ">marked letters", "most regions"],
      rows: result.areas.map((a) => [a.area, a.countries, a.zones, a.subdivisions, a.median_subdivisions, a.deviation,
        a.mean_latitude, a.marked_letters, a.most.map((m) => `${m.country} ${m.subdivisions}`).join(", ")].map(String)),
    },
    {
      title: "Letters beyond ASCII in the names of regions",
      header: ["letter", "its name", ">times", ">countries", "such as"],
      rows: result.letters.map((l) => [l.letter, l.name, String(l.times), String(l.countries), l.examples.join("; ")]),
    },
    {
      title: `Languages (${result.languages.total}; the middle length of a name is ${result.languages.name_length.quartiles[1]} letters)`,
      header: ["kind", ">languages"],
      rows: Object.entries(result.languages.kinds).map(([kind, count]) => [kind, String(count)]),
    },
  ];
}
