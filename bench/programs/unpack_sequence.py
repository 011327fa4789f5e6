"""Unpacking of tuples and lists, starred targets, swaps and rotation."""


def run(rounds=40000):
    pair = (1, 2)
    triple = [3, 4, 5]
    nested = ((1, 2), [3, (4, 5)])
    a = b = c = d = e = 0
    total = 0
    for i in range(rounds):
        a, b = pair
        c, d, e = triple
        a, b = b, a
        a, b, c = c, a, b
        (p, q), [r, (s, t)] = nested
        first, *rest = triple
        *init, last = pair
        for x, (y, z) in ((1, (2, 3)), (4, (5, i))):
            total += x + y + z
        total += a + b + c + d + e + p + q + r + s + t + first + len(rest) + len(init) + last
    return total
