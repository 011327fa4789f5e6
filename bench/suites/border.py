"""The Python side of the border suite: objects to be reached from JS, and loops that reach into JS.

Functions named loop_* repeat one operation n times, so that the loop's own cost (about 0.03 us) is all that is added.
Imports are inside the functions: what a runtime lacks fails that row only.
"""


def nothing(*args):
    return None


def add(a, b):
    return a + b


def same(value):
    return value


def make_list():
    return [1, 2]


def fail():
    raise ValueError("expected by the benchmark")


class Thing:
    def __init__(self):
        self.value = 1

    def method(self, by):
        return by


thing = Thing()
numbers = list(range(10_000))
mapping = {"a": 1, "b": 2}


def compare(a, b):
    return a - b


def loop_call(f, n):
    for _ in range(n):
        f(1, 2)


def loop_call_string(f, n):
    for _ in range(n):
        f("a short text")


def loop_call_dict(f, n):
    value = {"a": 1}
    for _ in range(n):
        f(value)


def loop_method(obj, n):
    for _ in range(n):
        obj.method(1)


def loop_get(obj, n):
    for _ in range(n):
        obj.value


def loop_set(obj, n):
    for _ in range(n):
        obj.value = 2


def loop_math_pi(obj, n):
    import js
    for _ in range(n):
        js.globalThis.Math.PI


def loop_object_new(obj, n):
    from js import Object
    for _ in range(n):
        Object.new()


def loop_index(array, n):
    for _ in range(n):
        array[5]


def loop_len(array, n):
    for _ in range(n):
        len(array)


def loop_iterate(array, n):
    for _ in range(n):
        for _item in array:
            pass


def loop_js_error(f, n):
    from pyodide.ffi import JsException
    for _ in range(n):
        try:
            f()
        except JsException:
            pass


def loop_to_js(document, n):
    from pyodide.ffi import to_js
    for _ in range(n):
        to_js(document)


def loop_to_js_entries(document, n):
    from js import Object
    from pyodide.ffi import to_js
    for _ in range(n):
        to_js(document, dict_converter=Object.fromEntries)


def loop_to_py(document, n):
    for _ in range(n):
        document.to_py()


def loop_to_bytes(array, n):
    for _ in range(n):
        array.to_bytes()


def loop_proxy(obj, n):
    from pyodide.ffi import create_proxy
    for _ in range(n):
        create_proxy(nothing).destroy()


async def loop_await(promise, n):
    for _ in range(n):
        await promise


def make_text(kind, size):
    letter = {"ascii": "a", "latin1": "\xe9", "ucs2": "\u044f", "ucs4": "\U0001f40d"}[kind]
    return letter * size


def make_bytes(size):
    return bytes(size)


def parse(text):
    import json
    return json.loads(text)
