"""The Python face of the runtime: running code (`pyodide.code`), the JavaScript border (`pyodide.ffi`), the event loop
(`pyodide.webloop`).

Submodules are imported when they are first named, so that `import pyodide` costs nothing at start-up.
"""

# The API level that programs test for. This line is the one place it is written: the JavaScript bundle reads it from here.
__version__ = "314.0.0"

__all__ = ["__version__", "code", "ffi", "webloop"]

_SUBMODULES = frozenset(__all__) - {"__version__"}


def __getattr__(name: str):
    if name in _SUBMODULES:
        # `import pyodide.code` binds the attribute as well, so this runs once per submodule.
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(globals().keys() | _SUBMODULES)
