"""Awaitables across the border: what the proxies of promises and of coroutines are built on.

Imports asyncio, so the border imports it on first need only.
"""

import asyncio
import weakref

from _pyodide._host import throwError
from _pyodide_core import _then, run_js


def settle(awaitable, resolve, reject) -> None:
    """Run `awaitable` to its end, then call `resolve(result)` or `reject(exception)`: exactly one of them, once.

    A cancelled awaitable is rejected with a CancelledError.
    """

    def done(future):
        if future.cancelled():
            reject(asyncio.CancelledError("the awaited task was cancelled"))
            return
        error = future.exception()
        if error is not None:
            reject(error)
        else:
            resolve(future.result())

    asyncio.ensure_future(awaitable).add_done_callback(done)


def future_of_promise(promise):
    """A future that gets the outcome of a JavaScript promise. When cancelled it ignores what the promise says later."""
    future = asyncio.get_event_loop().create_future()

    def on_result(value):
        if not future.done():
            future.set_result(value)

    def on_error(error):
        if future.done():
            return
        if isinstance(error, StopIteration):
            # A future refuses this one, as it would end the generator that waits for it.
            wrapped = RuntimeError("the promise was rejected with StopIteration")
            wrapped.__cause__ = error
            error = wrapped
        elif not isinstance(error, BaseException):
            error = _not_an_error(error)
        else:
            error = _as_raised(error)
        future.set_exception(error)

    _then(promise, on_result, on_error)
    return future


# What a future is asked by asyncio and by those who hold one, beside its callbacks.
_FUTURE_METHODS = frozenset({"cancel", "cancelled", "done", "exception", "get_loop", "result"})
# Proxies are equal if their promises are the same one. The futures do not refer to them.
_kept_futures = weakref.WeakKeyDictionary()


def kept_future(promise):
    """The future that speaks for the promise as long as Python has a proxy of it."""
    future = _kept_futures.get(promise)
    if future is None:
        future = _kept_futures[promise] = future_of_promise(promise)
    return future


class _Callback:
    """Calls the function with the promise that it waits for, or with its future when nobody has the promise any more."""

    __slots__ = ("_function", "_promise")

    def __init__(self, function, promise):
        self._function = function
        # A promise that is never settled would keep itself alive by its callbacks.
        self._promise = weakref.ref(promise)

    def __call__(self, future):
        promise = self._promise()
        self._function(future if promise is None else promise)

    def __eq__(self, other):
        return isinstance(other, _Callback) and self._function == other._function

    def __hash__(self):
        return hash(self._function)


def future_attribute(promise, name):
    """An attribute that the promise does not have in JavaScript: a method of its future, or AttributeError."""
    if name in _FUTURE_METHODS:
        return getattr(kept_future(promise), name)
    if name == "add_done_callback":
        future = kept_future(promise)
        return lambda function, *, context=None: future.add_done_callback(_Callback(function, promise), context=context)
    if name == "remove_done_callback":
        future = kept_future(promise)
        return lambda function: future.remove_done_callback(_Callback(function, promise))
    raise AttributeError(name)


def is_future(promise) -> bool:
    """May asyncio take the proxy for a future? Not that of any object with a `then`: its methods may have the same names."""
    try:
        return str(promise) == "[object Promise]"
    except Exception:
        return False  # its toString() fails


def _as_raised(error):
    """The exception that Python sees when JavaScript throws this error: for a PythonError, the one that it stands for."""
    try:
        throwError(error)
    except BaseException as raised:
        # Without this function's own frame.
        return raised.with_traceback(None if raised is error else raised.__traceback__.tb_next)


def _not_an_error(value):
    """The exception for a promise that was rejected with something that is no Error."""
    message = value if isinstance(value, str) else f"A promise was rejected with {value!r}, which is not an Error"
    return run_js("Error").new(message)
