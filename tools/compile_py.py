"""Compiles our own Python packages as cpython/pack_stdlib.py compiles CPython's:  compile_py.py SOURCE_FOLDER TARGET_FOLDER

Runs in the tool root, whose Python has the byte code of the CPython that is built. Writes one .pyc per .py, in the legacy layout
(beside where the source would be), and removes what has no source any more. Writes nothing else.
"""

import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cpython"))
from pack_stdlib import compile_to  # noqa: E402

source, target = map(pathlib.Path, sys.argv[1:])
if target.exists():
    shutil.rmtree(target)
for path in sorted(source.rglob("*.py")):
    name = path.relative_to(source).as_posix()
    compile_to(path.read_bytes(), name, target / (name + "c"))
