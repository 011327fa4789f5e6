"""Types for annotations of the hooks of conversions; pyodide.ffi imports them when they are asked for."""

from collections.abc import Callable
from typing import Any, Protocol

from _pyodide_core import JsProxy


class ToJsConverter(Protocol):
    """What `default_converter` and `eager_converter` of `to_js` are.

    `value` is the object to convert. `converter(value)` converts another one, or in an `eager_converter` the same one, as
    it is converted by default; in a `default_converter` the same one would come back to it without end. Call
    `cache(value, result)` before parts are converted that may contain `value` again.
    """

    def __call__(
        self,
        /,
        value: Any,
        converter: Callable[[Any], JsProxy],
        cache: Callable[[Any, JsProxy], None],
    ) -> JsProxy: ...


ToJsConverter.__module__ = "pyodide.ffi"
