"""What a glance at a lock tells: the names of its pins.

A session of pytest makes a fixture for each pin, and most sessions use few of them or none. Reading what
every pin stands for, to the last digest, waits until one is used (`python -m benchmarks.pytest_plugin`).
"""

from __future__ import annotations

import json

VERSIONS = ("1.0", "1.1")
"""Versions of the lock's text that are read as they are, the last of them the one that is written."""


def names_in(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Give the names of each pin: its own, then its aliases.

    Args:
        text: The lock.

    Returns:
        None where anything is not as it should be, or newer: whoever asks has to read all of it then, and is
        told what.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match document:
        case {"lock_version": version, "pins": list(pins)} if version in VERSIONS:
            found = tuple(map(_names, pins))
        case _:
            return None
    every = [name for names in found for name in names or ("",)]
    are_names = all(map(str.isidentifier, every))
    return found if are_names and len(set(every)) == len(every) else None


def _names(pin: object) -> tuple[str, ...]:
    """Give the names of a pin; none where they are no texts."""
    match pin:
        case {"name": str(name), **others}:
            aliases = others.get("aliases") or []
            if isinstance(aliases, list) and all(isinstance(alias, str) for alias in aliases):
                return (name, *aliases)
    return ()
