"""Functions of the host, timers before all: from the `_krait_host` module that the JavaScript side registers.

They do not come from the `js` module, since that may be an object of the program's choice without any timers. Where
there is no `_krait_host`, as under another runtime, `js` is asked.
"""

try:
    from _krait_host import clearTimeout, immediate, setTimeout, throwError
except ImportError:
    from js import clearTimeout, setTimeout
    from pyodide.code import run_js

    throwError = run_js("(error) => { throw error; }")

    def immediate(callback):
        setTimeout(callback, 0)


__all__ = ["clearTimeout", "immediate", "setTimeout", "throwError"]
