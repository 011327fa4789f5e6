"""A small program that every start runs, so that the first program of the user does not run in cold code.

WebAssembly engines compile a function when it is first called, and compile it well, on another thread, when it has run for
a while. The parser and the compiler are cold after a start that only loads byte code. What this costs the start the
first program saves, which has to be parsed too; and the good code of the eval loop gets the time to arrive
(cpython/patches/0006 asks for it).
"""

# Each kind of statement and expression that programs are full of; nothing that imports or prints.
_PROGRAM = '''
"""Sample."""
from __future__ import annotations

COUNT: int = 3


class Base:
    kind = "base"

    def __init__(self, value, *rest, name=None, **options):
        super().__init__()
        self.value = value
        self.rest = rest
        self.items = [0, 1, 2]
        self.table = {"a": 1, "b": (2, 3)}

    @property
    def double(self) -> int:
        return self.value * 2 + len(self.items) - 1

    def step(self, packet):
        if packet is None or not self.items and self.value > 0:
            return self
        elif packet in self.table:
            self.table[packet] += 1
        else:
            self.items[-1] = packet
        while self.value < 10:
            self.value += 1
            if self.value % 2 == 0 and self.kind != "other":
                continue
            if self.value >> 1 & 1 | self.value ^ 5:
                break
        for index, item in enumerate(self.items):
            self.items[index] = -item if item else item ** 2 // 3
        try:
            assert self.value is not None, f"{self.value!r} of {self.kind:>4}"
        except (AssertionError, TypeError) as error:
            raise ValueError("bad") from error
        finally:
            del self.rest
        return self.items[1:2]


class Derived(Base):
    def squares(self, n):
        yield from (i * i for i in range(n) if i)

    async def later(self):
        async with self as x:
            return await x


def main(*args, flag=True):
    global COUNT
    derived = Derived(1, 2, name="x", **{"y": 2})
    derived.step(None)
    total, (first, *others) = 0, (1, 2, 3)
    names = [str(x) for x in others if x > 1]
    lookup = {name: i for i, name in enumerate(names)}
    pick = lambda x, y=1: x if flag else y
    with_dots = derived.table["b"][0]
    for i in range(200):
        total = pick(total + i * 2, 1) & 0xFFFF
    COUNT = total
    return total, with_dots, lookup, {*names}, sum(derived.squares(5)), 1.5 / 2, "%s" % total


main(1)
'''


def warm_up() -> None:
    from pyodide.code import _compile_text, _run

    _run(_compile_text(_PROGRAM, "<warm-up>", 0, -1), None, None)
