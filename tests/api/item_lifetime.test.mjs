// Proxies of the items of an iteration: destroyed when it has come to its end (J82, J101).
import { assert, expectNoLeaks, krait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);

const ITERABLES = {
  list: "[[1], [2], [3]]",
  tuple: "([1], [2], [3])",
  set: "{(1,), (2,), (3,)}",
  "values of a dict": "{'a': [1], 'b': [2], 'c': [3]}.values()",
  "items of a dict": "{'a': 1, 'b': 2, 'c': 3}.items()",
  "__iter__": "class Own:\n  def __iter__(self):\n    yield [1]\n    yield [2]\n    yield [3]\nOwn()",
  "__getitem__": "class Old:\n  def __len__(self): return 3\n  def __getitem__(self, i):\n    if i > 2: raise IndexError\n    return [i]\nOld()",
};

/** "alive", or why not. */
function fate(proxy) {
  try {
    proxy.toString();
    return "alive";
  } catch (error) {
    return /iterator was exhausted/.test(error.message) ? "exhausted" : error.message;
  }
}
const all = (word) => [word, word, word];

for (const [kind, code] of Object.entries(ITERABLES)) {
  test(`items of a finished loop are destroyed, and alive until then: ${kind}`, () => {
    const iterable = py(code);
    const items = [];
    for (const item of iterable) {
      items.push(item);
      assert.deepEqual(items.map(fate), items.map(() => "alive"));
    }
    assert.deepEqual(items.map(fate), all("exhausted"));
    assert.deepEqual([...iterable].map(fate), all("exhausted"));
    assert.deepEqual(Array.from(iterable, fate), all("alive"));
    const copies = Array.from(iterable, (item) => item.copy());
    assert.deepEqual(copies.map(fate), all("alive"));
    for (const copy of copies) copy.destroy();
    iterable.destroy();
  });

  test(`a loop that is left early destroys no items: ${kind}`, () => {
    const iterable = py(code);
    let kept;
    for (const item of iterable) {
      kept = item;
      break;
    }
    assert.equal(fate(kept), "alive");
    kept.destroy();
    try {
      for (const item of iterable) {
        kept = item;
        throw new Error("left");
      }
    } catch {}
    assert.equal(fate(kept), "alive");
    kept.destroy();
    const iterator = iterable[Symbol.iterator]();
    const [first, second] = [iterator.next().value, iterator.next().value];
    iterator.return();
    assert.deepEqual([first, second].map(fate), ["alive", "alive"]);
    for (const proxy of [first, second, iterable]) proxy.destroy();
  });
}

test("an error in the iteration ends it, too", () => {
  const iterable = py("class Fails:\n  def __iter__(self):\n    yield [1]\n    1/0\nFails()");
  const items = [];
  assert.throws(() => {
    for (const item of iterable) items.push(item);
  }, /ZeroDivisionError/);
  assert.deepEqual(items.map(fate), ["exhausted"]);
  iterable.destroy();
});

test("who asks a Python iterator or generator keeps what it gives", () => {
  for (const code of ["iter([[1], [2]])", "(x for x in [[1], [2]])"]) {
    const iterator = py(code);
    const items = [...iterator];
    assert.deepEqual(items.map(fate), ["alive", "alive"], code);
    for (const proxy of [...items, iterator]) proxy.destroy();
  }
});

test("Array's methods, and what only looks at items in passing, destroy nothing", () => {
  const list = py("[[1], [2]]");
  assert.deepEqual(list.map((item) => item).map(fate), ["alive", "alive"]);
  assert.deepEqual([list.slice()[0], list.concat([])[0], list.find(() => true), list.get(0), list[1]].map(fate), Array(5).fill("alive"));
  assert.deepEqual([...list.values()].map(fate), ["alive", "alive"]);
  const items = py("{'a': [1], 'b': [2]}.items()");
  const map = new Map(items);
  assert.deepEqual([...map.keys(), ...[...map.values()].map(fate)], ["a", "b", "alive", "alive"]);
  const removed = list.splice(0, 1);
  assert.deepEqual([fate(removed[0]), fate(list.pop())], ["alive", "alive"]);
  for (const proxy of [list, items]) proxy.destroy();
});

test("proxies that were there before are not the iteration's to destroy", () => {
  const proxy = py("from pyodide.ffi import create_proxy\nlong_lived = create_proxy([1]); long_lived");
  const list = py("[long_lived, [2]]");
  const [first, second] = [...list];
  assert.equal(first, proxy);
  assert.deepEqual([first, second].map(fate), ["alive", "exhausted"]);
  py("del long_lived");
  list.destroy();
  proxy.destroy();
});

krait("JSON.stringify takes nested lists", "the peer has destroyed the inner ones by then", () => {
  const list = py("[[1], [[2]], 3]");
  assert.equal(JSON.stringify(list), "[[1],[[2]],3]");
  list.destroy();
});

krait("Promise.all takes a list of coroutines", "the peer has destroyed them when they are looked at", async () => {
  const list = py("async def later(x): return x\n[later(1), later(2)]");
  assert.deepEqual(await Promise.all(list), [1, 2]);
  list.destroy();
});

test("loops leave no proxies", async () => {
  const lists = Object.values(ITERABLES).map((code) => py(code));
  await expectNoLeaks(pyodide, () => {
    let count = 0;
    for (const iterable of lists) for (const item of iterable) count += item.length > 0 ? 1 : 1;
    assert.equal(count, 21);
  });
  for (const iterable of lists) iterable.destroy();
});

test("an iteration of many proxies, most of them destroyed on the way", () => {
  const many = py("[[i] for i in range(1000)]");
  const kept = [];
  let n = 0;
  for (const item of many) {
    if (n++ % 10 === 0) kept.push(item);
    else item.destroy();
  }
  assert.equal(kept.length, 100);
  assert.ok(kept.every((item) => fate(item) === "exhausted"));
  many.destroy();
});
