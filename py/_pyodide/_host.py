"""The timers of the host: from the `_krait_host` module that the JavaScript side registers.

They do not come from the `js` module, since that may be an object of the program's choice without any timers. Where
there is no `_krait_host`, as under another runtime, `js` is asked.
"""

try:
    from _krait_host import canSwitchStacks, clearTimeout, immediate, runUntilComplete, setTimeout
except ImportError:
    from js import clearTimeout, setTimeout

    canSwitchStacks = runUntilComplete = False

    def immediate(callback):
        setTimeout(callback, 0)


__all__ = ["canSwitchStacks", "clearTimeout", "immediate", "runUntilComplete", "setTimeout"]
