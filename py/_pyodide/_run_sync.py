"""Waiting without `await`: `pyodide.ffi.run_sync`, and `time.sleep` where the event loop can run meanwhile.

The stack that waits is put aside by the border (`_pyodide_core._wait`, told in src/runtime/stack_switch.cc). This module
says what is waited for, and lets asyncio know.
"""

import sys
import time
from math import ceil

from _pyodide import _host
from _pyodide_core import JsPromise, _plain_sleep, _wait, can_run_sync, run_js

# The longest delay that setTimeout takes.
_MAX_DELAY_MS = 2**31 - 1
# Seconds. Whoever means to sleep for longer than thirty years finds out what time.sleep has against it.
_MAX_SLEEP = 1e9

# A promise and the function that fulfils it.
_deferred = run_js("() => { let resolve; const promise = new Promise((r) => { resolve = () => r(); }); return [promise, resolve]; }")
# What `promise` brings, unless the function fulfils it with nothing before.
_interruptible = run_js(
    "(promise) => { let stop; const stopped = new Promise((r) => { stop = () => r(); });"
    " return [Promise.race([promise, stopped]), stop]; }"
)


class _PromiseWait:
    """What a task that waits for a promise can be cancelled by."""

    def __init__(self, stop):
        self.stop = stop
        self.message = None
        self.cancelled = False

    def cancel(self, msg=None) -> bool:
        self.cancelled = True
        self.message = msg
        self.stop()
        return True

    def error(self) -> BaseException:
        from asyncio import CancelledError

        return CancelledError() if self.message is None else CancelledError(self.message)


def _check_can_wait():
    if not _host.canSwitchStacks:
        raise RuntimeError("WebAssembly stack switching not supported in this JavaScript runtime")
    if not can_run_sync():
        raise RuntimeError(
            "Cannot stack switch because the Python entrypoint was a synchronous function. "
            "Use pyFunc.callPromising() to fix."
        )


def _wait_aside(promise, canceller):
    """Let everything else run until the promise is settled. The task that waits is cancelled by `canceller.cancel()`."""
    webloop = sys.modules.get("pyodide.webloop")
    if webloop is None:
        return _wait(promise)
    return webloop.wait_aside(_wait, promise, canceller)


def _promise_result(promise):
    either, stop = _interruptible(promise)
    wait = _PromiseWait(stop)
    result = _wait_aside(either, wait)
    if wait.cancelled:
        raise wait.error()
    return result


def _future_result(awaitable):
    import asyncio

    future = asyncio.ensure_future(awaitable)
    if not future.done():
        promise, wake = _deferred()
        future.add_done_callback(lambda _: wake())
        try:
            _wait_aside(promise, future)
        except BaseException:
            # Nobody will ask for it.
            if future is not awaitable:
                future.cancel()
            raise
    return future.result()


def run_sync(x):
    """Block until an awaitable is done, and give its result or raise its exception.

    Everything else goes on meanwhile: JavaScript, and the other tasks of the event loop. This works where
    `can_run_sync()` says so: in an engine with JavaScript Promise Integration, in `runPythonAsync`, in tasks and
    callbacks of the event loop, in calls of async functions from JavaScript, and in `callPromising`.
    """
    if not hasattr(x, "__await__"):
        raise TypeError(f"object {type(x).__name__} is not awaitable")
    _check_can_wait()
    return _promise_result(x) if isinstance(x, JsPromise) else _future_result(x)


def sleep(seconds):
    """time.sleep where `can_run_sync()`."""
    try:
        waits = isinstance(seconds, (int, float)) and 0 <= seconds <= _MAX_SLEEP
    except TypeError:
        waits = False
    if not waits:
        # It knows what is wrong with them.
        return _plain_sleep(seconds)
    sys.audit("time.sleep", seconds)
    due = time.monotonic() + seconds
    left = seconds
    while True:
        promise, wake = _deferred()
        timer = _host.setTimeout(wake, min(ceil(left * 1000), _MAX_DELAY_MS))
        wait = _PromiseWait(wake)
        _wait_aside(promise, wait)
        if wait.cancelled:
            _host.clearTimeout(timer)
            raise wait.error()
        left = due - time.monotonic()
        # A timer may go off a little early.
        if left <= 0:
            return
