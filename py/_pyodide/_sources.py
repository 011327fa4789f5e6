"""Source text of code that was given as a string, so that tracebacks can show its lines.

Text with a file name of its own is handed to `linecache`. Texts that are all called `<exec>` cannot share one entry
there, since each would show the lines of the last: of those the most recent ones are kept beside their code objects,
and a frame finds its text by its code. Must not import `linecache` (it brings `re` and `tokenize`): entries wait here
until somebody else does.
"""

import sys

# Bounds on what is kept for `<exec>`: enough for a session at a prompt, small enough to forget about.
_KEEP_TEXTS = 64
_KEEP_CHARS = 1 << 20

_snippets: list[tuple[str, str, tuple]] = []
_snippet_chars = 0
_waiting: dict[str, str] = {}


def _entry(filename: str, source: str):
    # mtime None tells linecache that there is no file to compare with.
    return len(source), None, [line + "\n" for line in source.splitlines()], filename


def remember(filename: str, source: str, codes: tuple) -> None:
    """Keep the source of the code objects `codes` (None among them is skipped)."""
    global _snippet_chars
    if not isinstance(filename, str):
        return
    if not (filename.startswith("<") and filename.endswith(">")):
        linecache = sys.modules.get("linecache")
        if linecache is None:
            _waiting[filename] = source
        else:
            linecache.cache[filename] = _entry(filename, source)
        return
    _snippets.append((filename, source, codes))
    _snippet_chars += len(source)
    while len(_snippets) > _KEEP_TEXTS or (_snippet_chars > _KEEP_CHARS and len(_snippets) > 1):
        _snippet_chars -= len(_snippets.pop(0)[1])


def hand_over(linecache) -> None:
    """Give linecache what was waiting for it. Called once, when it has been imported."""
    while _waiting:
        filename, source = _waiting.popitem()
        linecache.cache[filename] = _entry(filename, source)


def _contains(codes, wanted) -> bool:
    pending = [code for code in codes if code is not None]
    code_type = type(wanted)
    while pending:
        code = pending.pop()
        if code is wanted or code == wanted:
            return True
        pending.extend(const for const in code.co_consts if type(const) is code_type)
    return False


def entry_of(code):
    """The linecache entry for the text that `code` was compiled from, or None when it is not known any more."""
    filename = code.co_filename
    for name, source, codes in reversed(_snippets):
        if name == filename and _contains(codes, code):
            return _entry(filename, source)
    return None
