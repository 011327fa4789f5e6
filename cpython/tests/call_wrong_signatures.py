"""Calls each function of the extension module wrong_signatures, whose C types are wrong; run by cpython/smoke."""

import wrong_signatures as w

assert w.noargs() == 1
assert w.nothing() == 2
assert w.keywords(1, 2, 3) == 3 and w.keywords(*"ab") == 2
assert w.too_many() is True
thing = w.right(w.Thing())
assert thing.value == 20
thing.value = 21
assert thing.twice() == 42
assert type(w.Thing.make()) is w.Thing
assert thing(1, 2) == 23
assert repr(thing) == "Thing(21)"
assert -thing == -21


class Child(w.Thing):
    pass


child = Child()
assert child(0) == 21 and -child == -20 and repr(child) == "Thing(20)"
for _ in range(100000):
    thing.value = thing.twice() % 1000 + 1
print("wrong signatures: ok")
