// JS arrays as Python sequences (Y28, T43): slices, the methods of list, + and *, and iteration in batches.
import { assert, expectNoLeaks, krait, loadForTest, pythonError, test } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
py(`
import js, random
from pyodide.code import run_js
from pyodide.ffi import to_js

def twins(items):
    """A list and an Array of the same items."""
    return list(items), to_js(list(items))

def same(operation, items=(10, 20, 30, 40, 50)):
    """Does the operation do to an Array what it does to a list? Results, contents and errors."""
    def outcome(sequence):
        try:
            result = operation(sequence)
        except (IndexError, ValueError, TypeError) as error:
            return type(error).__name__, list(sequence)
        result = list(result) if hasattr(result, "__iter__") else result
        return result, list(sequence)
    plain, array = twins(items)
    expected, got = outcome(plain), outcome(array)
    assert expected == got, f"list: {expected}; Array: {got}"
`);

/** Runs each operation, Python text over the sequence `s`, on a list and on an Array. */
function agree(...operations) {
  for (const operation of operations) py(`
def operation(s):
    ${operation.split("\n").join("\n    ")}
same(operation)`);
}

test("slices are read as those of a list", () => {
  agree("return s[1:3]", "return s[:]", "return s[::-1]", "return s[::2]", "return s[-2:]", "return s[10:]", "return s[3:1]", "return s[4:0:-2]", "return s[-100:100:3]");
  assert.equal(py("a = run_js('[1, 2]'); b = a[:]; b.append(3); len(a)"), 2);
  assert.equal(py("str(type(a[:1])) == str(type(a))"), true);
});

test("slices are assigned and deleted as those of a list", () => {
  agree(
    "s[1:3] = [7]", "s[1:1] = [7, 8, 9]", "s[:] = []", "s[::2] = [1, 2, 3]", "s[::2] = [1]", "s[::-1] = 'abcde'", "s[5:] = (1, 2)", "s[3:1] = [0]",
    "s[1:3] = 5", "s[0:2] = iter([1, 2, 3])", "s[0:2] = s", "del s[1:3]", "del s[::2]", "del s[::-2]", "del s[:]", "del s[10:]", "del s[3:1]",
  );
});

test("the methods of list", () => {
  agree(
    "s.append(60)", "s.extend([1, 2])", "s.extend(iter('ab'))", "s.extend(s)", "s.insert(1, 5)", "s.insert(-1, 5)", "s.insert(-100, 5)", "s.insert(100, 5)",
    "return s.pop()", "return s.pop(0)", "return s.pop(-2)", "return s.pop(9)", "s.remove(30)", "s.remove(99)", "s.reverse()", "return s.index(30)",
    "return s.index(30, 3)", "return s.index(30, -4, -1)", "return s.index(99)", "return s.count(20)", "return s.count(99)", "return reversed(s)",
    "s += [1]", "s += 'ab'", "s *= 2", "s *= 0", "s *= -1", "s[-1] = 3", "del s[0]", "del s[-1]", "del s[9]", "s['a']", "s.insert('a', 1)",
  );
});

krait("+ and * make new Arrays", "the peer's runtime dies of * and of + with what is no iterable", () => {
  agree("return s + [1, 2]", "return s * 3", "return 2 * s", "return s * 0", "return s * -1", "return s + 5", "s.extend(5)", "s += 5", "return s * 'a'");
  assert.equal(py("a = run_js('[1]'); b = a + a; b is not a and list(b) == [1, 1] and len(a) == 1"), true);
});

krait("a long walk of random operations ends where a list's does", "the peer's Arrays lose a proxy on the way", () => {
  py(`
rng = random.Random(7)
plain, array = twins(range(10))
for step in range(600):
    n = len(plain)
    a, b = rng.randint(-n - 2, n + 2), rng.randint(-n - 2, n + 2)
    k = rng.choice([-3, -2, -1, 1, 1, 2, 3])
    items = [rng.choice([step, str(step), step / 7, None, True]) for _ in range(rng.randint(0, 4))]
    def change(s, kind=rng.randint(0, 7)):
        if kind == 0: s[a:b] = items
        elif kind == 1: del s[a:b:k]
        elif kind == 2: s.insert(a, step)
        elif kind == 3: s.extend(items)
        elif kind == 4: s.reverse()
        elif kind == 5: s.pop(a)
        elif kind == 6: s[a:b:k] = items
        else: s.append(items and items[0])
    for s in (plain, array):
        try: change(s)
        except (IndexError, ValueError): pass
    assert plain == list(array), (step, plain, list(array))
    if len(plain) > 40: del plain[20:], array[20:]
`);
});

test("Python objects that an Array keeps outlive the call", () => {
  assert.equal(py("a = run_js('[]'); a.append([1, 2]); a.insert(0, {'k': 3}); a[2:] = [(4,)]; (a[1][1], a[0]['k'], a[2][0])").toString(), "(2, 3, 4)");
});

krait("many items at once", "the peer passes them as arguments of one call", () => {
  assert.equal(py("a = run_js('[1, 2, 3]'); a[1:2] = range(200000); (len(a), a[1], a[-1])").toString(), "(200002, 0, 3)");
});

krait("typed arrays have what leaves the length as it is", "the peer deletes a slice with a TypeError", () => {
  const check = (code) => assert.equal(py(`u = run_js('new Uint8Array([1, 2, 3, 2])'); ${code}`), true, code);
  check("u.index(2) == 1");
  check("u.count(2) == 2");
  check("u.reverse() is None and list(u) == [2, 3, 2, 1]");
  check("list(reversed(u)) == [2, 3, 2, 1]");
  check("not hasattr(u, 'append') and not hasattr(u, 'pop')");
  for (const code of ["u[0:2]", "u[0:2] = [1, 2]", "del u[0:1]"]) pythonError(pyodide, code, "NotImplementedError");
  pythonError(pyodide, "del u[0]", "TypeError");
});

test("isinstance with the ABCs", () => {
  assert.equal(py("from collections.abc import *; isinstance(run_js('[]'), MutableSequence)"), true);
  assert.equal(py("isinstance(run_js('new Map()'), MutableMapping) and isinstance(run_js('new Map()'), Mapping)"), true);
  assert.equal(py("isinstance(run_js('({})'), (Mapping, MutableSequence))"), false);
});

test("a loop sees what it changes in the Array itself", () => {
  // The items are fetched in batches while no JavaScript runs in between.
  assert.equal(py("a = to_js(list(range(100))); seen = []\nfor x in a:\n  seen.append(x)\n  if x == 50: a[52] = 'new'\nseen[52]"), "new");
  assert.equal(py("a = to_js(list(range(100))); seen = []\nfor x in a:\n  seen.append(x)\n  if x == 50: a.length = 60\nlen(seen)"), 60);
  assert.equal(py("a = to_js(list(range(100))); n = 0\nfor x in a:\n  n += 1\n  if n < 150: a.append(n)\nn"), 249);
  pyodide.globals.set("touch", (a, i) => { if (i + 1 < a.length) a[i + 1] = -1; });
  assert.equal(py("a = to_js(list(range(50))); total = 0\nfor i, x in enumerate(a):\n  total += x\n  touch(a, i)\ntotal"), -49);
  // An iterator that is left and taken up again after JavaScript ran.
  const array = (globalThis.sharedArray = Array.from({ length: 64 }, (_, i) => i));
  py("it = iter(js.sharedArray)\nfirst = [next(it) for _ in range(20)]");
  array.fill(7);
  assert.equal(py("set(it) == {7}"), true);
});

test("a loop brings every kind of item", () => {
  globalThis.kinds = [1, -0, 2 ** 31, 2 ** 53, 1.5, NaN, true, false, null, undefined, "", "abc", "é", "ÿ", "Ā", "😀", "x".repeat(500), 10n, [1], { a: 1 }, ...Array(40).fill("ab"), Symbol.iterator];
  assert.equal(py("[repr(x) for x in js.kinds] == [repr(js.kinds[i]) for i in range(len(js.kinds))]"), true);
  assert.equal(py("str([type(x).__name__ for x in js.kinds][:6])"), "['int', 'int', 'int', 'float', 'float', 'float']");
});

krait("hostile arrays", "the peer's errors of a frozen array are plain Errors", () => {
  globalThis.hostile = new Proxy([1, 2, 3], { get(target, key) { if (key === "1") throw new RangeError("no item"); return Reflect.get(target, key); } });
  assert.throws(() => py("for x in js.hostile: pass"), /RangeError: no item/);
  assert.throws(() => py("js.hostile.index(3)"), /RangeError: no item/);
  globalThis.frozen = Object.freeze([1, 2]);
  assert.throws(() => py("js.frozen.append(3)"), TypeError);
  assert.throws(() => py("js.frozen.pop()"), TypeError);
  assert.equal(py("list(js.frozen)").toString(), "[1, 2]");
  globalThis.sparse = [1, , 3];
  assert.equal(py("list(js.sparse) == [1, None, 3]"), true);
});

test("sequences leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => py(`
def work():
    a = run_js("[{}, [], 'x', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")
    a[1:3] = [run_js("({})"), 'y']; a[::2]; a + a; a.append(run_js("[]")); a.pop(); a.pop(0); a.index('y'); list(a)
    it = iter(a); next(it); next(it)
    try: a.index(99)
    except ValueError: pass
work()`));
});
