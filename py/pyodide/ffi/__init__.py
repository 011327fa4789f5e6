"""The JavaScript border as Python sees it: proxy classes, conversions, and what keeps proxies alive.

The classes and functions are those of the built-in module `_pyodide_core`; this module gives them their public home.
"""

from _pyodide._importhook import register_js_module, unregister_js_module
from _pyodide_core import (
    ConversionError,
    InternalError,
    JsArray,
    JsAsyncGenerator,
    JsAsyncIterable,
    JsAsyncIterator,
    JsBigInt,
    JsBuffer,
    JsCallable,
    JsDoubleProxy,
    JsException,
    JsGenerator,
    JsIterable,
    JsIterator,
    JsMap,
    JsMutableMap,
    JsNull,
    JsPromise,
    JsProxy,
    JsTypedArray,
    create_once_callable,
    create_proxy,
    jsnull,
    to_js,
)

# For packages that also run elsewhere and want to know.
IN_PYODIDE = True

__all__ = [
    "ConversionError",
    "IN_PYODIDE",
    "InternalError",
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBigInt",
    "JsBuffer",
    "JsCallable",
    "JsDoubleProxy",
    "JsException",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "create_once_callable",
    "create_proxy",
    "jsnull",
    "register_js_module",
    "to_js",
    "unregister_js_module",
]
