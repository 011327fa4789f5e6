"""Awaitables across the border: what the proxies of promises and of coroutines are built on.

Imports asyncio, so the border imports it on first need only.
"""

import asyncio

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
