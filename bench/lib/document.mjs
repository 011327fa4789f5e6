// The JSON document of the border suite: about 9 kB of records, as an API would answer.
// Guarantees: the same text every time, on every engine.

const kWords = ["anchor", "bramble", "copper", "drizzle", "ember", "falcon", "granite", "harbor", "iris", "juniper"];

export function makeDocument() {
  let seed = 7;
  const next = (below) => { seed = (seed * 16807) % 2147483647; return seed % below; };
  const word = () => kWords[next(kWords.length)];
  const records = [];
  for (let i = 0; i < 38; i++) {
    records.push({
      id: 1000 + i,
      name: `${word()} ${word()}`,
      price: next(100000) / 100,
      count: next(500),
      active: next(2) === 1,
      parent: next(3) === 0 ? null : next(1000),
      tags: [word(), word(), word()],
      size: { width: next(300) / 10, height: next(300) / 10, unit: "cm" },
      made_by: { name: `${word()} & co`, city: word(), since: 1900 + next(120) },
    });
  }
  return { version: 3, title: "stock list", next: null, total: records.length, records };
}
