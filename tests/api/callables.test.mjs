// Callable proxies: bind, captureThis and keyword arguments, and how long the variants of a proxy live (J89-J94).
import { assert, expectNoLeaks, krait, loadForTest, test } from "./harness.mjs";

const pyodide = await loadForTest();
const make = () => pyodide.runPython("lambda *a, **k: repr((a, k)) if k else repr(a)");

test("bind, call, apply and captureThis", () => {
  const f = make();
  const bound = f.bind(null, 1, 2);
  assert.equal(typeof bound, "function");
  assert.ok(bound instanceof pyodide.ffi.PyCallable);
  assert.equal(bound.type, "function");
  assert.equal(bound(3), "(1, 2, 3)");
  assert.equal(bound.bind(null, 3)(4), "(1, 2, 3, 4)");
  assert.equal(f.call("this", 2), "(2,)");
  assert.equal(f.apply("this", [2]), "(2,)");
  const method = f.captureThis();
  assert.equal(method.call("T", 2), "('T', 2)");
  assert.equal(method.apply("T", [2]), "('T', 2)");
  assert.equal({ toString: 0, method }.method(5).endsWith(", 5)"), true);
  assert.equal(method.bind("T", 1)(2), "('T', 1, 2)");
  assert.equal(method.bind("T").bind("U", 5)(2), "('T', 5, 2)");
  assert.equal(f.bind(9).captureThis()(1), "(9, 1)");
  assert.equal(f(1), "(1,)");
  f.destroy();
});

test("variants of a proxy are destroyed with it, and it with them", () => {
  const f = make();
  const bound = f.bind(null, 1);
  const copy = bound.copy();
  const method = f.captureThis();
  method.destroy();
  for (const proxy of [f, bound, method]) assert.throws(() => proxy(1), /already been destroyed/);
  assert.throws(() => f.bind(null), /already been destroyed/);
  assert.equal(copy(2).includes("2"), true);
  copy.destroy();
});

test("keyword arguments may come in an object without prototype", () => {
  const f = make();
  assert.equal(f.callKwargs(2, { x: 1 }), "((2,), {'x': 1})");
  assert.equal(f.callKwargs(Object.assign(Object.create(null), { y: 1 })), "((), {'y': 1})");
  for (const wrong of [3, [], new Map(), () => 1]) {
    assert.throws(() => f.callKwargs(wrong), { name: "TypeError", message: /kwargs argument is not an object/ });
  }
  assert.throws(() => f.callKwargs(), { name: "TypeError", message: /at least one argument/ });
  f.destroy();
});

krait("null is no object with keyword arguments", "the peer trips over it", () => {
  const f = make();
  assert.throws(() => f.callKwargs(null), { name: "TypeError", message: /kwargs argument is not an object/ });
  f.destroy();
});

krait("arguments that are bound are there in every form of call", "the peer forgets them in callKwargs", () => {
  const f = make();
  const bound = f.bind(null, 1);
  assert.equal(bound.callKwargs(2, { x: 3 }), "((1, 2), {'x': 3})");
  assert.equal(bound.callWithOptions({ kwargs: true }, { x: 3 }), "((1,), {'x': 3})");
  assert.equal(bound.callRelaxed(2), "(1, 2)");
  f.destroy();
});

test("variants leave no slots and no proxies", async () => {
  await expectNoLeaks(pyodide, () => {
    const f = make();
    f.bind(null, 1)(2);
    f.captureThis().bind(pyodide)();
    f.bind().callKwargs({ a: 1 });
    f.destroy();
  });
});
