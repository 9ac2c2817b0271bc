"""Hold every byte on disk against the lock. Offline: the digests are in the lock."""

from __future__ import annotations

from dataclasses import dataclass

from hfpin.lock import LockedFile, LockedPin
from hfpin.snapshot import FileState, Places, full_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file that is not what the lock says.

    Args:
        file: What the lock says.
        state: What is the matter.
        found: The hex digest that the file has, where that is what differs.
    """

    file: LockedFile
    state: FileState
    found: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A pin whose files have all been read."""

    locked: LockedPin
    faults: tuple[Fault, ...]


def verify(places: Places, locked: LockedPin) -> Verified:
    """Read every file of a pin once, and compare size and digest with the lock."""
    folder = places.snapshot(locked.pin.target)
    faults = []
    for file in locked.files:
        state, found = full_state(folder / file.path, file)
        if state is not FileState.PRESENT:
            faults.append(Fault(file=file, state=state, found=found))
    return Verified(locked=locked, faults=tuple(faults))
