"""Methods of JsProxies that are written in Python: those of mappings, of async iterators and of promises.

The border imports this when the first proxy that needs it is made, and calls `install` for its class.
"""

from _collections_abc import Mapping, MutableMapping, MutableSequence

# How _resume goes on with an async generator (Resume in the border's contract).
_SEND, _THROW, _RETURN = 0, 1, 2


async def _step(promise):
    """The item that the promise of an async iterator's step brings."""
    step = await promise
    if step.done:
        raise StopAsyncIteration(step.value)
    return step.value


class JsArray:
    pass


class JsMap:
    get = Mapping.get
    keys = Mapping.keys
    items = Mapping.items
    values = Mapping.values


class JsMutableMap:
    pop = MutableMapping.pop
    popitem = MutableMapping.popitem
    clear = MutableMapping.clear
    update = MutableMapping.update
    setdefault = MutableMapping.setdefault
    # pop() asks its class for this.
    _MutableMapping__marker = MutableMapping._MutableMapping__marker


class JsPromise:
    # By this asyncio knows futures; its value is None for what is none. The methods come from _promise.future_attribute.
    @property
    def _asyncio_future_blocking(self):
        from _pyodide._promise import is_future, kept_future

        return kept_future(self)._asyncio_future_blocking if is_future(self) else None

    @_asyncio_future_blocking.setter
    def _asyncio_future_blocking(self, value):
        from _pyodide._promise import kept_future

        kept_future(self)._asyncio_future_blocking = value


class JsAsyncIterator:
    def __anext__(self):
        """An awaitable of the next item; StopAsyncIteration at the end."""
        return _step(self._resume(_SEND, None))


class JsAsyncGenerator:
    def asend(self, value):
        """An awaitable that goes on with next(value), to the next item; StopAsyncIteration at the end."""
        return _step(self._resume(_SEND, value))

    def athrow(self, type, value=None, traceback=None):
        """An awaitable that raises the exception inside the generator, to the next item."""
        if isinstance(type, BaseException):
            error = type
        else:
            error = value if isinstance(value, BaseException) else type() if value is None else type(value)
        if traceback is not None:
            error = error.with_traceback(traceback)
        return _step(self._resume(_THROW, error))

    async def aclose(self):
        """Calls the generator's return(): its finally blocks run."""
        step = await self._resume(_RETURN, None)
        if not step.done:
            raise RuntimeError("JavaScript async generator ignored return()")


class _JsAsyncDisposable:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        """Awaits the object's [Symbol.asyncDispose]()."""
        result = self._dispose_async()
        if hasattr(result, "__await__"):
            await result


_ABCS = {"JsArray": MutableSequence, "JsMap": Mapping, "JsMutableMap": MutableMapping}


def install(cls: type, name: str) -> None:
    """Give `cls`, the border's class of this name, the methods that are written here."""
    for key, value in vars(globals()[name]).items():
        if key not in ("__module__", "__dict__", "__weakref__", "__doc__", "__qualname__", "__firstlineno__", "__static_attributes__"):
            setattr(cls, key, value)
    abc = _ABCS.get(name)
    if abc is not None:
        abc.register(cls)
