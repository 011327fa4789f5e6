"""Pancake flipping over all permutations: list slices, indexing, small ints.

run() returns the checksum and the greatest number of flips that any permutation needed.
"""


def fannkuch(n):
    order = list(range(n))
    counts = [0] * n
    most = 0
    checksum = 0
    index = 0
    while True:
        first = order[0]
        if first:
            deck = order[:]
            flips = 0
            while first:
                deck[:first + 1] = deck[first::-1]
                flips += 1
                first = deck[0]
            if flips > most:
                most = flips
            checksum += flips if index % 2 == 0 else -flips
        index += 1
        # Next permutation in the counting order: rotate ever longer prefixes until one has not come full circle.
        r = 1
        while True:
            if r == n:
                return checksum, most
            order.insert(r, order.pop(0))
            counts[r] += 1
            if counts[r] <= r:
                break
            counts[r] = 0
            r += 1


def run(n=8):
    return fannkuch(n)
