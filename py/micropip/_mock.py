"""Mock packages: names that count as installed, with modules of the caller's text."""

import importlib.abc
import importlib.metadata
import importlib.util
import os
import re
import sys
from dataclasses import dataclass, field

from ._errors import InstallError
from ._installed import PackageMetadata

_SOURCE = "mock package"


@dataclass
class _Mock:
    name: str
    version: str
    modules: dict[str, str] = field(default_factory=dict)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Those in memory, by normalised name.
_mocks: dict[str, _Mock] = {}


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, mock: _Mock):
        self._mock = mock

    def read_text(self, filename: str) -> str | None:
        return _files(self._mock).get(filename)

    def locate_file(self, path):
        raise FileNotFoundError(f"{path}: the mock package {self._mock.name} is in memory only")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of mocks in memory, and tells importlib.metadata of them."""

    def find_spec(self, fullname, path=None, target=None):
        for mock in _mocks.values():
            if fullname in mock.modules:
                is_package = any(name.startswith(fullname + ".") for name in mock.modules)
                return importlib.util.spec_from_loader(fullname, self, origin=_SOURCE, is_package=is_package)
        return None

    def exec_module(self, module) -> None:
        for mock in _mocks.values():
            if module.__name__ in mock.modules:
                exec(compile(mock.modules[module.__name__], f"<{_SOURCE} {mock.name}>", "exec"), module.__dict__)
                return

    @staticmethod
    def find_distributions(context=importlib.metadata.DistributionFinder.Context()):
        return [_Distribution(mock) for mock in _mocks.values() if context.name in (None, mock.name) or _normal(context.name) == _normal(mock.name)]


_finder = _Finder()


def _files(mock: _Mock) -> dict[str, str]:
    return {
        "METADATA": f"Metadata-Version: 2.1\nName: {mock.name}\nVersion: {mock.version}\n",
        "INSTALLER": "micropip\n",
        "PYODIDE_SOURCE": _SOURCE,
    }


def _site_packages() -> str:
    import sysconfig

    return sysconfig.get_path("purelib")


def _write(mock: _Mock) -> None:
    site = _site_packages()
    folder = f"{mock.name.replace('-', '_')}-{mock.version}.dist-info"
    files = {f"{folder}/{name}": text for name, text in _files(mock).items()}
    for module, text in mock.modules.items():
        is_package = any(name.startswith(module + ".") for name in mock.modules)
        files[module.replace(".", "/") + ("/__init__.py" if is_package else ".py")] = text
    files[f"{folder}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{folder}/RECORD"])
    taken = [name for name in files if os.path.exists(f"{site}/{name}")]
    if taken:
        raise InstallError(f'the mock package {mock.name} cannot be written: "{site}/{taken[0]}" exists')
    for name, text in files.items():
        os.makedirs(os.path.dirname(f"{site}/{name}"), exist_ok=True)
        with open(f"{site}/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def add_mock_package(name: str, version: str, *, modules: dict[str, str] | None = None, persistent: bool = False) -> None:
    """Makes `name` count as installed in that version, so that what needs it can be installed.

    modules: source texts by dotted name; without, an empty module of the package's name.
    persistent: written into site-packages, where later interpreters on the same file system see it; else in memory.
    """
    text = {name.replace("-", "_"): ""} if modules is None else dict(modules)
    mock = _Mock(name, version, text)
    if persistent:
        _write(mock)
        importlib.invalidate_caches()
        return
    if _finder not in sys.meta_path:
        sys.meta_path.append(_finder)
    _mocks[_normal(name)] = mock
    importlib.invalidate_caches()


def _persistent() -> list[str]:
    from ._installed import read_site

    return [item["name"] for item in read_site() if item["source"] == _SOURCE]


def list_mock_packages() -> list[str]:
    """The names of all mock packages."""
    return sorted([mock.name for mock in _mocks.values()] + _persistent())


def remove_mock_package(name: str) -> None:
    """Removes a mock package and its modules; a package that is none is an error."""
    mock = _mocks.pop(_normal(name), None)
    if mock is None:
        if _normal(name) not in map(_normal, _persistent()):
            raise InstallError(f'"{name}" is no mock package')
        from ._commands import uninstall

        return uninstall(name)
    for module in mock.modules:
        sys.modules.pop(module, None)
    importlib.invalidate_caches()


def as_request() -> list[dict[str, str]]:
    return [{"name": mock.name, "version": mock.version} for mock in _mocks.values()]


def as_packages() -> dict[str, PackageMetadata]:
    return {mock.name: PackageMetadata(mock.name, mock.version, _SOURCE) for mock in _mocks.values()}
