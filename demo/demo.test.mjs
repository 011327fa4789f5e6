// Tests that the demo's check can fail: on a result that is right it passes, on each kind of wrong one it throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, tables } from "./demo.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const files = {
  "iso_3166-1.json": bytes('{"3166-1": [{"alpha_2": "AA"}]}'),
  "iso_3166-2.json": bytes('{"3166-2": [{"code": "AA-1"}, {"code": "AA-2"}]}'),
  "iso_639-3.json": bytes('{"639-3": [{"name": "x"}, {"name": "y"}]}'),
  "zone.tab": bytes("# comment\nAA\t+0000+00000\tAfrica/A\n"),
  "UnicodeData.txt": bytes("0041;A\n0042;B\n0043;C\n"),
};

const right = () => ({
  counts: { country: 1, subdivision: 2, zone: 1, letter: 3, use: 1 },
  unmatched: { subdivisions: 0, zones: 0, letters: 0 },
  areas: [{
    area: "Africa", countries: 1, zones: 1, subdivisions: 2, median_subdivisions: 2, deviation: 0, mean_latitude: "0.00",
    marked_letters: 1, most: [{ country: "A", subdivisions: 2 }],
  }],
  letters: [{ letter: "é", name: "E with acute", times: 1, countries: 1, examples: ["A"] }],
  languages: { total: 2, kinds: { living: 2 }, name_length: { mean: 1, quartiles: [1, 1, 1] }, longest: "x" },
});

test("a right result passes, and its tables are text", () => {
  check(right(), files);
  for (const { header, rows } of tables(right())) {
    for (const row of rows) {
      assert.equal(row.length, header.length);
      assert.ok(row.every((cell) => typeof cell === "string"));
    }
  }
});

const spoilt = {
  "a row that was lost": [(r) => { r.counts.letter = 2; }, /rows of letter is 2, expected 3/],
  "a row without a partner": [(r) => { r.unmatched.zones = 1; }, /zones without a partner is 1, expected 0/],
  "a language too many": [(r) => { r.languages.kinds.extinct = 1; }, /by kind together is 3, expected 2/],
  "an area that is missing": [(r) => { r.areas = []; }, /regions of all areas together is 0, expected 2/],
  "no letters": [(r) => { r.letters = []; }, /no letters/],
  "an impossible count": [(r) => { r.letters[0].times = 0; }, /used 0 times/],
};
for (const [what, [spoil, expected]] of Object.entries(spoilt)) {
  test(`${what} is noticed`, () => {
    const result = right();
    spoil(result);
    assert.throws(() => check(result, files), expected);
  });
}
