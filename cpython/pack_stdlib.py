"""Packs CPython's standard library:  pack_stdlib.py CORE PREFIX

CORE is what cpython/core built. Writes PREFIX/python_stdlib (legacy-layout .pyc files, ready to be zipped) and
PREFIX/python_stdlib_source (the .py files they were made from, at the same relative paths).

Guarantees: the .pyc files load without their source (unchecked hashes, so no time stamp matters and the output is the same
for the same input); code objects carry the path /lib/python313.zip/..., under which tracebacks look their source up.
"""

import fnmatch
import importlib.util
import marshal
import pathlib
import pprint
import shutil
import sys
import _imp

ZIP = "/lib/python313.zip"


def read_patterns(path):
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def is_left_out(name, patterns):
    parts = name.split("/")
    heads = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(fnmatch.fnmatchcase(head, pattern) for head in heads for pattern in patterns)


def compile_to(source, name, target):
    code = compile(source, f"{ZIP}/{name}", "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little") + _imp.source_hash(
        importlib.util._RAW_MAGIC_NUMBER, source)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(header + marshal.dumps(code))


def pack(core, prefix, patterns):
    lib = core / "Lib"
    files = sorted(path for path in lib.rglob("*.py"))
    files.append(write_sysconfig(core, prefix))
    count = 0
    for path in files:
        name = (path.relative_to(lib) if path.is_relative_to(lib) else pathlib.Path(path.name)).as_posix()
        if "__pycache__" in name or is_left_out(name, patterns):
            continue
        source = path.read_bytes()
        compile_to(source, name, prefix / "python_stdlib" / (name + "c"))
        copy = prefix / "python_stdlib_source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source)
        count += 1
    return count


# What sysconfig tells beyond, or other than, what the build knows (checklist A06). The last two name the platform of wheels.
SYSCONFIG = {
    "CC": "cc", "CXX": "c++", "LDSHARED": "cc", "LDCXXSHARED": "c++", "BLDSHARED": "cc", "LINKCC": "cc", "AR": "ar",
    "HOSTRUNNER": "node", "PKG_CONFIG": "",
    "PYODIDE_ABI_VERSION": "2025_0",
    "EMSCRIPTEN_ABI_VERSION": "4.0.9",
}


def write_sysconfig(core, target):
    """Copies the build's variables without the paths of the folder it was made in."""
    [path] = core.glob("_sysconfigdata_*.py")
    scope = {}
    exec(path.read_text(), scope)
    values = scope["build_time_vars"]
    source_folder = values["abs_srcdir"]
    build_folder = values["abs_builddir"]

    def clean(value):
        if isinstance(value, str):
            value = value.replace(source_folder, "/usr/src/python").replace(build_folder, "/usr/src/python/build")
        return value

    values = {key: clean(value) for key, value in values.items()} | SYSCONFIG
    text = "# system configuration generated and used by the sysconfig module\nbuild_time_vars = " + pprint.pformat(values) + "\n"
    (target / path.name).write_text(text)
    return target / path.name


def main():
    assert sys.version_info[:2] == (3, 13), f"run by {sys.version}; expected Python 3.13, whose .pyc format this is"
    core, prefix = map(pathlib.Path, sys.argv[1:3])
    patterns = read_patterns(pathlib.Path(__file__).with_name("stdlib.txt"))
    for part in ("python_stdlib", "python_stdlib_source"):
        shutil.rmtree(prefix / part, ignore_errors=True)
    print(f"packed {pack(core, prefix, patterns)} modules", file=sys.stderr)


if __name__ == "__main__":
    main()
