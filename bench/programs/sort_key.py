"""Sorting with key functions, by attribute, by tuple, reversed, and in place with a comparison method."""
from functools import cmp_to_key
from operator import itemgetter


class Item:
    __slots__ = ("rank", "name")

    def __init__(self, rank, name):
        self.rank = rank
        self.name = name

    def __lt__(self, other):
        return self.rank < other.rank


def run(n=6000):
    seed = 99
    rows = []
    for i in range(n):
        seed = (seed * 69069 + 1) & 0xFFFFFFFF
        rows.append((seed >> 16, f"row{seed % 997:03d}", i))
    by_name = sorted(rows, key=lambda row: (row[1], -row[0]))
    by_item = sorted(rows, key=itemgetter(1, 0), reverse=True)
    items = [Item(rank, name) for rank, name, _ in rows]
    items.sort()
    compared = sorted(rows[:600], key=cmp_to_key(lambda a, b: a[0] - b[0]))
    words = sorted((row[1] for row in rows), key=str.upper)
    return by_name[0], by_item[0], items[0].rank, items[-1].name, compared[0], words[n // 2]
