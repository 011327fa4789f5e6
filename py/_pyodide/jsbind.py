"""Typed JsProxies: `JsProxy.bind_sig` and `bind_class` convert by the annotations of a Python signature.

Annotations may be, also inside ``Annotated[T, ...]``:

- ``Deep``: data is converted as a whole, with ``to_js`` and ``to_py``;
- ``Json``: data is seen through a live view, ``asJsJson`` in JavaScript and ``as_py_json`` in Python;
- ``Default`` and everything unknown: the implicit conversions;
- a subclass of `BindClass`, or ``type`` of one: the result is bound to it.

Experimental, as it is in Pyodide.
"""

import functools
import inspect
import typing

from _pyodide_core import JsProxy, create_proxy, to_js


class Default:
    """The implicit conversions."""

    @staticmethod
    def py2js(value, _destroy):
        return value

    @staticmethod
    def js2py(value):
        return value


class Deep:
    """Copies of whole values."""

    @staticmethod
    def py2js(value, _destroy):
        return to_js(value)

    @staticmethod
    def js2py(value):
        return value.to_py() if isinstance(value, JsProxy) else value


class Json:
    """Live views of plain data."""

    @staticmethod
    def py2js(value, destroy):
        if not isinstance(value, (dict, list, tuple)):
            return value
        proxy = create_proxy(value)
        destroy.append(proxy)
        return proxy.asJsJson()

    @staticmethod
    def js2py(value):
        return value.as_py_json() if isinstance(value, JsProxy) else value


class BindClass:
    """Base of classes that describe a JavaScript object: annotated attributes, methods and properties."""


class _Bound:
    """Binds results to a class, or to ``type`` of one."""

    py2js = Default.py2js

    def __init__(self, signature):
        self._signature = signature

    def js2py(self, value):
        return value.bind_sig(self._signature) if isinstance(value, JsProxy) else value


def _converter(annotation):
    if typing.get_origin(annotation) is typing.Annotated:
        for extra in annotation.__metadata__:
            if extra in (Deep, Json, Default):
                return extra
        annotation = annotation.__origin__
    if annotation in (Deep, Json, Default):
        return annotation
    if _described(annotation) is not None:
        return _Bound(annotation)
    return Default


def _described(signature):
    """The BindClass that a signature is, or ``type`` of; else None."""
    if typing.get_origin(signature) is type:
        signature = typing.get_args(signature)[0]
    return signature if isinstance(signature, type) and issubclass(signature, BindClass) else None


class Method:
    """A function that describes a method: its first parameter is not passed."""

    def __init__(self, function):
        self.function = function


class _Plan:
    """How a call that is described by a function is made."""

    def __init__(self, function, is_method: bool):
        self.signature = inspect.signature(function)
        parameters = list(self.signature.parameters.values())
        if is_method:
            self.signature = self.signature.replace(parameters=parameters[1:])
        hints = _hints(function)
        self.converters = {name: _converter(hints.get(name)) for name in self.signature.parameters}
        self.result = _converter(hints.get("return"))
        self.is_async = inspect.iscoroutinefunction(function)
        self.name = getattr(function, "__name__", "the function")

    def arguments(self, args, kwargs, destroy):
        """Positional and keyword arguments as JavaScript is to get them; TypeError as the described function raises it."""
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}(): {error}") from None
        given = bound.arguments
        positional, named = [], {}
        for name, parameter in self.signature.parameters.items():
            convert = self.converters[name].py2js
            if parameter.kind is parameter.VAR_POSITIONAL:
                positional += [convert(value, destroy) for value in given.get(name, ())]
            elif parameter.kind is parameter.VAR_KEYWORD:
                named.update({key: convert(value, destroy) for key, value in given.get(name, {}).items()})
            elif parameter.kind is parameter.KEYWORD_ONLY:
                # An option that is not given and has no default is left to JavaScript.
                value = given.get(name, parameter.default)
                if name in given or value is not None:
                    named[name] = convert(value, destroy)
            else:
                positional.append(convert(given.get(name, parameter.default), destroy))
        return positional, named


_plan = functools.cache(_Plan)


@functools.cache
def _hints(described) -> dict:
    return typing.get_type_hints(described, include_extras=True)


async def _later(promise, convert):
    return convert(await promise)


def _invoke(function, plan, args, kwargs):
    """Call `function` with arguments that are converted as `plan` says; its result as it is."""
    destroy = []
    try:
        positional, named = plan.arguments(args, kwargs, destroy)
        return function(*positional, **named)
    finally:
        for proxy in destroy:
            proxy.destroy()


def _call(function, plan, args, kwargs):
    result = _invoke(function, plan, args, kwargs)
    if plan.is_async:
        return _later(result, plan.result.js2py)
    return plan.result.js2py(result)


def call(proxy, signature, *args, **kwargs):
    """Call a JavaScript function as `signature`, a function, a `Method` or a class, describes it."""
    if isinstance(signature, Method):
        return _call(proxy, _plan(signature.function, True), args, kwargs)
    if callable(signature) and not isinstance(signature, type) and typing.get_origin(signature) is None:
        return _call(proxy, _plan(signature, False), args, kwargs)
    described = getattr(_described(signature), "__call__", None)
    if inspect.isfunction(described):
        return _call(proxy, _plan(described, True), args, kwargs)
    return proxy(*args, **kwargs)


def construct(proxy, signature, *args, **kwargs):
    """Call a JavaScript class with ``new`` as the `BindClass` of `signature` describes it; the object is bound to that."""
    described = _described(signature)
    if described is None:
        return proxy.new(*args, **kwargs)
    if "__init__" in vars(described):
        made = _invoke(proxy.new, _plan(described.__init__, True), args, kwargs)
    else:
        made = proxy.new(*args, **kwargs)
    return made.bind_sig(described)


def attribute(signature, name, value):
    """The attribute `name` of a proxy that is bound to `signature`, converted as that describes it."""
    static = typing.get_origin(signature) is type
    described = typing.get_args(signature)[0] if static else signature
    if not isinstance(described, type):
        return value
    hints = _hints(described)
    if name in hints:
        return _converter(hints[name]).js2py(value)
    found = inspect.getattr_static(described, name, None)
    if isinstance(found, property) and found.fget is not None:
        return _converter(_hints(found.fget).get("return")).js2py(value)
    if not isinstance(value, JsProxy):
        return value
    if isinstance(found, staticmethod):
        return value.bind_sig(found.__func__)
    if isinstance(found, classmethod):
        return value.bind_sig(Method(found.__func__))
    if inspect.isfunction(found) and found is not getattr(object, name, None):
        return value.bind_sig(Method(found))
    return value
