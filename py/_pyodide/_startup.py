"""What is set up once in every interpreter, after CPython's own initialisation and before any program runs.

Every start pays for this, so nothing is imported that the program may not need: what belongs to `asyncio` or
`linecache` is attached when somebody imports them.
"""

import sys

from _pyodide import _importhook, _sources, _warm


class _AfterImport:
    """Runs a function once, right after a module has been executed for the first time."""

    def __init__(self, actions: dict):
        self._actions = actions

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self._actions:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                spec.loader = _ThenRun(spec.loader, self)
                return spec
        return None

    def run(self, module) -> None:
        action = self._actions.pop(module.__name__, None)
        if not self._actions and self in sys.meta_path:
            sys.meta_path.remove(self)
        if action is not None:
            action(module)


class _ThenRun:
    """A loader that loads with another one, puts that in its place and then runs the actions for the module."""

    def __init__(self, loader, after: _AfterImport):
        self._loader = loader
        self._after = after

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._after.run(module)


def _use_web_loop(asyncio) -> None:
    from pyodide import webloop

    webloop.install()


class _StdlibSources:
    """Source text of the standard library, which is imported from byte code: read from an archive of its own.

    The host gives the archive's bytes on first need; without it tracebacks show no source lines, and that is all.
    """

    _PATH = "/lib/python313_source.zip"

    def __init__(self, archive: str, get_source):
        self._archive = archive
        self._original = get_source
        self._ready = None

    def get_source(self, importer, fullname):
        text = self._original(importer, fullname)
        if text is not None or importer.archive != self._archive:
            return text
        if self._ready is None:
            self._ready = self._fetch()
        if not self._ready:
            return None
        try:
            # The same directory of the other archive; the list of its files is read once and cached by path.
            return self._original(type(importer)(f"{self._PATH}/{importer.prefix}".rstrip("/")), fullname)
        except ImportError:
            return None

    def _fetch(self) -> bool:
        try:
            import _krait_host

            data = _krait_host.stdlibSource()
            if data is None:
                return False
            with open(self._PATH, "wb") as file:
                file.write(data.to_py())
            return True
        except Exception:
            # A missing archive must not hide the error that somebody is just about to print.
            return False


def _show_stdlib_sources() -> None:
    zipimport = sys.modules.get("zipimport")
    archive = next((path for path in sys.path if path.endswith(".zip")), None)
    if zipimport is None or archive is None:
        return
    sources = _StdlibSources(archive, zipimport.zipimporter.get_source)

    def get_source(self, fullname):
        """The source of a module in the archive; for the standard library out of its separate source archive."""
        return sources.get_source(self, fullname)

    zipimport.zipimporter.get_source = get_source


def _buffer_lines() -> None:
    # A stream that is no terminal is block-buffered, and a page would see its first line after 8 kB.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def _import_from_working_directory() -> None:
    # As at a prompt: a program's own modules lie where it works. Left out under -P and -I, which forbid it.
    if not sys.flags.safe_path and "" not in sys.path:
        sys.path.insert(0, "")


def _tidy_environment() -> None:
    # Left behind by the instrumentation of the build that the profile comes from.
    import os

    os.environ.pop("__LLVM_PROFILE_RT_INIT_ONCE", None)


def finish_start() -> None:
    _tidy_environment()
    _buffer_lines()
    _import_from_working_directory()
    _importhook.install()
    _show_stdlib_sources()
    sys.meta_path.insert(0, _AfterImport({"asyncio": _use_web_loop, "linecache": _sources.hand_over}))
    # Somebody may have been faster: a sitecustomize, or -X importtime's own tools.
    if "linecache" in sys.modules:
        _sources.hand_over(sys.modules["linecache"])
    if "asyncio" in sys.modules:
        _use_web_loop(sys.modules["asyncio"])
    _warm.warm_up()
