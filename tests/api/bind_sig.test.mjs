// bind_sig and bind_class (Y27): conversions by the annotations of a Python signature.
import { assert, expectNoLeaks, krait, lastLine, loadForTest, pythonError } from "./harness.mjs";

const pyodide = await loadForTest();
const py = (code) => pyodide.runPython(code);
const WHY = "the peer takes positional-only parameters only, and binds classes in part";

py(`
from typing import Annotated, Any
from pyodide.code import run_js
from pyodide.ffi import JsProxy
from _pyodide.jsbind import BindClass, Deep, Default, Json

kind = run_js("(x) => Object.prototype.toString.call(x)")
show = run_js("(...args) => JSON.stringify(args)")
same = run_js("(x) => x")
data = run_js("({a: [1, {b: 2}]})")

class Point(BindClass):
    coordinates: Annotated[list, Deep]
    tags: Annotated[Any, Json]
    def __init__(self, x: Annotated[Any, Deep], y=0): ...
    def shifted(self, by: Annotated[Any, Deep]) -> "Point": ...
    def raw(self): ...
    @property
    def sum(self) -> Annotated[Any, Deep]: ...
    @staticmethod
    def of(points: Annotated[Any, Deep]) -> Annotated[Any, Deep]: ...

Points = run_js("""(class {
    constructor(x, y) { this.coordinates = [Array.isArray(x) ? x[0] : -1, y]; this.tags = {a: {b: 1}} }
    shifted(by) { return new this.constructor([this.coordinates[0] + by[0]], this.coordinates[1] + by[1]) }
    raw() { return [1] }
    get sum() { return [this.coordinates[0] + this.coordinates[1]] }
    static of(points) { return [Array.isArray(points), points.length] }
})""")
`);
const holds = (...codes) => {
  for (const code of codes) assert.equal(py(code), true, code);
};

krait("arguments by their annotations", WHY, () => {
  py(`
def deep(x: Annotated[Any, Deep]): ...
def default(x: Annotated[Any, Default], y=None): ...
def bare(x: Deep): ...
def many(*args: Annotated[Any, Deep], **options: Annotated[Any, Deep]): ...
def named(a, b=3, *, c: Annotated[Any, Deep] = None, d=5): ...
`);
  holds(
    "kind.bind_sig(deep)({'a': 1}) == '[object Object]'",
    "kind.bind_sig(bare)([1]) == '[object Array]'",
    "kind.bind_sig(default)([1]) == '[object PyProxy]'",
    "show.bind_sig(many)([1], 'x', k=[3]) == '[[1],\"x\",{\"k\":[3]}]'",
    "show.bind_sig(named)(1) == '[1,3,{\"d\":5}]'",
    "show.bind_sig(named)(1, 2, c=[1]) == '[1,2,{\"c\":[1],\"d\":5}]'",
    "show.bind_sig(named)(b=1, a=2) == '[2,1,{\"d\":5}]'",
  );
  for (const call of ["()", "(1, 2, 3)", "(1, z=3)"])
    assert.match(lastLine(pythonError(pyodide, `show.bind_sig(named)${call}`, "TypeError")), /named\(\): /);
});

krait("results by their annotation", WHY, () => {
  py(`
def deep(x) -> Annotated[Any, Deep]: ...
def json(x) -> Annotated[Any, Json]: ...
def default(x): ...
async def later(x: Annotated[Any, Deep]) -> Annotated[Any, Deep]: ...
`);
  holds(
    "same.bind_sig(deep)(data) == {'a': [1, {'b': 2}]}",
    "same.bind_sig(json)(data)['a'][1]['b'] == 2",
    "isinstance(same.bind_sig(default)(data), JsProxy)",
    "same.bind_sig(deep)(5) == 5",
  );
});

krait("an async signature converts what the promise brings", WHY, async () => {
  assert.equal(await pyodide.runPythonAsync("await run_js('async (x) => [x.length]').bind_sig(later)([1, 2]) == [2]"), true);
});

krait("classes: construction, attributes, methods, properties, statics", WHY, () => {
  holds(
    "Points.bind_class(Point).new([1], 2).coordinates == [1, 2]",
    "Points.bind_class(Point).new([1]).coordinates == [1, 0]",
    "Points.bind_class(Point).new([1], 2).shifted([10, 20]).coordinates == [11, 22]",
    "Points.bind_class(Point).new([1], 2).sum == [3]",
    "isinstance(Points.bind_class(Point).new([1], 2).raw(), JsProxy)",
    "Points.bind_class(Point).of([1, 2]) == [True, 2]",
    "Points.bind_class(Point).new([1]).tags['a']['b'] == 1",
    "run_js('({coordinates: [7]})').bind_sig(Point).coordinates == [7]",
  );
  pythonError(pyodide, "Points.bind_class(Point).new()", "TypeError");
});

krait("a bound proxy is the same object, and remembers what it is bound to", WHY, () => {
  holds("same.bind_sig(deep) == same", "same.bind_sig(deep)._sig is deep", "same._sig is None", "same.bind_sig(None)(5) == 5");
});

krait("bound proxies leave no slots and no proxies", WHY, async () => {
  await expectNoLeaks(pyodide, () => py("def work():\n  p = Points.bind_class(Point).new([1], 2); p.shifted([1, 1]).sum; p.tags; same.bind_sig(json)(data)\nwork()"));
});

krait("Json: data is seen through live views in both directions", WHY, () => {
  py(`
def change(x: Annotated[Any, Json]) -> Annotated[Any, Json]: ...
values = {'a': [1], 'b': 2}
run_js("(x) => { x.b = x.a.length + 40; return {keys: Object.keys(x)} }").bind_sig(change)(values)`);
  holds("values['b'] == 41", "kind.bind_sig(change)(5) == '[object Number]'");
});
