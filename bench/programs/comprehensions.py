"""List, dict and set comprehensions, nested and filtered, over records."""


def run(n=5000):
    records = [{"id": i, "group": i % 17, "score": (i * 7919) % 1013, "tags": [i % 5, i % 7]} for i in range(n)]
    out = 0
    for cut in range(0, 1000, 200):
        chosen = [r["id"] for r in records if r["score"] >= cut and r["group"] != 3]
        by_group = {g: [r["score"] for r in records if r["group"] == g] for g in range(5)}
        tags = {tag for r in records for tag in r["tags"] if tag != r["group"]}
        squares = [[a * b for b in range(12)] for a in range(12)]
        flat = [value for row in squares for value in row if value & 1]
        out += sum(chosen) + sum(max(v) for v in by_group.values()) + len(tags) + sum(flat)
    return out
