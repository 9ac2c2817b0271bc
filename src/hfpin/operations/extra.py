"""Files that stand in a pin's folder though the lock does not name them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hfpin.lock import LockedPin
from hfpin.places import Places
from hfpin.snapshot import files_below, read_record

_OURS = ".hfpin"  # what a fetch that was killed may leave beside a name, until it goes on


def extra_files(places: Places, locked: LockedPin, pins: Iterable[LockedPin]) -> tuple[str, ...]:
    """List the files that nothing explains, by their paths in the snapshot, sorted.

    In the cache a commit's folder is shared. A file that the pin's patterns drop may be there because
    somebody else fetched more of the commit, and one that another pin names is that pin's. Any other is not
    of this commit at all: the lock names every file of it that the patterns keep.

    In a `local_dir` a file is explained by the lock or by hfpin's record: an update removes what it recorded.

    Args:
        places: Where files are.
        locked: The pin.
        pins: All pins of the lock.
    """
    target = locked.pin.target
    named = {file.path for file in locked.files}
    if target.local_dir is not None:
        explained = named | read_record(places, target).keys()
        return tuple(
            path
            for path in _paths(places.snapshot(target))
            if path not in explained and not path.startswith(".cache/")
        )
    place = places.snapshot(target)
    for other in pins:
        if places.snapshot(other.pin.target) == place:
            named |= {file.path for file in other.files}
    return tuple(
        path
        for path in _paths(place)
        if path not in named and target.patterns.keeps(path) and not path.endswith(_OURS)
    )


def _paths(folder: Path) -> list[str]:
    try:
        return sorted(files_below(folder))
    except OSError:
        return []  # the files that the lock names there are reported one by one
