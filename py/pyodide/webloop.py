"""asyncio on the event loop of JavaScript.

`WebLoop` is CPython's own base loop with its engine exchanged: instead of waiting in `select`, it asks the host to call
it back, once when there is something to run and once when the earliest timer is due. A pass over the ready callbacks is
one crossing of the border however many there are; new ones wait for the next pass, so JavaScript gets its turn between.

The loop runs as long as the page or process does. It cannot be stopped or closed. `run_until_complete` waits where
`pyodide.ffi.can_run_sync()`; elsewhere it would wait for ever, and gives back the future instead.
"""

import sys
from asyncio import base_events, coroutines, events, exceptions, futures, runners, tasks
from heapq import heappop, heappush
from math import ceil

from _pyodide import _host
from _pyodide_core import _share_current_tasks, can_run_sync, create_proxy

__all__ = ["WebLoop", "WebLoopPolicy", "PyodideFuture", "PyodideTask"]

# The longest delay that setTimeout takes: more than 2**31 - 1 ms would fire at once.
_MAX_DELAY_MS = 2**31 - 1


async def _settled(value):
    """The value, or what it gives when it is awaited, again and again until it gives something else."""
    while coroutines.iscoroutine(value) or hasattr(value, "__await__"):
        value = await value
    return value


class _PromiseMethods:
    """then, catch and finally_, with the meaning they have for promises."""

    def then(self, onfulfilled=None, onrejected=None) -> "PyodideFuture":
        """A new future for the result of ``onfulfilled(result)`` or ``onrejected(exception)``.

        An awaitable result is awaited. Without a callback for the case the outcome is passed on.
        """
        result = PyodideFuture(loop=self.get_loop())

        async def follow(done):
            try:
                if done.cancelled():
                    error = exceptions.CancelledError()
                else:
                    error = done.exception()
                if error is None:
                    value = done.result()
                    if onfulfilled is not None:
                        value = onfulfilled(value)
                elif onrejected is not None:
                    value = onrejected(error)
                else:
                    raise error
                value = await _settled(value)
            except exceptions.CancelledError:
                result.cancel()
            except Exception as error:
                if not result.cancelled():
                    result.set_exception(error)
            else:
                if not result.cancelled():
                    result.set_result(value)

        self.add_done_callback(lambda done: done.get_loop().create_task(follow(done)))
        return result

    def catch(self, onrejected) -> "PyodideFuture":
        """``then(None, onrejected)``."""
        return self.then(None, onrejected)

    def finally_(self, onfinally) -> "PyodideFuture":
        """Call ``onfinally()`` when done and pass the outcome on, unless ``onfinally`` itself raises."""

        async def fulfilled(value):
            await _settled(onfinally())
            return value

        async def rejected(error):
            await _settled(onfinally())
            raise error

        return self.then(fulfilled, rejected)


class PyodideFuture(_PromiseMethods, futures.Future):
    """An asyncio future with the methods of a promise. `loop.create_future()` makes them."""


class PyodideTask(_PromiseMethods, tasks.Task):
    """An asyncio task with the methods of a promise. `asyncio.create_task()` makes them."""

    # While it is suspended in run_sync: what to cancel, as `await` has its future.
    _waits_for = None

    def cancel(self, msg=None):
        waits_for = self._waits_for
        if waits_for is not None and waits_for.cancel(msg):
            return True
        return super().cancel(msg)


class WebLoop(base_events.BaseEventLoop):
    """The event loop of Python code in a JavaScript engine."""

    def __init__(self):
        self._pass_requested = False
        self._timer = None
        self._timer_due = None
        # Made when they are first needed and kept: one proxy each, not one per callback.
        self._on_pass = None
        self._on_timer = None
        super().__init__()
        self._set_coroutine_origin_tracking(self._debug)

    def __del__(self):
        # The base class warns of a loop that was not closed, which is no mistake here.
        pass

    # Life: it always runs.

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def close(self) -> None:
        """Give back what an idle loop holds. The loop can still be used: the host's event loop goes on."""
        if self._ready or self._scheduled:
            return
        for proxy in (self._on_pass, self._on_timer):
            if proxy is not None:
                proxy.destroy()
        self._on_pass = self._on_timer = None

    def stop(self) -> None:
        """Does nothing: the host's event loop goes on."""

    def run_forever(self) -> None:
        """Does nothing: the host runs the loop as soon as Python returns to it."""

    def run_until_complete(self, future):
        """Wait for the awaitable and return its result, where ``can_run_sync()`` and enableRunUntilComplete is on.

        Elsewhere schedule it and return its future, which is not done yet: ``await`` it or add a callback.
        """
        future = tasks.ensure_future(future, loop=self)
        if _host.runUntilComplete and can_run_sync():
            from _pyodide._run_sync import run_sync

            return run_sync(future)
        return future

    def set_debug(self, enabled: bool) -> None:
        self._debug = bool(enabled)
        # The base class calls this before it has set up what the tracking needs; __init__ makes up for it.
        if hasattr(self, "_coroutine_origin_tracking_enabled"):
            self._set_coroutine_origin_tracking(self._debug)

    # Scheduling.

    def _request_pass(self):
        if not self._pass_requested:
            self._pass_requested = True
            if self._on_pass is None:
                self._on_pass = create_proxy(self._run_ready)
            _host.immediate(self._on_pass)

    def _call_soon(self, callback, args, context):
        handle = events.Handle(callback, args, self, context)
        self._ready.append(handle)
        self._request_pass()
        return handle

    def call_soon_threadsafe(self, callback, *args, context=None):
        return self.call_soon(callback, *args, context=context)

    def _write_to_self(self):
        pass

    def call_at(self, when, callback, *args, context=None):
        if when is None:
            raise TypeError("when cannot be None")
        if self._debug:
            self._check_callback(callback, "call_at")
        timer = events.TimerHandle(when, callback, args, self, context)
        heappush(self._scheduled, timer)
        timer._scheduled = True
        self._arm()
        return timer

    def _timer_handle_cancelled(self, handle):
        # A timer that nobody wants any more must not keep a Node process alive. The handle is not marked yet.
        if self._scheduled and self._scheduled[0] is handle:
            heappop(self._scheduled)
            handle._scheduled = False
            self._arm()

    def _arm(self):
        """Make the host's one timer go off when the earliest live handle is due."""
        scheduled = self._scheduled
        while scheduled and scheduled[0]._cancelled:
            heappop(scheduled)._scheduled = False
        due = scheduled[0]._when if scheduled else None
        if due == self._timer_due:
            return
        if self._timer is not None:
            _host.clearTimeout(self._timer)
            self._timer = None
        self._timer_due = due
        if due is not None:
            delay = min(max(ceil((due - self.time()) * 1000), 0), _MAX_DELAY_MS)
            if self._on_timer is None:
                self._on_timer = create_proxy(self._run_timers)
            self._timer = _host.setTimeout(self._on_timer, delay)

    def _run_timers(self):
        self._timer = self._timer_due = None
        now = self.time()
        scheduled = self._scheduled
        while scheduled and (scheduled[0]._cancelled or scheduled[0]._when <= now):
            handle = heappop(scheduled)
            handle._scheduled = False
            if not handle._cancelled:
                self._ready.append(handle)
        self._arm()
        self._run_ready()

    def _run_ready(self):
        self._pass_requested = False
        ready = self._ready
        try:
            for _ in range(len(ready)):
                if not ready:
                    # A callback ran a pass itself, by way of JavaScript.
                    break
                handle = ready.popleft()
                if not handle._cancelled:
                    self._run_handle(handle)
        finally:
            if ready:
                self._request_pass()

    def _run_handle(self, handle):
        try:
            handle._run()
        except (SystemExit, KeyboardInterrupt) as error:
            # asyncio lets these two end the loop. This loop has no end, and as an uncaught error they would end a Node
            # process. A task has kept the exception for whoever awaits it; otherwise it is reported like any other.
            callback = handle._callback
            if not isinstance(getattr(callback, "__self__", None), tasks.Task):
                self.call_exception_handler(
                    {"message": f"{type(error).__name__} in callback {callback!r}", "exception": error, "handle": handle}
                )

    # Making things.

    def create_future(self):
        return PyodideFuture(loop=self)

    def create_task(self, coro, *, name=None, context=None):
        if self._task_factory is not None:
            return super().create_task(coro, name=name, context=context)
        task = PyodideTask(coro, loop=self, name=name, context=context)
        if task._source_traceback:
            del task._source_traceback[-1]
        try:
            return task
        finally:
            # A reference to the task from its own traceback would be a cycle.
            del task

    def run_in_executor(self, executor, func, *args):
        """Call ``func`` now: there are no threads to call it in. Its result or exception goes into a future."""
        if self._debug:
            self._check_callback(func, "run_in_executor")
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            future.set_exception(error)
        return future

    def set_default_executor(self, executor):
        """Accepted and ignored: see `run_in_executor`."""

    async def shutdown_default_executor(self, timeout=None):
        """Nothing to shut down."""

    def _install(self) -> None:
        """Be the running loop of this interpreter from now on, between callbacks as well as in them."""
        events._set_running_loop(self)
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)


class WebLoopPolicy(events.BaseDefaultEventLoopPolicy):
    """The policy that is in force from the first import of asyncio: one WebLoop for everything."""

    _loop_factory = WebLoop

    def get_event_loop(self):
        if self._local._loop is None:
            self.set_event_loop(self.new_event_loop())
        return self._local._loop


def _run(main, *, debug=None, loop_factory=None):
    """asyncio.run on a loop that runs already: as the loop's run_until_complete."""
    if not coroutines.iscoroutine(main):
        raise ValueError(f"a coroutine was expected, got {main!r}")
    loop = events.get_event_loop()
    if debug is not None:
        loop.set_debug(debug)
    return loop.run_until_complete(main)


def wait_aside(wait, promise, canceller):
    """Call ``wait(promise)``, which suspends this stack, so that the loop goes on and the current task can be cancelled."""
    loop = events.get_event_loop()
    if isinstance(loop, WebLoop) and loop._ready:
        # The pass that called us may not come to its end for long: another one takes over.
        loop._request_pass()
    task = tasks.current_task(loop)
    if not isinstance(task, PyodideTask):
        return wait(promise)
    task._waits_for = canceller
    try:
        return wait(promise)
    finally:
        task._waits_for = None


def install() -> None:
    """Make a WebLoop the event loop of this interpreter."""
    import asyncio

    policy = WebLoopPolicy()
    asyncio.set_event_loop_policy(policy)
    policy.get_event_loop()._install()
    _share_current_tasks(tasks._current_tasks)
    asyncio.run = runners.run = _run
