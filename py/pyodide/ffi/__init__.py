"""The JavaScript border as Python sees it: proxy classes, conversions, and what keeps proxies alive.

The classes and functions are those of the built-in module `_pyodide_core`; this module gives them their public home.
"""

from _pyodide._importhook import register_js_module, unregister_js_module
import _pyodide_core

# What the built-in module defines of the public names.
_FROM_CORE = """
    ConversionError InternalError JsArray JsAsyncGenerator JsAsyncIterable JsAsyncIterator JsBigInt JsBuffer JsCallable
    JsCallableDoubleProxy JsDomElement JsDoubleProxy JsException JsFetchResponse JsGenerator JsIterable JsIterator JsMap
    JsMutableMap JsNull JsOnceCallable JsPromise JsProxy JsTypedArray JsWeakRef create_once_callable create_proxy
    destroy_proxies jsnull to_js
""".split()
globals().update({name: getattr(_pyodide_core, name) for name in _FROM_CORE if hasattr(_pyodide_core, name)})

IN_PYODIDE = True
"""True where Python runs inside this runtime; a package that also works elsewhere can test for it."""

__all__ = ["IN_PYODIDE", "register_js_module", "unregister_js_module"]
__all__ += [name for name in _FROM_CORE if name in globals()]
