"""The small files of a pin: what a model is built from, without its weights."""

from __future__ import annotations

from hfpin.dataclass import replace
from hfpin.lock import LockedPin
from hfpin.patterns import Patterns

_ENDINGS = (".json", ".py", ".yaml", ".yml")
_LARGEST = 256 << 10
"""Bytes: configs and code stay below it, vocabularies do not."""


def outline(locked: LockedPin) -> LockedPin:
    """Reduce a pin to its configs and its code, in the Hub cache, wherever the whole of it goes.

    A folder of the project holds all of a pin or nothing: a fetch there would take away what the lock does
    not name. The patterns say that it is a part, so that nobody takes it for all that the commit holds.
    """
    files = tuple(file for file in locked.files if file.path.endswith(_ENDINGS) and file.size <= _LARGEST)
    patterns = Patterns(allow=tuple(file.path for file in files))
    target = replace(locked.pin.target, patterns=patterns, local_dir=None)
    return LockedPin(pin=replace(locked.pin, target=target), files=files)
