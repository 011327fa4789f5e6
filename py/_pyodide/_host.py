"""Functions of the host, timers before all: from the `_krait_host` module that the JavaScript side registers.

They do not come from the `js` module, since that may be an object of the program's choice without any timers. Where
there is no `_krait_host`, as under another runtime, `js` is asked.
"""

try:
    from _krait_host import canSwitchStacks, clearTimeout, immediate, runUntilComplete, setTimeout, throwError
except ImportError:
    from js import clearTimeout, setTimeout
    from pyodide.code import run_js

    throwError = run_js("(error) => { throw error; }")

    canSwitchStacks = runUntilComplete = False

    def immediate(callback):
        setTimeout(callback, 0)


__all__ = ["canSwitchStacks", "clearTimeout", "immediate", "runUntilComplete", "setTimeout", "throwError"]


def renew() -> None:
    """Asks anew what the host can do: in an interpreter that was restored from an image."""
    import _krait_host

    globals().update(canSwitchStacks=_krait_host.canSwitchStacks, runUntilComplete=_krait_host.runUntilComplete)
