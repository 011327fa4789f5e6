"""Raising, catching, re-raising, finally, chains and with: near the raise and through several frames."""


class Missing(LookupError):
    def __init__(self, key):
        super().__init__(key)
        self.key = key


class Guard:
    entered = 0

    def __enter__(self):
        Guard.entered += 1
        return self

    def __exit__(self, kind, error, trace):
        return kind is ZeroDivisionError


def find(table, key):
    try:
        return table[key]
    except KeyError as error:
        raise Missing(key) from error


def deep(table, key, depth):
    if depth:
        return deep(table, key, depth - 1)
    return find(table, key)


def run(rounds=12000):
    table = {i: i for i in range(0, 100, 2)}
    Guard.entered = 0
    found = missed = cleaned = 0
    for i in range(rounds):
        try:
            found += deep(table, i % 100, 4)
        except Missing as error:
            missed += error.key
        finally:
            cleaned += 1
        with Guard():
            found += 10 // (i % 4)
        try:
            int("12x" if i & 1 else "12")
        except (TypeError, ValueError):
            missed += 1
    return found, missed, cleaned, Guard.entered
