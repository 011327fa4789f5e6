"""Asynchronous iterators of Python as JavaScript walks them: what `for await` on a PyProxy is built on.

Each step takes two functions and calls exactly one of them, once: `resolve(done, value)` or `reject(exception)`.
Imports asyncio, so the border imports it on first need only.
"""

import asyncio

# The loop refers to its tasks weakly.
_steps: set = set()


async def _finish(awaitable, resolve, reject, value=None, ends=StopAsyncIteration) -> None:
    try:
        item = await awaitable
    except ends:
        resolve(True, value)
    except BaseException as error:
        # Without this frame, which would keep both functions for as long as somebody has the error.
        reject(error.with_traceback(error.__traceback__.tb_next))
    else:
        resolve(False, item)


def _start(coroutine) -> None:
    task = asyncio.ensure_future(coroutine)
    _steps.add(task)
    task.add_done_callback(_steps.discard)


def get_iterator(iterable):
    return aiter(iterable)


def advance(iterator, resolve, reject) -> None:
    _start(_finish(anext(iterator), resolve, reject))


def send_into(iterator, resolve, reject, value) -> None:
    """`asend(value)`, or a plain step of an iterator that takes no values."""
    send = getattr(iterator, "asend", None)
    _start(_finish(anext(iterator) if send is None else send(value), resolve, reject))


def throw_into(generator, resolve, reject, error) -> None:
    if not isinstance(error, BaseException):
        raise TypeError(f"throw() expects an Error, not {type(error).__name__}")
    _start(_finish(generator.athrow(error), resolve, reject))


def return_from(generator, resolve, reject, value) -> None:
    """Ends the generator as JavaScript's return() does: its finally blocks run, then the step answers `value`.

    A generator that yields in a finally block goes on with what it yields.
    """
    _start(_finish(generator.athrow(GeneratorExit()), resolve, reject, value, (GeneratorExit, StopAsyncIteration)))
