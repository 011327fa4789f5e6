"""What the JavaScript side of the border needs of Python beyond its exports: rare operations, imported on first need."""

from _pyodide_core import ConversionError, run_js


def throw_into(generator, error):
    """`generator.throw(error)` as an iterator result: {"done", "value"} as a pair."""
    if not isinstance(error, BaseException):
        raise TypeError(f"throw() expects an Error, not {type(error).__name__}")
    try:
        return (False, generator.throw(error))
    except StopIteration as stop:
        return (True, stop.value)


def return_from(generator, value):
    """Ends the generator as JavaScript's return() does: its finally blocks run, then it answers `value`.

    A generator that yields in a finally block goes on with what it yields.
    """
    try:
        return (False, generator.throw(GeneratorExit()))
    except GeneratorExit:
        return (True, value)
    except StopIteration as stop:
        return (True, value if stop.value is None else stop.value)


def raise_conversion_error(message: str):
    raise ConversionError(message)


def raise_conversion_failed(rethrow, hook: str):
    """ConversionError for what a hook of to_js has thrown, with that as its cause; `rethrow` throws it again."""
    try:
        rethrow()
    except ConversionError:
        raise
    except Exception as error:
        try:
            text = f"{type(error).__name__}: {error}"
        except Exception:
            text = type(error).__name__
        raise ConversionError(f"Conversion from python to javascript failed: {hook} raised {text}") from error
    finally:
        # This frame is in the exception's traceback, and `rethrow` holds the JavaScript error that holds the exception.
        del rethrow


def replace_items(sequence, start: int, count: int, *items):
    """Replaces `count` items from `start` on; returns what was removed, as a list."""
    removed = [sequence[i] for i in range(start, min(start + count, len(sequence)))]
    try:
        sequence[start : start + count] = items
    except TypeError:
        # A sequence without slices, such as a deque.
        for _ in removed:
            del sequence[start]
        for offset, item in enumerate(items):
            sequence.insert(start + offset, item)
    return removed


def make_js_exception(name: str, message: str):
    """The JsException of a new JavaScript error: of the global class `name` if that is an Error, else an Error of that name."""
    make = run_js(
        """(name, message) => {
            const found = globalThis[name];
            const known = typeof found === "function" && (found === Error || found.prototype instanceof Error);
            if (known && found.name === name) return new found(message);
            const error = new Error(message);
            if (name !== "Error") Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
            return error;
        }"""
    )
    return make(name, message)
