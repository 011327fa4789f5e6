"""What is installed, as users see it."""

import json
from dataclasses import astuple, dataclass

import _krait_host


@dataclass
class PackageMetadata:
    name: str
    version: str = ""
    source: str = ""


class PackageDict(dict):
    """Installed packages by name; as text, a table."""

    def __str__(self) -> str:
        rows = [("Name", "Version", "Source")]
        rows += [astuple(self[name]) for name in sorted(self, key=str.lower)]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        rows.insert(1, tuple("-" * width for width in widths))
        lines = [" | ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]
        return "\n".join(lines)

    __repr__ = __str__


def read_site() -> list[dict]:
    return json.loads(_krait_host.packages.site())


def installed() -> PackageDict:
    found = PackageDict()
    for item in read_site():
        # Packages that nobody installed into this interpreter say nothing of where they came from.
        found[item["name"]] = PackageMetadata(item["name"], item["version"], item["source"])
    return found
