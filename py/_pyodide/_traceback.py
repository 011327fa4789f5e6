"""The text of a Python exception as JavaScript gets to see it: PythonError.message.

It is CPython's own traceback with two changes: the frames of our own machinery before the first frame of the program are
left out, and lines of code that was given as a string are shown. Functions of JavaScript are in the traceback already
(src/ffi/py_proxy/js_frames.cc). `format_exception` never raises: an error report that fails is no report.
"""

import sys

from _pyodide import _sources

_OURS = ("pyodide", "_pyodide")
# The finder that explains a missing module is shown nowhere.
_IMPORT_HOOK = "_pyodide._importhook"
# The namespace of all frames that stand for JavaScript's. Their code objects are made anew each time, and their sources are
# nowhere in the file system.
_JAVASCRIPT = "<javascript>"


def _is_ours(frame) -> bool:
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and name.partition(".")[0] in _OURS


def _frames(exc) -> list:
    frames = []
    tb = exc.__traceback__
    while tb is not None:
        frames.append(tb.tb_frame)
        tb = tb.tb_next
    return frames


def _fill_lines(summary, frame, linecache) -> None:
    """Let `summary` read its lines from the text of its own code, not from whatever has that file name now."""
    filename = summary.filename
    if not filename.startswith("<"):
        return
    entry = _sources.entry_of(frame.f_code)
    if entry is None:
        return
    before = linecache.cache.get(filename)
    linecache.cache[filename] = entry
    try:
        summary.line  # reads the lines it needs and keeps them
    finally:
        if before is None:
            del linecache.cache[filename]
        else:
            linecache.cache[filename] = before


def _adjust(report, exc, linecache) -> None:
    """Apply the changes to `report`, the TracebackException of `exc`, and to all that it quotes."""
    seen = set()
    waiting = [(report, exc)]
    while waiting:
        report, exc = waiting.pop()
        if report is None or exc is None or id(exc) in seen:
            continue
        seen.add(id(exc))
        frames = _frames(exc)
        if report.stack is not None and len(frames) == len(report.stack):
            first = 0
            while first < len(frames) and _is_ours(frames[first]):
                first += 1
            kept = []
            for summary, frame in zip(report.stack[first:], frames[first:]):
                if frame.f_globals.get("__name__") != _IMPORT_HOOK:
                    _fill_lines(summary, frame, linecache)
                    kept.append(summary)
            report.stack[:] = kept
        waiting.append((report.__cause__, exc.__cause__))
        waiting.append((report.__context__, exc.__context__))
        waiting.extend(zip(report.exceptions or (), getattr(exc, "exceptions", ())))


def _format(exc) -> str:
    import linecache
    import traceback

    report = traceback.TracebackException(type(exc), exc, exc.__traceback__, lookup_lines=False, compact=True)
    if report.stack is not None and exc.__traceback__ is None:
        report.stack = None
    _adjust(report, exc, linecache)
    return "".join(report.format())


# (code object, whether it is of our own machinery, text) of frames by (id of the code object, instruction): the code object
# is kept so that the id stays its own. A program that
# raises and catches in a loop does so at the same places, and formatting one frame takes longer than all the rest.
_frame_texts: dict[tuple, tuple] = {}
_MOST_FRAME_TEXTS = 512

# Reports on these have more than frames and a last line: suggestions, source positions, inner exceptions.
_ELABORATE = (SyntaxError, NameError, AttributeError, ImportError, BaseExceptionGroup)


def _frame_text(tb) -> str:
    """The lines of one frame."""
    import linecache
    import traceback

    frame = tb.tb_frame
    if frame.f_globals.get("__name__") == _IMPORT_HOOK:
        return ""
    alone = type(tb)(None, frame, tb.tb_lasti, tb.tb_lineno)
    stack = traceback.TracebackException(Exception, Exception(), alone, lookup_lines=False, compact=True).stack
    _fill_lines(stack[0], frame, linecache)
    return "".join(stack.format())


# As traceback.StackSummary.format: a place is shown so many times in a row.
_MOST_REPEATED = 3


def _repeated(count: int) -> str:
    more = count - _MOST_REPEATED
    return f"  [Previous line repeated {more} more time{'s' if more > 1 else ''}]\n"


_HEADER = "Traceback (most recent call last):\n"
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


def _format_plain(exc) -> str | None:
    """What `_format` gives, for exceptions without notes and the like; None for the others."""
    if hasattr(sys, "tracebacklimit"):
        return None
    parts: list = []
    seen = set()
    while True:
        seen.add(id(exc))
        text = _format_link(exc)
        if text is None:
            return None
        parts.append(text)
        origin = exc.__cause__
        if origin is not None:
            words = _CAUSE
        else:
            origin = exc.__context__
            if origin is None or exc.__suppress_context__:
                break
            words = _CONTEXT
        if id(origin) in seen:
            return None
        parts.append(words)
        exc = origin
    return parts[0] if len(parts) == 1 else "".join(reversed(parts))


def _format_link(exc) -> str | None:
    """The report on one exception, without its causes."""
    if isinstance(exc, _ELABORATE) or getattr(exc, "__notes__", None) is not None:
        return None
    cls = type(exc)
    name = cls.__qualname__
    module = cls.__module__
    if module not in ("builtins", "__main__"):
        if not isinstance(module, str):
            return None
        name = f"{module}.{name}"
    message = str(exc)
    last = f"{name}: {message}\n" if message else f"{name}\n"
    tb = exc.__traceback__
    if tb is None:
        return last
    parts = [_HEADER]
    before = None
    count = 0
    while tb is not None:
        frame = tb.tb_frame
        code = frame.f_code
        ours = False
        if frame.f_globals.get("__name__") == _JAVASCRIPT:
            text = f'  File "{code.co_filename}", line {tb.tb_lineno}, in {code.co_name}\n'
        else:
            key = id(code), tb.tb_lasti
            known = _frame_texts.get(key)
            if known is None:
                if len(_frame_texts) >= _MOST_FRAME_TEXTS:
                    _frame_texts.clear()
                known = _frame_texts[key] = code, _is_ours(frame), _frame_text(tb)
            _, ours, text = known
        # Machinery between frames of the program is shown.
        if not ours or before is not None:
            here = tb.tb_lineno, code.co_name, code.co_filename
            if here != before:
                if count > _MOST_REPEATED:
                    parts.append(_repeated(count))
                before = here
                count = 0
            count += 1
            if count <= _MOST_REPEATED:
                parts.append(text)
        tb = tb.tb_next
    if count > _MOST_REPEATED:
        parts.append(_repeated(count))
    parts.append(last)
    return "".join(parts)


# A __str__ may call JavaScript and fail there, and so ask for a report on itself, in each attempt to show it: without a limit
# that takes for ever rather than ending at a full stack.
_MOST_NESTED = 2
_nested = 0


def _reports_under_way() -> int:
    count = 0
    frame = sys._getframe(1).f_back
    while frame is not None:
        count += frame.f_code is format_exception.__code__
        frame = frame.f_back
    return count


# An exception that ends a runaway recursion through both languages passes JavaScript a thousand times, each time with more
# frames: reports on its way are kept short, since all of them together would take a minute.
_MOST_ON_THE_WAY = 20


def _report_on_the_way(exc: BaseException) -> str:
    """The report on an exception that goes to JavaScript which Python waits for: with the innermost frames only."""
    full = tb = exc.__traceback__
    length = 0
    while tb is not None:
        length += 1
        tb = tb.tb_next
    if length <= 2 * _MOST_ON_THE_WAY:
        return _report(exc)
    inner = full
    for _ in range(length - _MOST_ON_THE_WAY):
        inner = inner.tb_next
    exc.__traceback__ = inner
    try:
        before, header, text = _report(exc).rpartition(_HEADER)
    finally:
        exc.__traceback__ = full
    return f"{before}{header}  [{length - _MOST_ON_THE_WAY} frames further out are not shown]\n{text}"


def format_exception(exc: BaseException, on_the_way: bool = False) -> str:
    """The report on `exc`: a traceback when it has one, and its last line `Type: message`."""
    global _nested
    if _nested:
        # Where JavaScript's stack ended in the middle of a report, nobody has counted back.
        _nested = _reports_under_way()
    if _nested > _MOST_NESTED:
        return f"{type(exc).__qualname__}: <not shown: an error in showing an error>\n"
    _nested += 1
    try:
        return _report_on_the_way(exc) if on_the_way else _report(exc)
    finally:
        _nested -= 1


def _report(exc: BaseException) -> str:
    try:
        try:
            text = _format_plain(exc)
        except RecursionError:
            raise
        except Exception:
            # A hostile __str__ or __notes__: the traceback module has words for those.
            text = None
        return text or _format(exc)
    except BaseException as failure:
        # A hostile __str__ or __traceback__, or no memory: say as much as can be said.
        name = type(exc).__qualname__
        try:
            return f"{name}: {exc}\n(its traceback could not be formatted: {type(failure).__name__}: {failure})\n"
        except BaseException:
            return f"{name}: <exception str() failed>\n"
