"""Modules whose files went: imported again, they must be found anew."""

import importlib
import os
import sys


def purge(files: set[str]) -> None:
    """Forgets the modules that came from these files, and packages whose folders are gone."""
    importlib.invalidate_caches()
    if not files:
        return
    for name, module in list(sys.modules.items()):
        if name == "__main__" or module is None:
            continue
        if _origin(module) in files or _is_gone(module):
            del sys.modules[name]
            parent, _, last = name.rpartition(".")
            if getattr(sys.modules.get(parent), last, None) is module:
                delattr(sys.modules[parent], last)


def _origin(module) -> str | None:
    spec = getattr(module, "__spec__", None)
    origin = getattr(spec, "origin", None) or getattr(module, "__file__", None)
    return origin if isinstance(origin, str) else None


def _is_gone(module) -> bool:
    # A namespace package has folders and no file.
    if _origin(module) is not None:
        return False
    folders = [str(folder) for folder in getattr(module, "__path__", ())]
    return bool(folders) and not any(os.path.isdir(folder) for folder in folders)
