"""Dictionaries and sets: counting, grouping, deletion, set algebra, tuple and string keys."""


def run(n=30000):
    seed = 12345
    counts = {}
    groups = {}
    seen = set()
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        key = seed % 1009
        counts[key] = counts.get(key, 0) + 1
        groups.setdefault(key % 31, []).append(key)
        seen.add((key, key & 7))
    names = {f"name{key}": value for key, value in counts.items()}
    for key in list(names):
        if names[key] & 1:
            del names[key]
    even = {key for key in counts if key % 2 == 0}
    small = {key for key in counts if key < 500}
    merged = {**names, **{str(key): key for key in even}}
    algebra = len(even & small) + len(even | small) + len(even ^ small) + len(even - small)
    return sum(counts.values()), len(groups), len(seen), len(merged), algebra, sum(merged.values())
