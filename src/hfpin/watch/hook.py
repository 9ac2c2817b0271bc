"""The one audit hook of a process.

`sys.addaudithook` has no way back. So there is one hook, which does nothing while nobody listens, however
often pytest runs in the process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

Listener = Callable[[tuple[Any, ...]], None]
"""Takes the arguments of an event (https://docs.python.org/3/library/audit_events.html). What it raises, the
call that is audited raises."""

# On `sys`, since this module may be imported anew (pytester forgets modules): the hook is the process's own.
_PLACE = "_hfpin_listeners"


def listen(listeners: Mapping[str, Listener]) -> Callable[[], None]:
    """Let listeners hear events from now on.

    Args:
        listeners: Who hears which event.

    Returns:
        What ends it.
    """
    heard = _heard()
    for event, listener in listeners.items():
        heard[event] = (*heard.get(event, ()), listener)

    def end() -> None:
        for event, listener in listeners.items():
            left = tuple(other for other in heard.get(event, ()) if other is not listener)
            if left:
                heard[event] = left
            else:
                heard.pop(event, None)

    return end


def lazily(make: Callable[[], Listener]) -> Listener:
    """Give a listener that is made when there is something to hear: most processes never get there."""
    made: list[Listener] = []

    def listener(args: tuple[Any, ...]) -> None:
        if not made:
            made.append(make())
        made[0](args)

    return listener


def _heard() -> dict[str, tuple[Listener, ...]]:
    """Give who listens to what, with the hook in place."""
    heard: dict[str, tuple[Listener, ...]] | None = getattr(sys, _PLACE, None)
    if heard is None:
        heard = {}
        setattr(sys, _PLACE, heard)
        get = heard.get

        def hook(event: str, args: tuple[Any, ...]) -> None:
            for listener in get(event, ()):
                listener(args)

        sys.addaudithook(hook)
    return heard
