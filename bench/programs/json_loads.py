"""json.loads with the C accelerator: nested records with escapes, floats and text that is not ASCII."""
import json

TEXT = json.dumps([{"id": i, "name": f"item {i}", "price": i * 1.25, "tags": ["a", "b\n\"quoted\"", "größe"],
                    "ok": i % 2 == 0, "none": None, "nested": {"x": [i, -i, [i * 1e10]], "y": {"z": str(i)}}}
                   for i in range(500)])


def run():
    total = 0
    for _ in range(8):
        total += sum(record["id"] + len(record["tags"]) for record in json.loads(TEXT))
    hooked = json.loads(TEXT, object_hook=lambda d: d.get("price", 0))
    return total, sum(hooked)
