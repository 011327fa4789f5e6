"""Imports that do not end at a Python file: registered JavaScript modules, and hints for modules that are missing.

A registered object is the module itself: `import name` puts its JsProxy into `sys.modules`. Attributes of it that are
objects can be imported as submodules. Python's own modules and installed packages come first. Runs at every start:
must import nothing.
"""

import sys

_registered: dict = {}

_MISSING_REASONS = {
    "it needs a terminal, and there is none": "curses readline termios",
    "it needs an operating system with users, processes and devices": "fcntl grp pwd resource syslog",
    "it belongs to Windows": "msvcrt winreg winsound nt",
    "it needs a window system": "idlelib tkinter turtle turtledemo",
    "packages are installed with micropip here, and there are no processes to install into": "ensurepip venv",
    "no database library is built in; sqlite3 is": "dbm",
    "it has been removed from Python": "lib2to3 distutils imp asyncore asynchat smtpd cgi crypt",
    "it is CPython's own test suite, which is not part of the distribution": "test",
}


def _js_proxy_type():
    from _pyodide_core import JsProxy

    return JsProxy


class _LiveNames:
    """`__all__` of a JavaScript module: what `from module import *` takes, as it is when that is executed."""

    def __init__(self, get_module):
        self._get_module = get_module

    def __getitem__(self, index):
        names = [name for name in self._get_module().object_keys() if not name.startswith("_")]
        return names[index]


class JsLoader:
    """Hands the import system an object that exists already."""

    def __init__(self, jsproxy):
        self._jsproxy = jsproxy

    def create_module(self, spec):
        # Given away, since the module's spec would keep it alive through its loader.
        jsproxy, self._jsproxy = self._jsproxy, None
        return jsproxy

    def exec_module(self, module):
        name = module.__name__
        # By name, since a reference would be a cycle.
        module.__all__ = _LiveNames(lambda: sys.modules[name])

    def is_package(self, fullname):
        return True


class JsFinder:
    """Finds registered modules by name, and submodules as attributes of their parents."""

    def find_spec(self, fullname, path=None, target=None):
        parent, _, child = fullname.rpartition(".")
        jsproxy = _registered.get(fullname)
        if jsproxy is None:
            if not parent:
                return None
            container = sys.modules.get(parent)
            # The type test keeps attributes of ordinary packages from being looked at here.
            if container is None or not isinstance(container, _js_proxy_type()):
                return None
            jsproxy = getattr(container, child, None)
            if not isinstance(jsproxy, _js_proxy_type()):
                return None
        from _frozen_importlib import ModuleSpec

        # is_package: its attributes can be imported in turn.
        return ModuleSpec(fullname, JsLoader(jsproxy), origin="javascript", is_package=True)


class MissingModuleHints:
    """Stands last on sys.meta_path and explains why a known module cannot be imported.

    Only for import statements: `importlib.util.find_spec` must go on answering None, since programs ask it whether
    something is there. The two are told apart by the caller, because the import system tells a finder no more.
    """

    def find_spec(self, fullname, path=None, target=None):
        if path is not None or not _is_import_statement():
            return None
        hint = missing_module_hint(fullname)
        if hint is None:
            return None
        raise ModuleNotFoundError(f"No module named {fullname!r}\n{hint}", name=fullname)


def _is_import_statement() -> bool:
    # 0 is this function, 1 find_spec, 2 the import system's _find_spec, 3 who asked it.
    return sys._getframe(3).f_code.co_name == "_find_and_load_unlocked"


def missing_module_hint(name: str) -> str | None:
    """What to tell somebody who imported the top-level module `name`, which is not there."""
    for reason, names in _MISSING_REASONS.items():
        if name in names.split():
            return f"The standard library module {name!r} is not included: {reason}."
    package = _package_that_provides(name)
    if package is not None:
        return (
            f"The package {package!r} provides it and is in the lock file, but is not loaded yet. Load it with\n"
            f'  await pyodide.loadPackage("{package}")        in JavaScript, or\n'
            f'  await pyodide_js.loadPackage("{package}")     in Python, after import pyodide_js'
        )
    return None


def _package_that_provides(name: str) -> str | None:
    if "pyodide_js" not in _registered:
        # Still starting: nobody knows a lock file.
        return None
    import _krait_host

    return _krait_host.packages.missingPackage(name) or None


def register_js_module(name: str, jsproxy) -> None:
    """Make the JavaScript object importable as `name`. A module that is imported already stays as it is."""
    if not isinstance(name, str):
        raise TypeError(f"Argument 'name' must be a str, not {type(name).__name__!r}")
    if not isinstance(jsproxy, _js_proxy_type()):
        raise TypeError(
            f"Argument 'jsproxy' must be a JsProxy, not {type(jsproxy).__name__!r}: only a JavaScript object can be a module"
        )
    _registered[name] = jsproxy


def unregister_js_module(name: str) -> None:
    """Undo `register_js_module`. What has been imported stays in sys.modules."""
    if name not in _registered:
        known = ", ".join(sorted(map(repr, _registered))) or "none"
        raise ValueError(
            f"Cannot unregister {name!r}: no JavaScript module with that name is registered (registered: {known})"
        )
    del _registered[name]


def install() -> None:
    sys.meta_path.append(JsFinder())
    sys.meta_path.append(MissingModuleHints())
