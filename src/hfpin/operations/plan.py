"""Decide what a fetch has to do, by names and sizes alone: no request, no hash."""

from __future__ import annotations

from hfpin.dataclass import dataclass
from hfpin.lock import LockedFile, LockedPin
from hfpin.places import Places
from hfpin.snapshot import FileState, quick_states


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is there of a pin, and what is not.

    Args:
        locked: The pin.
        states: Every file that is not simply there, with what is the matter.
    """

    locked: LockedPin
    states: tuple[tuple[LockedFile, FileState], ...]

    @property
    def is_complete(self) -> bool:
        """Whether every file is there, with the size that the lock says."""
        return not self.states

    @property
    def size(self) -> int:
        """Bytes of the files that are not there."""
        return sum(file.size for file, _ in self.states)


def plan(places: Places, locked: LockedPin) -> Plan:
    """Look which files of a pin are on disk.

    A purged scratch is seen, whatever any database says. A file whose bytes were changed without changing its
    size is not: that is what `verify` reads them all for.
    """
    states = quick_states(places, locked.pin.target, locked.files)
    return Plan(locked=locked, states=tuple(item for item in states if item[1] is not FileState.PRESENT))
