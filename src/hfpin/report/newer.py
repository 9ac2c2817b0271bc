"""That a lock holds more than this hfpin can read: on its own, as every command that reads the lock asks."""

from __future__ import annotations

from collections.abc import Iterator

from hfpin.lock import VERSION, Lock


def render_newer(lock: Lock) -> Iterator[str]:
    """Render that a lock holds more than this hfpin can read."""
    if lock.newer_version is not None:
        yield (
            f"hfpin: hfpin.lock has version {lock.newer_version}; this hfpin knows {VERSION} "
            "and passes over what is newer"
        )
        yield "  = Upgrade hfpin (pip install -U hfpin)."
