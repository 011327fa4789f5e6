"""Both ends of an image: what is put in order before memory is copied, and what is made anew after it was restored.

A restored interpreter must not know of the process that its image was made in: not its environment, arguments or clock,
and above all not the state of its random generators. One rule is weaker than after a cold start: the seed of `hash(str)` is
the image's, since every dict in it is built upon it. Runs at every start: must import nothing.
"""

import sys


def prepare() -> None:
    """Called right before memory is copied."""
    import gc

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
    gc.collect()


def _renew_random() -> None:
    random = sys.modules.get("random")
    if random is not None:
        # Every other Random belongs to the program, which has seeded it as it wanted.
        random.seed()
    tempfile = sys.modules.get("tempfile")
    if tempfile is not None:
        tempfile._name_sequence = None
    uuid = sys.modules.get("uuid")
    if uuid is not None:
        uuid._node = uuid._last_timestamp = None


def _renew_environment(environment: dict) -> None:
    import os

    for name in [name for name in os.environ if name not in environment]:
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _renew_time_zone() -> None:
    # As CPython's init_timezone() does when the module `time` is made; localtime() asks the host each time.
    import time

    year = (365 * 24 + 6) * 3600
    january = int(time.time()) // year * year
    winter, summer = time.localtime(january), time.localtime(january + year // 2)
    if winter.tm_gmtoff > summer.tm_gmtoff:  # in the south
        winter, summer = summer, winter
    time.timezone, time.altzone = -winter.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(winter.tm_gmtoff != summer.tm_gmtoff)
    time.tzname = (winter.tm_zone, summer.tm_zone)


def restored(executable: str, argv: list, environment: list, has_arguments: bool = False) -> None:
    """Called right after memory was restored; `environment` is a flat list of names and values.

    `has_arguments`: the image was made by a start with the same arguments, and has them.
    """
    _renew_environment(dict(zip(environment[::2], environment[1::2])))
    _renew_time_zone()
    _renew_random()
    host = sys.modules.get("_pyodide._host")
    if host is not None:
        host.renew()
    sys.executable = sys._base_executable = executable
    if not has_arguments:
        sys.argv[:] = argv or [""]
        sys.orig_argv[:] = ["python", *argv]
    # Folders have other times now than those that the finders remember.
    for finder in sys.path_importer_cache.values():
        if hasattr(finder, "_path_mtime"):
            finder._path_mtime = -1


def read_site(folder: str) -> None:
    """What CPython does with site-packages when it starts cold: path files and sitecustomize."""
    import site

    site.addsitedir(folder)
    site.execsitecustomize()
