"""Running Python text: `eval_code` and its relatives, and calls that drop surplus arguments.

Guarantees: the value of a trailing expression is returned without a name being added to the caller's namespace; the
source of everything that runs here is known to tracebacks. Must stay cheap to import: `ast`, `textwrap` and `inspect`
are imported only by the calls that need them.
"""

from _ast import (
    AnnAssign,
    Assign,
    AugAssign,
    Expr,
    Expression,
    Load,
    Module,
    Name,
    PyCF_ALLOW_TOP_LEVEL_AWAIT,
    PyCF_ONLY_AST,
)

from _pyodide import _sources
from _pyodide_core import _compile_text, run_js

__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "should_quiet",
    "run_js",
    "relaxed_wrap",
    "relaxed_call",
]

_RETURN_MODES = ("last_expr", "last_expr_or_assign", "none")
_COMPILE_MODES = ("exec", "single", "eval")

_CO_COROUTINE = 0x80

# Flags of a code object that stand for `from __future__ import ...`: bits 17 to 24 in CPython 3.13. The trailing
# expression is compiled on its own and must see the future statements of the text it was cut from.
_FUTURE_FLAGS = 0xFF << 17


def _dedent(source: str) -> str:
    # Only text whose first line of code is indented can change, so the common case pays for one scan of its head.
    head = source.lstrip()
    if len(head) in (0, len(source)) or source[: len(source) - len(head)].endswith("\n"):
        return source
    from textwrap import dedent

    return dedent(source)


def _trailing_semicolon(source: str, body: list) -> bool:
    """Is the last statement followed by a semicolon?"""
    if ";" not in source or not body:
        return False
    last = body[-1]
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[last.end_lineno - 1].encode("utf-8", "surrogatepass")
    if line[: last.end_col_offset].endswith(b";"):
        # `def f(): pass;`, where the semicolon belongs to the body.
        return True
    rest = line[last.end_col_offset :].decode("utf-8", "surrogatepass")
    rest = "\n".join([rest, *lines[last.end_lineno :]])
    return rest.lstrip(" \t\f\n\\").startswith(";")


def should_quiet(source: str, /) -> bool:
    """True when the last statement of ``source`` ends with a semicolon, comments aside."""
    try:
        body = compile(source, "<exec>", "exec", PyCF_ONLY_AST | PyCF_ALLOW_TOP_LEVEL_AWAIT, True).body
    except SyntaxError:
        return source.rstrip().endswith(";")
    return _trailing_semicolon(source, body)


def _assigned_name(statement) -> Name | None:
    """The name whose value an assignment leaves behind; None for targets that are not plain names."""
    if type(statement) is Assign:
        target = statement.targets[0]
    elif type(statement) in (AnnAssign, AugAssign):
        target = statement.target
    else:
        return None
    if type(target) is not Name:
        return None
    return Name(
        id=target.id,
        ctx=Load(),
        lineno=target.lineno,
        col_offset=target.col_offset,
        end_lineno=target.end_lineno,
        end_col_offset=target.end_col_offset,
    )


class CodeRunner:
    """A piece of Python text on its way from source to result, one step at a time.

    ``CodeRunner(source)`` parses and leaves the tree in ``ast``, which may be changed; ``compile()`` makes ``code``;
    ``run()`` and ``run_async()`` execute it and return the value that ``return_mode`` asks for. ``eval_code`` does all
    of it in one call.

    return_mode: ``"last_expr"`` gives the value of a trailing expression, ``"last_expr_or_assign"`` also that of a
    trailing assignment to a name, ``"none"`` always None. With quiet_trailing_semicolon a text that ends with ``;``
    gives None. The other parameters are those of the built-in ``compile``; dedent removes common indentation first.
    """

    def __init__(
        self,
        source: str,
        *,
        return_mode: str = "last_expr",
        mode: str = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
        dont_inherit: bool = False,
        optimize: int = -1,
        dedent: bool = True,
    ):
        if not isinstance(source, str):
            raise TypeError(f"source must be a str with Python code, not {type(source).__name__!r}")
        if return_mode not in _RETURN_MODES:
            raise ValueError(f"return_mode must be one of {', '.join(_RETURN_MODES)}; got {return_mode!r}")
        if mode not in _COMPILE_MODES:
            raise ValueError(f"mode must be one of {', '.join(_COMPILE_MODES)}; got {mode!r}")
        self.source = _dedent(source) if dedent else source
        self.filename = filename
        self.mode = mode
        self._flags = flags
        self._optimize = optimize
        self._compiled = False
        self._code = None
        self._body_code = None
        self._value_code = None
        # dont_inherit has nothing to keep out: this module has no future statements of its own to hand on.
        self.ast = compile(self.source, filename, mode, flags | PyCF_ONLY_AST, True)
        if return_mode != "none" and mode == "exec" and quiet_trailing_semicolon:
            if _trailing_semicolon(self.source, self.ast.body):
                return_mode = "none"
        self.return_mode = return_mode

    def compile(self) -> "CodeRunner":
        """Compile ``self.ast``. Works once; returns the runner itself, so that calls chain."""
        if self._compiled:
            raise RuntimeError("This CodeRunner is already compiled")
        body, value = self._split()
        if body is not None:
            self._body_code = self._compile(body, self.mode, self._flags)
        if value is not None:
            futures = self._body_code.co_flags & _FUTURE_FLAGS if body is not None else 0
            self._value_code = self._compile(value, "eval", self._flags | futures)
        self._compiled = True
        _sources.remember(self.filename, self.source, (self._body_code, self._value_code))
        return self

    def _compile(self, tree, mode, flags):
        return compile(tree, self.filename, mode, flags, True, self._optimize)

    def _split(self):
        """The tree as (statements, expression whose value is the result); either may be None.

        Two code objects instead of a result variable: adding a name to the globals, even for a moment, throws away the
        interpreter's inline caches of every function that uses them.
        """
        tree = self.ast
        if self.mode == "eval":
            return None, tree
        if self.mode == "single" or self.return_mode == "none" or not tree.body:
            return tree, None
        last = tree.body[-1]
        if type(last) is Expr:
            rest = tree.body[:-1]
            body = Module(body=rest, type_ignores=tree.type_ignores) if rest else None
            return body, Expression(body=last.value)
        if self.return_mode == "last_expr_or_assign":
            name = _assigned_name(last)
            if name is not None:
                return tree, Expression(body=name)
        return tree, None

    @property
    def code(self):
        """The code object of the whole text, None before ``compile()``. May be replaced before running."""
        if self._compiled and self._code is None:
            if self._value_code is None:
                return self._body_code
            if self._body_code is None:
                return self._value_code
            self._code = self._compile(self.ast, self.mode, self._flags)
        return self._code

    @code.setter
    def code(self, code):
        self._code = self._body_code = code
        self._value_code = None
        self._compiled = True

    def run(self, globals: dict | None = None, locals=None):
        """Execute the compiled code and return its value. Code with top-level await needs ``run_async``."""
        return _run(self._codes(), globals, locals)

    async def run_async(self, globals: dict | None = None, locals=None):
        """As ``run``, for code that was compiled with ``PyCF_ALLOW_TOP_LEVEL_AWAIT``."""
        return await _run_async(self._codes(), globals, locals)

    def _codes(self) -> tuple:
        if not self._compiled:
            raise RuntimeError("This CodeRunner is not compiled yet: call compile() first")
        return self._body_code, self._value_code


def _run(codes, globals, locals):
    globals, locals = _namespaces(globals, locals)
    result = None
    for code in codes:
        if code is None:
            continue
        if code.co_flags & _CO_COROUTINE:
            raise RuntimeError("The code uses top-level await: use run_async or eval_code_async to run it")
        result = eval(code, globals, locals)
    return result if codes[1] is not None else None


async def _run_async(codes, globals, locals):
    globals, locals = _namespaces(globals, locals)
    result = None
    for code in codes:
        if code is None:
            continue
        result = eval(code, globals, locals)
        if code.co_flags & _CO_COROUTINE:
            result = await result
    return result if codes[1] is not None else None


def _namespaces(globals, locals):
    if globals is None:
        globals = {}
    elif not isinstance(globals, dict):
        raise TypeError(
            f"globals must be a dict, not {type(globals).__name__!r}"
            " (a JavaScript object becomes one with pyodide.toPy(object))"
        )
    return globals, globals if locals is None else locals


def _compiled(source, return_mode, quiet_trailing_semicolon, filename, flags, optimize, dedent) -> tuple:
    """The code objects of a text, (statements, expression whose value is the result); either may be None.

    The tree becomes Python objects only where something has to look at it: that takes longer than parsing.
    """
    if (
        return_mode == "last_expr"
        and flags in (0, PyCF_ALLOW_TOP_LEVEL_AWAIT)
        and type(source) is type(filename) is str
        and not (quiet_trailing_semicolon and ";" in source)
    ):
        if dedent:
            source = _dedent(source)
        codes = _compile_text(source, filename, flags, optimize)
        _sources.remember(filename, source, codes)
        return codes
    runner = CodeRunner(
        source,
        return_mode=return_mode,
        quiet_trailing_semicolon=quiet_trailing_semicolon,
        filename=filename,
        flags=flags,
        optimize=optimize,
        dedent=dedent,
    ).compile()
    return runner._body_code, runner._value_code


def eval_code(
    source: str,
    globals: dict | None = None,
    locals=None,
    *,
    return_mode: str = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
):
    """Run Python text and return the value of its last expression, if it ends with one.

    globals defaults to a new dict, locals to globals. See `CodeRunner` for the other parameters.
    """
    codes = _compiled(source, return_mode, quiet_trailing_semicolon, filename, flags, optimize, dedent)
    return _run(codes, globals, locals)


async def eval_code_async(
    source: str,
    globals: dict | None = None,
    locals=None,
    *,
    return_mode: str = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
):
    """As `eval_code`, for text that may use ``await``, ``async for`` and ``async with`` at its top level."""
    flags |= PyCF_ALLOW_TOP_LEVEL_AWAIT
    codes = _compiled(source, return_mode, quiet_trailing_semicolon, filename, flags, optimize, dedent)
    return await _run_async(codes, globals, locals)


def find_imports(source: str) -> list[str]:
    """The modules that ``source`` imports absolutely, with the packages that contain them, sorted.

    A text that is not valid Python imports nothing.
    """
    import ast

    try:
        tree = compile(_dedent(source), "<exec>", "exec", PyCF_ONLY_AST | PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
    except SyntaxError:
        return []
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module)
    for name in tuple(names):
        while "." in name:
            name = name.rpartition(".")[0]
            names.add(name)
    return sorted(names)


_CO_VARARGS = 0x04
_CO_VARKEYWORDS = 0x08


def _accepted(func):
    """What ``func`` takes: (number of positional arguments or None for any, keyword names or None for any)."""
    code = getattr(func, "__code__", None)
    if code is not None and type(func).__name__ == "function" and not hasattr(func, "__wrapped__"):
        count = code.co_argcount
        positional = None if code.co_flags & _CO_VARARGS else count
        if code.co_flags & _CO_VARKEYWORDS:
            return positional, None
        names = code.co_varnames
        return positional, frozenset(names[code.co_posonlyargcount : count + code.co_kwonlyargcount])
    from inspect import Parameter, signature

    try:
        parameters = signature(func).parameters.values()
    except ValueError:
        # Some built-in callables do not say what they take: hand them everything.
        return None, None
    kinds = [parameter.kind for parameter in parameters]
    positional = None
    if Parameter.VAR_POSITIONAL not in kinds:
        positional = sum(k in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD) for k in kinds)
    keywords = None
    if Parameter.VAR_KEYWORD not in kinds:
        named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
        keywords = frozenset(parameter.name for parameter in parameters if parameter.kind in named)
    return positional, keywords


def relaxed_call(func, /, *args, **kwargs):
    """Call ``func`` without the positional and keyword arguments that it does not take."""
    positional, keywords = _accepted(func)
    if positional is not None:
        args = args[:positional]
    if keywords is not None and kwargs:
        kwargs = {name: value for name, value in kwargs.items() if name in keywords}
    return func(*args, **kwargs)


def relaxed_wrap(func):
    """Decorator: the function ignores arguments that it does not take, as JavaScript functions do."""
    from functools import wraps

    @wraps(func)
    def wrapper(*args, **kwargs):
        return relaxed_call(func, *args, **kwargs)

    return wrapper
