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
    JsCallableDoubleProxy,
    JsDomElement,
    JsDoubleProxy,
    JsException,
    JsFetchResponse,
    JsGenerator,
    JsIterable,
    JsIterator,
    JsMap,
    JsMutableMap,
    JsNull,
    JsOnceCallable,
    JsPromise,
    JsProxy,
    JsTypedArray,
    JsWeakRef,
    can_run_sync,
    create_once_callable,
    create_proxy,
    destroy_proxies,
    jsnull,
    to_js,
)


def leak_report() -> dict:
    """What is alive on the border: `pyodide.ffi.leakReport()` of JavaScript as a dict.

    `proxies` counts the PyProxies that hold Python objects, `slots` the JavaScript values that Python holds, and `live` lists
    the proxies that were made with `setDebug(true)`: their `type`, how many, and the JavaScript stack that `created` them.
    While that is on, `liveSlots` lists what the slots hold, by `type` and `count`.
    """
    from pyodide_js import ffi

    return ffi.leakReport().to_py()


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
    "JsCallableDoubleProxy",
    "JsDomElement",
    "JsDoubleProxy",
    "JsException",
    "JsFetchResponse",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsOnceCallable",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "JsWeakRef",
    "ToJsConverter",
    "can_run_sync",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "leak_report",
    "register_js_module",
    "run_sync",
    "to_js",
    "unregister_js_module",
]


def __getattr__(name: str):
    # Types for annotations come on demand: `typing` takes longer to import than everything else here.
    if name == "ToJsConverter":
        from pyodide.ffi._converter_types import ToJsConverter

        globals()[name] = ToJsConverter
        return ToJsConverter
    if name == "run_sync":
        # With functions of JavaScript that few programs need.
        from _pyodide._run_sync import run_sync

        globals()[name] = run_sync
        return run_sync
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
