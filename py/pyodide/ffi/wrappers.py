"""Event listeners and timers whose proxies are managed: they are destroyed when the listener or timer is gone."""

from pyodide.ffi import create_once_callable, create_proxy

__all__ = [
    "add_event_listener",
    "remove_event_listener",
    "set_timeout",
    "clear_timeout",
    "set_interval",
    "clear_interval",
]

_listeners: dict = {}
_timeouts: dict = {}
_intervals: dict = {}


def _timer_key(timer):
    # A number in browsers, an object in Node, where every crossing makes a new proxy of it.
    return timer if isinstance(timer, int) else timer.js_id


def add_event_listener(elt, event: str, listener) -> None:
    """As ``elt.addEventListener(event, listener)``. A listener that is there already is not added again."""
    key = (elt.js_id, event, listener)
    if key in _listeners:
        return
    proxy = create_proxy(listener)
    try:
        elt.addEventListener(event, proxy)
    except BaseException:
        proxy.destroy()
        raise
    _listeners[key] = proxy


def remove_event_listener(elt, event: str, listener) -> None:
    """Undo `add_event_listener` with the same arguments."""
    proxy = _listeners.pop((elt.js_id, event, listener), None)
    if proxy is None:
        raise KeyError(f"{listener!r} is not a listener for {event!r} that add_event_listener has added to {elt!r}")
    elt.removeEventListener(event, proxy)
    proxy.destroy()


def set_timeout(callback, timeout: int):
    """Call ``callback()`` once, ``timeout`` milliseconds from now. Returns what `clear_timeout` takes."""
    from js import setTimeout

    key = None

    def once(*args):
        _timeouts.pop(key, None)
        callback(*args)

    proxy = create_once_callable(once)
    timer = setTimeout(proxy, timeout)
    key = _timer_key(timer)
    _timeouts[key] = proxy
    return timer


def clear_timeout(timer) -> None:
    """Cancel a timeout; one that is over or unknown is left alone, as in JavaScript."""
    from js import clearTimeout

    clearTimeout(timer)
    proxy = _timeouts.pop(_timer_key(timer), None)
    if proxy is not None:
        proxy.destroy()


def set_interval(callback, interval: int):
    """Call ``callback()`` every ``interval`` milliseconds. Returns what `clear_interval` takes."""
    from js import setInterval

    proxy = create_proxy(callback)
    timer = setInterval(proxy, interval)
    _intervals[_timer_key(timer)] = proxy
    return timer


def clear_interval(timer) -> None:
    """Stop an interval; an unknown one is left alone, as in JavaScript."""
    from js import clearInterval

    clearInterval(timer)
    proxy = _intervals.pop(_timer_key(timer), None)
    if proxy is not None:
        proxy.destroy()
