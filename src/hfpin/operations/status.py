"""Where each pin stands on a disk that is purged: what is there, when it was used, when it would be taken."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from hfpin.dataclass import dataclass
from hfpin.lock import LockedPin
from hfpin.operations.plan import Plan, plan
from hfpin.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where one pin stands.

    Args:
        plan: What is there of it, and what is not.
        last_used: When the one of its files was read or written that nobody has used for longest, in seconds
            since 1970; None where no file is there.
        purged_at: When the policy would take that file, in the same seconds; None without a policy.
    """

    plan: Plan
    last_used: float | None
    purged_at: float | None


def status(places: Places, pins: list[LockedPin], purge_after: int | None) -> tuple[Status, ...]:
    """Look where pins stand. Only looks: no file is read or touched, so that nothing seems used.

    Args:
        places: Where files are.
        pins: The pins.
        purge_after: Seconds without use after which the policy takes a file; None where there is none.
    """
    return tuple(_status(places, locked, purge_after) for locked in pins)


def _status(places: Places, locked: LockedPin, purge_after: int | None) -> Status:
    found = plan(places, locked)
    folder = places.snapshot(locked.pin.target)
    last_used = min(_used(folder / file.path for file in locked.files), default=None)
    purged_at = None if last_used is None or purge_after is None else last_used + purge_after
    return Status(plan=found, last_used=last_used, purged_at=purged_at)


def _used(paths: Iterable[Path]) -> Iterator[float]:
    """When files were last used. Mounted with `noatime`, a file system only knows when they were written."""
    for path in paths:
        with contextlib.suppress(OSError):
            found = path.stat()
            yield max(found.st_atime, found.st_mtime)
