"""json.dumps with the C accelerator: nested records, plain and with options."""
import json


def document(n):
    return [{"id": i, "name": f"item {i}", "price": i * 1.25, "tags": ["a", "b\"quoted\"", "größe"], "ok": i % 2 == 0,
             "none": None, "nested": {"x": [i, i + 1, [i + 2]], "y": {"z": str(i)}}} for i in range(n)]


DOCUMENT = document(400)


def run():
    size = 0
    for _ in range(4):
        size += len(json.dumps(DOCUMENT)) + len(json.dumps(DOCUMENT, ensure_ascii=False, separators=(",", ":")))
    return size, len(json.dumps(DOCUMENT, sort_keys=True, indent=1))
