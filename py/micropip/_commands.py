"""micropip's functions. Requests go to the runtime's library as JSON; docs/packages.md says what they mean."""

import json
import os
import sys
from typing import Any

import _krait_host
from pyodide.ffi import JsException, create_proxy

from . import _mock
from ._errors import InstallError, translate
from ._installed import PackageDict, installed
from ._modules import purge

# The name of the configured default in index_urls.
DEFAULT_INDEX = "PYPI"


class _Settings:
    index_urls: list[str] | None = None
    constraints: list[str] = []


def _as_list(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(item) for item in value]


def set_index_urls(urls: str | list[str]) -> None:
    """The indexes that install() asks, in their order, unless it is told others.

    Each is a URL of a simple API ("https://host/simple"), which may have the project's name in it
    ("https://host/{package_name}/"), or "PYPI" for the configured default.
    """
    _Settings.index_urls = _as_list(urls)


def set_constraints(constraints: list[str]) -> None:
    """What install() keeps to unless it is told other constraints: requirements such as "numpy<3"."""
    _Settings.constraints = _as_list(constraints)


def _indexes(index_urls: str | list[str] | None) -> dict[str, Any]:
    default = os.environ.get("KRAIT_INDEX_URL")
    urls = _as_list(index_urls) if index_urls is not None else _Settings.index_urls
    if urls is None:
        urls = [DEFAULT_INDEX] if default else []
    if DEFAULT_INDEX in urls and not default:
        raise InstallError(
            f'the index "{DEFAULT_INDEX}" is not configured: expected its URL in the environment variable KRAIT_INDEX_URL'
        )
    return {"index_urls": urls, "index_aliases": {DEFAULT_INDEX: default} if default else {}}


def _base_url() -> str:
    return _krait_host.packages.baseURL() or f"emfs:{os.getcwd().rstrip('/')}/"


def _distribution() -> dict[str, str] | None:
    """The lock file that this runtime was started with, when it has packages."""
    return json.loads(_krait_host.packages.distribution())


def _lock_file(lock: str) -> dict[str, Any]:
    """A lock file of the user's: a path of Python's file system, or a URL."""
    lock = os.fspath(lock)
    key = "lock" if lock.endswith(".json") else "pylock"
    if os.path.exists(lock):
        path = os.path.abspath(lock)
        with open(path, encoding="utf-8") as file:
            return {key: {"text": file.read(), "url": f"emfs:{path}"}}
    if "://" not in lock and not lock.startswith("emfs:"):
        raise FileNotFoundError(f'there is no lock file "{lock}": expected a path or a URL')
    return {key: {"url": lock}}


class _Reporter:
    """Shows what the library tells: warnings always, the rest when it is wanted."""

    def __init__(self, verbose: bool | int | None):
        self.levels = {"warning"}
        if verbose:
            self.levels |= {"info", "verbose"}

    def __call__(self, level: str, text: str) -> None:
        if level in self.levels:
            print(f"WARNING: {text}" if level == "warning" else text, file=sys.stderr if level == "warning" else sys.stdout)


async def install(
    requirements: str | list[str] = (),
    keep_going: bool = False,
    deps: bool = True,
    credentials: str | None = None,
    pre: bool = False,
    index_urls: str | list[str] | None = None,
    *,
    constraints: list[str] | None = None,
    reinstall: bool = False,
    verbose: bool | int | None = None,
    lock: str | None = None,
) -> None:
    """Installs the requirements and what they need, all of it or nothing.

    requirements: names with versions, extras and markers (PEP 508), "name @ URL", or wheels: an http(s) URL, "emfs:/path"
    of Python's file system, "file:///path" of the host's, or a relative URL.
    keep_going: tell everything that fails, rather than the first thing.
    deps: install what the requirements need too.
    credentials: that of fetch(): "omit", "same-origin" or "include".
    pre: let pre-releases count.
    index_urls: the indexes to ask instead of those of set_index_urls().
    constraints: instead of those of set_constraints().
    reinstall: replace installed packages that do not fit. Modules that were imported from them must be imported again.
    verbose: print which index, which file and which version.
    lock: a pylock.toml, or a pyodide-lock.json, that says what to install.

    Raises InstallError, a ValueError, which says what is in the way.
    """
    request: dict[str, Any] = {
        "requirements": _as_list(requirements),
        "keep_going": bool(keep_going),
        "deps": bool(deps),
        "pre": bool(pre),
        "reinstall": bool(reinstall),
        "constraints": _Settings.constraints if constraints is None else _as_list(constraints),
        "base_url": _base_url(),
        "mocks": _mock.as_request(),
        **_indexes(index_urls),
    }
    if credentials is not None:
        request["credentials"] = credentials
    if lock is not None:
        request |= _lock_file(lock)
    elif (distribution := _distribution()) is not None:
        request["lock"] = distribution
    log = create_proxy(_Reporter(verbose))
    try:
        answer = json.loads(await _krait_host.packages.install(json.dumps(request), log))
    except JsException as error:
        raise _explained(error, request) from None
    finally:
        log.destroy()
    purge({file for package in answer["removed"] for file in package["files"]})
    if verbose and answer["installed"]:
        print("installed", *(f"{package['name']}-{package['version']}" for package in answer["installed"]))


def _explained(error: JsException, request: dict[str, Any]) -> InstallError:
    failure = translate(error)
    if "is in no index" in str(failure) and not request["index_urls"]:
        failure.add_note("There is no index to ask: see micropip.set_index_urls, or the argument index_urls.")
    return failure


def uninstall(packages: str | list[str], *, verbose: bool | int | None = None) -> None:
    """Removes the packages with all their files, and their modules; tells of those that are not installed."""
    report = _Reporter(verbose)
    try:
        answer = json.loads(_krait_host.packages.uninstall(json.dumps(_as_list(packages))))
    except JsException as error:
        raise translate(error) from None
    purge({file for package in answer["removed"] for file in package["files"]})
    for name in answer["missing"]:
        report("warning", f"{name} is not installed: it is passed over")
    for line in answer.get("log", ()):
        report(line["level"], line["text"])
    for package in answer["removed"]:
        report("info", f"uninstalled {package['name']} {package['version']}")


def list() -> PackageDict:
    """The installed packages by name, each with version and source: "pypi", "pyodide" or a URL."""
    found = installed()
    found.update(_mock.as_packages())
    return found


def tree() -> str:
    """What is installed, each package above what it needs."""
    return _krait_host.packages.tree()


def check() -> "list[str]":
    """What does not fit together among the installed packages: empty when all is well."""
    return json.loads(_krait_host.packages.check())


def freeze(format: str = "pyodide") -> str:
    """A lock file of what is installed: a pyodide-lock.json with absolute URLs, or with format="pylock" a pylock.toml."""
    options: dict[str, Any] = {"format": format}
    if format == "pyodide" and (distribution := _distribution()) is not None:
        options["lock"] = distribution
    try:
        return _krait_host.packages.freeze(json.dumps(options))
    except JsException as error:
        raise translate(error) from None
