"""Installs Python packages into a running interpreter: what is wanted, and all that it needs, or nothing at all.

The work is done by a library inside the runtime (docs/packages.md); this package is its face.
"""

from ._commands import check, freeze, install, list, set_constraints, set_index_urls, tree, uninstall
from ._errors import InstallError
from ._installed import PackageDict, PackageMetadata
from ._mock import add_mock_package, list_mock_packages, remove_mock_package

__all__ = [
    "InstallError",
    "PackageDict",
    "PackageMetadata",
    "add_mock_package",
    "check",
    "freeze",
    "install",
    "list",
    "list_mock_packages",
    "remove_mock_package",
    "set_constraints",
    "set_index_urls",
    "tree",
    "uninstall",
]
